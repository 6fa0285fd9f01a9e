package io.jenkins.plugins.minibuild.webhook;

/** A body that is not of the service's format; the message says what is wrong with it, and repeats nothing of it. */
final class PayloadException extends Exception {
    private static final long serialVersionUID = 1L;

    PayloadException(String message) {
        super(message);
    }
}
