package io.jenkins.plugins.minibuild.workflow.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.minibuild.workflow.expression.Expression;
import io.jenkins.plugins.minibuild.workflow.expression.Template;
import java.util.List;

/**
 * A job: steps that run one after the other. Immutable.
 *
 * @param id unique in the workflow: the key below {@code jobs}; {@code STAGE.JOB} in a workflow of stages
 * @param name for people
 * @param position of its key or name
 * @param stage its index; -1 in a workflow without stages
 * @param needs ids of other jobs; those of stages are filled in by the parser
 * @param settings its own only
 * @param when null for {@code success()}
 * @param agent a label expression of Jenkins; null for the build's own agent and workspace
 * @param sources of a job with an agent of its own
 * @param matrix null for none
 * @param retry of the whole job
 * @param continueOnError whether those who need it go on when it fails; it does not fail the workflow then
 * @param outputs the names that it promises; may be empty although it writes some
 * @param artifacts patterns of files that are kept when it ends, however it ends
 * @param caches in the order of the file
 * @param pre before its steps
 * @param steps at least one
 * @param post after its steps, always
 */
public record Job(
        String id,
        String name,
        Position position,
        int stage,
        List<String> needs,
        Settings settings,
        @CheckForNull Expression when,
        @CheckForNull Template agent,
        Sources sources,
        @CheckForNull Matrix matrix,
        Retry retry,
        boolean continueOnError,
        List<String> outputs,
        List<Template> artifacts,
        List<Cache> caches,
        List<Step> pre,
        List<Step> steps,
        List<Step> post) {
    /** Copies the lists. */
    public Job {
        needs = List.copyOf(needs);
        outputs = List.copyOf(outputs);
        artifacts = List.copyOf(artifacts);
        caches = List.copyOf(caches);
        pre = List.copyOf(pre);
        steps = List.copyOf(steps);
        post = List.copyOf(post);
    }
}
