package io.jenkins.plugins.minibuild.workflow.run;

import io.jenkins.plugins.minibuild.workflow.plan.Plan;
import io.jenkins.plugins.minibuild.workflow.plan.PlannedJob;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** Decides what comes next in a run, from its plan and its state alone. Immutable. */
final class Scheduler {
    /** The level of a {@link JobState.Stop} that came of {@code failFast}. */
    static final String FAIL_FAST = "failFast";

    private final Plan plan;
    private final PlanIndex index;
    private final Predicate<String> changed;

    Scheduler(PlanIndex index, Predicate<String> changed) {
        this.plan = index.plan();
        this.index = index;
        this.changed = changed;
    }

    /**
     * What comes next.
     *
     * @param ready jobs that nothing but a place keeps from now on
     * @param start those of the ready ones that begin now
     * @param closed jobs that never begin, with their states and reasons
     */
    record Next(List<PlannedJob> ready, List<PlannedJob> start, List<Entry> closed) {
        boolean isNothing() {
            return ready.isEmpty() && start.isEmpty() && closed.isEmpty();
        }
    }

    /**
     * What comes next.
     *
     * @param active ids of the jobs that have begun, or wait for their place
     */
    Next next(RunState state, Set<String> active) {
        List<PlannedJob> ready = new ArrayList<>();
        List<Entry> closed = new ArrayList<>();
        List<PlannedJob> waiting = new ArrayList<>();
        for (PlannedJob job : plan.jobs()) {
            JobState now = state.job(job.id());
            if (now.getState() != State.PENDING || active.contains(job.id())) {
                continue;
            }
            if (now.getReady() == 0) {
                if (!needsClosed(job, state)) {
                    if (now.getStop() != null) {
                        closed.add(cancelled(job, now.getStop()));
                    }
                    continue;
                }
                Entry never = never(job, state);
                if (never != null) {
                    closed.add(never);
                    continue;
                }
                ready.add(job);
            } else {
                Entry never = stopped(job, state);
                if (never != null) {
                    closed.add(never);
                    continue;
                }
            }
            waiting.add(job);
        }
        waiting.sort(Comparator.comparingInt(PlannedJob::toEnd));
        List<PlannedJob> start = new ArrayList<>();
        for (PlannedJob job : waiting) {
            if (active.size() + start.size() >= plan.maxParallel() && job.role() == PlannedJob.Role.JOB) {
                break;
            }
            if (job.matrixParallel() == 0
                    || index.combinations(job).stream()
                                    .filter(each -> active.contains(each.id()) || start.contains(each))
                                    .count()
                            < job.matrixParallel()) {
                start.add(job);
            }
        }
        return new Next(ready, start, closed);
    }

    private boolean needsClosed(PlannedJob job, RunState state) {
        if (job.role() == PlannedJob.Role.POST) {
            return plan.jobs().stream()
                    .filter(each -> each.role() != PlannedJob.Role.POST)
                    .noneMatch(each -> state.job(each.id()).getState().isOpen());
        }
        return job.needs().stream().noneMatch(need -> state.job(need).getState().isOpen());
    }

    private static Entry cancelled(PlannedJob job, JobState.Stop stop) {
        return Entry.of(Entry.Kind.JOB, job.id())
                .with(State.CANCELLED)
                .saying(stop.text())
                .by(stop.by());
    }

    /** The end of a job that was asked to end before it began; null if it was not. */
    private Entry stopped(PlannedJob job, RunState state) {
        if (job.role() == PlannedJob.Role.POST) {
            return null;
        }
        JobState.Stop own = state.job(job.id()).getStop();
        if (own != null) {
            return cancelled(job, own);
        }
        JobState.Stop all = state.getStop();
        return all != null && !all.level().equals(FAIL_FAST) ? cancelled(job, all) : null;
    }

    /** The end of a job that does not run; null if it does. Its needs have ended. */
    private Entry never(PlannedJob job, RunState state) {
        if (job.role() == PlannedJob.Role.POST) {
            return null;
        }
        Entry stopped = stopped(job, state);
        if (stopped != null) {
            return stopped;
        }
        JobScope scope = new JobScope(index, state, job, changed);
        boolean well = scope.success();
        boolean holds = job.when() == null ? well : job.when().holds(scope);
        boolean asked = holds && !well;
        if (state.getStop() != null && !asked) {
            return cancelled(job, state.getStop());
        }
        if (holds) {
            return null;
        }
        return Entry.of(Entry.Kind.JOB, job.id()).with(State.SKIPPED).saying(reason(job, state, well));
    }

    private String reason(PlannedJob job, RunState state, boolean well) {
        if (well) {
            return Messages.Scheduler_condition(job.when().source());
        }
        for (String need : job.needs()) {
            State ended = state.job(need).getState();
            if (ended == State.FAILED || ended == State.CANCELLED || ended == State.SKIPPED) {
                if (!JobScope.well(index.job(need), ended)) {
                    return switch (ended) {
                        case FAILED -> Messages.Scheduler_needFailed(need);
                        case CANCELLED -> Messages.Scheduler_needCancelled(need);
                        default -> Messages.Scheduler_needSkipped(need);
                    };
                }
            }
        }
        return Messages.Scheduler_condition(
                job.when() == null ? "success()" : job.when().source());
    }

    /** How the run has ended; null while a job is open. */
    Entry end(RunState state) {
        List<String> failed = new ArrayList<>();
        List<String> cancelled = new ArrayList<>();
        for (PlannedJob job : plan.jobs()) {
            State ended = state.job(job.id()).getState();
            if (ended.isOpen()) {
                return null;
            }
            if (ended == State.FAILED && !job.continueOnError()) {
                failed.add(job.id());
            } else if (ended == State.CANCELLED) {
                cancelled.add(job.id());
            }
        }
        JobState.Stop stop = state.getStop();
        if (stop != null && !stop.level().equals(FAIL_FAST)) {
            return Entry.run(stop.level().isEmpty() ? State.CANCELLED : State.FAILED, stop.text())
                    .by(stop.by());
        }
        if (!failed.isEmpty()) {
            return Entry.run(State.FAILED, Messages.Scheduler_failed(String.join(", ", failed)));
        }
        if (!cancelled.isEmpty()) {
            return Entry.run(State.CANCELLED, Messages.Scheduler_cancelled(String.join(", ", cancelled)));
        }
        return Entry.run(State.SUCCEEDED, "");
    }
}
