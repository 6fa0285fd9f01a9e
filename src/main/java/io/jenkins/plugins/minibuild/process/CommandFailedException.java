package io.jenkins.plugins.minibuild.process;

import java.util.List;

/** A command ended with an exit code other than 0. */
public final class CommandFailedException extends CommandException {
    private static final long serialVersionUID = 1L;

    private final int exitCode;

    CommandFailedException(String message, int exitCode, List<String> tail) {
        super(message, tail);
        this.exitCode = exitCode;
    }

    public int exitCode() {
        return exitCode;
    }
}
