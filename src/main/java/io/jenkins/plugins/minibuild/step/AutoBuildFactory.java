package io.jenkins.plugins.minibuild.step;

import hudson.ExtensionPoint;
import java.util.List;

/** Lists the builds of a capability that a push can start. */
public abstract class AutoBuildFactory implements ExtensionPoint {
    /** All builds, also those that are off. */
    public abstract List<AutoBuild> all();
}
