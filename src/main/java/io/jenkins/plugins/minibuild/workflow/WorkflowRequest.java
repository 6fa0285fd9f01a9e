package io.jenkins.plugins.minibuild.workflow;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.List;
import java.util.Map;

/**
 * What a job in Jenkins asks for. Immutable.
 *
 * @param file below the workspace; null for the first of {@link WorkflowBuildAdapter#FILES} that is there
 * @param yaml the text itself; null for a file
 * @param variables by name
 * @param jobs only these and what they need; empty for all
 * @param credentials ids that the workflow may use
 * @param failFast null for what the workflow says
 * @param maxParallel 0 for what the workflow says
 * @param timeoutMillis 0 for what the workflow says
 * @param dryRun whether it is planned only
 * @param allowNested whether it may run inside of another pipeline
 */
record WorkflowRequest(
        @CheckForNull String file,
        @CheckForNull String yaml,
        Map<String, String> variables,
        List<String> jobs,
        List<String> credentials,
        @CheckForNull Boolean failFast,
        int maxParallel,
        long timeoutMillis,
        boolean dryRun,
        boolean allowNested) {
    /** Copies the collections. */
    WorkflowRequest {
        variables = Map.copyOf(variables);
        jobs = List.copyOf(jobs);
        credentials = List.copyOf(credentials);
    }
}
