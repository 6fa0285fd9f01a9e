package io.jenkins.plugins.minibuild.step;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.EnvVars;
import hudson.ExtensionList;
import hudson.ExtensionPoint;
import hudson.model.Run;
import hudson.model.TaskListener;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.Map;

/**
 * Stands before the steps that name a pool ({@link TaskStep#slotPool}): lets each begin when it has a slot, and ends it
 * when it exceeds a limit. The package {@code limits} has the one implementation; without one every step begins at once.
 */
public abstract class StepGateAdapter implements ExtensionPoint {
    /** A step at the gate. Called on any thread. */
    public interface Visitor {
        /**
         * It may begin. Called once at most.
         *
         * @param variables what its commands have to carry in their environment
         * @param log where it logs
         */
        void admitted(Map<String, String> variables, TaskListener log);

        /** It is turned away while it waits, or has to end while it runs, for this reason. */
        void ended(Throwable cause);
    }

    /** A step of a Pipeline that may be waiting at the gate when the controller starts again. */
    public interface Guest {
        /** Takes its old place again, before any slot is granted; does nothing if it waits already or waits no more. */
        void rejoin();
    }

    /** What a step holds from the moment it came to the gate; stored with the Pipeline, so that a wait outlives a restart. */
    public interface Pass extends Serializable {
        /**
         * After a restart of the controller: takes the same place again. Does nothing if it stands there already.
         *
         * @throws hudson.AbortException if it cannot even wait
         */
        void rejoin(Run<?, ?> run, TaskListener listener, Visitor visitor) throws IOException;

        /** The step waits no more, or has ended. Calling it again does nothing. */
        void leave();

        /** Where it stands, in a short phrase. */
        String status();
    }

    /**
     * Comes to the gate.
     *
     * @param pool what the step named
     * @param environment the step's, with the marks of what it is nested in
     * @param agent the name of the node, empty for the built-in one
     * @param workspace its path on the agent
     * @throws hudson.AbortException if it cannot even wait
     */
    public abstract Pass enter(
            String pool,
            Run<?, ?> run,
            EnvVars environment,
            String agent,
            String workspace,
            TaskListener listener,
            Visitor visitor)
            throws IOException, InterruptedException;

    /** The one that is there; null if none is. */
    @CheckForNull
    static StepGateAdapter find() {
        List<StepGateAdapter> all = ExtensionList.lookup(StepGateAdapter.class);
        return all.isEmpty() ? null : all.get(0);
    }
}
