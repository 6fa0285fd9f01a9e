package io.jenkins.plugins.minibuild.workflow;

import jenkins.model.CauseOfInterruption;

/** Why a workflow was cancelled. */
final class WorkflowCause extends CauseOfInterruption {
    private static final long serialVersionUID = 1L;

    private final String text;

    WorkflowCause(String text) {
        this.text = text;
    }

    @Override
    public String getShortDescription() {
        return text;
    }
}
