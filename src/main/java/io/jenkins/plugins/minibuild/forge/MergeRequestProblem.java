package io.jenkins.plugins.minibuild.forge;

import hudson.AbortException;

/** A service refused a request; a user has to mend the cause, a repetition does not help. */
public final class MergeRequestProblem extends AbortException {
    private static final long serialVersionUID = 1L;

    /** What is wrong. */
    public enum Kind {
        /** 401: the token is unknown, revoked or expired. */
        TOKEN_REFUSED,
        /** 403: the token or its account may not do it. */
        FORBIDDEN,
        /** 404: there is no such repository, branch or merge request, or the account cannot see it. */
        NOT_FOUND,
        /** 405, 409: the thing exists already, or its state does not allow the change. */
        CONFLICT,
        /** 400, 422 and other answers below 500: the service does not accept the values. */
        REFUSED,
        /** The service limits the rate and asks for a longer wait than a build allows. */
        RATE_LIMITED,
        /** 3xx: the repository, or the service, has moved; a token is not sent elsewhere. */
        MOVED
    }

    private final Kind kind;

    MergeRequestProblem(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
