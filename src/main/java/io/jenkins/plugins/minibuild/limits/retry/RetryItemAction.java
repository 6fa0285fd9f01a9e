package io.jenkins.plugins.minibuild.limits.retry;

import hudson.model.Action;
import hudson.model.InvisibleAction;
import hudson.model.Queue;
import java.util.List;

/**
 * Keeps the retry an item of its own in the queue: it builds the old commit, so that neither another start of the job may become part of it nor it part of
 * another start.
 */
public final class RetryItemAction extends InvisibleAction implements Queue.QueueAction {
    @Override
    public boolean shouldSchedule(List<Action> actions) {
        return true;
    }
}
