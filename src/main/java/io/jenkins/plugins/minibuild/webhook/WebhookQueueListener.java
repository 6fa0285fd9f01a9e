package io.jenkins.plugins.minibuild.webhook;

import hudson.Extension;
import hudson.model.Queue;
import hudson.model.queue.QueueListener;
import jenkins.model.Jenkins;

/** A start that somebody cancels in the queue is not promised any more. */
@Extension
public final class WebhookQueueListener extends QueueListener {
    @Override
    public void onLeft(Queue.LeftItem item) {
        WebhookStartAction action = item.getAction(WebhookStartAction.class);
        if (action != null && item.isCancelled() && !Jenkins.get().isTerminating()) {
            WebhookIntakeAdapter.get().done(action.start(), Reason.CANCELLED, "");
        }
    }
}
