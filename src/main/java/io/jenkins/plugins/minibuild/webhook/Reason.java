package io.jenkins.plugins.minibuild.webhook;

/** Why a delivery starts a job or not. */
public enum Reason {
    QUEUED,
    PING,
    EVENT,
    DELETED,
    BRANCH,
    TAG,
    PATHS,
    AUTHOR,
    LABEL,
    DRAFT,
    SKIP_CI,
    PHRASE,
    DUPLICATE,
    AUTO_BUILD_OFF,
    NO_JOB,
    NOT_BUILDABLE,
    BAD_PATTERN,
    NO_MATCH,
    FORK,
    STRANGER,
    RIGHTS,
    UNAUTHENTICATED,
    WRONG_TOKEN,
    FOREIGN,
    NOT_FORMAT,
    CANCELLED,
    SUPERSEDED;

    /** One sentence in the language of the thread. {@code detail} is from outside: escape the sentence for HTML. */
    public String text(String detail) {
        return switch (this) {
            case QUEUED -> Messages.Reason_queued(detail);
            case PING -> Messages.Reason_ping();
            case EVENT -> Messages.Reason_event(detail);
            case DELETED -> Messages.Reason_deleted(detail);
            case BRANCH -> Messages.Reason_branch(detail);
            case TAG -> Messages.Reason_tag(detail);
            case PATHS -> Messages.Reason_paths();
            case AUTHOR -> Messages.Reason_author(detail);
            case LABEL -> Messages.Reason_label();
            case DRAFT -> Messages.Reason_draft();
            case SKIP_CI -> Messages.Reason_skipCi();
            case PHRASE -> Messages.Reason_phrase();
            case DUPLICATE -> Messages.Reason_duplicate();
            case AUTO_BUILD_OFF -> Messages.Reason_autoBuildOff(detail);
            case NO_JOB -> Messages.Reason_noJob(detail);
            case NOT_BUILDABLE -> Messages.Reason_notBuildable(detail);
            case BAD_PATTERN -> Messages.Reason_badPattern(detail);
            case NO_MATCH -> Messages.Reason_noMatch(detail);
            case UNAUTHENTICATED -> Messages.Reason_unauthenticated(detail);
            case WRONG_TOKEN -> Messages.Reason_wrongToken();
            case FORK -> Messages.Reason_fork(detail);
            case STRANGER -> Messages.Reason_stranger(detail);
            case RIGHTS -> Messages.Reason_rights(detail);
            case FOREIGN -> Messages.Reason_foreign(detail);
            case NOT_FORMAT -> Messages.Reason_notFormat(detail);
            case CANCELLED -> Messages.Reason_cancelled();
            case SUPERSEDED -> Messages.Reason_superseded();
        };
    }
}
