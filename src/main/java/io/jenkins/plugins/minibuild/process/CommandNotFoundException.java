package io.jenkins.plugins.minibuild.process;

import java.util.List;

/** There is no such command on the agent. */
public final class CommandNotFoundException extends CommandException {
    private static final long serialVersionUID = 1L;

    private final String command;

    CommandNotFoundException(String command) {
        super(Messages.CommandNotFound_message(command), List.of());
        this.command = command;
    }

    public String command() {
        return command;
    }
}
