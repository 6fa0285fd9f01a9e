package io.jenkins.plugins.minibuild.workflow.plan;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is going to run. Immutable; in JSON as its components, from which it can be read again.
 *
 * @param name of the workflow
 * @param file that it was read from; empty for text of the job
 * @param sha256 of the YAML, in hexadecimal digits
 * @param variables given by the job
 * @param facts what conditions can ask for: {@code branch}, {@code event} and others; see {@code expression.Scope}
 * @param timeoutMillis of the whole; 0 for none
 * @param maxParallel jobs at once; at least 1
 * @param failFast whether the failure of a job ends the others
 * @param stages empty in the form with needs
 * @param jobs in an order in which each comes after those that it needs
 */
public record Plan(
        String name,
        String file,
        String sha256,
        Map<String, String> variables,
        Map<String, String> facts,
        long timeoutMillis,
        int maxParallel,
        boolean failFast,
        List<PlannedStage> stages,
        List<PlannedJob> jobs) {
    /** Copies the collections. */
    public Plan {
        variables = Collections.unmodifiableMap(new LinkedHashMap<>(variables));
        facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
        stages = List.copyOf(stages);
        jobs = List.copyOf(jobs);
    }
}
