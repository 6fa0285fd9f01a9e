package io.jenkins.plugins.minibuild.webhook;

import jenkins.model.CauseOfInterruption;

/** A newer delivery about the same branch or merge request ended the build. */
public final class SupersededCause extends CauseOfInterruption {
    private static final long serialVersionUID = 1L;

    private final String newer;

    /** @param newer describes the newer delivery */
    SupersededCause(String newer) {
        this.newer = newer;
    }

    @Override
    public String getShortDescription() {
        return Messages.SupersededCause_description(newer);
    }
}
