package io.jenkins.plugins.minibuild.workflow.run;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.minibuild.process.Redactor;
import io.jenkins.plugins.minibuild.workflow.engine.JobHost;
import io.jenkins.plugins.minibuild.workflow.engine.JobNews;
import io.jenkins.plugins.minibuild.workflow.engine.JobOrder;
import io.jenkins.plugins.minibuild.workflow.engine.StepOrder;
import io.jenkins.plugins.minibuild.workflow.plan.Plan;
import io.jenkins.plugins.minibuild.workflow.plan.PlannedJob;
import io.jenkins.plugins.minibuild.workflow.plan.PlannedStep;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * A run of a plan. Everything that happens is written to the journal first; the state is the sum of the journal, so that a new controller goes on from it. It holds no thread while jobs
 * run: it is called when something happens, and what may wait is done on threads of a pool. Safe for several threads.
 */
public final class WorkflowRun implements LiveRun, JobNews {
    private static final Logger LOGGER = Logger.getLogger(WorkflowRun.class.getName());

    /** What is left to a cancelled job, or to one whose time is over, for what runs after a cancel. */
    static final long GRACE_MILLIS = TimeUnit.MINUTES.toMillis(5);
    /** The wait before an agent that did not answer is asked again, at first and at most. */
    static final long FIRST_LOOK_MILLIS = 500;

    static final long LATEST_LOOK_MILLIS = TimeUnit.SECONDS.toMillis(15);
    /** How long a node may be unknown to Jenkins before its jobs count as lost. */
    static final long UNKNOWN_MILLIS = TimeUnit.MINUTES.toMillis(5);

    private static final long LONGEST_BACKOFF_MILLIS = TimeUnit.MINUTES.toMillis(10);

    private final PlanIndex index;
    private final Plan plan;
    private final Ground ground;
    private final Means means;
    private final Journal journal;
    private final LogStore logs;
    private final RunState state;
    private final Scheduler scheduler;
    private final Map<String, Active> active = new HashMap<>();
    private final Map<String, Active> parts = new HashMap<>();
    private final Map<Integer, Runnable> stageTimers = new HashMap<>();
    private Runnable timer = () -> {};
    private String broken = "";
    private boolean over;

    /**
     * What a run works with.
     *
     * @param id of the run: letters, digits and {@code -}; no other run on any agent of this controller has it
     * @param folder of the run
     * @param redactor knows the secrets, and learns them here
     * @param pool threads that may wait
     * @param timers for limits of time
     * @param clock the controller's
     * @param mostLog bytes of a step's log
     * @param takenOver jobs of the plan that ended well in the build that this one repeats
     */
    public record Means(
            String id,
            RunFolder folder,
            Redactor redactor,
            Executor pool,
            Timers timers,
            Clock clock,
            long mostLog,
            Map<String, TakenOver> takenOver) {
        /** Copies the map. */
        public Means {
            takenOver = Map.copyOf(takenOver);
        }
    }

    /**
     * A job that does not run again.
     *
     * @param text where it ran, for people
     * @param outputs what it wrote there
     */
    public record TakenOver(String text, Map<String, String> outputs) {
        /** Copies the map. */
        public TakenOver {
            outputs = Map.copyOf(outputs);
        }
    }

    /** A job that has begun, or waits for its place. */
    private static final class Active {
        private final PlannedJob job;
        private JobPlace place;
        private JobHost host;
        /** What a thread of the controller does for it; null for nothing. */
        private Use use;

        private Runnable timer = () -> {};
        private Runnable stepTimer = () -> {};
        private Runnable lookTimer = () -> {};
        /** The step whose time is over, and what is said of it. */
        private int lateStep = -1;

        private String lateText = "";
        private long unknownSince;
        private boolean finishing;
        private boolean lost;
        private String problem = "";

        Active(PlannedJob job) {
            this.job = job;
        }

        void quiet() {
            timer.run();
            stepTimer.run();
            lookTimer.run();
        }
    }

    /**
     * A run in a folder, which has a plan. Call {@link #begin} once.
     *
     * @throws IOException when the journal cannot be read or written
     */
    public WorkflowRun(Plan plan, Ground ground, Means means) throws IOException {
        this.plan = plan;
        this.index = new PlanIndex(plan);
        this.ground = ground;
        this.means = means;
        this.state = means.folder().state(plan);
        this.journal = Journal.open(means.folder().journal());
        this.logs = new LogStore(means.folder(), means.redactor(), means.mostLog(), () -> means.clock()
                .millis());
        this.scheduler = new Scheduler(index, ground::changed);
    }

    /** Begins the run, or goes on where the last controller ended. */
    public synchronized void begin() {
        if (!state.getState().isOpen()) {
            over = true;
            means.pool().execute(() -> ground.ended(state.getState(), state.getText()));
            return;
        }
        if (state.getState() == State.PENDING) {
            record(Entry.run(State.RUNNING, ""));
            means.takenOver().forEach((job, taken) -> {
                record(Entry.of(Entry.Kind.JOB, job)
                        .with(State.SUCCEEDED)
                        .saying(taken.text())
                        .data(taken.outputs()));
                say(index.job(job), taken.text());
            });
        }
        if (plan.timeoutMillis() > 0) {
            timer = means.timers()
                    .after(
                            left(state.getStarted(), plan.timeoutMillis()),
                            () -> stop(
                                    Messages.WorkflowRun_timeoutWorkflow(duration(plan.timeoutMillis())),
                                    "",
                                    "workflow"));
        }
        for (JobState job : state.getJobs()) {
            if (job.getState() == State.RUNNING) {
                Active again = new Active(index.job(job.getId()));
                active.put(job.getId(), again);
                armStage(again.job);
                armJob(again);
                ask(again);
            }
        }
        advance();
    }

    private long left(long since, long millis) {
        return Math.max(0, since + millis - means.clock().millis());
    }

    private static String duration(long millis) {
        long seconds = Math.max(1, millis / 1000);
        return seconds % 60 == 0 ? Messages.WorkflowRun_minutes(seconds / 60) : Messages.WorkflowRun_seconds(seconds);
    }

    // ---- the journal

    private Entry record(Entry entry) {
        return record(entry, means.clock().millis());
    }

    private Entry record(Entry entry, long millis) {
        Entry stored;
        try {
            stored = journal.add(entry, millis);
        } catch (IOException e) {
            LOGGER.log(
                    Level.WARNING,
                    "The journal of a workflow cannot be written: "
                            + means.folder().path(),
                    e);
            stored = entry.at(state.getSeq() + 1, millis);
            if (broken.isEmpty()) {
                // What is not stored is not known after a restart: the run ends rather than run something twice.
                broken = Messages.WorkflowRun_journal(String.valueOf(e.getMessage()));
                means.pool().execute(() -> stop(broken, "", "journal"));
            }
        }
        state.apply(stored);
        ground.entry(stored);
        return stored;
    }

    // ---- what comes next

    private void advance() {
        if (over) {
            return;
        }
        Scheduler.Next next = scheduler.next(state, active.keySet());
        while (!next.isNothing()) {
            next.closed().forEach(closed -> {
                record(closed);
                say(
                        index.job(closed.job()),
                        closed.state() == State.SKIPPED
                                ? Messages.WorkflowRun_skipped(closed.text())
                                : Messages.WorkflowRun_wasCancelled(closed.text()));
            });
            next.ready().forEach(job -> record(Entry.of(Entry.Kind.READY, job.id())));
            next.start().forEach(job -> {
                Active begun = new Active(job);
                active.put(job.id(), begun);
                ask(begun);
            });
            next = scheduler.next(state, active.keySet());
        }
        Entry end = active.isEmpty() ? scheduler.end(state) : null;
        if (end != null) {
            over = true;
            timer.run();
            stageTimers.values().forEach(Runnable::run);
            Entry last = record(broken.isEmpty() ? end : Entry.run(State.FAILED, broken));
            means.pool().execute(() -> {
                close();
                ground.ended(last.state(), last.text());
            });
        }
    }

    private void close() {
        try (journal;
                logs) {
            journal.force();
        } catch (IOException e) {
            LOGGER.log(
                    Level.WARNING,
                    "The files of a workflow cannot be closed: "
                            + means.folder().path(),
                    e);
        }
    }

    private void ask(Active job) {
        String label;
        try {
            label = job.job.agent() == null ? "" : orders(job).texts().of(job.job.agent());
        } catch (IOException e) {
            refuse(job, String.valueOf(e.getMessage()));
            return;
        }
        if (!label.isEmpty() && state.job(job.job.id()).getState() == State.PENDING) {
            say(job.job, Messages.WorkflowRun_waits(label));
        }
        ground.place(job.job, label, state.job(job.job.id()), new Ground.Placing() {
            @Override
            public void placed(JobPlace place) {
                WorkflowRun.this.placed(job, place);
            }

            @Override
            public void refused(String text) {
                refuse(job, text);
            }
        });
    }

    /** There is no place for a job. */
    private void refuse(Active job, String text) {
        // Not at once: who asked may be in the middle of a round of all jobs.
        means.pool().execute(() -> {
            synchronized (this) {
                if (active.get(job.job.id()) == job) {
                    if (state.job(job.job.id()).getState() == State.PENDING) {
                        record(Entry.of(Entry.Kind.JOB, job.job.id())
                                .with(State.RUNNING)
                                .attempt(1));
                    }
                    end(job, Messages.WorkflowRun_noPlace(text));
                }
            }
        });
    }

    private synchronized void placed(Active job, JobPlace place) {
        String id = job.job.id();
        if (active.get(id) != job) {
            means.pool().execute(place::release);
            return;
        }
        job.place = place;
        JobState now = state.job(id);
        record(Entry.of(Entry.Kind.PLACE, id).on(place.agent()).data(Map.of("workspace", place.workspace())));
        if (now.getState() == State.PENDING) {
            record(Entry.of(Entry.Kind.JOB, id).with(State.RUNNING).attempt(1).on(place.agent()));
            say(job.job, Messages.WorkflowRun_started());
            armStage(job.job);
            armJob(job);
        }
        if (now.getPart() != null) {
            reattach(job);
        } else if (now.getSteps().stream().anyMatch(each -> each.state() != State.PENDING)) {
            // The controller was started again between two parts: the workspace has what they made.
            use(job, () -> {
                learnSecrets(job);
                proceed(job);
            });
        } else {
            use(job, () -> prepare(job));
        }
    }

    /** Runs something for a job on a thread that may wait. */
    private void use(Active job, Work work) {
        Use use = new Use(job, work);
        job.use = use;
        means.pool().execute(use);
    }

    @FunctionalInterface
    private interface Work {
        void run() throws IOException, InterruptedException;
    }

    /** Work for a job that can be interrupted, also before it has begun. */
    private final class Use implements Runnable {
        private final Active job;
        private final Work work;
        private Thread thread;
        private boolean interrupted;

        Use(Active job, Work work) {
            this.job = job;
            this.work = work;
        }

        synchronized void interrupt() {
            interrupted = true;
            if (thread != null) {
                thread.interrupt();
            }
        }

        private synchronized void begin() {
            thread = Thread.currentThread();
            if (interrupted) {
                thread.interrupt();
            }
        }

        private synchronized void finish() {
            thread = null;
            // The thread belongs to a pool.
            Thread.interrupted();
        }

        @Override
        public void run() {
            begin();
            try {
                work.run();
            } catch (InterruptedException e) {
                failed(job, Messages.WorkflowRun_interrupted());
            } catch (IOException e) {
                failed(job, String.valueOf(e.getMessage()));
            } catch (RuntimeException | LinkageError e) {
                LOGGER.log(Level.WARNING, "A job of a workflow broke: " + job.job.id(), e);
                failed(job, Messages.WorkflowRun_broken(e.toString()));
            } finally {
                finish();
            }
        }
    }

    private synchronized void failed(Active job, String text) {
        if (active.get(job.job.id()) == job) {
            end(job, means.redactor().redact(text));
        }
    }

    private void prepare(Active job) throws IOException, InterruptedException {
        try {
            job.place.prepare(job.job, elsewhere(job), orders(job).texts());
        } catch (IOException e) {
            throw new IOException(Messages.WorkflowRun_notPrepared(e.getMessage()), e);
        }
        proceed(job);
    }

    /** What the job needs and what is not in its workspace already, since it ran in another one or in an earlier build. */
    private synchronized List<PlannedJob> elsewhere(Active job) {
        List<PlannedJob> bring = new ArrayList<>();
        for (String need : job.job.needs()) {
            JobState needed = state.job(need);
            PlannedJob planned = index.job(need);
            if (!planned.artifacts().isEmpty()
                    && !needed.getState().isOpen()
                    && needed.getState() != State.SKIPPED
                    && !(job.job.agent() == null
                            && job.place.agent().equals(needed.getAgent())
                            && job.place.workspace().equals(needed.getWorkspace()))) {
                bring.add(planned);
            }
        }
        return bring;
    }

    private StepOrders orders(Active job) {
        boolean failed = false;
        if (job.job.role() == PlannedJob.Role.POST) {
            synchronized (this) {
                failed = soFar() != State.SUCCEEDED;
            }
        }
        return new StepOrders(
                job.job, new JobScope(index, state, job.job, ground::changed), ground, means.redactor(), failed);
    }

    // ---- the steps of a job

    /** Whether no step before failed; a step that may fail does not count. */
    private static boolean well(PlannedJob job, JobState now) {
        List<StepState> steps = now.getSteps();
        for (int i = 0; i < steps.size(); i++) {
            State each = steps.get(i).state();
            if ((each == State.FAILED || each == State.CANCELLED)
                    && !job.steps().get(i).continueOnError()) {
                return false;
            }
        }
        return true;
    }

    private static int firstOpen(JobState now) {
        List<StepState> steps = now.getSteps();
        for (int i = 0; i < steps.size(); i++) {
            if (steps.get(i).state().isOpen()) {
                return i;
            }
        }
        return steps.size();
    }

    /** Begins the next part of a job: the steps up to the next one that the controller runs. On a thread that may wait. */
    private void proceed(Active job) throws IOException, InterruptedException {
        String id = job.job.id();
        List<PlannedStep> steps = job.job.steps();
        StepOrders orders = orders(job);
        Map<String, String> variables = null;
        while (true) {
            int first;
            boolean well;
            boolean stopped;
            synchronized (this) {
                if (active.get(id) != job || job.finishing) {
                    return;
                }
                JobState now = state.job(id);
                first = firstOpen(now);
                well = well(job.job, now);
                stopped = now.getStop() != null || job.lost;
            }
            if (first == steps.size() || job.lost) {
                finish(job);
                return;
            }
            PlannedStep step = steps.get(first);
            if (!orders.runs(step, well && !stopped, !well && !stopped)) {
                skip(job, first, well, step);
                continue;
            }
            if (variables == null) {
                variables = variables(job);
            }
            if (step.uses() != null) {
                useStep(job, orders, step, first, variables);
                continue;
            }
            List<StepOrder> part = new ArrayList<>();
            String unresolved = null;
            for (int i = first; i < steps.size() && steps.get(i).uses() == null; i++) {
                try {
                    part.add(orders.order(steps.get(i), i, variables));
                } catch (IOException e) {
                    // It may read what a step of this very part writes; it is asked again when it is the first.
                    unresolved = String.valueOf(e.getMessage());
                    break;
                }
            }
            if (part.isEmpty()) {
                synchronized (this) {
                    record(Entry.step(id, first, State.FAILED)
                            .saying(means.redactor().redact(unresolved)));
                    say(job.job, step.name() + ": " + unresolved);
                }
                continue;
            }
            launch(job, part, !well, stopped);
            return;
        }
    }

    /** The variables of the place and of the run. */
    private Map<String, String> variables(Active job) throws IOException, InterruptedException {
        Map<String, String> all = new HashMap<>(job.place.variables());
        all.put("PIPELINE_NAME", plan.name());
        all.put("MINI_BUILD_WORKFLOW", plan.name());
        job.job
                .matrix()
                .forEach((axis, value) -> all.put(
                        "MINI_BUILD_MATRIX_" + axis.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9_]", "_"), value));
        if (job.job.role() == PlannedJob.Role.POST) {
            synchronized (this) {
                all.put("MINI_BUILD_STATUS", soFar().word());
            }
        }
        return all;
    }

    /** How the run would end if nothing more happened. */
    private State soFar() {
        if (state.getStop() != null && state.getStop().level().isEmpty()) {
            return State.CANCELLED;
        }
        boolean failed = state.getStop() != null;
        boolean cancelled = false;
        for (PlannedJob job : plan.jobs()) {
            State each = state.job(job.id()).getState();
            failed |= each == State.FAILED && !job.continueOnError();
            cancelled |= each == State.CANCELLED;
        }
        return failed ? State.FAILED : cancelled ? State.CANCELLED : State.SUCCEEDED;
    }

    private synchronized void skip(Active job, int step, boolean well, PlannedStep planned) {
        record(Entry.step(job.job.id(), step, State.SKIPPED)
                .saying(
                        planned.when() == null || !well && !planned.when().asksForStatus()
                                ? Messages.WorkflowRun_skippedStep()
                                : Messages.WorkflowRun_skippedCondition(
                                        planned.when().source())));
    }

    private void launch(Active job, List<StepOrder> part, boolean failed, boolean stopped)
            throws IOException, InterruptedException {
        String id = job.job.id();
        int first = part.get(0).index();
        String process;
        synchronized (this) {
            JobState now = state.job(id);
            process = now.getPart() != null ? now.getPart().id() : partId(job.job, now.getAttempt(), first);
            if (now.getPart() == null) {
                record(Entry.of(Entry.Kind.LAUNCH, id).data(Map.of("id", process, "first", String.valueOf(first))));
            }
            parts.put(process, job);
        }
        JobHost host = job.place.host(this);
        synchronized (this) {
            job.host = host;
        }
        host.start(new JobOrder(process, part, failed, backstop(job)));
        if (stopped) {
            // Only what runs after a cancel runs still.
            host.cancel(process);
        }
        host.follow(process, known(job));
    }

    /** The process ends itself a while after the controller would have ended it. */
    private synchronized long backstop(Active job) {
        long most = job.job.timeoutMillis() > 0 ? job.job.timeoutMillis() : plan.timeoutMillis();
        return most == 0 ? 0 : most + 2 * GRACE_MILLIS;
    }

    private String partId(PlannedJob job, int attempt, int first) {
        return means.id() + "-" + index.number(job.id()) + "-" + attempt + "-" + first;
    }

    private synchronized JobHost.Known known(Active job) throws IOException {
        JobState.Part part = state.job(job.job.id()).getPart();
        if (part == null) {
            return JobHost.Known.NOTHING;
        }
        Map<Integer, Long> bytes = new HashMap<>();
        for (int i = part.first(); i < job.job.steps().size(); i++) {
            long known = logs.known(index.number(job.job.id()), i, part.id());
            if (known > 0) {
                bytes.put(i, known);
            }
        }
        return new JobHost.Known(part.events(), bytes);
    }

    // ---- steps that the controller runs

    private void useStep(Active job, StepOrders orders, PlannedStep step, int number, Map<String, String> variables)
            throws InterruptedException {
        String id = job.job.id();
        boolean ran;
        synchronized (this) {
            ran = state.job(id).getSteps().get(number).state() == State.RUNNING;
        }
        if (ran) {
            // Whether it had done its work nobody knows; it is never done twice.
            closeUse(job, number, State.FAILED, Messages.WorkflowRun_restarted(), Map.of());
            return;
        }
        for (int attempt = 1; ; attempt++) {
            synchronized (this) {
                record(Entry.step(id, number, State.RUNNING).attempt(attempt));
                armStep(job, step, number);
            }
            try (OutputStream log = useLog(id, number, attempt)) {
                Map<String, String> outputs =
                        job.place.use(step, orders.with(step), orders.environment(step, variables), log);
                closeUse(job, number, State.SUCCEEDED, "", outputs);
                return;
            } catch (InterruptedException e) {
                String late;
                boolean stopped;
                synchronized (this) {
                    late = job.lateStep == number ? job.lateText : "";
                    stopped = state.job(id).getStop() != null;
                }
                if (late.isEmpty() && !stopped) {
                    throw e;
                }
                closeUse(job, number, late.isEmpty() ? State.CANCELLED : State.FAILED, late, Map.of());
                return;
            } catch (IOException e) {
                String text = means.redactor().redact(String.valueOf(e.getMessage()));
                boolean again;
                synchronized (this) {
                    again = step.retry().after(attempt, 1) && state.job(id).getStop() == null;
                    if (again) {
                        record(Entry.step(id, number, null)
                                .attempt(attempt)
                                .saying(Messages.WorkflowRun_again(
                                        attempt + 1, step.retry().count() + 1, text)));
                        job.stepTimer.run();
                    }
                }
                if (!again) {
                    closeUse(job, number, State.FAILED, text, Map.of());
                    return;
                }
                Thread.sleep(backoff(step.retry().backoffMillis(), attempt));
            }
        }
    }

    private static long backoff(long first, int attempt) {
        return Math.min(LONGEST_BACKOFF_MILLIS, first << Math.min(20, attempt - 1));
    }

    private synchronized void closeUse(Active job, int step, State ended, String text, Map<String, String> outputs) {
        job.stepTimer.run();
        record(Entry.step(job.job.id(), step, ended).saying(text).data(outputs));
        endLog(job, step);
        told(job, step, ended, text);
    }

    private OutputStream useLog(String job, int step, int attempt) throws IOException {
        int began;
        synchronized (this) {
            began = state.job(job).getAttempt();
        }
        return logs.stream(index.number(job), step, means.id() + "-" + began + "-" + step + "-" + attempt);
    }

    // ---- news of the processes

    @CheckForNull
    private Active of(String part) {
        Active job = parts.get(part);
        return job != null && active.get(job.job.id()) == job ? job : null;
    }

    /** An event's time: the agent's clock, as far as it agrees with what is known. */
    private long time(Active job, Event event) {
        JobState now = state.job(job.job.id());
        long earliest = now.getStarted();
        for (StepState step : now.getSteps()) {
            earliest = Math.max(earliest, Math.max(step.started(), step.ended()));
        }
        return Math.max(earliest, Math.min(event.at(), means.clock().millis()));
    }

    private boolean isNew(Active job, Event event) {
        JobState.Part part = state.job(job.job.id()).getPart();
        return part != null && event.number() > part.events();
    }

    @Override
    public synchronized void stepStarted(String part, Event event, int step, int attempt) {
        Active job = of(part);
        if (job != null && isNew(job, event)) {
            record(
                    Entry.step(job.job.id(), step, State.RUNNING)
                            .attempt(attempt)
                            .event(event.number()),
                    time(job, event));
            armStep(job, job.job.steps().get(step), step);
        }
    }

    @Override
    public synchronized void stepSkipped(String part, Event event, int step) {
        Active job = of(part);
        if (job != null && isNew(job, event)) {
            PlannedStep planned = job.job.steps().get(step);
            record(
                    Entry.step(job.job.id(), step, State.SKIPPED)
                            .event(event.number())
                            .saying(
                                    planned.when() == null
                                            ? Messages.WorkflowRun_skippedStep()
                                            : Messages.WorkflowRun_skippedCondition(
                                                    planned.when().source())),
                    time(job, event));
        }
    }

    @Override
    public synchronized void stepEnded(String part, Event event, int step, StepEnd end) {
        Active job = of(part);
        if (job == null || !isNew(job, event)) {
            return;
        }
        job.stepTimer.run();
        String id = job.job.id();
        boolean late = job.lateStep == step;
        JobState.Stop stop = state.job(id).getStop();
        Entry entry = Entry.step(id, step, null)
                .attempt(end.attempt())
                .exit(end.exitCode())
                .event(event.number());
        String text = end.exitCode() == 0
                ? end.problem()
                : late
                        ? job.lateText
                        : stop != null
                                ? stop.text()
                                : Messages.WorkflowRun_exit(end.exitCode())
                                        + (end.problem().isEmpty() ? "" : " " + end.problem());
        job.lateStep = -1;
        if (!end.last()) {
            String again = Messages.WorkflowRun_again(
                    end.attempt() + 1, job.job.steps().get(step).retry().count() + 1, text);
            record(entry.saying(again), time(job, event));
            say(job.job, job.job.steps().get(step).name() + ": " + again);
            return;
        }
        boolean problem = !end.problem().isEmpty() && end.exitCode() == 0;
        State ended = end.exitCode() == 0 && !problem
                ? State.SUCCEEDED
                : stop != null && !late && stop.level().isEmpty() ? State.CANCELLED : State.FAILED;
        record(entry.with(ended).saying(text).data(end.outputs()), time(job, event));
        endLog(job, step);
        told(job, step, ended, text);
    }

    private void told(Active job, int step, State ended, String text) {
        String name = job.job.steps().get(step).name();
        say(
                job.job,
                ended == State.SUCCEEDED
                        ? Messages.WorkflowRun_stepSucceeded(name)
                        : Messages.WorkflowRun_stepFailed(name, text));
    }

    private void endLog(Active job, int step) {
        ground.outputEnds(job.job, step);
        try {
            logs.end(index.number(job.job.id()), step);
        } catch (IOException e) {
            note(job, String.valueOf(e.getMessage()));
        }
    }

    private void note(Active job, String text) {
        record(Entry.of(Entry.Kind.NOTE, job.job.id()).saying(text));
    }

    @Override
    public void log(String part, int step, long offset, byte[] bytes) {
        Active job;
        synchronized (this) {
            job = of(part);
        }
        if (job == null) {
            return;
        }
        try {
            logs.append(index.number(job.job.id()), step, part, offset, bytes);
            ground.output(job.job, step, bytes);
        } catch (IOException e) {
            // Nothing is lost: it is asked for again, from what is stored.
            away(part, String.valueOf(e.getMessage()));
        }
    }

    @Override
    public synchronized void ended(String part, Event event) {
        Active job = of(part);
        if (job == null) {
            return;
        }
        parts.remove(part);
        JobHost host = job.host;
        job.host = null;
        partIsOver(job);
        use(job, () -> proceed(job));
        if (host != null) {
            // Its files are small; those who wait for the job do not wait for this.
            means.pool().execute(() -> forget(host, part));
        }
    }

    private static void forget(JobHost host, String part) {
        try {
            host.forget(part);
        } catch (IOException e) {
            LOGGER.log(Level.FINE, "The files of a job stay on its agent", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The next part is a process of its own. */
    private void partIsOver(Active job) {
        record(Entry.of(Entry.Kind.LAUNCH, job.job.id()));
    }

    @Override
    public synchronized void lost(String part, String reason) {
        Active job = of(part);
        if (job == null) {
            return;
        }
        parts.remove(part);
        job.host = null;
        job.stepTimer.run();
        String id = job.job.id();
        JobState now = state.job(id);
        JobState.Stop stop = now.getStop();
        String text = stop != null ? stop.text() : Messages.WorkflowRun_lost(reason);
        int open = firstOpen(now);
        if (open == now.getSteps().size()) {
            // Nothing was left to do.
            partIsOver(job);
            use(job, () -> finish(job));
            return;
        }
        boolean cancelled = stop != null && stop.level().isEmpty();
        record(Entry.step(id, open, cancelled ? State.CANCELLED : State.FAILED).saying(text));
        endLog(job, open);
        partIsOver(job);
        job.lost = true;
        job.problem = text;
        use(job, () -> finish(job));
    }

    // ---- an agent that is away

    @Override
    public synchronized void away(String part, String reason) {
        Active job = of(part);
        if (job == null || job.host == null) {
            return;
        }
        job.host = null;
        note(job, Messages.WorkflowRun_away(reason));
        say(job.job, Messages.WorkflowRun_away(reason));
        look(job, FIRST_LOOK_MILLIS);
    }

    /** Asks again for an agent after a while. */
    private void look(Active job, long millis) {
        job.lookTimer.run();
        job.lookTimer = means.timers().after(millis, () -> {
            synchronized (this) {
                if (active.get(job.job.id()) != job || job.host != null) {
                    return;
                }
            }
            means.pool().execute(() -> lookNow(job, millis));
        });
    }

    private void lookNow(Active job, long waited) {
        try {
            follow(job);
        } catch (IOException e) {
            synchronized (this) {
                if (active.get(job.job.id()) != job) {
                    return;
                }
                long now = means.clock().millis();
                job.unknownSince = job.place.exists() ? 0 : job.unknownSince == 0 ? now : job.unknownSince;
                JobState.Part part = state.job(job.job.id()).getPart();
                if (job.unknownSince > 0 && now - job.unknownSince > UNKNOWN_MILLIS && part != null) {
                    lost(part.id(), String.valueOf(e.getMessage()));
                } else {
                    look(job, Math.min(LATEST_LOOK_MILLIS, waited * 2));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOGGER.log(Level.WARNING, "A job of a workflow broke: " + job.job.id(), e);
            failed(job, Messages.WorkflowRun_broken(e.toString()));
        }
    }

    /** Follows the process of a job whose agent is back. */
    private void follow(Active job) throws IOException, InterruptedException {
        String part;
        synchronized (this) {
            JobState.Part now = state.job(job.job.id()).getPart();
            if (active.get(job.job.id()) != job || now == null) {
                return;
            }
            part = now.id();
        }
        JobHost host = job.place.host(this);
        JobState.Stop stop;
        synchronized (this) {
            job.host = host;
            parts.put(part, job);
            stop = state.job(job.job.id()).getStop();
        }
        if (stop != null) {
            host.cancel(part);
        }
        host.follow(part, known(job));
    }

    /** After a restart of the controller. */
    private void reattach(Active job) {
        String id = job.job.id();
        JobState now = state.job(id);
        JobState.Part part = now.getPart();
        parts.put(part.id(), job);
        int running = firstOpen(now);
        if (running < now.getSteps().size() && now.getSteps().get(running).state() == State.RUNNING) {
            armStep(job, job.job.steps().get(running), running);
        }
        if (now.getStop() != null) {
            armKill(job);
        }
        use(job, () -> {
            try {
                // The masks come before the lines that they are for. What was launched, or was about to be, is launched
                // under the same
                // number: it runs once.
                if (part.events() == 0 && now.getStop() == null) {
                    proceed(job);
                } else {
                    learnSecrets(job);
                    follow(job);
                }
            } catch (IOException e) {
                synchronized (this) {
                    look(job, FIRST_LOOK_MILLIS);
                }
            }
        });
    }

    private void learnSecrets(Active job) {
        StepOrders orders = orders(job);
        List<PlannedStep> steps = job.job.steps();
        for (int i = 0; i < steps.size(); i++) {
            if (steps.get(i).uses() == null) {
                try {
                    orders.order(steps.get(i), i, Map.of());
                } catch (IOException e) {
                    LOGGER.log(Level.FINE, "A step whose values are not known yet", e);
                }
            }
        }
    }

    // ---- the end of a job

    /** All steps are over: keeps what the job leaves and closes it. On a thread that may wait. */
    private void finish(Active job) throws InterruptedException {
        boolean well;
        synchronized (this) {
            if (active.get(job.job.id()) != job || job.finishing) {
                return;
            }
            job.finishing = true;
            well = well(job.job, state.job(job.job.id())) && !job.lost;
        }
        String problem = job.problem;
        if (!job.lost && job.place != null) {
            try {
                job.place.finish(job.job, well, orders(job).texts());
            } catch (IOException e) {
                problem = Messages.WorkflowRun_notFinished(e.getMessage());
            }
        }
        synchronized (this) {
            if (active.get(job.job.id()) == job) {
                end(job, means.redactor().redact(problem));
            }
        }
    }

    /**
     * Closes a job; the lock is held.
     *
     * @param problem why it failed although its steps did not; empty for nothing
     */
    private void end(Active job, String problem) {
        String id = job.job.id();
        JobState now = state.job(id);
        boolean well = well(job.job, now);
        for (int i = 0; i < now.getSteps().size(); i++) {
            State each = now.getSteps().get(i).state();
            if (each == State.RUNNING) {
                record(Entry.step(id, i, now.getStop() == null ? State.FAILED : State.CANCELLED)
                        .saying(problem));
            } else if (each == State.PENDING) {
                record(Entry.step(id, i, State.SKIPPED).saying(Messages.WorkflowRun_skippedStep()));
            }
        }
        String text = problem;
        if (text.isEmpty() && well) {
            text = broken(job.job, now);
        }
        State ended = well && text.isEmpty() ? State.SUCCEEDED : State.FAILED;
        if (now.getStop() != null) {
            text = now.getStop().text();
            String level = now.getStop().level();
            ended = level.isEmpty() || level.equals(Scheduler.FAIL_FAST) ? State.CANCELLED : State.FAILED;
        } else if (ended == State.FAILED && text.isEmpty()) {
            text = failure(job.job, now);
        }
        if (ended == State.FAILED
                && now.getStop() == null
                && now.getAttempt() <= job.job.retry().count()
                && state.getStop() == null
                && isRetried(job.job, now)) {
            again(job, text);
            return;
        }
        active.remove(id);
        parts.values().removeIf(each -> each == job);
        job.quiet();
        record(Entry.of(Entry.Kind.JOB, id)
                .with(ended)
                .saying(text)
                .by(now.getStop() == null ? "" : now.getStop().by()));
        say(
                job.job,
                switch (ended) {
                    case SUCCEEDED -> Messages.WorkflowRun_succeeded();
                    case CANCELLED -> Messages.WorkflowRun_wasCancelled(text);
                    default -> Messages.WorkflowRun_failed(text);
                });
        JobPlace place = job.place;
        if (place != null) {
            means.pool().execute(place::release);
        } else {
            ground.withdraw(id);
        }
        if (ended == State.FAILED && plan.failFast() && !job.job.continueOnError() && state.getStop() == null) {
            stop(Messages.WorkflowRun_failFast(id), "", Scheduler.FAIL_FAST);
        }
        advance();
    }

    /** What was promised and not written, for people; empty for nothing. */
    private static String broken(PlannedJob job, JobState now) {
        for (String promised : job.outputs()) {
            if (!now.getOutputs().containsKey(promised)) {
                return Messages.WorkflowRun_promised(promised);
            }
        }
        for (int i = 0; i < job.steps().size(); i++) {
            StepState step = now.getSteps().get(i);
            for (String promised : job.steps().get(i).outputs()) {
                if (step.state() == State.SUCCEEDED && !step.outputs().containsKey(promised)) {
                    return Messages.WorkflowRun_stepPromised(job.steps().get(i).name(), promised);
                }
            }
        }
        return "";
    }

    private static boolean isRetried(PlannedJob job, JobState now) {
        if (job.retry().exitCodes().isEmpty()) {
            return true;
        }
        return now.getSteps().stream()
                .anyMatch(step -> step.state() == State.FAILED
                        && step.exitCode() != null
                        && job.retry().exitCodes().contains(step.exitCode()));
    }

    private static String failure(PlannedJob job, JobState now) {
        for (int i = 0; i < now.getSteps().size(); i++) {
            StepState step = now.getSteps().get(i);
            if (step.state() == State.FAILED && !job.steps().get(i).continueOnError()) {
                return Messages.WorkflowRun_stepFailed(job.steps().get(i).name(), step.text());
            }
        }
        return "";
    }

    /** Begins a further attempt of a job, after its back-off; perhaps in another place. */
    private void again(Active job, String text) {
        String id = job.job.id();
        int next = state.job(id).getAttempt() + 1;
        String words = Messages.WorkflowRun_again(next, job.job.retry().count() + 1, text);
        say(job.job, words);
        parts.values().removeIf(each -> each == job);
        job.quiet();
        JobPlace place = job.place;
        if (place != null) {
            means.pool().execute(place::release);
        }
        record(Entry.of(Entry.Kind.JOB, id).with(State.RUNNING).attempt(next).saying(words));
        Active anew = new Active(job.job);
        active.put(id, anew);
        armJob(anew);
        anew.lookTimer = means.timers().after(backoff(job.job.retry().backoffMillis(), next - 1), () -> {
            synchronized (this) {
                if (active.get(id) == anew) {
                    ask(anew);
                }
            }
        });
    }

    // ---- limits of time, and cancels

    private void armJob(Active job) {
        long most = job.job.timeoutMillis();
        if (most > 0) {
            job.timer = means.timers()
                    .after(
                            left(state.job(job.job.id()).getStarted(), most),
                            () -> stopJob(
                                    job.job.id(),
                                    Messages.WorkflowRun_timeoutJob(job.job.id(), duration(most)),
                                    "",
                                    "job"));
        }
    }

    private void armStage(PlannedJob job) {
        int stage = job.stage();
        if (stage < 0
                || stageTimers.containsKey(stage)
                || plan.stages().get(stage).timeoutMillis() == 0) {
            return;
        }
        long most = plan.stages().get(stage).timeoutMillis();
        long since = plan.jobs().stream()
                .filter(each -> each.stage() == stage)
                .mapToLong(each -> state.job(each.id()).getStarted())
                .filter(each -> each > 0)
                .min()
                .orElse(means.clock().millis());
        String text = Messages.WorkflowRun_timeoutStage(plan.stages().get(stage).name(), duration(most));
        stageTimers.put(stage, means.timers().after(left(since, most), () -> plan.jobs().stream()
                .filter(each -> each.stage() == stage)
                .forEach(each -> stopJob(each.id(), text, "", "stage"))));
    }

    private void armStep(Active job, PlannedStep step, int number) {
        job.stepTimer.run();
        long most = step.timeoutMillis();
        if (most > 0) {
            long since = Math.max(
                    state.job(job.job.id()).getSteps().get(number).started(),
                    step.retry().count() > 0 ? means.clock().millis() : 0);
            job.stepTimer = means.timers().after(left(since, most), () -> late(job, step, number, most));
        }
    }

    private void late(Active job, PlannedStep step, int number, long most) {
        JobHost host;
        JobState.Part part;
        synchronized (this) {
            JobState now = state.job(job.job.id());
            if (active.get(job.job.id()) != job || now.getSteps().get(number).state() != State.RUNNING) {
                return;
            }
            job.lateStep = number;
            job.lateText = Messages.WorkflowRun_timeoutStep(step.name(), duration(most));
            host = job.host;
            part = now.getPart();
            if (step.uses() != null && job.use != null) {
                job.use.interrupt();
                return;
            }
        }
        if (host != null && part != null) {
            away(part.id(), () -> host.endStep(part.id(), number));
        }
    }

    /** Asks an agent for something on a thread that may wait; what fails is tried again when the agent is back. */
    private void away(String part, Work work) {
        means.pool().execute(() -> {
            try {
                work.run();
            } catch (IOException e) {
                away(part, String.valueOf(e.getMessage()));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private void armKill(Active job) {
        job.timer.run();
        job.timer = means.timers().after(GRACE_MILLIS, () -> kill(job));
    }

    /** Ends at once what runs of a job. Where its agent is away nothing can be ended; the job does not wait for it. */
    private void kill(Active job) {
        String id = job.job.id();
        JobHost host;
        JobState.Part part;
        synchronized (this) {
            if (active.get(id) != job) {
                return;
            }
            host = job.host;
            part = state.job(id).getPart();
            if (job.use != null) {
                job.use.interrupt();
            }
            if (part != null && host == null) {
                parts.put(part.id(), job);
                lost(part.id(), "");
                return;
            }
        }
        if (host != null && part != null) {
            away(part.id(), () -> host.kill(part.id()));
        }
    }

    /** Ends a job, whether it has begun or not. */
    private synchronized void stopJob(String id, String text, String by, String level) {
        if (over || !index.has(id)) {
            return;
        }
        JobState now = state.job(id);
        if (!now.getState().isOpen() || now.getStop() != null) {
            return;
        }
        record(Entry.stop(id, new JobState.Stop(text, by, level)));
        Active job = active.get(id);
        if (job == null) {
            advance();
            return;
        }
        if (job.place == null && now.getPart() == null) {
            // It waits for its place, or for its next attempt.
            if (now.getState() == State.PENDING) {
                active.remove(id);
                job.quiet();
                ground.withdraw(id);
                advance();
            } else {
                end(job, text);
            }
            return;
        }
        armKill(job);
        JobState.Part part = now.getPart();
        if (part != null && job.host != null) {
            JobHost host = job.host;
            away(part.id(), () -> host.cancel(part.id()));
        } else if (part == null && job.use != null && !job.finishing) {
            // A step that the controller runs, or the preparation of the workspace.
            job.use.interrupt();
        }
    }

    /**
     * Ends the run: every job that is open but what runs after all.
     *
     * @param level whose time is over; empty for a cancel
     */
    private synchronized void stop(String text, String by, String level) {
        if (over || state.getStop() != null) {
            return;
        }
        record(Entry.stop("", new JobState.Stop(text, by, level)));
        for (PlannedJob job : plan.jobs()) {
            boolean begun = active.containsKey(job.id());
            if (job.role() != PlannedJob.Role.POST && begun) {
                stopJob(job.id(), text, by, level);
            }
        }
        advance();
    }

    @Override
    public void cancel(String by) {
        stop(Messages.WorkflowRun_cancelled(by), by, "");
    }

    @Override
    public void cancelJob(String job, String by) {
        stopJob(job, Messages.WorkflowRun_cancelled(by), by, "");
    }

    /** The build was aborted. A second call ends at once all that runs still. */
    public void abort(String text) {
        List<Active> running = new ArrayList<>();
        synchronized (this) {
            if (state.getStop() == null) {
                stop(text.isEmpty() ? Messages.WorkflowRun_aborted() : text, "", "");
                return;
            }
            running.addAll(active.values());
        }
        running.forEach(this::kill);
    }

    private void say(PlannedJob job, String words) {
        ground.say("[" + job.id() + "] " + words);
    }
}
