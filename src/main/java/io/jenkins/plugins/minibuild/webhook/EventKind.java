package io.jenkins.plugins.minibuild.webhook;

/** What happened. */
public enum EventKind {
    PUSH,
    TAG,
    /** A merge request was opened, reopened or is no longer a draft. */
    OPENED,
    /** New commits in a merge request. */
    UPDATED,
    MERGED,
    /** A comment on a merge request. */
    COMMENT,
    /** The service tries the address. */
    PING,
    /** Anything else: it starts nothing. */
    OTHER;

    boolean isMergeRequest() {
        return this == OPENED || this == UPDATED || this == MERGED || this == COMMENT;
    }
}
