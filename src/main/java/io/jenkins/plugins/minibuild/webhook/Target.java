package io.jenkins.plugins.minibuild.webhook;

import edu.umd.cs.findbugs.annotations.CheckForNull;

/**
 * A job that deliveries can start, with what decides whether they do.
 *
 * @param owner whose deliveries these are: {@code job:NAME} or {@code profile:NAME}
 * @param job its full name; null when it starts none, and then {@code refusal} says why
 * @param secret that the service has to prove to know; null for none
 * @param settings how it is started
 */
record Target(
        String owner,
        @CheckForNull String job,
        TriggerFilter filter,
        @CheckForNull ProviderSecret secret,
        StartSettings settings,
        @CheckForNull Decision refusal) {
    Decision decide(Delivery delivery) {
        return refusal == null || delivery.kind() == EventKind.PING ? filter.decide(delivery) : refusal;
    }
}
