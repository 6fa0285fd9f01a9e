package io.jenkins.plugins.minibuild.approval;

import jenkins.model.CauseOfInterruption;

/** The reason why a build that waited for people ends: its change was rejected, or not decided in time. */
public final class ReviewCause extends CauseOfInterruption {
    private static final long serialVersionUID = 1L;

    private final String text;

    ReviewCause(String text) {
        this.text = text;
    }

    @Override
    public String getShortDescription() {
        return text;
    }
}
