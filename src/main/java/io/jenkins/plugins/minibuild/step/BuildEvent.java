package io.jenkins.plugins.minibuild.step;

/** What a step reports while a build runs, for {@link BuildNewsListener}. */
public enum BuildEvent {
    /** The build runs; fired where the mini program that it builds becomes known only after Jenkins' own start event. */
    START,
    UPLOADED,
    PREVIEW_READY,
    CODEGEN_DONE,
    REVIEW_DONE,
    /** A human review waits for people. */
    REVIEW_WANTED,
    /** A reviewer has approved, rejected or asked for revision. */
    VERDICT_GIVEN,
    /** A job of a workflow failed; the others may go on. */
    JOB_FAILED,
    /** A workflow has ended, well or not. */
    WORKFLOW_ENDED,
    /** A workflow ended well, and the last one of the job that was not cancelled had failed. */
    WORKFLOW_RECOVERED
}
