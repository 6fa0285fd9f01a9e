package hudson.tools;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.EnvVars;
import hudson.ExtensionPoint;
import hudson.model.Describable;
import hudson.model.Node;
import hudson.model.TaskListener;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;

/** A tool that an admin has configured. */
public abstract class ToolInstallation implements Describable<ToolInstallation>, Serializable, ExtensionPoint {
    private static final long serialVersionUID = 1L;

    private final String name;
    private final String home;

    protected ToolInstallation(String name, String home, List<? extends ToolProperty<?>> properties) {
        this.name = name;
        this.home = home;
    }

    public String getName() {
        return name;
    }

    @CheckForNull
    public String getHome() {
        return home;
    }

    public void buildEnvVars(EnvVars env) {}

    public ToolInstallation translate(@NonNull Node node, EnvVars envs, TaskListener listener)
            throws IOException, InterruptedException {
        return this;
    }

    protected String translateFor(Node node, TaskListener log) throws IOException, InterruptedException {
        return home;
    }
}
