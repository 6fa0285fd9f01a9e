package io.jenkins.plugins.minibuild.merge;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.List;

/**
 * The parameters of {@code createMergeRequest}; null for the default.
 *
 * @param requireApproval null: when people were asked about the branch, in this build or an earlier one of the job
 */
record MergeOptions(
        Repository repository,
        @CheckForNull String source,
        @CheckForNull String target,
        Content content,
        @CheckForNull Boolean requireApproval) {
    /** @param url null for the repository that the build has checked out */
    record Repository(
            @CheckForNull String url, @CheckForNull String credentialsId) {}

    /**
     * What the merge request holds.
     *
     * @param removeSourceBranch whether the service deletes the branch when it is merged
     */
    record Content(
            @CheckForNull String title,
            @CheckForNull String description,
            List<String> labels,
            List<String> reviewers,
            boolean draft,
            boolean removeSourceBranch) {}
}
