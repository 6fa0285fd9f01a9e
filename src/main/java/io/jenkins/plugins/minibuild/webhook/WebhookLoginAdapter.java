package io.jenkins.plugins.minibuild.webhook;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jenkins.model.Jenkins;
import jenkins.security.BasicHeaderAuthenticator;
import org.springframework.security.core.Authentication;

/**
 * Makes requests with a login anonymous, on the paths of the endpoint only. Azure DevOps proves itself by a login that is no user of Jenkins; Jenkins would
 * refuse the request. The intake checks the login.
 */
@Extension(ordinal = 1000)
public final class WebhookLoginAdapter extends BasicHeaderAuthenticator {
    @Override
    @CheckForNull
    public Authentication authenticate2(
            HttpServletRequest request, HttpServletResponse response, String username, String password) {
        return WebhookCrumbAdapter.isCall(request) ? Jenkins.ANONYMOUS2 : null;
    }
}
