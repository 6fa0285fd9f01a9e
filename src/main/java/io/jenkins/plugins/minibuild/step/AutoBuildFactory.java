package io.jenkins.plugins.minibuild.step;

import hudson.ExtensionPoint;
import java.util.List;

/** By this a capability tells what it has that a push can build. */
public abstract class AutoBuildFactory implements ExtensionPoint {
    /** All of them, those that are off too. */
    public abstract List<AutoBuild> all();
}
