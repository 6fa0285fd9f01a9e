package io.jenkins.plugins.minibuild.workflow.run;

/** Runs something later. */
@FunctionalInterface
public interface Timers {
    /**
     * Runs it once, after that time, on a thread that must not be held.
     *
     * @return takes it back
     */
    Runnable after(long millis, Runnable task);
}
