package io.jenkins.plugins.minibuild.webhook;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Action;
import hudson.model.InvisibleAction;
import hudson.model.Queue;
import hudson.model.queue.FoldableAction;
import java.util.ArrayList;
import java.util.List;

/** The start that an item in the queue, and then a build, belongs to. */
public final class WebhookStartAction extends InvisibleAction implements Queue.QueueAction, FoldableAction {
    /** The page keeps no more deliveries than this. */
    private static final int MOST_MERGED = DeliveryLog.MOST;

    private final WebhookCause cause;
    private final String owner;
    private final String repository;
    private final String statusCredentialsId;
    private volatile long id;
    private volatile long record;
    /** The records of older deliveries that the build includes; null for none. */
    private List<Long> merged;
    /** The service's id of the state at the commit; null before the first state. */
    private volatile String statusId;

    WebhookStartAction(Start start, WebhookCause cause, List<Long> merged) {
        this.cause = cause;
        this.owner = start.id().owner();
        this.repository = start.settings().repository();
        this.statusCredentialsId = start.settings().statusCredentialsId();
        this.id = start.id().number();
        this.record = start.id().record();
        merge(merged);
    }

    private synchronized void merge(List<Long> records) {
        List<Long> all = new ArrayList<>(merged());
        all.addAll(records);
        List<Long> last = all.subList(Math.max(0, all.size() - MOST_MERGED), all.size());
        merged = last.isEmpty() ? null : new ArrayList<>(last);
    }

    /** The records of older deliveries that the build includes. */
    synchronized List<Long> merged() {
        return merged == null ? List.of() : new ArrayList<>(merged);
    }

    WebhookCause cause() {
        return cause;
    }

    Start.Id id() {
        return new Start.Id(id, owner, record);
    }

    boolean isOf(Start start) {
        return id == start.id().number();
    }

    String repository() {
        return repository;
    }

    String statusCredentialsId() {
        return statusCredentialsId;
    }

    @CheckForNull
    String statusId() {
        return statusId;
    }

    void setStatusId(String given) {
        statusId = given;
    }

    /** False where the queue has an item of the same owner about the same branch, tag or merge request. */
    @Override
    public boolean shouldSchedule(List<Action> actions) {
        return actions.stream()
                .noneMatch(each -> each instanceof WebhookStartAction other
                        && owner.equals(other.owner)
                        && cause.equals(other.cause));
    }

    /** The newer delivery takes the place of the older one in the queue, and ends the older one's start. */
    @Override
    public void foldIntoExisting(Queue.Item item, Queue.Task task, List<Action> otherActions) {
        WebhookStartAction existing = item.getAction(WebhookStartAction.class);
        Delivery newer = cause.delivery();
        if (existing == null || existing == this || newer == null) {
            return;
        }
        Start.Id older = existing.id();
        existing.merge(List.of(older.record()));
        existing.merge(merged());
        existing.cause.replace(newer);
        existing.id = id;
        existing.record = record;
        WebhookIntakeAdapter.use(
                "The older start was not ended", opened -> opened.log().done(older, Reason.SUPERSEDED, ""));
    }
}
