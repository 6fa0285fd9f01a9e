package hudson.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.ExtensionPoint;
import hudson.FilePath;
import hudson.Launcher;
import hudson.model.labels.LabelAtom;
import hudson.security.AccessControlled;
import jenkins.util.io.OnMaster;

/** An agent, or the controller itself, as it is configured. */
public abstract class Node extends AbstractModelObject
        implements ExtensionPoint, AccessControlled, OnMaster, PersistenceRoot {
    @NonNull
    public abstract String getNodeName();

    @CheckForNull
    public abstract FilePath getRootPath();

    @CheckForNull
    public abstract FilePath getWorkspaceFor(TopLevelItem item);

    @NonNull
    public LabelAtom getSelfLabel() {
        throw new IllegalStateException("no labels without Jenkins");
    }

    @NonNull
    public abstract Launcher createLauncher(TaskListener listener);

    @CheckForNull
    public final Computer toComputer() {
        return null;
    }

    @Override
    public String getDisplayName() {
        return getNodeName();
    }
}
