package io.jenkins.plugins.minibuild.review;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.minibuild.review.ReviewReport.Gate;
import io.jenkins.plugins.minibuild.review.ReviewReport.NotReviewed;
import java.io.Serializable;
import java.util.List;

/**
 * What a review must not fall short of.
 *
 * @param minScore a lower score sets the build Unstable; null for none
 * @param failOn a finding as bad as this fails the build; null for none
 */
public record ReviewGate(
        @CheckForNull Integer minScore, @CheckForNull Severity failOn) implements Serializable {
    /** @throws IllegalArgumentException for a score that is none, with a message for users */
    public ReviewGate {
        if (minScore != null && (minScore < 0 || minScore > 100)) {
            throw new IllegalArgumentException(Messages.ReviewGate_score(minScore));
        }
    }

    /** Judges a review; the worse result counts. */
    Gate judge(int score, List<Finding> findings, List<NotReviewed> notReviewed) {
        Gate worst = failOn == null ? Gate.OPEN : judge(findings, failOn);
        if (!worst.isOpen()) {
            return worst;
        }
        if (minScore != null && score < minScore) {
            return new Gate("UNSTABLE", Messages.ReviewGate_below(score, minScore));
        }
        List<NotReviewed> unknown =
                notReviewed.stream().filter(NotReviewed::open).toList();
        if (!unknown.isEmpty() && (minScore != null || failOn != null)) {
            // Otherwise a change that is large enough passes unread.
            return new Gate(
                    "UNSTABLE",
                    Messages.ReviewGate_unknown(
                            unknown.size(),
                            unknown.get(0).file(),
                            unknown.get(0).reason()));
        }
        return Gate.OPEN;
    }

    private static Gate judge(List<Finding> findings, Severity worst) {
        List<Finding> bad =
                findings.stream().filter(each -> each.severity().atLeast(worst)).toList();
        return bad.isEmpty()
                ? Gate.OPEN
                : new Gate(
                        "FAILURE",
                        Messages.ReviewGate_findings(
                                bad.size(),
                                worst.word(),
                                bad.get(0).place(),
                                bad.get(0).problem()));
    }
}
