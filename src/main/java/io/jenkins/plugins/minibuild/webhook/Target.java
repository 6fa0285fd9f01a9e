package io.jenkins.plugins.minibuild.webhook;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.minibuild.access.Forks;

/**
 * A job that deliveries can start, and the rules that decide whether they do.
 *
 * @param owner the job or profile whose page lists the deliveries: {@code job:NAME} or {@code profile:ID}
 * @param job the full name of the job; null where there is none, and then {@code refusal} is set
 * @param secret that the sender has to prove; null for none
 * @param refusal why no delivery can start the job; null if one can
 */
record Target(
        String owner,
        @CheckForNull String job,
        TriggerFilter filter,
        @CheckForNull ProviderSecret secret,
        StartSettings settings,
        @CheckForNull Decision refusal) {
    /** The same, at most as open to forks as a policy says. */
    Target within(@CheckForNull Forks policy) {
        return new Target(owner, job, filter.within(policy), secret, settings, refusal);
    }

    /** The same with another filter. */
    Target by(TriggerFilter other) {
        return new Target(owner, job, other, secret, settings, refusal);
    }

    Decision decide(Delivery delivery) {
        return refusal == null || delivery.kind() == EventKind.PING ? filter.decide(delivery) : refusal;
    }
}
