package io.jenkins.plugins.minibuild.step;

import hudson.EnvVars;
import hudson.FilePath;
import hudson.Launcher;
import hudson.model.TaskListener;
import io.jenkins.plugins.minibuild.process.Deadline;
import io.jenkins.plugins.minibuild.process.Redactor;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.random.RandomGenerator;

/** The build that a task runs in, as far as the task may see it. Lives on the controller; no method returns null. */
public interface BuildContext extends Services {
    /** The workspace on the agent; it exists. */
    FilePath workspace();

    /** The folder for temporary files: on the agent beside the workspace, so that no checkout touches it. It exists. */
    FilePath temp();

    /** The folder of the agent, in which caches outlive a build; {@link #temp} where the agent has none. */
    FilePath agentRoot();

    /** The agent's name; empty for the controller's own node. */
    String agent();

    /** Starts commands on the agent. */
    Launcher launcher();

    /** The build's environment. */
    EnvVars environment();

    /** The log of the build; it masks the secrets that {@link #redactor} knows. */
    TaskListener listener();

    /** Masks the secrets that were used so far; a task adds the secrets that it reads. */
    Redactor redactor();

    Clock clock();

    RandomGenerator random();

    CredentialSource credentials();

    BuildRecord record();

    ToolSource tools();

    /** Reports the progress of the task to the page of the build. */
    BuildProgress progress();

    /**
     * Takes what only one step of the whole controller may use at a time. Returns at once if the step got it together with its slot
     * ({@link TaskStep#resources}). Otherwise it waits on the calling thread, and the log says which build uses it; what the step got together
     * with its slot is given back first, so that no two steps wait for each other.
     *
     * @param resource its name, as people read it
     * @throws hudson.AbortException when the deadline passes first
     */
    Turn turn(String resource, Deadline deadline) throws IOException, InterruptedException;

    /** Gives back what was taken. */
    @FunctionalInterface
    interface Turn extends AutoCloseable {
        @Override
        void close();
    }

    /** The plugin's folder on the controller, for data that outlives builds. It exists. */
    Path controllerFolder();
}
