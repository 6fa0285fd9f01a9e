package io.jenkins.plugins.minibuild.access;

import java.util.List;

/**
 * One question to people about a change, and how it ended.
 *
 * @param build the number of the build that asked
 * @param review its number in the build, from 1
 * @param outcome a word: {@code waiting}, {@code approved}, {@code rejected}, {@code needsRevision}, {@code expired} or {@code aborted}
 * @param approvals in their order
 */
public record ReviewRecord(int build, int review, ReviewedChange change, String outcome, List<Approval> approvals) {
    /**
     * @param user the id in Jenkins
     * @param name for people
     * @param at milliseconds since 1970
     */
    public record Approval(String user, String name, long at) {}

    /** Copies the list. */
    public ReviewRecord {
        approvals = approvals == null ? List.of() : List.copyOf(approvals);
    }

    /** Whether the change may go on. */
    public boolean isApproved() {
        return "approved".equals(outcome);
    }

    boolean isSame(ReviewRecord other) {
        return build == other.build && review == other.review;
    }
}
