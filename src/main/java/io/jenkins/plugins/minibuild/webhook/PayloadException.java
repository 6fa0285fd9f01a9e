package io.jenkins.plugins.minibuild.webhook;

/** The body does not have the service's format. The message says what is wrong and repeats nothing of the body. */
final class PayloadException extends Exception {
    private static final long serialVersionUID = 1L;

    PayloadException(String message) {
        super(message);
    }
}
