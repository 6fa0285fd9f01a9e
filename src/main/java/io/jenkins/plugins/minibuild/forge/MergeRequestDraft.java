package io.jenkins.plugins.minibuild.forge;

import java.util.List;

/**
 * What a merge request should be.
 *
 * @param source the branch to merge, of the same repository
 * @param target the branch that it is merged into
 * @param description Markdown
 * @param labels added to those that it has
 * @param reviewers names of accounts, added to those that are asked already
 * @param draft false leaves one that is open already as it is
 * @param removeSourceBranch when it is merged; false leaves one that is open already as it is
 */
public record MergeRequestDraft(
        String source,
        String target,
        String title,
        String description,
        List<String> labels,
        List<String> reviewers,
        boolean draft,
        boolean removeSourceBranch) {
    /** Copies the lists. */
    public MergeRequestDraft {
        labels = List.copyOf(labels);
        reviewers = List.copyOf(reviewers);
    }
}
