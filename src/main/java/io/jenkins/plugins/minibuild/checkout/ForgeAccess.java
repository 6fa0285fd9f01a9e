package io.jenkins.plugins.minibuild.checkout;

import com.cloudbees.plugins.credentials.common.StandardCredentials;
import com.cloudbees.plugins.credentials.common.StandardUsernamePasswordCredentials;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import hudson.util.Secret;
import io.jenkins.plugins.minibuild.forge.Forge;
import io.jenkins.plugins.minibuild.forge.Forges;
import io.jenkins.plugins.minibuild.http.Http;
import java.util.Locale;
import org.jenkinsci.plugins.plaincredentials.StringCredentials;

/** Finds the service of a repository, and the token in a credential. */
public final class ForgeAccess {
    private ForgeAccess() {}

    /**
     * The service at which a repository is. One that is reached by SSH has its API at the same host, over HTTPS.
     *
     * @param selfHosted as {@link Forges#with} takes it
     * @param provider gitee, github or gitlab where the address does not say; null if it does
     * @throws AbortException when no service is known there
     */
    public static Forge forge(Http http, String selfHosted, RepositoryUrl address, @CheckForNull String provider)
            throws AbortException {
        if (address.transport() == RepositoryUrl.Transport.LOCAL) {
            throw new AbortException(Messages.ForgeAccess_local());
        }
        int port = address.isHttp() ? address.port() : -1;
        String authority = port < 0 ? address.host() : address.host() + ":" + port;
        String hosts = provider == null ? selfHosted : selfHosted + "," + authority + "=" + checkedProvider(provider);
        return Forges.with(http, hosts)
                .at(address.isHttp() ? address.transport().protocol() : "https", address.host(), port)
                .orElseThrow(() -> new AbortException(Messages.ForgeAccess_unknown(authority)));
    }

    /** @throws IllegalArgumentException naming the good ones */
    public static String checkedProvider(String provider) {
        String name = provider.toLowerCase(Locale.ROOT);
        if (!name.equals("gitee") && !name.equals("github") && !name.equals("gitlab")) {
            throw new IllegalArgumentException(Messages.ForgeAccess_provider(provider));
        }
        return name;
    }

    /** The token in a credential; null if it is of a kind that has none. */
    @CheckForNull
    public static Secret token(@CheckForNull StandardCredentials credential) {
        if (credential instanceof StringCredentials text) {
            return text.getSecret();
        }
        return credential instanceof StandardUsernamePasswordCredentials login ? login.getPassword() : null;
    }
}
