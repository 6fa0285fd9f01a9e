package hudson.model.queue;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.ExtensionPoint;
import hudson.model.Queue;

/** Has a say in what leaves the queue. */
public abstract class QueueTaskDispatcher implements ExtensionPoint {
    @CheckForNull
    public CauseOfBlockage canRun(Queue.Item item) {
        return null;
    }
}
