package io.jenkins.plugins.minibuild.webhook;

/**
 * Whether a delivery starts a job, and why.
 *
 * @param detail the branch, name or error that the reason names; may be empty
 */
record Decision(Reason reason, String detail) {
    Decision {
        detail = CleanText.line(detail, Delivery.LONGEST_LINE);
    }

    static Decision of(Reason reason) {
        return new Decision(reason, "");
    }

    boolean builds() {
        return reason == Reason.QUEUED;
    }

    /** One sentence in the language of the thread. It may hold text from outside: escape it for HTML. */
    String text() {
        return reason.text(detail);
    }
}
