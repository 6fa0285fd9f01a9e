package io.jenkins.plugins.minibuild.webhook;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.util.Secret;
import io.jenkins.plugins.minibuild.checkout.RepositoryUrl;
import io.jenkins.plugins.minibuild.files.Glob;
import java.util.Locale;

/**
 * The secret by which a service proves itself.
 *
 * @param user of a login, for Azure DevOps; null for a plain secret
 * @param secret null when the configured credential is missing; then no call is accepted
 * @param repositories whose deliveries it proves, {@code owner/name} or {@code host/owner/name}; empty for all
 */
record ProviderSecret(
        @CheckForNull String user, @CheckForNull Secret secret, Glob repositories) {
    /** A secret that proves deliveries of every repository. */
    ProviderSecret(@CheckForNull String user, @CheckForNull Secret secret) {
        this(user, secret, Glob.paths(""));
    }

    /** Whether it proves deliveries of a repository: of every address that the delivery names, because jobs are found by them. */
    boolean proves(Delivery.Repository repository) {
        return repositories.isEmpty()
                || (repository.urls().isEmpty()
                        ? repository.name().isEmpty() || matches("", repository.name())
                        : repository.urls().stream().allMatch(this::provesAddress));
    }

    private boolean provesAddress(String text) {
        try {
            RepositoryUrl url = RepositoryUrl.parse(text);
            return matches(url.host(), (url.owner().isEmpty() ? "" : url.owner() + "/") + url.name());
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private boolean matches(String host, String name) {
        String path = name.toLowerCase(Locale.ROOT);
        return repositories.matches(path) || repositories.matches(host + "/" + path);
    }

    /** The secret in plain text; empty when it is missing. */
    String text() {
        return secret == null ? "" : secret.getPlainText();
    }

    @Override
    public String toString() {
        return "ProviderSecret";
    }
}
