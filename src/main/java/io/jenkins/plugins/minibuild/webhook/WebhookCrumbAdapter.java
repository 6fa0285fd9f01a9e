package io.jenkins.plugins.minibuild.webhook;

import hudson.Extension;
import hudson.security.csrf.CrumbExclusion;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.regex.Pattern;

/** Lets services call without a crumb, on the paths of the endpoint only: services prove themselves by tokens and signatures. */
@Extension
public final class WebhookCrumbAdapter extends CrumbExclusion {
    private static final Pattern CALL = Pattern.compile("/" + WebhookEndpoint.URL + "(/[A-Za-z0-9]*){0,3}");

    @Override
    public boolean process(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (!isCall(request)) {
            return false;
        }
        chain.doFilter(request, response);
        return true;
    }

    /** Whether the path is the endpoint's, with an id and a token at most. */
    static boolean isCall(HttpServletRequest request) {
        String path = request.getPathInfo();
        return path != null && CALL.matcher(path).matches();
    }
}
