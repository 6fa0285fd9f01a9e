package io.jenkins.plugins.minibuild.process;

import java.io.IOException;

/** An agent cannot make a {@link Sandbox}; the message says why. */
public final class SandboxMissingException extends IOException {
    private static final long serialVersionUID = 1L;

    SandboxMissingException(String reason) {
        super(reason);
    }
}
