package io.jenkins.plugins.minibuild.webhook;

import hudson.Extension;
import hudson.model.Queue;
import hudson.model.queue.QueueListener;
import jenkins.model.Jenkins;

/** Ends a start whose item a person cancels in the queue. */
@Extension
public final class WebhookQueueListener extends QueueListener {
    @Override
    public void onLeft(Queue.LeftItem item) {
        WebhookStartAction action = item.getAction(WebhookStartAction.class);
        if (action != null && item.isCancelled() && !Jenkins.get().isTerminating()) {
            WebhookIntakeAdapter.use(
                    "The start was not ended", opened -> opened.log().done(action.id(), Reason.CANCELLED, ""));
        }
    }
}
