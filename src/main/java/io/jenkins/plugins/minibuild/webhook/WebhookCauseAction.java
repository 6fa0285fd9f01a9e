package io.jenkins.plugins.minibuild.webhook;

import hudson.model.Action;
import hudson.model.CauseAction;
import hudson.model.Queue;
import java.util.List;

/** The cause of a build that a delivery started. Of many deliveries about the same branch it keeps the newest, not a list of all. */
public final class WebhookCauseAction extends CauseAction {
    WebhookCauseAction(WebhookCause cause) {
        super(cause);
    }

    @Override
    public void foldIntoExisting(Queue.Item item, Queue.Task owner, List<Action> otherActions) {
        if (item.getAction(WebhookStartAction.class) == null) {
            super.foldIntoExisting(item, owner, otherActions);
        }
    }
}
