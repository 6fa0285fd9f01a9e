package io.jenkins.plugins.minibuild.step;

import hudson.ExtensionPoint;
import hudson.model.Run;
import java.util.List;

/** By this a capability gives its settings to the tasks, which never see Jenkins. */
public abstract class SettingsFactory implements ExtensionPoint {
    /** The settings of a kind that a build may use, the job's own first; empty for a kind that it does not know. */
    public abstract <T> List<T> of(Run<?, ?> run, Class<T> kind);
}
