package io.jenkins.plugins.minibuild.notify;

import java.io.IOException;

/** A credential that a channel needs is missing or is not an address. The message names the credential and says what to do; it never holds the secret. */
public final class MissingSecretException extends IOException {
    private static final long serialVersionUID = 1L;

    /** @param message for people, without the secret */
    public MissingSecretException(String message) {
        super(message);
    }
}
