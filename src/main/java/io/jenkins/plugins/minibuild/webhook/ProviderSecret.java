package io.jenkins.plugins.minibuild.webhook;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.util.Secret;

/**
 * What a service proves itself with.
 *
 * @param user of a login, for Azure DevOps; null for a plain secret
 * @param secret null when the configured credential is not there: then nobody can prove anything
 */
record ProviderSecret(
        @CheckForNull String user, @CheckForNull Secret secret) {
    /** Empty when there is none. */
    String text() {
        return secret == null ? "" : secret.getPlainText();
    }

    @Override
    public String toString() {
        return "ProviderSecret";
    }
}
