package io.jenkins.plugins.minibuild.webhook;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** What the intake has to know of the jobs, and how it starts them. */
interface Targets {
    /** The rules of the moment. */
    record Rules(ClientAddress addresses, int callsPerMinute) {}

    Rules rules();

    /** The target of an endpoint's owner; empty when it is gone. */
    Optional<Target> of(String owner);

    /** All targets that are about a repository, for the address that all share. */
    List<Target> about(Delivery delivery);

    /** The secrets that the service may know, for that address. */
    List<ProviderSecret> secrets(Provider provider);

    /** Starts a job soon. What comes is the path of the queue's item below Jenkins' root; empty when it did not start. */
    CompletableFuture<String> start(Start start);
}
