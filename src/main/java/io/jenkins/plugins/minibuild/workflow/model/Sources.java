package io.jenkins.plugins.minibuild.workflow.model;

/** What the workspace of a job on another agent gets. */
public enum Sources {
    /** The same commit, by giteeCheckout. */
    CHECKOUT,
    /** A copy of the build's workspace. */
    COPY,
    /** Nothing. */
    NONE
}
