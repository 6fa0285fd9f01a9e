package io.jenkins.plugins.minibuild.forge;

import java.io.IOException;

/** The service could not say whether a repository can be read: it is unreachable, limits the rate, or the token may read code but not the API. */
public final class UncheckedRepositoryException extends IOException {
    private static final long serialVersionUID = 1L;

    UncheckedRepositoryException(String message) {
        super(message);
    }

    UncheckedRepositoryException(String message, Throwable cause) {
        super(message, cause);
    }
}
