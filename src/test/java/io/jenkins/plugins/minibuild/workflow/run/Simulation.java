package io.jenkins.plugins.minibuild.workflow.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.minibuild.process.Redactor;
import io.jenkins.plugins.minibuild.workflow.engine.JobHost;
import io.jenkins.plugins.minibuild.workflow.engine.JobNews;
import io.jenkins.plugins.minibuild.workflow.engine.JobOrder;
import io.jenkins.plugins.minibuild.workflow.engine.StepOrder;
import io.jenkins.plugins.minibuild.workflow.expression.Reference;
import io.jenkins.plugins.minibuild.workflow.plan.Plan;
import io.jenkins.plugins.minibuild.workflow.plan.PlannedJob;
import io.jenkins.plugins.minibuild.workflow.plan.PlannedStep;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * A run in a world without threads and without a clock of its own: what is to be done waits in a list and is done in a random order; an agent that pretends
 * to run processes outlives the controller, which can be killed between any two things.
 */
final class Simulation implements Ground {
    private final Random random;
    private final Plan plan;
    private final RunFolder folder;
    private final List<Runnable> tasks = new ArrayList<>();
    private final List<Timed> timed = new ArrayList<>();
    private final Map<String, Process> agent = new LinkedHashMap<>();
    final List<Entry> told = new ArrayList<>();
    private final Map<String, Integer> stepRuns = new HashMap<>();
    /** How often a step that the controller runs was begun. */
    private final Map<String, Integer> uses = new HashMap<>();

    private long now = 1_000_000;
    private int life;
    private boolean connected = true;
    WorkflowRun run;
    State ended;
    String endedText;
    int ends;

    /** Decides how a step's attempt ends: its exit code. */
    interface Outcomes {
        int exit(String job, int step, int attempt);
    }

    private final Outcomes outcomes;

    private record Timed(long at, int life, Runnable task) {}

    Simulation(Plan plan, Path folder, long seed, Outcomes outcomes) throws IOException {
        this.plan = plan;
        this.random = new Random(seed);
        this.outcomes = outcomes;
        this.folder = RunFolder.create(folder, "", plan);
        start();
    }

    RunFolder folder() {
        return folder;
    }

    private void later(Runnable task) {
        int mine = life;
        tasks.add(() -> {
            if (mine == life) {
                task.run();
            }
        });
    }

    private void start() throws IOException {
        Clock clock = new Clock() {
            @Override
            public java.time.ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(java.time.ZoneId zone) {
                return this;
            }

            @Override
            public Instant instant() {
                return Instant.ofEpochMilli(now);
            }
        };
        run = new WorkflowRun(
                plan,
                this,
                new WorkflowRun.Means(
                        "run",
                        folder,
                        new Redactor(),
                        this::later,
                        (millis, task) -> {
                            Timed one = new Timed(now + millis, life, task);
                            timed.add(one);
                            return () -> timed.remove(one);
                        },
                        clock,
                        1 << 20,
                        Map.of()));
        run.begin();
    }

    /** The controller is killed, and another one goes on. */
    void kill() throws IOException {
        life++;
        tasks.clear();
        timed.clear();
        agent.values().forEach(process -> process.news = null);
        start();
    }

    /** Does one thing; false if there is nothing to do. */
    boolean step() {
        now += random.nextInt(20);
        int steps = connected ? running().size() : 0;
        int choice = tasks.size() + steps;
        if (choice == 0) {
            Timed next = timed.stream().min(Comparator.comparingLong(Timed::at)).orElse(null);
            if (next == null) {
                return false;
            }
            now = Math.max(now, next.at());
            timed.remove(next);
            next.task().run();
            return true;
        }
        int chosen = random.nextInt(choice);
        if (chosen < tasks.size()) {
            tasks.remove(chosen).run();
        } else {
            running().get(chosen - tasks.size()).advance();
        }
        List<Timed> due = timed.stream().filter(each -> each.at() <= now).toList();
        for (Timed each : due) {
            if (timed.remove(each)) {
                each.task().run();
            }
        }
        return true;
    }

    private List<Process> running() {
        return agent.values().stream().filter(each -> !each.over).toList();
    }

    void runToTheEnd() {
        int most = 200_000;
        while (ended == null && most-- > 0) {
            if (!step()) {
                break;
            }
        }
        assertThat(ended).as("the run ends").isNotNull();
    }

    /** The agent can lose everything that it runs. */
    void loseProcesses() {
        for (Process process : running()) {
            process.lose();
        }
    }

    /** A process of a part of a job, which goes on whatever happens to the controller. */
    private final class Process {
        private final JobOrder order;
        private final List<java.util.function.Consumer<JobNews>> events = new ArrayList<>();
        private final Map<Integer, StringBuilder> logs = new HashMap<>();
        private final Map<Integer, Integer> told = new HashMap<>();
        private JobNews news;
        private int known;
        private int at;
        private int attempt;
        private boolean failed;
        private boolean cancelled;
        private boolean killStep;
        private boolean over;
        private boolean gone;

        Process(JobOrder order) {
            this.order = order;
            this.failed = order.failed();
        }

        private void event(java.util.function.BiConsumer<JobNews, JobNews.Event> event) {
            int number = events.size() + 1;
            JobNews.Event made = new JobNews.Event(number, now);
            events.add(to -> event.accept(to, made));
            later(this::tell);
        }

        void tell() {
            if (news == null) {
                return;
            }
            JobNews to = news;
            logs.forEach((step, text) -> {
                int from = told.getOrDefault(step, 0);
                if (text.length() > from) {
                    told.put(step, text.length());
                    to.log(order.id(), step, from, text.substring(from).getBytes(StandardCharsets.UTF_8));
                }
            });
            while (news == to && known < events.size()) {
                events.get(known++).accept(to);
            }
            if (gone && news == to) {
                news = null;
                to.lost(order.id(), "it was lost");
            }
        }

        void lose() {
            over = true;
            gone = true;
            later(this::tell);
        }

        void advance() {
            if (at == order.steps().size()) {
                over = true;
                event((to, event) -> to.ended(order.id(), event));
                return;
            }
            StepOrder step = order.steps().get(at);
            boolean runs = cancelled ? step.afterCancel() : failed ? step.afterFailure() : step.afterSuccess();
            if (attempt == 0 && !runs) {
                int index = step.index();
                event((to, event) -> to.stepSkipped(order.id(), event, index));
                at++;
                return;
            }
            if (!killStep && (attempt == 0 || random.nextBoolean() && attempt > 0 && !started)) {
                begin(step);
                return;
            }
            end(step);
        }

        private boolean started;

        private void begin(StepOrder step) {
            attempt = attempt == 0 ? 1 : attempt;
            started = true;
            int number = attempt;
            stepRuns.merge(order.id() + "/" + step.index() + "/" + number, 1, Integer::sum);
            logs.computeIfAbsent(step.index(), key -> new StringBuilder())
                    .append("attempt ")
                    .append(number)
                    .append('\n');
            event((to, event) -> to.stepStarted(order.id(), event, step.index(), number));
        }

        private void end(StepOrder step) {
            if (!started) {
                begin(step);
                return;
            }
            int exit = killStep ? 143 : outcomes.exit(order.id(), step.index(), attempt);
            boolean again = step.retry().after(attempt, exit) && !cancelled;
            killStep = false;
            started = false;
            int number = attempt;
            event((to, event) -> to.stepEnded(
                    order.id(),
                    event,
                    step.index(),
                    new JobNews.StepEnd(
                            number, exit, !again, exit == 0 ? Map.of("step" + step.index(), "x") : Map.of(), "")));
            if (again) {
                attempt++;
                return;
            }
            failed |= exit != 0 && !step.continueOnError();
            attempt = 0;
            at++;
        }
    }

    @Override
    public void place(PlannedJob job, String label, JobState state, Placing answer) {
        later(() -> answer.placed(new Workspace()));
    }

    private final class Workspace implements JobPlace {
        @Override
        public String agent() {
            return "agent";
        }

        @Override
        public String workspace() {
            return "/workspace";
        }

        @Override
        public JobHost host(JobNews news) throws IOException {
            if (!connected) {
                throw new IOException("offline");
            }
            return new Host(news);
        }

        @Override
        public Map<String, String> variables() {
            return Map.of();
        }

        @Override
        public void prepare(PlannedJob job, List<PlannedJob> bring, Texts texts) {}

        @Override
        public void finish(PlannedJob job, boolean well, Texts texts) {}

        @Override
        public Map<String, String> use(
                PlannedStep step, Map<String, Object> with, Map<String, String> environment, OutputStream log)
                throws IOException {
            String job = environment.get("MINI_BUILD_JOB");
            uses.merge(job + "/" + plannedIndex(job, step), 1, Integer::sum);
            log.write("used\n".getBytes(StandardCharsets.UTF_8));
            if (outcomes.exit(job, -1, 1) != 0) {
                throw new IOException("it failed");
            }
            return Map.of("used", "yes");
        }

        @Override
        public boolean exists() {
            return true;
        }

        @Override
        public void release() {}
    }

    private final class Host implements JobHost {
        private final JobNews news;
        private final int mine = life;

        Host(JobNews news) {
            this.news = news;
        }

        @Override
        public void start(JobOrder order) {
            agent.computeIfAbsent(order.id(), key -> new Process(order));
        }

        @Override
        public void follow(String job, Known from) {
            assertThat(mine).isEqualTo(life);
            Process process = agent.get(job);
            if (process == null) {
                later(() -> news.lost(job, "there is none"));
                return;
            }
            process.news = news;
            process.known = from.events();
            process.told.clear();
            from.logs().forEach((step, bytes) -> process.told.put(step, bytes.intValue()));
            later(process::tell);
        }

        @Override
        public void endStep(String job, int step) {
            Process process = agent.get(job);
            process.killStep = process.started;
        }

        @Override
        public void cancel(String job) {
            Process process = agent.get(job);
            if (process != null) {
                process.cancelled = true;
                process.killStep = process.started;
            }
        }

        @Override
        public void kill(String job) {
            Process process = agent.get(job);
            if (process != null && !process.over) {
                process.lose();
            }
        }

        @Override
        public void forget(String job) {}

        @Override
        public void close() {}
    }

    @Override
    public void withdraw(String job) {}

    @Override
    public String secret(Reference reference) {
        return "";
    }

    @Override
    public boolean changed(String pattern) {
        return true;
    }

    @Override
    public void output(PlannedJob job, int step, byte[] bytes) {}

    @Override
    public void outputEnds(PlannedJob job, int step) {}

    @Override
    public void say(String line) {}

    @Override
    public void entry(Entry entry) {
        told.add(entry);
    }

    @Override
    public void ended(State state, String text) {
        ends++;
        ended = state;
        endedText = text;
    }

    /** What holds of every run, whatever happened: checked against the journal on the disk, at each of its prefixes. */
    void check() throws IOException {
        List<Entry> entries = Journal.read(folder.journal(), 0);
        Map<String, PlannedJob> jobs = new HashMap<>();
        plan.jobs().forEach(job -> jobs.put(job.id(), job));
        RunState replayed = new RunState(plan);
        long seq = 0;
        for (Entry entry : entries) {
            assertThat(entry.seq()).isEqualTo(++seq);
            Map<String, State> before = states(replayed);
            if (entry.kind() == Entry.Kind.JOB && entry.state() == State.RUNNING && entry.attempt() == 1) {
                for (String need : jobs.get(entry.job()).needs()) {
                    assertThat(replayed.job(need).getState().isOpen())
                            .as("%s starts after %s", entry.job(), need)
                            .isFalse();
                }
            }
            replayed.apply(entry);
            states(replayed).forEach((job, after) -> {
                State was = before.get(job);
                assertThat(was == after || was.isOpen() && (after != State.PENDING))
                        .as("%s goes from %s to %s by %s", job, was, after, entry)
                        .isTrue();
            });
        }
        // The same states at every prefix: what the page that was told each entry has is what is read from the disk.
        RunState live = new RunState(plan);
        Set<Long> seen = new HashSet<>();
        for (Entry entry : told) {
            if (seen.add(entry.seq())) {
                live.apply(entry);
            }
        }
        assertThat(states(live)).isEqualTo(states(replayed));
        for (JobState job : replayed.getJobs()) {
            assertThat(job.getState().isOpen())
                    .as("%s is forgotten", job.getId())
                    .isFalse();
            for (StepState step : job.getSteps()) {
                assertThat(step.state() == State.RUNNING).isFalse();
            }
        }
        assertThat(replayed.getState().isOpen()).isFalse();
        assertThat(ends).isEqualTo(1);
        stepRuns.forEach(
                (step, count) -> assertThat(count).as("%s runs once", step).isEqualTo(1));
    }

    private int plannedIndex(String job, PlannedStep step) {
        return plan.jobs().stream()
                .filter(each -> each.id().equals(job))
                .findFirst()
                .orElseThrow()
                .steps()
                .indexOf(step);
    }

    private static Map<String, State> states(RunState state) {
        Map<String, State> states = new LinkedHashMap<>();
        state.getJobs().forEach(job -> states.put(job.getId(), job.getState()));
        return states;
    }
}
