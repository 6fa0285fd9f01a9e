package io.jenkins.plugins.minibuild.miniprogram.dependencies;

import hudson.FilePath;
import io.jenkins.plugins.minibuild.cache.AgentCache;
import io.jenkins.plugins.minibuild.miniprogram.BuildPlan;
import io.jenkins.plugins.minibuild.process.Deadline;
import io.jenkins.plugins.minibuild.step.BuildContext;
import java.io.IOException;
import java.time.Duration;

/** The install phase of a build alone, for the benchmark. */
public final class InstallPhase {

    private final BuildContext context;
    private final FilePath project;
    private final InstallCommand command;
    private DependencyCache last;

    public InstallPhase(BuildContext context, FilePath project, String line) {
        this.context = context;
        this.project = project;
        this.command = InstallCommand.ofLine(line);
    }

    /** Installs or restores, as a build does. */
    public void run() throws IOException, InterruptedException {
        last = BuildPlan.install(context, project, command, "build", Deadline.after(Duration.ofMinutes(20)));
    }

    /** Begins the copy for the next build, as the end of a build does. */
    public void prepareNext() throws IOException, InterruptedException {
        last.prepareNext();
    }

    /** Waits for that copy. */
    public void settle() throws InterruptedException {
        AgentCache.settle();
    }
}
