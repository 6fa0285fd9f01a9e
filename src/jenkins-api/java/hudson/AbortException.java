package hudson;

import java.io.IOException;

/** A failure whose message is all that a user needs: Jenkins prints no stack trace for it. */
public class AbortException extends IOException {
    private static final long serialVersionUID = 1L;

    public AbortException() {}

    public AbortException(String message) {
        super(message);
    }
}
