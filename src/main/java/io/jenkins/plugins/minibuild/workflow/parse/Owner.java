package io.jenkins.plugins.minibuild.workflow.parse;

/**
 * What a part of a file belongs to; it decides which values can be referred to.
 *
 * @param stage its index; -1 for none
 * @param job its id; empty for none
 */
record Owner(Kind kind, int stage, String job) {
    static final Owner WORKFLOW = new Owner(Kind.WORKFLOW, -1, "");
    static final Owner PRE = new Owner(Kind.PRE, -1, "");
    static final Owner POST = new Owner(Kind.POST, -1, "");

    /** What it is. */
    enum Kind {
        WORKFLOW,
        PRE,
        POST,
        STAGE,
        JOB
    }
}
