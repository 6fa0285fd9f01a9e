package io.jenkins.plugins.minibuild.workflow;

import io.jenkins.plugins.minibuild.process.Redactor;
import io.jenkins.plugins.minibuild.workflow.expression.Template;
import io.jenkins.plugins.minibuild.workflow.model.Retry;
import io.jenkins.plugins.minibuild.workflow.model.Sources;
import io.jenkins.plugins.minibuild.workflow.plan.Place;
import io.jenkins.plugins.minibuild.workflow.plan.Plan;
import io.jenkins.plugins.minibuild.workflow.plan.PlannedJob;
import io.jenkins.plugins.minibuild.workflow.plan.PlannedStage;
import io.jenkins.plugins.minibuild.workflow.plan.PlannedStep;
import io.jenkins.plugins.minibuild.workflow.run.Entry;
import io.jenkins.plugins.minibuild.workflow.run.Journal;
import io.jenkins.plugins.minibuild.workflow.run.LogStore;
import io.jenkins.plugins.minibuild.workflow.run.RunFolder;
import io.jenkins.plugins.minibuild.workflow.run.State;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The folder of a run that no engine made, written by the real journal and the real log store. Times are given, in milliseconds since 1970. */
public final class SyntheticRun implements Closeable {
    private final Journal journal;
    private final LogStore logs;
    private final RunFolder folder;
    private final Plan plan;
    private long now;

    private SyntheticRun(RunFolder folder, Plan plan, long now) throws IOException {
        this.folder = folder;
        this.plan = plan;
        this.now = now;
        this.journal = Journal.open(folder.journal());
        this.logs = new LogStore(folder, new Redactor(), 4L << 30, () -> this.now);
    }

    /** Makes the next folder of a build's {@code mini-build}. */
    public static SyntheticRun create(Path build, Plan plan, long now) throws IOException {
        return new SyntheticRun(RunFolder.create(build, "name: synthetic\n", plan), plan, now);
    }

    public static Plan plan(String name, List<String> stages, List<PlannedJob> jobs) {
        return new Plan(
                name,
                ".mini-build.yaml",
                "0".repeat(64),
                Map.of(),
                Map.of(),
                0,
                8,
                false,
                stages.stream().map(each -> new PlannedStage(each, 0)).toList(),
                jobs);
    }

    public static PlannedJob job(String id, int stage, List<String> needs, String... steps) {
        PlannedJob.Role role = id.equals("post") ? PlannedJob.Role.POST : PlannedJob.Role.JOB;
        return new PlannedJob(
                id,
                id,
                id,
                role,
                Map.of(),
                stage,
                needs,
                null,
                null,
                Sources.NONE,
                0,
                Retry.NONE,
                false,
                0,
                1,
                List.of(),
                List.of(),
                List.of(),
                java.util.stream.Stream.of(steps).map(SyntheticRun::step).toList());
    }

    private static PlannedStep step(String name) {
        return new PlannedStep(
                name,
                PlannedStep.Phase.MAIN,
                Template.of("echo"),
                null,
                Map.of(),
                null,
                null,
                null,
                Place.HOST,
                List.of("sh", "-c"),
                Template.of(""),
                Map.of(),
                0,
                null,
                Retry.NONE,
                false,
                List.of());
    }

    public int number() {
        return folder.number();
    }

    public RunFolder folder() {
        return folder;
    }

    public SyntheticRun at(long millis) {
        now = millis;
        return this;
    }

    public SyntheticRun after(long millis) {
        now += millis;
        return this;
    }

    public SyntheticRun entry(Entry entry) throws IOException {
        journal.add(entry, now);
        return this;
    }

    public SyntheticRun run(State state, String text) throws IOException {
        return entry(Entry.run(state, text));
    }

    public SyntheticRun ready(String job) throws IOException {
        return entry(Entry.of(Entry.Kind.READY, job));
    }

    /** Placed and started. */
    public SyntheticRun start(String job, String agent) throws IOException {
        entry(Entry.of(Entry.Kind.PLACE, job).on(agent).data(Map.of("workspace", "/home/agent/workspace")));
        return entry(
                Entry.of(Entry.Kind.JOB, job).with(State.RUNNING).attempt(1).on(agent));
    }

    public SyntheticRun end(String job, State state, String text) throws IOException {
        return entry(Entry.of(Entry.Kind.JOB, job).with(state).saying(text));
    }

    public SyntheticRun step(String job, int step, State state) throws IOException {
        return entry(Entry.step(job, step, state).attempt(1));
    }

    public SyntheticRun step(String job, int step, State state, int exit, Map<String, String> outputs)
            throws IOException {
        return entry(Entry.step(job, step, state).attempt(1).exit(exit).data(outputs));
    }

    private int index(String job) {
        for (int i = 0; i < plan.jobs().size(); i++) {
            if (plan.jobs().get(i).id().equals(job)) {
                return i;
            }
        }
        throw new IllegalArgumentException(job);
    }

    public SyntheticRun log(String job, int step, String text) throws IOException {
        int at = index(job);
        logs.append(at, step, "p", logs.known(at, step, "p"), text.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    @Override
    public void close() throws IOException {
        logs.close();
        journal.close();
    }
}
