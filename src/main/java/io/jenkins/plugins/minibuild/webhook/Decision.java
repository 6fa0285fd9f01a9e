package io.jenkins.plugins.minibuild.webhook;

/**
 * What becomes of a delivery.
 *
 * @param detail what the reason is about; may be empty
 */
record Decision(Reason reason, String detail) {
    static Decision of(Reason reason) {
        return new Decision(reason, "");
    }

    boolean builds() {
        return reason == Reason.QUEUED;
    }
}
