package io.jenkins.plugins.minibuild.review;

import hudson.AbortException;
import hudson.model.Result;
import hudson.model.Run;
import io.jenkins.plugins.minibuild.claude.ClaudeGitStep;
import io.jenkins.plugins.minibuild.claude.ClaudeOptions;
import io.jenkins.plugins.minibuild.step.BuildContext;
import io.jenkins.plugins.minibuild.step.BuildEvent;
import io.jenkins.plugins.minibuild.step.BuildNewsListener;
import io.jenkins.plugins.minibuild.step.Fact;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * The base of steps whose work is, or ends with, a review by Claude.
 *
 * @param <R> what the task results in
 */
public abstract class ReviewingStep<R> extends ClaudeGitStep<R> {
    /** Reviews a change; the build remembers the reason of a gate that is shut. */
    protected static ReviewReport review(BuildContext build, ReviewRequest request, ClaudeOptions options)
            throws IOException, InterruptedException {
        ReviewReport report;
        try (ClaudeReviewer reviewer = new ClaudeReviewer(build, options)) {
            report = new Review(request, reviewer).run(build);
        }
        if (!report.gate().isOpen()) {
            build.record().remember(Fact.ERROR, report.gate().reason());
        }
        return report;
    }

    /**
     * Announces a review and gives the build the result that its gate asks for.
     *
     * @throws AbortException if the build fails
     */
    protected static void conclude(Run<?, ?> run, ReviewReport report) throws IOException {
        Map<Fact, String> facts = new HashMap<>(report.newsFacts());
        facts.put(Fact.PAGE_URL, ReviewAction.URL + "/");
        BuildNewsListener.fire(run, BuildEvent.REVIEW_DONE, facts);
        if (report.gate().result().equals("UNSTABLE")) {
            run.setResult(Result.UNSTABLE);
        } else if (!report.gate().isOpen()) {
            throw new AbortException(report.gate().reason());
        }
    }
}
