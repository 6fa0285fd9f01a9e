package io.jenkins.plugins.minibuild.limits;

import hudson.Extension;
import hudson.model.Queue;
import hudson.model.queue.QueueListener;

/** Releases the slot or the place of a cancelled queue item, and keeps the slot of an item that starts. */
@Extension
public final class LimitsQueueListener extends QueueListener {
    @Override
    public void onLeft(Queue.LeftItem item) {
        SlotTicketAction action = item.getAction(SlotTicketAction.class);
        if (action == null) {
            return;
        }
        SlotPools pools = SlotsAdapter.get().pools();
        if (item.isCancelled()) {
            pools.release(action.ticket().id());
        } else if (action.refused() == null) {
            pools.started(action.pools(), action.ticket());
        }
    }
}
