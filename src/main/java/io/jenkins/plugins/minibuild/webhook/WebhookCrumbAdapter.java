package io.jenkins.plugins.minibuild.webhook;

import hudson.Extension;
import hudson.security.csrf.CrumbExclusion;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Services have no crumb: they prove themselves otherwise. For the calls' own paths only. */
@Extension
public final class WebhookCrumbAdapter extends CrumbExclusion {
    @Override
    public boolean process(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (!isCall(request)) {
            return false;
        }
        chain.doFilter(request, response);
        return true;
    }

    /** Whether a request is a call of a service. */
    static boolean isCall(HttpServletRequest request) {
        String path = request.getPathInfo();
        return path != null
                && (path.equals("/" + WebhookEndpoint.URL) || path.startsWith("/" + WebhookEndpoint.URL + "/"));
    }
}
