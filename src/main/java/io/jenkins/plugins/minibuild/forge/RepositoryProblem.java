package io.jenkins.plugins.minibuild.forge;

import hudson.AbortException;

/** A repository cannot be read; a user has to mend the cause, a repetition does not help. */
public final class RepositoryProblem extends AbortException {
    private static final long serialVersionUID = 1L;

    /** What is wrong. */
    public enum Kind {
        /** There is no such repository, or the token's account cannot see it; services do not tell these apart. */
        UNKNOWN_REPOSITORY,
        /** The token is unknown, revoked or expired. */
        TOKEN_REFUSED,
        /** The token is good but does not include the right to read repositories. */
        SCOPE_MISSING
    }

    private final Kind kind;

    RepositoryProblem(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
