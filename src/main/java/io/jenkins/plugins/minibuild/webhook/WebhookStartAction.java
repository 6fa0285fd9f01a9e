package io.jenkins.plugins.minibuild.webhook;

import hudson.model.Action;
import hudson.model.InvisibleAction;
import hudson.model.Queue;
import hudson.model.queue.FoldableAction;
import java.util.List;

/** Goes with a start from the queue into the build: which promise it keeps, and what is to be told to the service. */
public final class WebhookStartAction extends InvisibleAction implements Queue.QueueAction, FoldableAction {
    private final WebhookCause cause;
    private final String owner;
    private final String repository;
    private final String statusCredentialsId;
    private volatile long id;
    private volatile long record;
    /** What the service gave for the next call; null at first. */
    private volatile String statusId;

    WebhookStartAction(Start start, WebhookCause cause) {
        this.cause = cause;
        this.owner = start.owner();
        this.repository = start.settings().repository();
        this.statusCredentialsId = start.settings().statusCredentialsId();
        this.id = start.id();
        this.record = start.record();
    }

    WebhookCause cause() {
        return cause;
    }

    /** The id of the promise. */
    long id() {
        return id;
    }

    String repository() {
        return repository;
    }

    String statusCredentialsId() {
        return statusCredentialsId;
    }

    String statusId() {
        return statusId;
    }

    void setStatusId(String given) {
        statusId = given;
    }

    /** As the intake knows it. */
    Start start() {
        return new Start(
                id,
                owner,
                record,
                "",
                cause.delivery(),
                new StartSettings(null, false, repository, statusCredentialsId));
    }

    private boolean isAboutTheSame(WebhookStartAction other) {
        return owner.equals(other.owner) && cause.equals(other.cause);
    }

    /** Builds of different branches and merge requests are different builds. */
    @Override
    public boolean shouldSchedule(List<Action> actions) {
        return actions.stream().noneMatch(each -> each instanceof WebhookStartAction other && isAboutTheSame(other));
    }

    /** The newer delivery takes over the place in the queue; the older is done with that. */
    @Override
    public void foldIntoExisting(Queue.Item item, Queue.Task task, List<Action> otherActions) {
        WebhookStartAction existing = item.getAction(WebhookStartAction.class);
        Delivery newer = cause.delivery();
        if (existing == null || existing == this || newer == null) {
            return;
        }
        Start older = existing.start();
        existing.cause.replace(newer);
        existing.id = id;
        existing.record = record;
        WebhookIntakeAdapter.get().done(older, Reason.SUPERSEDED, "");
    }
}
