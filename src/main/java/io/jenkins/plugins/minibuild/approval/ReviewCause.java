package io.jenkins.plugins.minibuild.approval;

import jenkins.model.CauseOfInterruption;

/** Why a build ends that waited for people: they rejected its change, or nobody decided in time. */
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
