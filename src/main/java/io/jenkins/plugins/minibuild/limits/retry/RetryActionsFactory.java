package io.jenkins.plugins.minibuild.limits.retry;

import hudson.ExtensionPoint;
import hudson.model.Action;
import hudson.model.Run;
import java.util.List;

/** Makes the actions by which a retry takes over the commit or the script of the build that it retries. One for each plugin that keeps such state. */
public abstract class RetryActionsFactory implements ExtensionPoint {
    /**
     * The actions for the queue item of the retry; empty where the build has no such state.
     *
     * @param run the build that is retried; it has ended
     */
    public abstract List<Action> actionsFor(Run<?, ?> run);

    /**
     * Whether the current user may have the build's commit and script run again. False from one factory is enough: then the retry takes what is the newest, as any
     * build does.
     *
     * @param run the build that is retried
     */
    public boolean mayRepeat(Run<?, ?> run) {
        return true;
    }
}
