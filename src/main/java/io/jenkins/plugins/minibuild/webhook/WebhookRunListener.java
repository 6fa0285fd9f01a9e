package io.jenkins.plugins.minibuild.webhook;

import hudson.Extension;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.model.listeners.RunListener;
import io.jenkins.plugins.minibuild.step.RetryCause;
import java.util.Optional;

/** Ends a start when its build is on the disk, and shows the state of the build at the commit. */
@Extension
public final class WebhookRunListener extends RunListener<Run<?, ?>> {
    @Override
    public void onStarted(Run<?, ?> run, TaskListener listener) {
        WebhookStartAction action = run.getAction(WebhookStartAction.class);
        if (action == null) {
            retried(run).ifPresent(earlier -> CommitStatusAdapter.get().send(run, earlier));
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
        Optional.ofNullable(action).or(() -> retried(run)).ifPresent(start -> CommitStatusAdapter.get()
                .send(run, start));
    }

    /** The start of the build that this one retries: the state of the commit becomes that of the retry. */
    private static Optional<WebhookStartAction> retried(Run<?, ?> run) {
        RetryCause cause = run.getCause(RetryCause.class);
        if (cause == null) {
            return Optional.empty();
        }
        int first = cause.getFirst() == 0 ? cause.getNumber() : cause.getFirst();
        return Optional.<Run<?, ?>>ofNullable(run.getParent().getBuildByNumber(first))
                .map(build -> build.getAction(WebhookStartAction.class));
    }
}
