package io.jenkins.plugins.minibuild.webhook;

import hudson.Extension;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.model.listeners.RunListener;

/** Ends a start when its build is on the disk, and shows the state of the build at the commit. */
@Extension
public final class WebhookRunListener extends RunListener<Run<?, ?>> {
    @Override
    public void onStarted(Run<?, ?> run, TaskListener listener) {
        WebhookStartAction action = run.getAction(WebhookStartAction.class);
        if (action == null) {
            return;
        }
        // A build that is not on the disk may be lost: then the start remains, and happens again.
        WebhookIntakeAdapter.use("The build " + run + " was not stored when it started", opened -> {
            run.save();
            opened.log().done(action.id(), Reason.QUEUED, run.getUrl());
            opened.log().built(action.id().owner(), action.merged(), run.getUrl());
        });
        CommitStatusAdapter.get().send(run, action);
    }

    @Override
    public void onFinalized(Run<?, ?> run) {
        WebhookStartAction action = run.getAction(WebhookStartAction.class);
        if (action != null) {
            CommitStatusAdapter.get().send(run, action);
        }
    }
}
