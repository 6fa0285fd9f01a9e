package io.jenkins.plugins.minibuild.step;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.EnvVars;
import hudson.FilePath;
import hudson.Launcher;
import hudson.model.Computer;
import hudson.model.Job;
import hudson.model.Node;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.model.User;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.jenkins.plugins.minibuild.language.BoundLocale;
import io.jenkins.plugins.minibuild.language.LanguageAdapter;
import io.jenkins.plugins.minibuild.process.AgentLostException;
import io.jenkins.plugins.minibuild.process.Deadline;
import io.jenkins.plugins.minibuild.process.Retry;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.random.RandomGenerator;
import jenkins.model.Jenkins;
import net.sf.json.JSONObject;
import org.jenkinsci.Symbol;
import org.jenkinsci.plugins.structs.describable.DescribableModel;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepDescriptor;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.jenkinsci.plugins.workflow.steps.SynchronousNonBlockingStepExecution;
import org.kohsuke.stapler.StaplerRequest2;
import org.springframework.security.core.Authentication;

/**
 * The base of steps: the fields are the parameters, and {@link #task} makes the work. The work runs in its own thread and does not outlive a
 * restart of the controller; its processes on the agent end then. Only a wait for a slot outlives a restart.
 *
 * @param <R> what the task results in
 */
public abstract class TaskStep<R> extends Step {
    private static final Logger LOGGER = Logger.getLogger(TaskStep.class.getName());
    /** The longest time for storing the state of a Pipeline. */
    private static final Duration STORE = Duration.ofMinutes(1);
    /** The longest time for an agent to connect again after a restart of the controller. */
    private static final Duration RECONNECT = Duration.ofMinutes(5);

    private static final Duration RECONNECT_POLL = Duration.ofSeconds(1);

    /** Makes the work of these parameters. Global defaults are resolved here or later, never in the fields. */
    public abstract BuildTask<R> task();

    /** The return value in a Pipeline: only maps, lists, strings, numbers and booleans, so that it can be stored. */
    public abstract Map<String, Object> toReturnValue(R result);

    /** Does the work in a build. A step that needs the build itself overrides this; all others have {@link #task}. */
    protected R work(Run<?, ?> run, BuildContext context) throws IOException, InterruptedException {
        return task().run(context);
    }

    /** Adds the result to the page of the build. */
    protected void attach(Run<?, ?> run, R result) throws IOException {}

    /**
     * Saves the unfinished work of a task that ran when the controller was killed. It is called before the step fails; the agent is connected
     * again.
     *
     * @throws IOException if it cannot be saved; the log says so
     */
    protected void brokenOff(BuildContext context) throws IOException, InterruptedException {}

    /**
     * What is known of work that the task had begun outside of Jenkins when the controller was killed, for people. The log, the page of the build and messages
     * show it. Called on the controller; the agent may be gone.
     *
     * @return whole sentences; empty for nothing
     */
    protected String leftOpen(Run<?, ?> run) {
        return "";
    }

    /**
     * The pool whose slot the step needs; null if it needs none. The default limits hold while it has the slot. Inside a block that holds a
     * slot of the same pool it takes no second one.
     */
    @CheckForNull
    public String slotPool() {
        return null;
    }

    /**
     * What the step has to use alone on the whole controller, by name, as far as that is known before it runs. The step waits for it and for the
     * slot without a thread, and gets both together.
     *
     * @param job the job that the step is in
     * @param environment of the step; empty for an item of Jenkins' queue
     */
    public Set<String> resources(Job<?, ?> job, EnvVars environment) {
        return Set.of();
    }

    /**
     * The time that the step gives itself; null if it has no such setting.
     *
     * @param job the job that the step is in
     */
    @CheckForNull
    public TimeLimit timeLimit(Job<?, ?> job) {
        return null;
    }

    @Override
    public StepExecution start(StepContext context) {
        SlotProviderAdapter slots = slotPool() == null ? null : SlotProviderAdapter.find();
        return slots == null ? new Execution<>(context, this) : new SlotExecution<>(context, this, slots);
    }

    /** Runs the task in a build and attaches its result. */
    R perform(JenkinsBuildAdapter context) throws IOException, InterruptedException {
        try (BoundLocale spoken = LanguageAdapter.bind(context.run())) {
            return performSpoken(context);
        }
    }

    private R performSpoken(JenkinsBuildAdapter context) throws IOException, InterruptedException {
        R result;
        try {
            result = work(context.run(), context);
        } catch (AbortException e) {
            failed(context, e);
            throw e;
        } catch (IOException | RuntimeException e) {
            if (AgentLostException.isAgentLost(e)) {
                AgentLostException lost =
                        AgentLostException.during(getDescriptor().getFunctionName(), e);
                failed(context, lost);
                throw lost;
            }
            failed(context, e);
            throw e;
        }
        attach(context.run(), result);
        return result;
    }

    /** Keeps the cause for messages, and shows it on the page of the build. */
    private void failed(JenkinsBuildAdapter context, Exception error) {
        String said = error instanceof AbortException ? error.getMessage() : error.toString();
        String text = context.redactor().redact(String.valueOf(said));
        try {
            context.remember(Fact.ERROR, text);
            StepErrorsAction.add(context.run(), getDescriptor().getFunctionName(), text);
        } catch (IOException e) {
            // The disk may be full; what the step failed of is what the user has to hear.
            error.addSuppressed(e);
        }
    }

    /** Ends a step that ran when the controller was stopped, with what is known of it. */
    private static void breakOff(StepContext context, @CheckForNull TaskStep<?> step, String name) {
        String message = Messages.TaskStep_brokenOff(name, "");
        try (BoundLocale spoken = LanguageAdapter.bind(context.get(Run.class))) {
            Run<?, ?> run = context.get(Run.class);
            message = Messages.TaskStep_brokenOff(name, step == null ? "" : step.leftOpen(run));
            BuildFactsAction.add(run, Map.of(Fact.ERROR, message));
            StepErrorsAction.add(run, name, message);
        } catch (IOException | RuntimeException e) {
            LOGGER.log(Level.FINE, "The page of a build does not say why it ended", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            context.onFailure(new StepBrokenOffException(context, message));
        }
    }

    private static final class Execution<R> extends SynchronousNonBlockingStepExecution<Map<String, Object>> {
        private static final long serialVersionUID = 1L;

        @SuppressWarnings("serial") // transient: the run does not survive a restart
        private final transient TaskStep<R> step;
        /** The name of the step as a Jenkinsfile has it. */
        private final String name;

        Execution(StepContext context, TaskStep<R> step) {
            super(context);
            this.step = step;
            this.name = step.getDescriptor().getFunctionName();
        }

        @Override
        public void onResume() {
            breakOff(getContext(), null, name);
        }

        @Override
        protected Map<String, Object> run() throws Exception {
            return perform(step, getContext(), null, Map.of(), getContext().get(TaskListener.class));
        }
    }

    private static <R> Map<String, Object> perform(
            TaskStep<R> step,
            StepContext context,
            @CheckForNull SlotProviderAdapter.SlotRequest slot,
            Map<String, String> variables,
            TaskListener log)
            throws IOException, InterruptedException {
        FilePath workspace = context.get(FilePath.class);
        workspace.mkdirs();
        EnvVars environment = context.get(EnvVars.class);
        environment.putAll(variables);
        return step.toReturnValue(step.perform(new JenkinsBuildAdapter(
                context.get(Run.class),
                context.get(Node.class),
                workspace,
                slot == null ? context.get(Launcher.class) : slot.limited(context.get(Launcher.class)),
                environment,
                log,
                slot)));
    }

    /**
     * Runs a step that needs a slot. The step waits without a thread, then runs in one. The wait outlives a restart of the controller; the
     * run does not. So that nothing is ever done twice, the state that says that the run has begun is stored before it begins.
     */
    private static final class SlotExecution<R> extends StepExecution
            implements SlotProviderAdapter.Requester, SlotProviderAdapter.ResumingStep {
        private static final long serialVersionUID = 1L;

        /** The class of the step. With its parameters it is made again after a restart. */
        private final Class<?> type;

        @SuppressWarnings("serial") // strings, numbers, booleans, lists and maps of them
        private final TreeMap<String, Object> arguments;
        /** The name of the user as whom the step runs. */
        private final String user;
        /** Null until the step has asked for a slot. */
        @SuppressWarnings("serial") // a SlotRequest is serializable
        private SlotProviderAdapter.SlotRequest request;
        /** Whether the slot was granted; a step that has begun cannot be resumed. */
        private boolean begun;

        private final transient SlotProviderAdapter slots;
        /** Null after a restart, until it is needed. */
        private transient TaskStep<R> step;
        /** Whether the step has asked for a slot since this controller started. */
        private transient boolean requested;

        private transient Future<?> running;
        private transient Throwable stopped;

        @SuppressWarnings("unchecked")
        SlotExecution(StepContext context, TaskStep<R> step, SlotProviderAdapter slots) {
            super(context);
            this.step = step;
            this.slots = slots;
            this.type = step.getClass();
            this.arguments = new TreeMap<>(DescribableModel.of((Class<TaskStep<R>>) step.getClass())
                    .uninstantiate2(step)
                    .getArguments());
            this.user = Jenkins.getAuthentication2().getName();
        }

        @Override
        public boolean start() throws Exception {
            StepContext context = getContext();
            Run<?, ?> run = context.get(Run.class);
            EnvVars environment = context.get(EnvVars.class);
            SlotProviderAdapter.Need need = new SlotProviderAdapter.Need(
                    SlotProviderAdapter.Wanted.by(step, run.getParent(), environment),
                    run,
                    environment,
                    context.get(Node.class).getNodeName(),
                    context.get(FilePath.class).getRemote(),
                    context.get(TaskListener.class));
            // Another thread may grant the slot before the request is stored in the field; it waits for this lock.
            synchronized (this) {
                requested = true;
                request = slots.request(need, this);
            }
            return false;
        }

        @Override
        public void onResume() {
            boolean ran;
            synchronized (this) {
                // The slot may have been granted again before this method is called.
                ran = request == null || begun && !requested;
            }
            if (ran) {
                Computer.threadPoolForRemoting.execute(this::giveUp);
            } else {
                repeatRequest();
            }
        }

        /** Fails a step that ran before the restart, after its unfinished work was saved. */
        private void giveUp() {
            StepContext context = getContext();
            TaskStep<R> made = null;
            try (ACLContext as = ACL.as2(authentication(user));
                    BoundLocale spoken = LanguageAdapter.bind(context.get(Run.class))) {
                TaskListener log = context.get(TaskListener.class);
                try {
                    // What is known does not need the agent.
                    made = made(log);
                    again(log)
                            .brokenOff(new JenkinsBuildAdapter(
                                    context.get(Run.class),
                                    context.get(Node.class),
                                    context.get(FilePath.class),
                                    context.get(Launcher.class),
                                    context.get(EnvVars.class),
                                    log,
                                    null));
                } catch (IOException | RuntimeException e) {
                    log.getLogger().println(Messages.TaskStep_notKept(String.valueOf(e.getMessage())));
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (IOException e) {
                LOGGER.log(Level.FINE, "No log to write to", e);
            } finally {
                breakOff(context, made, name(made));
            }
        }

        @Override
        public void repeatRequest() {
            try {
                synchronized (this) {
                    if (requested || begun || stopped != null || request == null) {
                        return;
                    }
                    requested = true;
                    request.repeat(getContext().get(Run.class), getContext().get(TaskListener.class), this);
                }
            } catch (IOException e) {
                end(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                end(e);
            }
        }

        @Override
        public synchronized void granted(Map<String, String> variables, TaskListener log) {
            if (stopped == null) {
                begun = true;
                running = Computer.threadPoolForRemoting.submit(() -> perform(variables, log));
            }
        }

        private void perform(Map<String, String> variables, TaskListener log) {
            try (ACLContext as = ACL.as2(authentication(user))) {
                storeThatItBegins();
                TaskStep<R> work = step == null ? again(log) : step;
                Map<String, Object> result = TaskStep.perform(work, getContext(), given(), variables, log);
                release();
                getContext().onSuccess(result);
            } catch (Throwable t) {
                release();
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

        private void storeThatItBegins() throws IOException, InterruptedException {
            try {
                getContext().saveState().get(STORE.toMillis(), TimeUnit.MILLISECONDS);
            } catch (ExecutionException | TimeoutException e) {
                throw new AbortException(Messages.TaskStep_notStored(String.valueOf(e.getMessage())));
            }
        }

        /** Makes the step of before the restart again, once the agent is connected. */
        private TaskStep<R> again(TaskListener log) throws IOException, InterruptedException {
            try {
                Retry.times(Integer.MAX_VALUE, RandomGenerator.getDefault())
                        .delays(RECONNECT_POLL, RECONNECT_POLL.multipliedBy(5))
                        .within(Deadline.after(RECONNECT))
                        .call(attempt -> {
                            // A moment after the start Jenkins knows the node but no workspace on it, and says so by
                            // null.
                            if (getContext().get(FilePath.class) == null) {
                                throw new IOException(Messages.TaskStep_noWorkspace());
                            }
                            return true;
                        });
            } catch (IOException e) {
                throw new AbortException(Messages.TaskStep_agentGone(RECONNECT.toMinutes(), e.getMessage()));
            }
            return made(log);
        }

        private TaskStep<R> made(TaskListener log) {
            @SuppressWarnings("unchecked")
            DescribableModel<TaskStep<R>> model = DescribableModel.of((Class<TaskStep<R>>) type);
            return model.instantiate(arguments, log);
        }

        private String name(@CheckForNull TaskStep<R> made) {
            return made == null ? type.getSimpleName() : made.getDescriptor().getFunctionName();
        }

        @Override
        public void end(Throwable cause) {
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
                // Not on the thread of the Pipeline: the log is written to the disk when the request ends.
                Computer.threadPoolForRemoting.execute(() -> {
                    release();
                    getContext().onFailure(cause);
                });
            }
        }

        @Override
        public void stop(@NonNull Throwable cause) {
            end(cause);
        }

        private synchronized SlotProviderAdapter.SlotRequest given() {
            return request;
        }

        private void release() {
            SlotProviderAdapter.SlotRequest given = given();
            if (given != null) {
                given.release();
            }
        }

        @Override
        public synchronized String getStatus() {
            return running != null ? "running in a thread of its own" : request == null ? "starting" : request.status();
        }

        @Override
        public synchronized boolean blocksRestart() {
            return running != null;
        }
    }

    /** The user of a name, as whom a step goes on after a restart. */
    protected static Authentication authentication(String user) {
        if (user.equals(ACL.SYSTEM_USERNAME)) {
            return ACL.SYSTEM2;
        }
        User known = User.getById(user, false);
        return known == null ? Jenkins.ANONYMOUS2 : known.impersonate2();
    }

    /** The base of the descriptors of steps; each has the name of its step as {@link Symbol}. */
    public abstract static class TaskStepDescriptor extends StepDescriptor {
        /** The symbol of the step. */
        @Override
        public String getFunctionName() {
            return getClass().getAnnotation(Symbol.class).value()[0];
        }

        @Override
        public Step newInstance(@CheckForNull StaplerRequest2 req, @NonNull JSONObject formData) throws FormException {
            return FormAdapter.boundStep(() -> super.newInstance(req, formData));
        }

        @Override
        public Set<? extends Class<?>> getRequiredContext() {
            return Set.of(Run.class, Node.class, FilePath.class, Launcher.class, EnvVars.class, TaskListener.class);
        }
    }
}
