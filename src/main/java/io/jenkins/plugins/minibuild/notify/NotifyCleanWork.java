package io.jenkins.plugins.minibuild.notify;

import hudson.Extension;
import hudson.model.AsyncPeriodicWork;
import hudson.model.TaskListener;
import java.io.IOException;

/** Deletes the pictures of messages that are too old or too many, also on controllers that are not restarted for months. */
@Extension
public final class NotifyCleanWork extends AsyncPeriodicWork {
    public NotifyCleanWork() {
        super("Mini Build pictures of messages");
    }

    @Override
    public long getRecurrencePeriod() {
        return HOUR;
    }

    @Override
    protected void execute(TaskListener listener) throws IOException {
        OutboxAdapter.get().outbox().pictures().clean();
    }
}
