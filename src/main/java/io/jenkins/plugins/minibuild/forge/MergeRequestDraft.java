package io.jenkins.plugins.minibuild.forge;

import java.util.List;

/**
 * A merge request as it should become.
 *
 * @param branches both of the same repository
 * @param description Markdown
 * @param labels added to those that it has
 * @param reviewers names of accounts, added to those that are asked already
 * @param draft false leaves one that is open already as it is
 * @param removeSourceBranch when it is merged; false leaves one that is open already as it is
 */
public record MergeRequestDraft(
        Branches branches,
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

    String source() {
        return branches.source();
    }

    String target() {
        return branches.target();
    }
}
