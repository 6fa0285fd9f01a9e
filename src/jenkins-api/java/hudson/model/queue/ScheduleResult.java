package hudson.model.queue;

/** Whether something was queued. */
public abstract class ScheduleResult {
    public boolean isRefused() {
        return false;
    }
}
