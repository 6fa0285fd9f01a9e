package io.jenkins.plugins.minibuild.access;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What people have to look at. Immutable.
 *
 * @param fourEyes whether those who asked for a change cannot approve it
 * @param minApprovals how many have to approve
 * @param reviewers who reviews which branches, the outermost place first
 * @param approvalBeforeMerge whether a merge request needs an approved {@code humanReview}
 */
public record ReviewPolicy(
        Rule<Boolean> fourEyes,
        Rule<Integer> minApprovals,
        List<ReviewerRule> reviewers,
        Rule<Boolean> approvalBeforeMerge) {
    static final ReviewPolicy SILENT = new ReviewPolicy(
            Rule.silent("fourEyes"), Rule.silent("minApprovals"), List.of(), Rule.silent("approvalBeforeMerge"));

    /** Copies the list. */
    public ReviewPolicy {
        reviewers = List.copyOf(reviewers);
    }

    /**
     * The rules on who reviews a change for a branch. An approval counts only if its author is a reviewer of each of them. In each place the first
     * rule for the branch counts, as in a table.
     *
     * @param branch the target; null if it is not known: then all rules count
     */
    public List<ReviewerRule> reviewersOf(@CheckForNull String branch) {
        Set<String> places = new HashSet<>();
        List<ReviewerRule> holding = new ArrayList<>();
        for (ReviewerRule each : reviewers) {
            if (each.covers(branch) && (places.add(each.place()) || branch == null)) {
                holding.add(each);
            }
        }
        return holding;
    }

    /** Both at once: the stricter of each value. */
    ReviewPolicy and(ReviewPolicy inner) {
        return new ReviewPolicy(
                fourEyes.larger(inner.fourEyes),
                minApprovals.larger(inner.minApprovals),
                Rule.both(reviewers, inner.reviewers),
                approvalBeforeMerge.larger(inner.approvalBeforeMerge));
    }
}
