package io.jenkins.plugins.minibuild.claude;

/** Why a run ended. */
public enum EndReason {
    /** The model finished. */
    DONE,
    /** All turns were used. */
    TURNS,
    /** Its time was up. */
    TIME,
    /** The budget was used, by the command's count or by the plugin's. */
    BUDGET,
    /** The command wrote too much. */
    OUTPUT,
    /** The model's service was overloaded (429, 5xx) at each attempt of the command. */
    OVERLOADED,
    /** The model declined. */
    REFUSED,
    /** The service refused the key. */
    AUTHENTICATION,
    /** The answer of the service, or the output of the command, was incomplete. */
    BROKEN_STREAM,
    /** The command failed without a result. */
    CRASHED,
    /** A user cancelled it on its page. */
    CANCELLED,
    /** The command reported another error. */
    FAILED;

    /** Whether another attempt can succeed. */
    boolean isRetryable() {
        return this == OVERLOADED || this == BROKEN_STREAM || this == CRASHED;
    }
}
