package io.jenkins.plugins.minibuild.limits.retry;

import hudson.model.InvisibleAction;

/** How often a build was retried, kept with it. */
public final class RetriesAction extends InvisibleAction {
    private final int count;

    private transient volatile long item;

    RetriesAction(int count) {
        this.count = count;
    }

    /** The queue's number of the last retry; 0 for none since the controller started. */
    long item() {
        return item;
    }

    void queued(long id) {
        item = id;
    }

    int count() {
        return count;
    }
}
