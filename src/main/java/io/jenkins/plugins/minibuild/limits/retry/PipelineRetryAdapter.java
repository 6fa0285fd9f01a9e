package io.jenkins.plugins.minibuild.limits.retry;

import hudson.model.Action;
import hudson.model.Run;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.scm.api.SCMRevisionAction;
import org.jenkinsci.plugins.variant.OptionalExtension;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.cps.CpsFlowExecution;
import org.jenkinsci.plugins.workflow.cps.replay.ReplayAction;
import org.jenkinsci.plugins.workflow.flow.FlowDefinition;
import org.jenkinsci.plugins.workflow.flow.FlowExecutionOwner;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;

/**
 * The Jenkinsfile of a Pipeline build and the commit of its branch: the retry runs the same Jenkinsfile, where the job would take the newest
 * one from the repository. A script that stands in the job is the job's as it is now.
 *
 * <p>Running an old Jenkinsfile is what Replay does, so that it needs Replay's permission; without it the job takes the newest one, and with it the newest commit:
 * of an older commit it would read the older Jenkinsfile. A script
 * that does not run in the sandbox was approved once, which may have been taken back: it is never run again this way.
 */
@OptionalExtension(requirePlugins = {"workflow-cps", "workflow-job"})
public final class PipelineRetryAdapter extends RetryActionsFactory {
    private static final Logger LOGGER = Logger.getLogger(PipelineRetryAdapter.class.getName());

    private static boolean hasItsScriptInARepository(Run<?, ?> run) {
        FlowDefinition definition = run.getParent() instanceof WorkflowJob job ? job.getDefinition() : null;
        return definition != null && !(definition instanceof CpsFlowDefinition);
    }

    @Override
    public boolean mayRepeat(Run<?, ?> run) {
        return !hasItsScriptInARepository(run) || run.hasPermission(ReplayAction.REPLAY);
    }

    @Override
    public List<Action> actionsFor(Run<?, ?> run) {
        List<Action> actions = new ArrayList<>(run.getActions(SCMRevisionAction.class));
        if (hasItsScriptInARepository(run) && run instanceof FlowExecutionOwner.Executable pipeline) {
            FlowExecutionOwner owner = pipeline.asFlowExecutionOwner();
            try {
                if (owner != null && owner.get() instanceof CpsFlowExecution execution && execution.isSandbox()) {
                    actions.add(new RetriedScriptAction(execution.getScript()));
                }
            } catch (IOException e) {
                LOGGER.log(Level.WARNING, "The Jenkinsfile of " + run + " cannot be used again", e);
            }
        }
        return actions;
    }
}
