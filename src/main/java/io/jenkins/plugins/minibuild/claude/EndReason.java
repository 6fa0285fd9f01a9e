package io.jenkins.plugins.minibuild.claude;

/** How a run ended. */
public enum EndReason {
    /** The model finished. */
    DONE,
    /** As many turns as it may take. */
    TURNS,
    /** Its time was up. */
    TIME,
    /** The money was spent, by the command's count or by ours. */
    BUDGET,
    /** It wrote more than it may. */
    OUTPUT,
    /** The model's service had too much to do (429, 5xx), more often than the command tries again. */
    OVERLOADED,
    /** The model declined. */
    REFUSED,
    /** The key was not accepted. */
    AUTHENTICATION,
    /** The answer of the service, or the command's stream, ended in the middle. */
    BROKEN_STREAM,
    /** The command ended by itself without a result. */
    CRASHED,
    /** Somebody stopped it on its page. */
    CANCELLED,
    /** Another error that the command tells of. */
    FAILED;

    /** Whether another attempt may end better. */
    boolean mayPass() {
        return this == OVERLOADED || this == BROKEN_STREAM || this == CRASHED;
    }
}
