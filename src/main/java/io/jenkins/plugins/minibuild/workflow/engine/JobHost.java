package io.jenkins.plugins.minibuild.workflow.engine;

import java.io.Closeable;
import java.io.IOException;
import java.util.Map;

/** The processes of the jobs of one run on one agent, in one workspace. Lives on the controller; safe for several threads. */
public interface JobHost extends Closeable {
    /**
     * Starts the process of a job, which outlives the agent's connection and the controller. Called on a thread that may wait for the agent. Starting an id a
     * second time starts nothing: so a start whose end is unknown, since the controller was killed, is simply repeated.
     */
    void start(JobOrder order) throws IOException, InterruptedException;

    /**
     * Tells all that happens to a job from now on, without a thread of the controller for it. Called on a thread that may wait until the agent has begun. In place
     * of a following of the same job before.
     *
     * @param from what is known already
     */
    void follow(String job, Known from);

    /** Ends the running step of a job: TERM, KILL after three seconds; nothing of it is left, its container neither. The job goes on as after a failure. */
    void endStep(String job, int step) throws IOException, InterruptedException;

    /** Cancels a job: its running step is ended, and only steps that run after a cancel run still. */
    void cancel(String job) throws IOException, InterruptedException;

    /** Ends all of a job at once. It is told as lost, unless it has ended. */
    void kill(String job) throws IOException, InterruptedException;

    /** Deletes the files of a job on the agent, after its end. */
    void forget(String job) throws IOException, InterruptedException;

    /** Stops following; the processes go on. */
    @Override
    void close();

    /**
     * What is known of a job.
     *
     * @param events the number of the last event that was told; 0 for none
     * @param logs the bytes of each step's log that were told; a step that is missing has 0
     */
    record Known(int events, Map<Integer, Long> logs) {
        /** Nothing. */
        public static final Known NOTHING = new Known(0, Map.of());

        /** Copies the map. */
        public Known {
            logs = Map.copyOf(logs);
        }
    }
}
