package io.jenkins.plugins.minibuild.workflow.place;

import hudson.EnvVars;
import hudson.util.StreamTaskListener;
import io.jenkins.plugins.minibuild.step.BuildContext;
import io.jenkins.plugins.minibuild.workflow.engine.JobHost;
import io.jenkins.plugins.minibuild.workflow.engine.JobNews;
import io.jenkins.plugins.minibuild.workflow.plan.PlannedJob;
import io.jenkins.plugins.minibuild.workflow.plan.PlannedStep;
import io.jenkins.plugins.minibuild.workflow.run.JobPlace;
import io.jenkins.plugins.minibuild.workflow.run.Texts;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A workspace on an agent, by the context that a build has there. */
public final class AgentPlace implements JobPlace {
    /** Variables of the build that containers get too; on the host a step has them all. */
    private static final List<String> OF_THE_BUILD = List.of(
            "BUILD_NUMBER",
            "BUILD_ID",
            "BUILD_URL",
            "BUILD_TAG",
            "JOB_NAME",
            "JENKINS_URL",
            "GIT_COMMIT",
            "GIT_BRANCH",
            "GIT_URL",
            "BRANCH_NAME",
            "TAG_NAME",
            "CHANGE_ID",
            "CHANGE_TARGET");

    private final Where where;
    private final Backing backing;
    private Map<String, String> variables;

    /**
     * The place's name.
     *
     * @param agent empty for the controller's own node
     * @param workspace its path there
     */
    public record Where(String agent, String workspace) {}

    /** What stands behind a place. */
    public interface Backing {
        /** The context of the build in the workspace. */
        KeptContext kept();

        /** The processes in the workspace. */
        Hosts hosts();

        /** Whether Jenkins knows the node still. */
        boolean exists();

        /** Makes the workspace ready. */
        void prepare(PlannedJob job, List<PlannedJob> bring, BuildContext context, Texts texts)
                throws IOException, InterruptedException;

        /** Keeps what a job leaves. */
        void finish(PlannedJob job, boolean well, BuildContext context, Texts texts)
                throws IOException, InterruptedException;

        /** Runs a step of the plugin; see {@link JobPlace#use}. */
        Map<String, Object> use(
                String step, Map<String, Object> with, EnvVars environment, BuildContext context, OutputStream log)
                throws IOException, InterruptedException;

        /** The version of the plugin. */
        String version();

        /** Gives the place back. */
        void release();
    }

    /** A place; the agent is connected now. */
    public AgentPlace(Where where, Backing backing) {
        this.where = where;
        this.backing = backing;
    }

    @Override
    public String agent() {
        return where.agent();
    }

    @Override
    public String workspace() {
        return where.workspace();
    }

    @Override
    public JobHost host(JobNews news) throws IOException, InterruptedException {
        return backing.hosts().host(backing.kept().get(), news);
    }

    @Override
    public synchronized Map<String, String> variables() throws IOException, InterruptedException {
        if (variables == null) {
            BuildContext context = backing.kept().get();
            Map<String, String> all = new TreeMap<>();
            for (String name : OF_THE_BUILD) {
                String value = context.environment().get(name);
                if (value != null) {
                    all.put(name, value);
                }
            }
            all.put("PIPELINE_RUNNER", "pipeline");
            all.putAll(backing.kept().machine());
            all.put("PIPELINE_RUNNER_VERSION", backing.version());
            all.put("PIPELINE_RUNNER_WORKDIR", where.workspace());
            all.put("PIPELINE_WORKDIR", where.workspace());
            all.put("WORKSPACE", where.workspace());
            variables = all;
        }
        return variables;
    }

    @Override
    public void prepare(PlannedJob job, List<PlannedJob> bring, Texts texts) throws IOException, InterruptedException {
        backing.prepare(job, bring, backing.kept().get(), texts);
    }

    @Override
    public void finish(PlannedJob job, boolean well, Texts texts) throws IOException, InterruptedException {
        backing.finish(job, well, backing.kept().get(), texts);
    }

    @Override
    public Map<String, String> use(
            PlannedStep step, Map<String, Object> with, Map<String, String> environment, OutputStream log)
            throws IOException, InterruptedException {
        BuildContext context = backing.kept().get();
        EnvVars all = new EnvVars(context.environment());
        all.putAll(environment);
        Map<String, String> outputs = new TreeMap<>();
        backing.use(step.uses(), with, all, context, log).forEach((name, value) -> {
            if (value instanceof String || value instanceof Number || value instanceof Boolean) {
                outputs.put(name, String.valueOf(value));
            }
        });
        return outputs;
    }

    @Override
    public boolean exists() {
        return backing.exists();
    }

    @Override
    public void release() {
        backing.release();
    }

    /** A listener that writes into a step's log. */
    public static StreamTaskListener listener(OutputStream log) {
        return new StreamTaskListener(log, StandardCharsets.UTF_8);
    }
}
