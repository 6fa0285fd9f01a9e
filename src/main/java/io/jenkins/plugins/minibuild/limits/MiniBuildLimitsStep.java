package io.jenkins.plugins.minibuild.limits;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.EnvVars;
import hudson.Extension;
import hudson.FilePath;
import hudson.LauncherDecorator;
import hudson.Util;
import hudson.console.ConsoleLogFilter;
import hudson.model.Computer;
import hudson.model.Item;
import hudson.model.Result;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.remoting.VirtualChannel;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.minibuild.language.BoundLocale;
import io.jenkins.plugins.minibuild.language.LanguageAdapter;
import io.jenkins.plugins.minibuild.process.AgentAnswer;
import io.jenkins.plugins.minibuild.process.ContainerMounts;
import io.jenkins.plugins.minibuild.step.FormAdapter;
import io.jenkins.plugins.minibuild.step.TaskStep;
import io.jenkins.plugins.minibuild.step.TimeLimit;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.util.Timer;
import org.jenkinsci.plugins.workflow.steps.BodyExecution;
import org.jenkinsci.plugins.workflow.steps.BodyExecutionCallback;
import org.jenkinsci.plugins.workflow.steps.BodyInvoker;
import org.jenkinsci.plugins.workflow.steps.EnvironmentExpander;
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** The block step {@code miniBuildLimits}: waits for a slot of a pool, then runs its body within limits. */
public final class MiniBuildLimitsStep extends Step {
    private String pool;
    private Integer maxConcurrent;
    private String priority;
    private String onExpiry;
    /** The given limits by the name of the argument. A TreeMap, because XStream writes it readably. */
    private TreeMap<String, Double> limits = new TreeMap<>();

    /** All parameters have defaults. */
    @DataBoundConstructor
    public MiniBuildLimitsStep() {
        // the setters fill it
    }

    /** The default limits of a pool. */
    static MiniBuildLimitsStep of(String pool) {
        MiniBuildLimitsStep step = new MiniBuildLimitsStep();
        step.setPool(pool);
        return step;
    }

    private Object readResolve() {
        if (limits == null) {
            // a config.xml that was written by hand
            limits = new TreeMap<>();
        }
        return this;
    }

    /** The pool; null for {@code build}. */
    @CheckForNull
    public String getPool() {
        return pool;
    }

    @DataBoundSetter
    public void setPool(@CheckForNull String pool) {
        String trimmed = Util.fixEmptyAndTrim(pool);
        this.pool = LimitsConfiguration.STANDARD_POOL.equals(trimmed) ? null : trimmed;
    }

    /** The block starts only while fewer builds than this hold the pool; null if only the size of the pool counts. */
    @CheckForNull
    public Integer getMaxConcurrent() {
        return maxConcurrent;
    }

    @DataBoundSetter
    public void setMaxConcurrent(@CheckForNull Integer maxConcurrent) {
        if (maxConcurrent != null && maxConcurrent < 1) {
            throw new IllegalArgumentException(Messages.SlotPoolConfiguration_slots(maxConcurrent));
        }
        this.maxConcurrent = maxConcurrent;
    }

    /** low, normal or high; null for normal. */
    @CheckForNull
    public String getPriority() {
        return priority;
    }

    @DataBoundSetter
    public void setPriority(@CheckForNull String priority) {
        Priority parsed = Priority.of(priority);
        this.priority = parsed == Priority.NORMAL ? null : parsed.word();
    }

    /** The result when a limit is exceeded: aborted, failed or unstable; null for aborted. */
    @CheckForNull
    public String getOnExpiry() {
        return onExpiry;
    }

    @DataBoundSetter
    public void setOnExpiry(@CheckForNull String onExpiry) {
        Result parsed = Limits.result(onExpiry);
        this.onExpiry = parsed.equals(Result.FAILURE) ? "failed" : parsed.equals(Result.UNSTABLE) ? "unstable" : null;
    }

    /** Minutes of waiting; null for the configured default. */
    @CheckForNull
    public Double getQueueTimeoutMinutes() {
        return limits.get(Limit.QUEUE_TIMEOUT.argument());
    }

    @DataBoundSetter
    public void setQueueTimeoutMinutes(@CheckForNull Double minutes) {
        set(Limit.QUEUE_TIMEOUT, minutes);
    }

    /** Minutes from the moment the slot is held; null for the configured default. */
    @CheckForNull
    public Double getTimeoutMinutes() {
        return limits.get(Limit.TIMEOUT.argument());
    }

    @DataBoundSetter
    public void setTimeoutMinutes(@CheckForNull Double minutes) {
        set(Limit.TIMEOUT, minutes);
    }

    /** Minutes without a line of log; null for the configured default. */
    @CheckForNull
    public Double getIdleTimeoutMinutes() {
        return limits.get(Limit.IDLE_TIMEOUT.argument());
    }

    @DataBoundSetter
    public void setIdleTimeoutMinutes(@CheckForNull Double minutes) {
        set(Limit.IDLE_TIMEOUT, minutes);
    }

    /** Gigabytes that have to be free; null for the configured default. */
    @CheckForNull
    public Double getFreeDiskGigabytes() {
        return limits.get(Limit.FREE_DISK.argument());
    }

    @DataBoundSetter
    public void setFreeDiskGigabytes(@CheckForNull Double gigabytes) {
        set(Limit.FREE_DISK, gigabytes);
    }

    /** Gigabytes of the workspace; null for the configured default. */
    @CheckForNull
    public Double getWorkspaceGigabytes() {
        return limits.get(Limit.WORKSPACE.argument());
    }

    @DataBoundSetter
    public void setWorkspaceGigabytes(@CheckForNull Double gigabytes) {
        set(Limit.WORKSPACE, gigabytes);
    }

    /** Gigabytes of memory of the processes on one agent; null for the configured default. */
    @CheckForNull
    public Double getMemoryGigabytes() {
        return limits.get(Limit.MEMORY.argument());
    }

    @DataBoundSetter
    public void setMemoryGigabytes(@CheckForNull Double gigabytes) {
        set(Limit.MEMORY, gigabytes);
    }

    /** Megabytes of log; null for the configured default. */
    @CheckForNull
    public Double getLogMegabytes() {
        return limits.get(Limit.LOG.argument());
    }

    @DataBoundSetter
    public void setLogMegabytes(@CheckForNull Double megabytes) {
        set(Limit.LOG, megabytes);
    }

    /** The processors that a command may use; null for the configured default. */
    @CheckForNull
    public Double getCpus() {
        return limits.get(Limit.CPUS.argument());
    }

    @DataBoundSetter
    public void setCpus(@CheckForNull Double number) {
        set(Limit.CPUS, number);
    }

    /** How far a command stands back behind others, 1 to 19; null for the configured default. */
    @CheckForNull
    public Integer getNice() {
        Double value = limits.get(Limit.NICE.argument());
        return value == null ? null : Integer.valueOf(value.intValue());
    }

    @DataBoundSetter
    public void setNice(@CheckForNull Integer value) {
        set(Limit.NICE, value == null ? null : Double.valueOf(value));
    }

    private void set(Limit limit, @CheckForNull Double value) {
        if (value == null) {
            limits.remove(limit.argument());
        } else {
            limits.put(limit.argument(), limit.check(value));
        }
    }

    /** The name of the pool, the default resolved. */
    String poolName() {
        return pool == null ? LimitsConfiguration.STANDARD_POOL : pool;
    }

    Priority parsedPriority() {
        return Priority.of(priority);
    }

    int narrowed() {
        return maxConcurrent == null ? 0 : maxConcurrent;
    }

    /**
     * The limits of the step, completed by the global configuration. A time that is longer than allowed is lowered; {@link #check} refuses it before.
     */
    Limits resolved() {
        double ceiling = LimitsConfiguration.get().getMaxTimeoutMinutes();
        Limits limits = completed();
        try {
            return limits.within(ceiling);
        } catch (IllegalArgumentException e) {
            return limits.of(new TimeLimit(Duration.ofMillis(Limit.TIMEOUT.exact(ceiling)), true, Duration.ZERO));
        }
    }

    private Limits completed() {
        Map<Limit, Double> given = new EnumMap<>(Limit.class);
        for (Limit limit : Limit.values()) {
            Double value = limits.get(limit.argument());
            if (value != null) {
                given.put(limit, value);
            }
        }
        return new Limits(given, LimitsConfiguration.get().changed(), Limits.result(onExpiry));
    }

    /** Refuses a pool that does not exist, and a time that is longer than allowed. */
    void check() throws AbortException {
        try {
            completed().within(LimitsConfiguration.get().getMaxTimeoutMinutes());
        } catch (IllegalArgumentException e) {
            throw new AbortException(e.getMessage());
        }
        Set<String> names = LimitsConfiguration.get().poolNames();
        if (!names.contains(poolName())) {
            throw new AbortException(Messages.Limits_noPool(poolName(), String.join(", ", names)));
        }
    }

    @Override
    public StepExecution start(StepContext context) throws Exception {
        return new Execution(context, this);
    }

    /**
     * Waits for a slot, then holds it while the body runs. The stored state is the ticket, the time of the grant, and the body. After a restart
     * the ticket keeps its place, and the time goes on.
     */
    static final class Execution extends StepExecution implements SlotPools.Waiter, Watch.Block {
        private static final long serialVersionUID = 1L;

        private static final Logger LOGGER = Logger.getLogger(Execution.class.getName());

        private final String pool;
        private final Limits limits;
        private final Ticket ticket;
        /** The value of {@link Watch#MARK} in the body's environment. */
        private final String mark;
        /** Whether a block around this one holds the slot. */
        private final boolean nested;
        /** The workspaces that the body has used. */
        private final Set<Place> places = ConcurrentHashMap.newKeySet();
        /** When the slot was granted, in milliseconds; 0 while waiting. */
        private volatile long heldSince;
        /** Null until the body has begun. */
        private volatile BodyExecution body;
        /** The limit for which the body is being ended; null while none is exceeded. */
        private volatile Excess excess;
        /** Whether the step has ended or is about to. */
        private volatile boolean over;

        private transient volatile ScheduledFuture<?> queueTimeout;
        /** Whether the body has been begun, or is about to be, since the controller started. */
        private transient boolean beginning;

        Execution(StepContext context, MiniBuildLimitsStep step) throws IOException, InterruptedException {
            super(context);
            step.check();
            Run<?, ?> run = context.get(Run.class);
            String outer = context.get(EnvVars.class).get(Watch.MARK);
            SlotsAdapter slots = SlotsAdapter.get();
            pool = step.poolName();
            limits = step.resolved();
            ticket = slots.draw(run, step.parsedPriority(), step.narrowed());
            mark = outer == null ? ticket.id() : outer + "/" + ticket.id();
            nested = slots.isNested(pool, outer, run);
        }

        @Override
        public boolean start() throws Exception {
            SlotsAdapter slots = SlotsAdapter.get();
            if (nested) {
                Computer.threadPoolForRemoting.execute(this::granted);
                return false;
            }
            SlotPool.Standing standing = slots.pools().request(pool, ticket, this);
            if (standing == SlotPool.Standing.REFUSED) {
                throw new AbortException(Messages.Slots_full(pool, SlotPool.CAPACITY));
            }
            if (standing == SlotPool.Standing.WAITING) {
                tell(() -> slots.describeWait(pool, ticket));
                awaitQueueTimeout();
            }
            return false;
        }

        /** Repeats the request of this block after a start of the controller, before any slot is granted. */
        void recover() {
            if (over || nested) {
                return;
            }
            SlotPools pools = SlotsAdapter.get().pools();
            if (heldSince > 0) {
                pools.restore(pool, ticket, heldSince);
            } else if (pools.standing(pool, ticket.id()) == null) {
                pools.request(pool, ticket, this);
                awaitQueueTimeout();
            }
        }

        @Override
        public void onResume() {
            recover();
            if (heldSince > 0 && body != null) {
                watch();
                Excess before = excess;
                if (before != null) {
                    body.cancel(new FlowInterruptedException(limits.onExpiry(), before));
                }
            } else if (heldSince > 0 || nested) {
                if (heldSince == 0) {
                    heldSince = System.currentTimeMillis();
                }
                Computer.threadPoolForRemoting.execute(this::begin);
            }
        }

        private void awaitQueueTimeout() {
            if (limits.has(Limit.QUEUE_TIMEOUT)) {
                long left = ticket.drawnAt() + limits.most(Limit.QUEUE_TIMEOUT) - System.currentTimeMillis();
                queueTimeout = Timer.get()
                        .schedule(
                                LanguageAdapter.speaking(run(), this::waitedTooLong),
                                Math.max(0, left),
                                TimeUnit.MILLISECONDS);
            }
        }

        private void cancelQueueTimeout() {
            ScheduledFuture<?> scheduled = queueTimeout;
            if (scheduled != null) {
                scheduled.cancel(false);
            }
        }

        private void waitedTooLong() {
            synchronized (this) {
                if (heldSince > 0 || over) {
                    return;
                }
                over = true;
            }
            String detail = SlotsAdapter.get().describeWait(pool, ticket);
            SlotsAdapter.get().pools().release(ticket.id());
            Excess tooLong = limits.exceeded(Limit.QUEUE_TIMEOUT, detail);
            say(tooLong.getShortDescription());
            getContext().onFailure(SlotsAdapter.end(run(), limits, tooLong));
        }

        @Override
        public void granted() {
            boolean late;
            synchronized (this) {
                late = over;
                if (!late) {
                    heldSince = System.currentTimeMillis();
                }
            }
            if (late) {
                SlotsAdapter.get().pools().release(ticket.id());
                return;
            }
            cancelQueueTimeout();
            if (!nested) {
                tell(() ->
                        Messages.Slots_held(pool, Util.getTimeSpanString(Math.max(0, heldSince - ticket.drawnAt()))));
            }
            begin();
        }

        private void begin() {
            synchronized (this) {
                // After a restart the grant and onResume can come in either order.
                if (beginning || body != null) {
                    return;
                }
                beginning = true;
            }
            StepContext context = getContext();
            try {
                FilePath workspace = context.get(FilePath.class);
                Computer computer = context.get(Computer.class);
                if (workspace != null && computer != null) {
                    Place place = new Place(SlotsAdapter.agentOf(computer.getName()), workspace.getRemote());
                    places.add(place);
                    try (BoundLocale spoken = LanguageAdapter.bind(run())) {
                        checkFree(computer, place);
                    }
                }
                synchronized (this) {
                    // Not between this and the body's start: stop() has to know which of the two it ends.
                    if (over) {
                        SlotsAdapter.get().pools().release(ticket.id());
                        return;
                    }
                    watch();
                    body = context.newBodyInvoker()
                            .withContexts(
                                    EnvironmentExpander.merge(
                                            context.get(EnvironmentExpander.class),
                                            new MarkExpander(ticket.id(), mark)),
                                    BodyInvoker.mergeConsoleLogFilters(
                                            context.get(ConsoleLogFilter.class),
                                            new LimitsLogAdapter(ticket.id(), limits)),
                                    BodyInvoker.mergeLauncherDecorators(
                                            context.get(LauncherDecorator.class), new CommandLimitsAdapter(limits)))
                            .withCallback(new Callback(this))
                            .start();
                }
                Excess already = excess;
                if (already != null) {
                    exceeded(already);
                }
            } catch (IOException | InterruptedException | RuntimeException e) {
                finish();
                context.onFailure(e);
            }
        }

        private void checkFree(Computer computer, Place place) throws IOException, InterruptedException {
            VirtualChannel channel = computer.getChannel();
            if (channel == null || !limits.has(Limit.FREE_DISK)) {
                return;
            }
            AgentReading reading = AgentAnswer.call(
                    channel,
                    new AgentSample(mark, List.of(place.workspace()), ContainerMounts.none(), false, true, false),
                    AgentReading.class);
            Optional<Excess> tooLittle = new Watchdog(limits, heldSince, heldSince)
                    .checkFree(computer.getDisplayName(), reading.freeBytes());
            if (tooLittle.isPresent()) {
                say(tooLittle.get().getShortDescription());
                throw SlotsAdapter.end(run(), limits, tooLittle.get());
            }
        }

        private void watch() {
            SlotsAdapter.get().limitLog(run(), limits);
            SlotsAdapter.get().watch(ticket.id(), new Watch.Subject(mark, limits, heldSince, places, this));
        }

        @CheckForNull
        private Watch finish() {
            over = true;
            SlotsAdapter slots = SlotsAdapter.get();
            Watch watch = slots.endWatch(ticket.id(), listener());
            if (!nested) {
                slots.pools().release(ticket.id());
            }
            return watch;
        }

        /** The body has ended. Returns the cause with which the step ends; null if it ends as the body did. */
        @CheckForNull
        private FlowInterruptedException ended(@CheckForNull Throwable failure) {
            Watch watch = finish();
            if (watch != null && (excess != null || failure instanceof InterruptedException)) {
                // What the body left running, deliberately or because it started it while it was ended.
                watch.endProcesses();
            }
            if (excess == null) {
                return null;
            }
            FlowInterruptedException end = SlotsAdapter.end(run(), limits, excess);
            if (failure != null) {
                end.addSuppressed(failure);
            }
            return end;
        }

        @Override
        public void stop(@NonNull Throwable cause) throws Exception {
            boolean waiting;
            synchronized (this) {
                waiting = body == null;
                over |= waiting;
            }
            if (waiting) {
                cancelQueueTimeout();
                SlotsAdapter.get().pools().release(ticket.id());
                getContext().onFailure(cause);
            } else {
                body.cancel(cause);
            }
        }

        @Override
        public String getStatus() {
            if (heldSince > 0) {
                return "holds a slot of the pool " + pool;
            }
            return "waits for a slot of the pool " + pool + " at place "
                    + SlotsAdapter.get().pools().position(pool, ticket.id());
        }

        @Override
        public Optional<Locale> language() {
            return LanguageAdapter.of(run().getParent());
        }

        @Override
        public void say(String line) {
            listener().getLogger().println("[miniBuildLimits] " + line);
        }

        private void tell(Supplier<String> line) {
            LanguageAdapter.speaking(run(), () -> say(line.get())).run();
        }

        private TaskListener listener() {
            try {
                TaskListener listener = getContext().get(TaskListener.class);
                return listener == null ? TaskListener.NULL : listener;
            } catch (IOException e) {
                LOGGER.log(Level.FINE, "No log of " + ticket, e);
                return TaskListener.NULL;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return TaskListener.NULL;
            }
        }

        @Override
        public void exceeded(Excess cause) {
            excess = cause;
            BodyExecution running = body;
            if (running != null) {
                SlotsAdapter.record(
                        run(), cause); // for messages of a post section, which runs before the step has ended
                running.cancel(new FlowInterruptedException(limits.onExpiry(), cause));
            }
        }

        @Override
        public int interruptions() {
            Run<?, ?> run = run();
            return run == null ? 0 : SlotsAdapter.interruptions(run);
        }

        @CheckForNull
        private Run<?, ?> run() {
            try {
                return getContext().get(Run.class);
            } catch (IOException e) {
                return null;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return null;
            }
        }
    }

    /** Ends the step when its body has ended. */
    private static final class Callback extends BodyExecutionCallback {
        private static final long serialVersionUID = 1L;

        private final Execution execution;

        Callback(Execution execution) {
            this.execution = execution;
        }

        @Override
        public void onSuccess(StepContext context, Object result) {
            FlowInterruptedException end = execution.ended(null);
            if (end == null) {
                context.onSuccess(result);
            } else {
                context.onFailure(end);
            }
        }

        @Override
        public void onFailure(StepContext context, Throwable failure) {
            FlowInterruptedException end = execution.ended(failure);
            context.onFailure(end == null ? failure : end);
        }
    }

    /** Puts the mark into the environment of every step of the body, and records the workspace of the step. */
    private static final class MarkExpander extends EnvironmentExpander {
        private static final long serialVersionUID = 1L;

        private final String id;
        private final String mark;

        MarkExpander(String id, String mark) {
            this.id = id;
            this.mark = mark;
        }

        @Override
        public void expand(@NonNull EnvVars env) {
            env.put(Watch.MARK, mark);
            String node = env.get("NODE_NAME");
            String workspace = env.get("WORKSPACE");
            Watch watch = SlotsAdapter.get().watchOf(id);
            if (node != null && workspace != null && watch != null) {
                watch.uses(new Place(SlotsAdapter.agentOf(node), workspace));
            }
        }
    }

    @Extension
    public static final class DescriptorImpl extends TaskStep.TaskStepDescriptor {
        @Override
        public String getFunctionName() {
            return "miniBuildLimits";
        }

        @Override
        public String getDisplayName() {
            return Messages.MiniBuildLimitsStep_displayName();
        }

        @Override
        public boolean takesImplicitBlockArgument() {
            return true;
        }

        @Override
        public Set<? extends Class<?>> getRequiredContext() {
            return Set.of(Run.class, TaskListener.class);
        }

        @Override
        public String argumentsToString(@NonNull Map<String, Object> namedArgs) {
            Object pool = namedArgs.get("pool");
            return pool == null ? LimitsConfiguration.STANDARD_POOL : pool.toString();
        }

        @POST
        public ListBoxModel doFillPoolItems(@AncestorInPath Item item, @QueryParameter String pool) {
            ListBoxModel names = new ListBoxModel();
            if (FormAdapter.mayConfigure(item)) {
                LimitsConfiguration.get().poolNames().forEach(names::add);
            }
            if (pool != null && !pool.isEmpty() && names.stream().noneMatch(o -> o.value.equals(pool))) {
                names.add(pool);
            }
            return names;
        }

        @POST
        public FormValidation doCheckMaxConcurrent(@AncestorInPath Item item, @QueryParameter String value) {
            if (!FormAdapter.mayConfigure(item) || value == null || value.isBlank()) {
                return FormValidation.ok();
            }
            return value.trim().matches("[1-9][0-9]{0,8}")
                    ? FormValidation.ok()
                    : FormValidation.error(Messages.SlotPoolConfiguration_slots(value));
        }

        @POST
        public FormValidation doCheckQueueTimeoutMinutes(@AncestorInPath Item item, @QueryParameter String value) {
            return check(item, Limit.QUEUE_TIMEOUT, value);
        }

        @POST
        public FormValidation doCheckTimeoutMinutes(@AncestorInPath Item item, @QueryParameter String value) {
            FormValidation number = check(item, Limit.TIMEOUT, value);
            double ceiling = LimitsConfiguration.get().getMaxTimeoutMinutes();
            if (number.kind != FormValidation.Kind.OK || ceiling == 0 || value == null || value.isBlank()) {
                return number;
            }
            return FormAdapter.check(item, () -> LimitsConfiguration.checkTime(Double.parseDouble(value.trim())));
        }

        @POST
        public FormValidation doCheckIdleTimeoutMinutes(@AncestorInPath Item item, @QueryParameter String value) {
            return check(item, Limit.IDLE_TIMEOUT, value);
        }

        @POST
        public FormValidation doCheckFreeDiskGigabytes(@AncestorInPath Item item, @QueryParameter String value) {
            return check(item, Limit.FREE_DISK, value);
        }

        @POST
        public FormValidation doCheckWorkspaceGigabytes(@AncestorInPath Item item, @QueryParameter String value) {
            return check(item, Limit.WORKSPACE, value);
        }

        @POST
        public FormValidation doCheckMemoryGigabytes(@AncestorInPath Item item, @QueryParameter String value) {
            return check(item, Limit.MEMORY, value);
        }

        @POST
        public FormValidation doCheckLogMegabytes(@AncestorInPath Item item, @QueryParameter String value) {
            return check(item, Limit.LOG, value);
        }

        @POST
        public FormValidation doCheckCpus(@AncestorInPath Item item, @QueryParameter String value) {
            return check(item, Limit.CPUS, value);
        }

        @POST
        public FormValidation doCheckNice(@AncestorInPath Item item, @QueryParameter String value) {
            return check(item, Limit.NICE, value);
        }

        private static FormValidation check(@CheckForNull Item item, Limit limit, @CheckForNull String value) {
            return FormAdapter.mayConfigure(item)
                    ? LimitsConfiguration.checkNumber(limit, value, true)
                    : FormValidation.ok();
        }
    }
}
