package io.jenkins.plugins.minibuild.workflow.run;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.minibuild.workflow.plan.Plan;
import io.jenkins.plugins.minibuild.workflow.plan.PlannedJob;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** How a run stands: the sum of the entries of its journal, in their order. Not safe for several threads. */
public final class RunState {
    private State state = State.PENDING;
    private long started;
    private long ended;
    private String text = "";
    private long seq;
    private JobState.Stop stop;
    private final Map<String, JobState> jobs = new LinkedHashMap<>();

    /** A run that has not begun. */
    public RunState(Plan plan) {
        for (PlannedJob job : plan.jobs()) {
            jobs.put(job.id(), new JobState(job.id(), job.steps().size()));
        }
    }

    /** Moves it by an entry; one that would move a state back changes nothing. */
    public void apply(Entry entry) {
        seq = Math.max(seq, entry.seq());
        if (!entry.job().isEmpty()) {
            JobState job = jobs.get(entry.job());
            if (job != null) {
                job.apply(entry);
            }
            return;
        }
        if (entry.kind() == Entry.Kind.STOP) {
            stop = new JobState.Stop(entry.text(), entry.by(), entry.data().getOrDefault("level", ""));
        }
        if (entry.kind() == Entry.Kind.RUN && entry.state() != null && state.isOpen()) {
            state = entry.state();
            text = entry.text();
            if (state == State.RUNNING && started == 0) {
                started = entry.at();
            }
            if (!state.isOpen()) {
                ended = entry.at();
            }
        }
    }

    public State getState() {
        return state;
    }

    /** Milliseconds since 1970; 0 before it began. */
    public long getStarted() {
        return started;
    }

    /** Milliseconds since 1970; 0 before it ended. */
    public long getEnded() {
        return ended;
    }

    /** An error or a reason, for people; empty for nothing. */
    public String getText() {
        return text;
    }

    /** The number of the last entry; 0 for none. */
    public long getSeq() {
        return seq;
    }

    /** Why it has to end; null if it need not. */
    @CheckForNull
    public JobState.Stop getStop() {
        return stop;
    }

    /** The jobs in the order of the plan. */
    public Collection<JobState> getJobs() {
        return Collections.unmodifiableCollection(jobs.values());
    }

    /**
     * The job of an id of the plan.
     *
     * @throws IllegalArgumentException if there is none
     */
    public JobState job(String id) {
        JobState job = jobs.get(id);
        if (job == null) {
            throw new IllegalArgumentException(id);
        }
        return job;
    }
}
