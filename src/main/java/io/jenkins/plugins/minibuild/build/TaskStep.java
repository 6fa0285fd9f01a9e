package io.jenkins.plugins.minibuild.build;

import hudson.AbortException;
import hudson.EnvVars;
import hudson.FilePath;
import hudson.Launcher;
import hudson.model.Node;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.minibuild.process.AgentLostException;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepDescriptor;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.jenkinsci.plugins.workflow.steps.SynchronousNonBlockingStepExecution;

/**
 * The base of steps: its fields are the parameters, {@link #task} the work. Runs in a thread of its own and cannot
 * outlive a restart of the controller; what it started on the agent ends then.
 *
 * @param <R> what the task results in
 */
public abstract class TaskStep<R> extends Step {
    /** The work with these parameters. Global defaults are resolved here or later, never in the fields. */
    public abstract BuildTask<R> task();

    /** What a Pipeline is given: maps, lists, strings, numbers and booleans only, so that it can be stored. */
    public abstract Map<String, Object> toReturnValue(R result);

    /** Shows the result on the build's page. */
    protected void attach(Run<?, ?> run, R result) throws IOException {}

    @Override
    public StepExecution start(StepContext context) {
        return new Execution<>(context, this);
    }

    /** Runs the task in a build and attaches its result. */
    R perform(JenkinsBuildAdapter context) throws IOException, InterruptedException {
        R result;
        try {
            result = task().run(context);
        } catch (AbortException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            if (AgentLostException.isAgentLost(e)) {
                throw AgentLostException.during(getDescriptor().getFunctionName(), e);
            }
            throw e;
        }
        attach(context.run(), result);
        return result;
    }

    private static final class Execution<R> extends SynchronousNonBlockingStepExecution<Map<String, Object>> {
        private static final long serialVersionUID = 1L;

        @SuppressWarnings("serial") // transient: after a restart there is nothing left to run
        private final transient TaskStep<R> step;

        Execution(StepContext context, TaskStep<R> step) {
            super(context);
            this.step = step;
        }

        @Override
        protected Map<String, Object> run() throws Exception {
            StepContext context = getContext();
            FilePath workspace = context.get(FilePath.class);
            workspace.mkdirs();
            return step.toReturnValue(step.perform(new JenkinsBuildAdapter(
                    context.get(Run.class),
                    context.get(Node.class),
                    workspace,
                    context.get(Launcher.class),
                    context.get(EnvVars.class),
                    context.get(TaskListener.class))));
        }
    }

    /** What all steps need. */
    public abstract static class TaskStepDescriptor extends StepDescriptor {
        @Override
        public Set<? extends Class<?>> getRequiredContext() {
            return Set.of(Run.class, Node.class, FilePath.class, Launcher.class, EnvVars.class, TaskListener.class);
        }
    }
}
