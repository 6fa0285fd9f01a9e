package io.jenkins.plugins.minibuild.workflow.plan;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the job in Jenkins says about a workflow. Immutable.
 *
 * @param file that it was read from; empty for text of the job
 * @param sha256 of the YAML
 * @param variables by name
 * @param facts what conditions can ask for
 * @param jobs only these and what they need; empty for all
 * @param maxParallel jobs at once; 0 for what the workflow says
 * @param failFast null for what the workflow says
 * @param timeoutMillis of the whole, if it is shorter than the workflow's; 0 for the workflow's
 */
public record PlanRequest(
        String file,
        String sha256,
        Map<String, String> variables,
        Map<String, String> facts,
        List<String> jobs,
        int maxParallel,
        Boolean failFast,
        long timeoutMillis) {
    /** Copies the collections. */
    public PlanRequest {
        variables = Collections.unmodifiableMap(new LinkedHashMap<>(variables));
        facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
        jobs = List.copyOf(jobs);
    }

    /** Nothing but the file. */
    public static PlanRequest of(String file, String sha256) {
        return new PlanRequest(file, sha256, Map.of(), Map.of(), List.of(), 0, null, 0);
    }
}
