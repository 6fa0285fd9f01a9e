package io.jenkins.plugins.minibuild.webhook;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.util.Secret;

/**
 * The secret by which a service proves itself.
 *
 * @param user of a login, for Azure DevOps; null for a plain secret
 * @param secret null when the configured credential is missing; then no call is accepted
 */
record ProviderSecret(
        @CheckForNull String user, @CheckForNull Secret secret) {
    /** The secret in plain text; empty when it is missing. */
    String text() {
        return secret == null ? "" : secret.getPlainText();
    }

    @Override
    public String toString() {
        return "ProviderSecret";
    }
}
