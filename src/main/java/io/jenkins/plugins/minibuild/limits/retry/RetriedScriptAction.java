package io.jenkins.plugins.minibuild.limits.retry;

import hudson.model.Action;
import hudson.model.InvisibleAction;
import hudson.model.Queue;
import hudson.model.Run;
import java.io.IOException;
import java.util.List;
import org.jenkinsci.plugins.workflow.cps.CpsFlowExecution;
import org.jenkinsci.plugins.workflow.cps.CpsFlowFactoryAction2;
import org.jenkinsci.plugins.workflow.flow.DurabilityHintProvider;
import org.jenkinsci.plugins.workflow.flow.FlowDefinition;
import org.jenkinsci.plugins.workflow.flow.FlowExecutionOwner;

/** Makes a Pipeline run the script of the build that it retries, in the sandbox. */
public final class RetriedScriptAction extends InvisibleAction implements CpsFlowFactoryAction2, Queue.QueueAction {
    /** Null once the Pipeline has it. */
    private String script;

    RetriedScriptAction(String script) {
        this.script = script;
    }

    @Override
    public CpsFlowExecution create(FlowDefinition def, FlowExecutionOwner owner, List<? extends Action> actions)
            throws IOException {
        String given = script;
        script = null;
        return new CpsFlowExecution(
                given,
                true,
                owner,
                owner.getExecutable() instanceof Run<?, ?> run
                        ? DurabilityHintProvider.suggestedFor(run.getParent())
                        : null);
    }

    /** Two retries never become one item of the queue. */
    @Override
    public boolean shouldSchedule(List<Action> actions) {
        return true;
    }
}
