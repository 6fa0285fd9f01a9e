package io.jenkins.plugins.minibuild.workflow.place;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.remoting.Channel;
import io.jenkins.plugins.minibuild.process.AgentAnswer;
import io.jenkins.plugins.minibuild.step.BuildContext;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/**
 * The context of a build in a workspace: made once for each connection of the agent, since making it asks the agent. Safe for several threads.
 */
public final class KeptContext {
    private final Source source;
    private BuildContext kept;
    private Map<String, String> machine;

    /** Makes a context. */
    @FunctionalInterface
    public interface Source {
        /**
         * The context of the connection that there is now.
         *
         * @throws IOException when the agent is not connected
         */
        BuildContext make() throws IOException, InterruptedException;
    }

    /** @param source makes the context */
    public KeptContext(Source source) {
        this.source = source;
    }

    /**
     * The context of the connection that there is now.
     *
     * @throws IOException when the agent is not connected
     */
    public synchronized BuildContext get() throws IOException, InterruptedException {
        if (!isConnected(kept)) {
            kept = null;
            kept = source.make();
        }
        return kept;
    }

    /** Whether the connection of a context is open still. */
    public static boolean isConnected(@CheckForNull BuildContext context) {
        return context != null
                && !(context.workspace().getChannel() instanceof Channel channel && channel.isClosingOrClosed());
    }

    /** What machine it is, as variables; asked for once. */
    synchronized Map<String, String> machine() throws IOException, InterruptedException {
        if (machine == null) {
            MachineFacts facts =
                    AgentAnswer.call(get().workspace().getChannel(), new MachineFacts.Look(), MachineFacts.class);
            Map<String, String> all = new TreeMap<>();
            all.put("PIPELINE_RUNNER_OS", facts.os());
            all.put("PIPELINE_RUNNER_ARCH", facts.arch());
            all.put("PIPELINE_RUNNER_USER", facts.user());
            machine = all;
        }
        return machine;
    }
}
