package io.jenkins.plugins.minibuild.codegen;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.minibuild.process.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The folder of an agent that code is generated in, while it is. Parallel branches of one {@code node} block have the same workspace: a second generation
 * would check out its branch over the work of the first, and each would record what the other has written. On the controller, for the generations of this
 * process; those of an earlier one have ended with it.
 */
final class WorkFolder implements AutoCloseable {
    /** Guarded by itself, which is notified when one is gone. */
    private static final List<WorkFolder> IN_USE = new ArrayList<>();

    private final String agent;
    private final String path;

    private WorkFolder(String agent, String path) {
        this.agent = agent;
        this.path = path.replace('\\', '/').replaceFirst("/+$", "") + "/";
    }

    /**
     * Waits until nobody generates code in the folder, in one above it or in one below it.
     *
     * @param agent its name; empty for the controller's own node
     * @param path of the folder there
     * @param waiting called once when it is not free at once
     * @return null if it was not free in time
     */
    @CheckForNull
    static WorkFolder claim(String agent, String path, Duration patience, Runnable waiting)
            throws InterruptedException {
        WorkFolder wanted = new WorkFolder(agent, path);
        Deadline deadline = Deadline.after(patience);
        boolean told = false;
        synchronized (IN_USE) {
            while (IN_USE.stream().anyMatch(wanted::overlaps)) {
                if (!told) {
                    waiting.run();
                    told = true;
                }
                long left = deadline.remaining().toMillis();
                if (left <= 0) {
                    return null;
                }
                IN_USE.wait(left);
            }
            IN_USE.add(wanted);
            return wanted;
        }
    }

    private boolean overlaps(WorkFolder other) {
        return agent.equals(other.agent) && (path.startsWith(other.path) || other.path.startsWith(path));
    }

    @Override
    public void close() {
        synchronized (IN_USE) {
            IN_USE.remove(this);
            IN_USE.notifyAll();
        }
    }
}
