package hudson;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Node;

/** Makes launchers that start commands in another way. */
public abstract class LauncherDecorator implements ExtensionPoint {
    @NonNull
    public abstract Launcher decorate(@NonNull Launcher launcher, @NonNull Node node);
}
