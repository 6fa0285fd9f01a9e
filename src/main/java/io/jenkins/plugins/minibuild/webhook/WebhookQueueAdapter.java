package io.jenkins.plugins.minibuild.webhook;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.model.AbstractProject;
import hudson.model.Job;
import hudson.model.Queue;
import hudson.model.queue.CauseOfBlockage;
import hudson.model.queue.QueueTaskDispatcher;
import io.jenkins.plugins.minibuild.step.SlotProviderAdapter;

/**
 * Keeps a start in Jenkins' queue as long as no more builds can wait for a pool that its job uses. The answer 202 has promised a build; one that begins only to be
 * refused is none. Meanwhile newer deliveries of the same branch take its place, as always.
 */
@Extension
public final class WebhookQueueAdapter extends QueueTaskDispatcher {
    @Override
    @CheckForNull
    public CauseOfBlockage canRun(Queue.Item item) {
        // Freestyle builds ask for their slots in the queue, and wait there anyway.
        if (item.getAction(WebhookStartAction.class) == null
                || item.task instanceof AbstractProject
                || !(item.task instanceof Job<?, ?> job)) {
            return null;
        }
        String pool = SlotProviderAdapter.fullPoolOf(job);
        return pool == null ? null : new WaitsForRoom(pool);
    }

    private static final class WaitsForRoom extends CauseOfBlockage {
        private final String pool;

        WaitsForRoom(String pool) {
            this.pool = pool;
        }

        @Override
        public String getShortDescription() {
            return Messages.WebhookQueueAdapter_full(pool);
        }
    }
}
