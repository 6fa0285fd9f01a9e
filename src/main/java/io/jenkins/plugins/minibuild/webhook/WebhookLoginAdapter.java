package io.jenkins.plugins.minibuild.webhook;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jenkins.model.Jenkins;
import jenkins.security.BasicHeaderAuthenticator;
import org.springframework.security.core.Authentication;

/**
 * Azure DevOps proves itself with a login that is no user of Jenkins, which would refuse it. So on the calls' own paths every login makes
 * an anonymous request, as if there were none; the intake looks at it.
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
