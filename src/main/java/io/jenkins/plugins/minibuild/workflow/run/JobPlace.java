package io.jenkins.plugins.minibuild.workflow.run;

import io.jenkins.plugins.minibuild.workflow.engine.JobHost;
import io.jenkins.plugins.minibuild.workflow.engine.JobNews;
import io.jenkins.plugins.minibuild.workflow.plan.PlannedJob;
import io.jenkins.plugins.minibuild.workflow.plan.PlannedStep;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;

/** A workspace on an agent that a job has. Its methods wait for the agent, so they are called on threads that may. */
public interface JobPlace {
    /** The agent's name; empty for the controller's own node. */
    String agent();

    /** The path of the workspace on the agent. */
    String workspace();

    /**
     * The processes on the agent. Several jobs in one place share one; after {@link JobNews#away} there is a new one.
     *
     * @throws IOException when the agent is not connected
     */
    JobHost host(JobNews news) throws IOException, InterruptedException;

    /** Variables that every step gets: what machine it is, and the build's. */
    Map<String, String> variables() throws IOException, InterruptedException;

    /**
     * Makes the workspace ready: sources, artifacts of the jobs that it needs, caches. Can be repeated before the first step.
     *
     * @param bring jobs that it needs and that ran in another workspace: it gets their artifacts
     */
    void prepare(PlannedJob job, List<PlannedJob> bring, Texts texts) throws IOException, InterruptedException;

    /**
     * Keeps what the job leaves: artifacts, caches. Can be repeated.
     *
     * @param well whether all of its steps ended well
     */
    void finish(PlannedJob job, boolean well, Texts texts) throws IOException, InterruptedException;

    /**
     * Runs a step of this plugin.
     *
     * @param with its arguments, without references
     * @param environment of the step
     * @param log takes its lines
     * @return its outputs
     * @throws IOException when it fails; the message is for users
     */
    Map<String, String> use(
            PlannedStep step, Map<String, Object> with, Map<String, String> environment, OutputStream log)
            throws IOException, InterruptedException;

    /** Whether the node of this place is known to Jenkins still. */
    boolean exists();

    /** Gives the place back. */
    void release();
}
