package io.jenkins.plugins.minibuild.workflow.run;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How a job stands: the sum of its entries in the journal. Guarded by its {@link RunState}. */
public final class JobState {
    private final String id;
    private State state = State.PENDING;
    private int attempt;
    private long ready;
    private long started;
    private long ended;
    private String agent;
    private String workspace = "";
    private String text = "";
    private final List<StepState> steps = new ArrayList<>();
    private final Map<String, String> outputs = new LinkedHashMap<>();
    private Part part;
    private Stop stop;

    JobState(String id, int steps) {
        this.id = id;
        for (int i = 0; i < steps; i++) {
            this.steps.add(StepState.PENDING);
        }
    }

    /**
     * The part of the job that a process runs: steps that follow one another.
     *
     * @param id of the process
     * @param first index of its first step
     * @param events how many events of it were told
     */
    public record Part(String id, int first, int events) {}

    /**
     * Why the job has to end.
     *
     * @param text for people
     * @param by who asked for it; empty for a limit
     * @param level whose time is over: {@code step}, {@code job}, {@code stage}, {@code workflow}; empty for a cancel
     */
    public record Stop(String text, String by, String level) {}

    void apply(Entry entry) {
        switch (entry.kind()) {
            case READY -> ready = entry.at();
            case PLACE -> {
                agent = entry.agent();
                workspace = entry.data().getOrDefault("workspace", "");
            }
            case LAUNCH ->
                part = entry.data().isEmpty()
                        ? null
                        : new Part(
                                entry.data().getOrDefault("id", ""),
                                Integer.parseInt(entry.data().getOrDefault("first", "0")),
                                0);
            case STOP -> stop = new Stop(entry.text(), entry.by(), entry.data().getOrDefault("level", ""));
            case STEP -> step(entry);
            case JOB -> job(entry);
            default -> {}
        }
    }

    private void step(Entry entry) {
        if (entry.event() > 0 && part != null) {
            part = new Part(part.id(), part.first(), entry.event());
        }
        if (entry.step() < 0 || entry.step() >= steps.size()) {
            return;
        }
        StepState before = steps.get(entry.step());
        if (!before.state().isOpen()) {
            return;
        }
        steps.set(entry.step(), before.after(entry));
        outputs.putAll(entry.data());
    }

    private void job(Entry entry) {
        if (entry.state() == null || !state.isOpen()) {
            return;
        }
        if (entry.attempt() > Math.max(1, attempt)) {
            // The steps of an attempt begin anew; what the last one wrote is not mixed with what this one will.
            steps.replaceAll(each -> StepState.PENDING);
            outputs.clear();
            part = null;
            stop = null;
        }
        attempt = Math.max(attempt, entry.attempt());
        state = entry.state();
        if (state == State.RUNNING && started == 0) {
            started = entry.at();
        }
        if (!state.isOpen()) {
            ended = entry.at();
            part = null;
            outputs.putAll(entry.data());
        }
        text = entry.text();
    }

    public String getId() {
        return id;
    }

    public State getState() {
        return state;
    }

    /** From 1; 0 before the first. */
    public int getAttempt() {
        return attempt;
    }

    /** Since when nothing but a place keeps it, milliseconds since 1970; 0 before that. */
    public long getReady() {
        return ready;
    }

    /** Milliseconds since 1970; 0 before it began. */
    public long getStarted() {
        return started;
    }

    /** Milliseconds since 1970; 0 before it ended. */
    public long getEnded() {
        return ended;
    }

    /** The node that runs it, empty for the controller's own; null before it has one. */
    @CheckForNull
    public String getAgent() {
        return agent;
    }

    /** Its workspace on the agent; empty before it has one. */
    public String getWorkspace() {
        return workspace;
    }

    /** An error or a reason, for people; empty for nothing. */
    public String getText() {
        return text;
    }

    public List<StepState> getSteps() {
        return List.copyOf(steps);
    }

    /** What its steps wrote; a later one wins. */
    public Map<String, String> getOutputs() {
        return Map.copyOf(outputs);
    }

    /** The part whose process runs or is about to; null for none. */
    @CheckForNull
    public Part getPart() {
        return part;
    }

    /** Why it has to end; null if it need not. */
    @CheckForNull
    public Stop getStop() {
        return stop;
    }
}
