package io.jenkins.plugins.minibuild.process;

import hudson.AbortException;
import hudson.remoting.ChannelClosedException;
import hudson.remoting.RequestAbortedException;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The agent went away while something ran on it. */
public final class AgentLostException extends AbortException {
    private static final long serialVersionUID = 1L;

    private static final Logger LOGGER = Logger.getLogger(AgentLostException.class.getName());

    private AgentLostException(String what) {
        super(Messages.AgentLost_message(what));
    }

    /** Whether the failure means that the agent is gone. */
    public static boolean isAgentLost(Throwable failure) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof ChannelClosedException
                    || t instanceof RequestAbortedException
                    || t instanceof ClosedChannelException
                    || isLostProxy(t)) {
                return true;
            }
        }
        return false;
    }

    /** A call on an object of the agent, such as its process: remoting has no exception of its own for that. */
    private static boolean isLostProxy(Throwable t) {
        return t instanceof IOException
                && t.getMessage() != null
                && t.getMessage().startsWith("Backing channel '")
                && t.getMessage().endsWith("is disconnected.");
    }

    /** Says what ran when the agent went. */
    public static AgentLostException during(String what, Throwable cause) {
        // Not as the cause: Pipeline cannot store what remoting throws, and would show it all in place of the message.
        LOGGER.log(Level.FINE, cause, () -> "Lost the agent while it ran " + what);
        return new AgentLostException(what);
    }
}
