package io.jenkins.plugins.minibuild.step;

import hudson.EnvVars;
import hudson.FilePath;
import hudson.Launcher;
import hudson.model.TaskListener;
import io.jenkins.plugins.minibuild.process.Redactor;
import java.nio.file.Path;
import java.time.Clock;
import java.util.random.RandomGenerator;

/** The build that a task runs in, as far as the task may see it. Lives on the controller; no method returns null. */
public interface BuildContext extends Services {
    /** The workspace on the agent; it exists. */
    FilePath workspace();

    /** For temporary files: beside the workspace on the agent, outside what is checked out. It exists. */
    FilePath temp();

    /** The agent's own folder, in which caches outlive a build; {@link #temp} where the agent has none. */
    FilePath agentRoot();

    /** The agent's name; empty for the controller's own node. */
    String agent();

    /** Starts commands on the agent. */
    Launcher launcher();

    /** The build's environment. */
    EnvVars environment();

    /** The build's log; masks what {@link #redactor} knows. */
    TaskListener listener();

    /** Knows the secrets that were used so far; a task adds those it reads. */
    Redactor redactor();

    Clock clock();

    RandomGenerator random();

    CredentialSource credentials();

    BuildRecord record();

    ToolSource tools();

    /** Shows people how far the task is. */
    BuildProgress progress();

    /** The plugin's own folder on the controller, for what outlives builds. It exists. */
    Path controllerFolder();
}
