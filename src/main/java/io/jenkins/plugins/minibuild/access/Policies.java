package io.jenkins.plugins.minibuild.access;

import io.jenkins.plugins.minibuild.step.Services;
import java.util.List;

/** Finds the policy that holds for a task. Adapters, which know the item, ask {@link PoliciesAdapter}. */
public final class Policies {
    private Policies() {}

    /** The policy of the administrators and of all folders around the build's job together. */
    public static Policy of(Services services) {
        List<Policy> all = services.settings().all(Policy.class);
        return all.stream().reduce(Policy::and).orElse(Policy.DEFAULT);
    }
}
