package io.jenkins.plugins.minibuild.step;

import hudson.ExtensionPoint;
import hudson.model.Saveable;
import java.util.List;

/** Lists the builds of a capability that a push can start. */
public abstract class AutoBuildFactory implements ExtensionPoint {
    /** All builds, also those that are off. */
    public abstract List<AutoBuild> all();

    /** Whether an object that was stored just now keeps builds of {@link #all}, so that some of them may be gone. */
    public abstract boolean isKeptIn(Saveable stored);
}
