package io.jenkins.plugins.minibuild.workflow.plan;

import io.jenkins.plugins.minibuild.workflow.model.Position;

/** A workflow that cannot run as it was asked for; the message says why and what to do. */
public final class UnplannableException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Position position;

    UnplannableException(Position position, String message) {
        super(message);
        this.position = position;
    }

    /** Where in the file; 1:1 for what the job in Jenkins says. */
    public Position position() {
        return position;
    }
}
