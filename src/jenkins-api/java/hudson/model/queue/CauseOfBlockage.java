package hudson.model.queue;

/** Why an item of the queue cannot run. */
public abstract class CauseOfBlockage {
    public abstract String getShortDescription();
}
