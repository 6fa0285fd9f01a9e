package io.jenkins.plugins.minibuild.workflow.plan;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.minibuild.workflow.expression.Expression;
import io.jenkins.plugins.minibuild.workflow.expression.Template;
import io.jenkins.plugins.minibuild.workflow.model.Cache;
import io.jenkins.plugins.minibuild.workflow.model.Retry;
import io.jenkins.plugins.minibuild.workflow.model.Sources;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A job that is going to run: one combination of a matrix is one of these. Immutable; in JSON as its components.
 *
 * @param id unique in the plan: the job's, for a combination {@code JOB (VALUE, VALUE)}
 * @param name for people
 * @param job the id of the job in the file that it was made of
 * @param role whether it is one of the jobs, or runs before or after all
 * @param matrix the values of its combination; empty without a matrix
 * @param stage its index; -1 for none
 * @param needs ids in the plan
 * @param when null for {@code success()}
 * @param agent a label expression; null for the build's own agent
 * @param sources of the workspace on an agent of its own
 * @param timeoutMillis of the job as a whole; 0 for none
 * @param retry of the job as a whole
 * @param continueOnError whether its failure counts as success for those who need it and for the workflow
 * @param matrixParallel the most jobs of its matrix at once; 0 for no limit
 * @param toEnd the jobs on the shortest way from it to the end, itself included
 * @param outputs the names that it promises
 * @param artifacts patterns
 * @param caches in their order
 * @param steps of all phases, in the order in which they run
 */
public record PlannedJob(
        String id,
        String name,
        String job,
        Role role,
        Map<String, String> matrix,
        int stage,
        List<String> needs,
        @CheckForNull Expression when,
        @CheckForNull Template agent,
        Sources sources,
        long timeoutMillis,
        Retry retry,
        boolean continueOnError,
        int matrixParallel,
        int toEnd,
        List<String> outputs,
        List<Template> artifacts,
        List<Cache> caches,
        List<PlannedStep> steps) {
    /** What a job is for. */
    public enum Role {
        /** Before all others. */
        PRE,
        /** One of the file's jobs. */
        JOB,
        /** After all others, however they ended. */
        POST
    }

    /** Copies the collections. */
    public PlannedJob {
        matrix = Collections.unmodifiableMap(new LinkedHashMap<>(matrix));
        needs = List.copyOf(needs);
        outputs = List.copyOf(outputs);
        artifacts = List.copyOf(artifacts);
        caches = List.copyOf(caches);
        steps = List.copyOf(steps);
    }

    PlannedJob withToEnd(int jobs) {
        return new PlannedJob(
                id,
                name,
                job,
                role,
                matrix,
                stage,
                needs,
                when,
                agent,
                sources,
                timeoutMillis,
                retry,
                continueOnError,
                matrixParallel,
                jobs,
                outputs,
                artifacts,
                caches,
                steps);
    }
}
