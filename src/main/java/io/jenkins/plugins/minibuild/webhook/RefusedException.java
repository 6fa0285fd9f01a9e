package io.jenkins.plugins.minibuild.webhook;

/** A call is refused. It is an ordinary answer, so the exception has no stack trace. */
final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Answer answer;

    /** @param reason for the service, in English; repeats nothing of the call */
    RefusedException(int status, String reason) {
        super(reason, null, false, false);
        this.answer = Answer.refused(status, reason);
    }

    Answer answer() {
        return answer;
    }
}
