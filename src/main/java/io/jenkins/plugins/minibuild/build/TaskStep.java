package io.jenkins.plugins.minibuild.build;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.EnvVars;
import hudson.FilePath;
import hudson.Launcher;
import hudson.model.Computer;
import hudson.model.Node;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.jenkins.plugins.minibuild.process.AgentLostException;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepDescriptor;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.jenkinsci.plugins.workflow.steps.SynchronousNonBlockingStepExecution;
import org.jenkinsci.plugins.workflow.steps.SynchronousResumeNotSupportedException;
import org.springframework.security.core.Authentication;

/**
 * The base of steps: its fields are the parameters, {@link #task} the work. Runs in a thread of its own and cannot
 * outlive a restart of the controller; what it started on the agent ends then.
 *
 * @param <R> what the task results in
 */
public abstract class TaskStep<R> extends Step {
    /** The fact that says why the last task of a build failed, for messages that are sent before the log says it. */
    public static final String ERROR_FACT = "error";

    /** The work with these parameters. Global defaults are resolved here or later, never in the fields. */
    public abstract BuildTask<R> task();

    /** What a Pipeline is given: maps, lists, strings, numbers and booleans only, so that it can be stored. */
    public abstract Map<String, Object> toReturnValue(R result);

    /** Shows the result on the build's page. */
    protected void attach(Run<?, ?> run, R result) throws IOException {}

    /**
     * The pool in which the step takes a slot by itself, within the default limits; null if it needs none. Inside a
     * block that holds a slot of the same pool it takes no other.
     */
    @CheckForNull
    public String slotPool() {
        return null;
    }

    @Override
    public StepExecution start(StepContext context) {
        StepGateAdapter gate = slotPool() == null ? null : StepGateAdapter.find();
        return gate == null ? new Execution<>(context, this) : new GatedExecution<>(context, this, gate);
    }

    /** Runs the task in a build and attaches its result. */
    R perform(JenkinsBuildAdapter context) throws IOException, InterruptedException {
        R result;
        try {
            result = task().run(context);
        } catch (AbortException e) {
            context.remember(ERROR_FACT, context.redactor().redact(String.valueOf(e.getMessage())));
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
            return perform(step, getContext(), Map.of(), getContext().get(TaskListener.class));
        }
    }

    private static <R> Map<String, Object> perform(
            TaskStep<R> step, StepContext context, Map<String, String> variables, TaskListener log)
            throws IOException, InterruptedException {
        FilePath workspace = context.get(FilePath.class);
        workspace.mkdirs();
        EnvVars environment = context.get(EnvVars.class);
        environment.putAll(variables);
        return step.toReturnValue(step.perform(new JenkinsBuildAdapter(
                context.get(Run.class),
                context.get(Node.class),
                workspace,
                context.get(Launcher.class),
                environment,
                log)));
    }

    /**
     * As the other, with a slot: it waits without a thread, then runs in one. Like it, it cannot outlive a restart of
     * the controller, not even while it waits: a block {@code miniBuildLimits} around it can.
     */
    private static final class GatedExecution<R> extends StepExecution implements StepGateAdapter.Visitor {
        private static final long serialVersionUID = 1L;

        @SuppressWarnings("serial") // transient: after a restart there is nothing left to run
        private final transient TaskStep<R> step;

        private final transient StepGateAdapter gate;
        private transient StepGateAdapter.Pass pass;
        private transient Authentication user;
        private transient Future<?> running;
        private transient Throwable stopped;

        GatedExecution(StepContext context, TaskStep<R> step, StepGateAdapter gate) {
            super(context);
            this.step = step;
            this.gate = gate;
        }

        @Override
        public boolean start() throws Exception {
            StepContext context = getContext();
            user = Jenkins.getAuthentication2();
            StepGateAdapter.Pass given = gate.enter(
                    step.slotPool(),
                    context.get(Run.class),
                    context.get(EnvVars.class),
                    context.get(Node.class).getNodeName(),
                    context.get(FilePath.class).getRemote(),
                    context.get(TaskListener.class),
                    this);
            synchronized (this) {
                pass = given;
            }
            return false;
        }

        @Override
        public synchronized void admitted(Map<String, String> variables, TaskListener log) {
            if (stopped == null) {
                running = Computer.threadPoolForRemoting.submit(() -> perform(variables, log));
            }
        }

        private void perform(Map<String, String> variables, TaskListener log) {
            try (ACLContext as = ACL.as2(user)) {
                Map<String, Object> result = TaskStep.perform(step, getContext(), variables, log);
                leave();
                getContext().onSuccess(result);
            } catch (Throwable t) {
                leave();
                Throwable cause;
                synchronized (this) {
                    cause = stopped == null ? t : stopped;
                }
                if (cause != t) {
                    cause.addSuppressed(t);
                }
                getContext().onFailure(cause);
            }
        }

        @Override
        public void ended(Throwable cause) {
            boolean waiting;
            synchronized (this) {
                if (stopped != null) {
                    return;
                }
                stopped = cause;
                waiting = running == null;
                if (!waiting) {
                    running.cancel(true);
                }
            }
            if (waiting) {
                leave();
                getContext().onFailure(cause);
            }
        }

        @Override
        public void stop(@NonNull Throwable cause) {
            ended(cause);
        }

        private void leave() {
            StepGateAdapter.Pass given;
            synchronized (this) {
                given = pass;
            }
            if (given != null) {
                given.leave();
            }
        }

        @Override
        public void onResume() {
            getContext().onFailure(new SynchronousResumeNotSupportedException(getContext()));
        }

        @Override
        public synchronized String getStatus() {
            return running != null ? "running in a thread of its own" : pass == null ? "starting" : pass.status();
        }

        @Override
        public synchronized boolean blocksRestart() {
            return running != null;
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
