package io.jenkins.plugins.minibuild.limits;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.model.listeners.RunListener;

/** Hands the slot of a queue item to its freestyle build, and releases the slots of a build that has ended. */
@Extension
public final class LimitsRunListener extends RunListener<Run<?, ?>> {
    @Override
    public void onStarted(Run<?, ?> run, TaskListener listener) {
        SlotTicketAction action = run.getAction(SlotTicketAction.class);
        if (action != null && action.refused() == null) {
            SlotsAdapter.get()
                    .pools()
                    .started(action.pools(), action.ticket().startedAs(SlotsAdapter.ticketOwner(run)));
        }
    }

    @Override
    public void onCompleted(Run<?, ?> run, @NonNull TaskListener listener) {
        SlotsAdapter.get().endLog(run, listener);
    }

    @Override
    public void onFinalized(Run<?, ?> run) {
        SlotsAdapter.get().forgetLog(run);
        giveBack(run);
    }

    @Override
    public void onDeleted(Run<?, ?> run) {
        giveBack(run);
    }

    private static void giveBack(Run<?, ?> run) {
        SlotsAdapter.get().pools().releaseOwners(SlotsAdapter.ownerOf(run)::equals);
    }
}
