package io.jenkins.plugins.minibuild.workflow;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.EnvVars;
import hudson.model.Run;
import io.jenkins.plugins.minibuild.step.BuildContext;
import io.jenkins.plugins.minibuild.step.StepUseAdapter;
import io.jenkins.plugins.minibuild.workflow.place.AgentPlace;
import io.jenkins.plugins.minibuild.workflow.plan.PlannedJob;
import io.jenkins.plugins.minibuild.workflow.run.Texts;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;

/** What is done in the workspaces of jobs before, between and after their processes. */
final class PlaceWorkAdapter {
    private final Run<?, ?> run;
    private final int number;

    /** @param number of the run in its build */
    PlaceWorkAdapter(Run<?, ?> run, int number) {
        this.run = run;
        this.number = number;
    }

    /** @param own the build's own workspace, where the job has another one; null where it has that one */
    void prepare(PlannedJob job, @CheckForNull WorkflowGroundAdapter.Own own, BuildContext there, Texts texts)
            throws IOException, InterruptedException {}

    void finish(PlannedJob job, boolean well, BuildContext there, Texts texts)
            throws IOException, InterruptedException {}

    Map<String, Object> use(
            String step, Map<String, Object> with, EnvVars environment, BuildContext there, OutputStream log)
            throws IOException, InterruptedException {
        return StepUseAdapter.use(step, PlaceWorkAdapter::isUsable, with, environment, there, AgentPlace.listener(log));
    }

    /** A workflow cannot run another one. */
    static boolean isUsable(String step) {
        return !step.equals("runWorkflow");
    }

    String version() {
        String version = getClass().getPackage().getImplementationVersion();
        return version == null ? "0" : version;
    }
}
