package io.jenkins.plugins.minibuild.workflow.run;

import java.util.Locale;

/** How a workflow, a job or a step stands. It only moves forward: from pending to running to one of the others, or from pending to skipped or cancelled. */
public enum State {
    PENDING,
    RUNNING,
    SUCCEEDED,
    FAILED,
    SKIPPED,
    CANCELLED;

    /** Whether it can still change. */
    public boolean isOpen() {
        return this == PENDING || this == RUNNING;
    }

    /** The word in the journal, in variables and on pages. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
