package io.jenkins.plugins.minibuild.workflow.model;

import java.util.List;

/**
 * A workflow as its file says it, in either form. Immutable.
 *
 * @param name for people; not empty
 * @param settings of the outermost level; its timeout is go-idp's day where the file has none
 * @param stages empty in the form with {@code needs}
 * @param jobs in the order of the file; at least one. Their needs exist and form no circle
 * @param pre before the first job
 * @param post after the last job, always
 * @param maxParallel jobs at once; 0 for no limit of its own
 * @param failFast whether the failure of a job ends the others
 */
public record Workflow(
        String name,
        Settings settings,
        List<Stage> stages,
        List<Job> jobs,
        List<Step> pre,
        List<Step> post,
        int maxParallel,
        boolean failFast) {
    /** Copies the lists. */
    public Workflow {
        stages = List.copyOf(stages);
        jobs = List.copyOf(jobs);
        pre = List.copyOf(pre);
        post = List.copyOf(post);
    }
}
