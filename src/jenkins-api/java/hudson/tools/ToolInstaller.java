package hudson.tools;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.ExtensionPoint;
import hudson.FilePath;
import hudson.model.Describable;
import hudson.model.Node;
import hudson.model.TaskListener;
import java.io.IOException;

/** Puts a tool on a node. */
public abstract class ToolInstaller implements Describable<ToolInstaller>, ExtensionPoint {
    private final String label;
    protected transient ToolInstallation tool;

    protected ToolInstaller(String label) {
        this.label = label;
    }

    public final String getLabel() {
        return label;
    }

    public abstract FilePath performInstallation(ToolInstallation tool, Node node, TaskListener log)
            throws IOException, InterruptedException;

    @NonNull
    protected final FilePath preferredLocation(ToolInstallation tool, Node node) {
        FilePath root = node.getRootPath();
        if (root == null) {
            throw new IllegalArgumentException("Node " + node.getDisplayName() + " seems to be offline");
        }
        return root.child("tools/" + tool.getClass().getName() + "/" + tool.getName());
    }
}
