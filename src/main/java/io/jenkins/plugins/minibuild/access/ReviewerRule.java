package io.jenkins.plugins.minibuild.access;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.minibuild.files.Glob;
import java.util.List;

/**
 * Who reviews the changes for some branches. Immutable.
 *
 * @param branches patterns of target branches, separated by commas
 * @param reviewers {@code user:ID} and {@code group:NAME}; not empty
 * @param place the full name of a folder; empty for the system configuration
 */
public record ReviewerRule(String branches, List<String> reviewers, String place) {
    /** @throws IllegalArgumentException for a pattern that is none, and when there are no reviewers; the message is for users */
    public ReviewerRule {
        if (Glob.refs(branches).isEmpty()) {
            throw new IllegalArgumentException(Messages.ReviewerRule_branches());
        }
        for (String each : reviewers) {
            if (!each.matches("(user|group):\\S.*")) {
                throw new IllegalArgumentException(Messages.ReviewerRule_reviewer(each));
            }
        }
        if (reviewers.isEmpty()) {
            throw new IllegalArgumentException(Messages.ReviewerRule_nobody());
        }
        reviewers = List.copyOf(reviewers);
    }

    /** @param branch null if it is not known: then every rule holds */
    boolean covers(@CheckForNull String branch) {
        return branch == null || Glob.refs(branches).matches(branch);
    }

    /** For people: the policy's name and where it is set. */
    public String source() {
        return Rule.source("reviewers", place);
    }
}
