package io.jenkins.plugins.minibuild.notify;

import java.io.IOException;

/** A credential that a channel needs is not there, or is no address. Its message says which and what to do, never what is in it. */
public final class MissingSecretException extends IOException {
    private static final long serialVersionUID = 1L;

    /** Says which and what to do. */
    public MissingSecretException(String message) {
        super(message);
    }
}
