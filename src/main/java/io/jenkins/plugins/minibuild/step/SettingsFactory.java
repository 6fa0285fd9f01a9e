package io.jenkins.plugins.minibuild.step;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.ExtensionPoint;
import hudson.model.Run;
import java.util.List;

/** Gives the settings of a capability to its tasks, which never see Jenkins. */
public abstract class SettingsFactory implements ExtensionPoint {
    /**
     * The settings of a kind that a build may use, the job's own first; empty for a kind that this factory does not know.
     *
     * @param run null outside of a build: then there are no settings of a job
     */
    public abstract <T> List<T> of(@CheckForNull Run<?, ?> run, Class<T> kind);
}
