package io.jenkins.plugins.minibuild.step;

import java.io.PrintStream;
import java.io.PrintWriter;

/**
 * A value that a step does not take. The Snippet Generator prints whatever a step throws as Java prints it, with class names and a stack trace; of this
 * only the sentence is printed, because nobody but the person at the form has to do anything.
 */
final class RefusedValueException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /** @param message for the person at the form: what is wrong, and what is right */
    RefusedValueException(String message) {
        super(message);
        setStackTrace(new StackTraceElement[0]);
    }

    /** The words of whoever refused a value, whom Jenkins wraps. */
    static String innermost(Throwable thrown) {
        Throwable refusal = thrown;
        while (refusal.getCause() != null) {
            refusal = refusal.getCause();
        }
        return String.valueOf(refusal.getMessage());
    }

    @Override
    public String toString() {
        return getMessage();
    }

    @Override
    public void printStackTrace(PrintStream out) {
        out.println(getMessage());
    }

    @Override
    public void printStackTrace(PrintWriter out) {
        out.println(getMessage());
    }
}
