package io.jenkins.plugins.minibuild.step;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.EnvVars;
import hudson.ExtensionList;
import hudson.ExtensionPoint;
import hudson.Launcher;
import hudson.model.Job;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.minibuild.process.Deadline;
import java.io.IOException;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Gives slots to the steps that name a pool ({@link TaskStep#slotPool}): a step runs when it holds a slot, and the provider ends it when it
 * exceeds a limit. The package {@code limits} has the only implementation. Without one, every step runs at once.
 */
public abstract class SlotProviderAdapter implements ExtensionPoint {
    /** A step that asks for a slot. The methods are called on any thread. */
    public interface Requester {
        /**
         * The step holds a slot and may run. Called at most once.
         *
         * @param variables what the commands of the step need in their environment
         * @param log the log of the step from now on
         */
        void granted(Map<String, String> variables, TaskListener log);

        /** The step has to end, whether it still waits or runs already, for this reason. */
        void end(Throwable cause);
    }

    /** The execution of a Pipeline step that may be waiting for a slot when the controller starts again. */
    public interface ResumingStep {
        /** Repeats the request for a slot, before any slot is granted. Does nothing for a step that has repeated it or waits no more. */
        void repeatRequest();
    }

    /** The request of one step. It is stored with the Pipeline, so that a wait outlives a restart of the controller. */
    public interface SlotRequest extends Serializable {
        /**
         * Repeats the request after a restart of the controller; the step keeps its place in the queue. Does nothing if the request is known.
         *
         * @throws hudson.AbortException if the queue of the pool is full
         */
        void repeat(Run<?, ?> run, TaskListener listener, Requester requester) throws IOException;

        /** Gives the slot and the resources back, or the place in the queue. A second call does nothing. */
        void release();

        /** As {@link BuildContext#turn}, for a step that holds its slot. */
        BuildContext.Turn take(String resource, Deadline deadline) throws IOException, InterruptedException;

        /** The launcher for the commands of the step, which may use as many processors as its limits say. */
        Launcher limited(Launcher launcher);

        /** The state of the request in a short phrase. */
        String status();
    }

    /**
     * What a step asks for.
     *
     * @param pool the pool that the step named
     * @param resources what the step has to use alone ({@link TaskStep#resources}); it gets slot and resources together
     * @param time the time that the step gives itself; null for none
     */
    public record Wanted(
            String pool,
            Set<String> resources,
            @CheckForNull TimeLimit time) {
        static Wanted by(TaskStep<?> step, Job<?, ?> job, EnvVars environment) {
            return new Wanted(step.slotPool(), step.resources(job, environment), step.timeLimit(job));
        }
    }

    /**
     * The step that asks.
     *
     * @param environment of the step; the blocks around the step have put their marks into it
     * @param agent the name of the node, empty for the built-in one
     * @param workspace its path on the agent
     */
    public record Need(
            Wanted wanted, Run<?, ?> run, EnvVars environment, String agent, String workspace, TaskListener listener) {}

    /**
     * Asks for a slot. {@link Requester#granted} may be called before this method returns.
     *
     * @throws hudson.AbortException if the queue of the pool is full, or the step gives itself more time than is allowed
     */
    public abstract SlotRequest request(Need need, Requester requester) throws IOException, InterruptedException;

    /** Why a step must not give itself this time, for people; null if it may. */
    @CheckForNull
    public abstract String refusal(Duration time);

    /**
     * Checks a time that a form gives a step.
     *
     * @throws IllegalArgumentException if an administrator allows less; the message is for users
     */
    public static void check(Duration time) {
        SlotProviderAdapter provider = find();
        String refusal = provider == null ? null : provider.refusal(time);
        if (refusal != null) {
            throw new IllegalArgumentException(refusal);
        }
    }

    /**
     * Whether a new build of a job would be refused now, because as many wait for a pool as can. Of a Pipeline those pools are known for which builds of it wait
     * or run now.
     *
     * @return the pool's name; null if there is none
     */
    @CheckForNull
    public abstract String fullPool(Job<?, ?> job);

    /** The pool that keeps a new build of a job from starting, see {@link #fullPool}; null for none. */
    @CheckForNull
    public static String fullPoolOf(Job<?, ?> job) {
        SlotProviderAdapter provider = find();
        return provider == null ? null : provider.fullPool(job);
    }

    /** The installed provider; null if there is none. */
    @CheckForNull
    static SlotProviderAdapter find() {
        List<SlotProviderAdapter> all = ExtensionList.lookup(SlotProviderAdapter.class);
        return all.isEmpty() ? null : all.get(0);
    }
}
