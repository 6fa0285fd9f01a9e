package hudson.model.queue;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Label;
import hudson.model.Queue;
import hudson.model.ResourceActivity;
import java.io.IOException;
import jenkins.model.queue.ITask;

/** What takes one executor. */
public interface SubTask extends ResourceActivity, ITask {
    default Label getAssignedLabel() {
        return null;
    }

    default long getEstimatedDuration() {
        return -1;
    }

    @CheckForNull
    Queue.Executable createExecutable() throws IOException;

    @NonNull
    default Queue.Task getOwnerTask() {
        return (Queue.Task) this;
    }

    @CheckForNull
    default Queue.Executable getOwnerExecutable() {
        return null;
    }

    @Override
    default String getUrl() {
        return null;
    }
}
