package io.jenkins.plugins.minibuild.access;

import hudson.AbortException;
import io.jenkins.plugins.minibuild.step.BuildContext;
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

    /**
     * Keeps code of repositories and of the model off the controller's own node, where it could read all secrets of Jenkins.
     *
     * @throws AbortException if the build runs there and no administrator allows it to the job
     */
    public static void checkNode(BuildContext context) throws AbortException {
        if (context.agent().isEmpty()) {
            of(context).code().builtInNodeAllowed().allow(Messages.Policies_builtInNode());
        }
    }
}
