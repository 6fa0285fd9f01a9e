package io.jenkins.plugins.minibuild.workflow;

import hudson.model.InvisibleAction;
import io.jenkins.plugins.minibuild.step.TrendChart;

/** Shows on the page of a job how the durations of its workflows change. Made for each view of the page; never stored. */
public final class WorkflowJobAction extends InvisibleAction {
    private final TrendChart durations;

    WorkflowJobAction(TrendChart durations) {
        this.durations = durations;
    }

    /** The duration of each build's workflow with how it ended, the oldest first. */
    public TrendChart getDurations() {
        return durations;
    }
}
