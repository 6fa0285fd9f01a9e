package io.jenkins.plugins.minibuild.webhook;

import hudson.model.Action;
import hudson.model.InvisibleAction;
import hudson.model.Queue;
import hudson.model.queue.FoldableAction;
import java.util.ArrayList;
import java.util.List;

/** Goes with a start from the queue into the build: which promise it keeps, and what is to be told to the service. */
public final class WebhookStartAction extends InvisibleAction implements Queue.QueueAction, FoldableAction {
    /** Of more merged deliveries than are kept for people nobody sees the oldest. */
    private static final int MOST_MERGED = DeliveryStore.MOST;

    private final WebhookCause cause;
    private final String owner;
    private final String repository;
    private final String statusCredentialsId;
    private volatile long id;
    private volatile long record;
    /** The records of the deliveries that this one took the place of; null for none. */
    private List<Long> merged;
    /** What the service gave for the next call; null at first. */
    private volatile String statusId;

    WebhookStartAction(Start start, WebhookCause cause, List<Long> merged) {
        this.cause = cause;
        this.owner = start.owner();
        this.repository = start.settings().repository();
        this.statusCredentialsId = start.settings().statusCredentialsId();
        this.id = start.id();
        this.record = start.record();
        merge(merged);
    }

    private synchronized void merge(List<Long> records) {
        List<Long> all = new ArrayList<>(merged());
        all.addAll(records);
        List<Long> last = all.subList(Math.max(0, all.size() - MOST_MERGED), all.size());
        merged = last.isEmpty() ? null : new ArrayList<>(last);
    }

    /** The numbers of the deliveries that it stands for besides its own. */
    synchronized List<Long> merged() {
        return merged == null ? List.of() : new ArrayList<>(merged);
    }

    String owner() {
        return owner;
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
        existing.merge(List.of(existing.record));
        existing.merge(merged());
        existing.cause.replace(newer);
        existing.id = id;
        existing.record = record;
        WebhookIntakeAdapter.get().done(older, Reason.SUPERSEDED, "");
    }
}
