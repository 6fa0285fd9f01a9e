package io.jenkins.plugins.minibuild.workflow.run;

/** A run that goes on in this controller, as pages see it. Its methods return at once; what they ask for shows in the journal. */
public interface LiveRun {
    /**
     * Ends the run: its jobs are cancelled, what runs after the others runs still.
     *
     * @param by the id of the user
     */
    void cancel(String by);

    /**
     * Ends one job; those who need it are skipped.
     *
     * @param job its id in the plan
     * @param by the id of the user
     */
    void cancelJob(String job, String by);
}
