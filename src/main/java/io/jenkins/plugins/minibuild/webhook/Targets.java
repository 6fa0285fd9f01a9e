package io.jenkins.plugins.minibuild.webhook;

import java.util.List;
import java.util.Optional;

/** The jobs, profiles and rules that the intake asks Jenkins for. */
interface Targets {
    /** Which addresses may call, and how often in a minute. */
    record Rules(ClientAddress addresses, int callsPerMinute) {}

    /** The rules that are configured now. */
    Rules rules();

    /** The target of an endpoint's owner; empty when the job or profile no longer exists. */
    Optional<Target> of(String owner);

    /** All targets that name a repository, for the shared address. */
    List<Target> about(Delivery.Repository repository);

    /** The secrets by which a service can prove itself at the shared address. */
    List<ProviderSecret> secrets(Provider provider);
}
