package hudson.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.EnvVars;
import hudson.remoting.VirtualChannel;
import hudson.security.AccessControlled;
import hudson.slaves.WorkspaceList;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The running state of a node. */
public abstract class Computer extends Actionable implements AccessControlled {
    public static final ExecutorService threadPoolForRemoting = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "Computer.threadPoolForRemoting");
        thread.setDaemon(true);
        return thread;
    });

    @NonNull
    public String getName() {
        return "";
    }

    @CheckForNull
    public abstract VirtualChannel getChannel();

    @Override
    @NonNull
    public String getDisplayName() {
        return getName();
    }

    public List<Executor> getExecutors() {
        return List.of();
    }

    public WorkspaceList getWorkspaceList() {
        return new WorkspaceList();
    }

    public EnvVars getEnvironment() throws IOException, InterruptedException {
        return new EnvVars();
    }

    @CheckForNull
    public Node getNode() {
        return null;
    }
}
