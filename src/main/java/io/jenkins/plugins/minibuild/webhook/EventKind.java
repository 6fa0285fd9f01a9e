package io.jenkins.plugins.minibuild.webhook;

/** The kinds of events. */
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
    /** Any other event; it starts nothing. */
    OTHER,
    /** The call was refused before its body was read, or its body could not be read. */
    UNREADABLE;

    boolean isMergeRequest() {
        return this == OPENED || this == UPDATED || this == MERGED || this == COMMENT;
    }
}
