package io.jenkins.plugins.minibuild.process;

import java.util.List;

/** A command was ended because its deadline had passed. */
public final class CommandTimeoutException extends CommandException {
    private static final long serialVersionUID = 1L;

    CommandTimeoutException(String message, List<String> tail) {
        super(message, tail);
    }
}
