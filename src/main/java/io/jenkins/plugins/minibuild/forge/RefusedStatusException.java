package io.jenkins.plugins.minibuild.forge;

import java.io.IOException;

/** The service refuses to show a state: the token's rights or the commit are wrong. */
public final class RefusedStatusException extends IOException {
    private static final long serialVersionUID = 1L;

    RefusedStatusException(String message) {
        super(message);
    }
}
