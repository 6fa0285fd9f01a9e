package io.jenkins.plugins.minibuild.process;

import hudson.AbortException;
import java.util.List;

/** A command did not do what it was started for. The message is for users and holds no secret. */
public abstract class CommandException extends AbortException {
    private static final long serialVersionUID = 1L;

    private final List<String> tail;

    CommandException(String message, List<String> tail) {
        super(message);
        this.tail = List.copyOf(tail);
    }

    /** The last lines of its output, oldest first; secrets masked. */
    public List<String> tail() {
        return tail;
    }
}
