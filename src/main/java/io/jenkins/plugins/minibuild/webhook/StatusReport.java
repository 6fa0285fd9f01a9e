package io.jenkins.plugins.minibuild.webhook;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.util.Secret;
import io.jenkins.plugins.minibuild.checkout.RepositoryUrl;
import io.jenkins.plugins.minibuild.forge.CommitStatus;
import io.jenkins.plugins.minibuild.forge.Forge;
import io.jenkins.plugins.minibuild.forge.RefusedStatusException;
import io.jenkins.plugins.minibuild.process.Deadline;
import io.jenkins.plugins.minibuild.process.Retry;
import java.io.IOException;
import java.time.Duration;
import java.util.random.RandomGenerator;

/** Sends the state of a build to a service, and tries again after an error that may pass. */
final class StatusReport {
    private static final int ATTEMPTS = 3;
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private StatusReport() {}

    /**
     * Sends the state.
     *
     * @param previous the id that the last call returned; null before the first
     * @return the id for the next call; null for none
     * @throws IOException when the service refuses, or does not answer in three attempts and a minute
     */
    @CheckForNull
    static String send(
            Forge forge,
            RepositoryUrl address,
            CommitStatus status,
            Secret token,
            @CheckForNull String previous,
            RandomGenerator random)
            throws IOException, InterruptedException {
        return Retry.times(ATTEMPTS, random)
                .within(Deadline.after(PATIENCE))
                .when(failure -> !(failure instanceof RefusedStatusException))
                .call(attempt -> forge.report(address.owner(), address.name(), status, token, previous));
    }
}
