package io.jenkins.plugins.minibuild.checkout;

import com.cloudbees.plugins.credentials.common.StandardCredentials;
import com.cloudbees.plugins.credentials.common.StandardUsernamePasswordCredentials;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import hudson.util.Secret;
import io.jenkins.plugins.minibuild.forge.Forge;
import io.jenkins.plugins.minibuild.forge.ForgeSession;
import io.jenkins.plugins.minibuild.forge.Forges;
import io.jenkins.plugins.minibuild.process.Retry;
import io.jenkins.plugins.minibuild.step.BuildContext;
import io.jenkins.plugins.minibuild.step.Services;
import java.util.Optional;
import org.jenkinsci.plugins.plaincredentials.StringCredentials;

/** Finds the service of a repository, and the token in a credential. */
public final class ForgeAccess {
    private ForgeAccess() {}

    /**
     * The service that hosts a repository.
     *
     * @throws AbortException when no service is known there
     */
    public static Forge forge(Services services, RepositoryUrl address) throws AbortException {
        if (address.transport() == RepositoryUrl.Transport.LOCAL) {
            throw new AbortException(Messages.ForgeAccess_local());
        }
        return find(Forges.of(services), address)
                .orElseThrow(() -> new AbortException(Messages.ForgeAccess_unknown(address.server())));
    }

    /** The service that hosts a repository, which may be reached by SSH; empty when none is known there. */
    public static Optional<Forge> find(Forges forges, RepositoryUrl address) {
        return address.isHttp()
                ? forges.at(address.transport().protocol(), address.host(), address.port())
                : forges.atHost(address.serviceHost());
    }

    /**
     * How a build calls the service of a repository: with the token of a credential, which is masked from now on. Waits are announced in the log.
     *
     * @throws AbortException when there is no such credential, or it holds no token
     */
    public static ForgeSession session(BuildContext context, RepositoryUrl address, String credentialsId)
            throws AbortException {
        Secret token =
                token(context.credentials().require(credentialsId, address.text(), Messages.ForgeAccess_kinds()));
        if (token == null) {
            throw new AbortException(Messages.ForgeAccess_noToken(credentialsId));
        }
        context.redactor().add(token.getPlainText());
        Retry.Sleeper sleeper = delay -> {
            context.listener().getLogger().println(Messages.ForgeAccess_waits(delay.toSeconds()));
            Thread.sleep(delay.toMillis());
        };
        return new ForgeSession(token, context.clock(), sleeper, context.random());
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
