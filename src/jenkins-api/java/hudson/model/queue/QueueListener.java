package hudson.model.queue;

import hudson.ExtensionPoint;
import hudson.model.Queue;

/** Is told of the queue. */
public abstract class QueueListener implements ExtensionPoint {
    public void onLeft(Queue.LeftItem li) {}
}
