package io.jenkins.plugins.minibuild.webhook;

import hudson.Extension;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.model.listeners.RunListener;
import java.io.IOException;
import java.util.logging.Level;
import java.util.logging.Logger;

/** A promise is kept when its build is on disk; then, and when the build ends, the service is told. */
@Extension
public final class WebhookRunListener extends RunListener<Run<?, ?>> {
    private static final Logger LOGGER = Logger.getLogger(WebhookRunListener.class.getName());

    @Override
    public void onStarted(Run<?, ?> run, TaskListener listener) {
        WebhookStartAction action = run.getAction(WebhookStartAction.class);
        if (action == null) {
            return;
        }
        try {
            run.save();
            WebhookIntakeAdapter.get().done(action.start(), Reason.QUEUED, run.getUrl());
            WebhookIntakeAdapter.get().built(action.owner(), action.merged(), run.getUrl());
        } catch (IOException e) {
            // It stays promised: if this build is lost it starts again.
            LOGGER.log(Level.WARNING, "The build " + run + " was not stored when it started", e);
        }
        CommitStatusAdapter.get().tell(run, action);
    }

    @Override
    public void onFinalized(Run<?, ?> run) {
        WebhookStartAction action = run.getAction(WebhookStartAction.class);
        if (action != null) {
            CommitStatusAdapter.get().tell(run, action);
        }
    }
}
