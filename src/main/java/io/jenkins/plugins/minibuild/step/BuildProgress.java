package io.jenkins.plugins.minibuild.step;

/** Shows people how far a task is. */
@FunctionalInterface
public interface BuildProgress {
    /**
     * Takes the state of a task, whenever it changes.
     *
     * @param track tells the tasks of one build apart
     */
    void report(String track, ProgressTrack state);
}
