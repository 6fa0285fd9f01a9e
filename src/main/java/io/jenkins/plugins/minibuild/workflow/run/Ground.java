package io.jenkins.plugins.minibuild.workflow.run;

import io.jenkins.plugins.minibuild.workflow.expression.Reference;
import io.jenkins.plugins.minibuild.workflow.plan.PlannedJob;
import java.io.IOException;

/** What a run stands on: the build, its agents, its credentials. Lives on the controller; safe for several threads. */
public interface Ground {
    /**
     * Asks for a place for a job; the answer comes on another thread, at once or after hours in Jenkins' queue.
     *
     * @param label of the agent; empty for the build's own agent and workspace
     * @param state the job's: one that ran before a restart of the controller gets the place that it had
     */
    void place(PlannedJob job, String label, JobState state, Placing answer);

    /** A job does not wait for its place any longer; there is no answer then. */
    void withdraw(String job);

    /**
     * The value of a reference to a credential. The caller masks it.
     *
     * @throws IOException when there is none, or the workflow may not use it; the message is for users
     */
    String secret(Reference reference) throws IOException;

    /** Whether a file that matches the pattern was changed since the last build; true where that is not known. */
    boolean changed(String pattern);

    /**
     * Hears what a step prints; each byte once.
     *
     * @param bytes as the agent sent them: secrets are not masked
     */
    void output(PlannedJob job, int step, byte[] bytes);

    /** A step has ended; nothing more of its output comes. */
    void outputEnds(PlannedJob job, int step);

    /** Writes a line to the build's log. */
    void say(String line);

    /** Hears of each entry of the journal, on any thread; returns at once. */
    void entry(Entry entry);

    /** The run has ended. Called once, on a thread that may wait. */
    void ended(State state, String text);

    /** Takes the answer. */
    interface Placing {
        /** Here is the place. */
        void placed(JobPlace place);

        /**
         * There will be none.
         *
         * @param text why, for users
         */
        void refused(String text);
    }
}
