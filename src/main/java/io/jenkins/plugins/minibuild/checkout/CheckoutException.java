package io.jenkins.plugins.minibuild.checkout;

import hudson.AbortException;

/** A checkout failed: the message says why and what to do. */
final class CheckoutException extends AbortException {
    private static final long serialVersionUID = 1L;

    private final GitFailure failure;

    CheckoutException(GitFailure failure, String message) {
        super(message);
        this.failure = failure;
    }

    GitFailure failure() {
        return failure;
    }
}
