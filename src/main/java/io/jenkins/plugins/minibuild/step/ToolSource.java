package io.jenkins.plugins.minibuild.step;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import hudson.FilePath;
import hudson.tools.ToolInstallation;
import java.io.IOException;

/** The tools that an admin has configured. */
public interface ToolSource {
    /**
     * The home of a tool on this build's agent; installs it there when it has an installer and is not there yet.
     *
     * @param name of the installation; null for the first one
     * @return null if {@code name} is null and no such tool is configured
     * @throws AbortException if there is no installation of that name, or it has no home on this agent
     */
    @CheckForNull
    FilePath home(Class<? extends ToolInstallation> kind, @CheckForNull String name)
            throws IOException, InterruptedException;
}
