package io.jenkins.plugins.minibuild.review;

import hudson.model.InvisibleAction;
import io.jenkins.plugins.minibuild.step.TrendChart;

/** Shows on the page of a job how the scores of its reviews change. Made for each view of the page; never stored. */
public final class ReviewJobAction extends InvisibleAction {
    private final TrendChart scores;

    ReviewJobAction(TrendChart scores) {
        this.scores = scores;
    }

    /** The score of each build's last review, the oldest first, from 0 to 100. */
    public TrendChart getScores() {
        return scores;
    }
}
