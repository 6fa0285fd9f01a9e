package io.jenkins.plugins.minibuild.workflow.run;

import io.jenkins.plugins.minibuild.workflow.expression.Reference;
import io.jenkins.plugins.minibuild.workflow.expression.Scope;
import io.jenkins.plugins.minibuild.workflow.plan.PlannedJob;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** What the conditions of a job, and the references in its texts, see of the run. */
final class JobScope implements Scope {
    private final PlanIndex plan;
    private final RunState state;
    private final PlannedJob job;
    private final Predicate<String> changed;

    /** @param changed whether a file that matches a pattern was changed */
    JobScope(PlanIndex plan, RunState state, PlannedJob job, Predicate<String> changed) {
        this.plan = plan;
        this.state = state;
        this.job = job;
        this.changed = changed;
    }

    @Override
    public String value(String name) {
        // First, since an output may be named "result".
        Optional<Reference> reference = Reference.named(name);
        if (reference.isPresent()) {
            return value(reference.get());
        }
        if (name.startsWith("jobs.") && name.endsWith(".result")) {
            return result(name.substring("jobs.".length(), name.length() - ".result".length()));
        }
        return plan.plan().facts().get(name);
    }

    /** The value of an output; of the last combination that wrote it where the job has a matrix. Null if nothing wrote it. */
    String output(String name, String key) {
        String value = null;
        for (PlannedJob each : plan.named(name)) {
            value = state.job(each.id()).getOutputs().getOrDefault(key, value);
        }
        return value;
    }

    /** The worst of the combinations of a job. */
    private String result(String name) {
        State worst = null;
        for (PlannedJob each : plan.named(name)) {
            State one = state.job(each.id()).getState();
            if (worst == null || rank(one) > rank(worst)) {
                worst = one;
            }
        }
        return worst == null ? null : worst.word();
    }

    private static int rank(State state) {
        return switch (state) {
            case SUCCEEDED -> 0;
            case SKIPPED -> 1;
            case PENDING, RUNNING -> 2;
            case CANCELLED -> 3;
            case FAILED -> 4;
        };
    }

    /** Whether a job counts as well ended for those who need it. */
    static boolean well(PlannedJob job, State state) {
        return state == State.SUCCEEDED || state == State.FAILED && job.continueOnError();
    }

    @Override
    public boolean success() {
        return job.needs().stream()
                .allMatch(need -> well(plan.job(need), state.job(need).getState()));
    }

    @Override
    public boolean failure() {
        Deque<String> open = new ArrayDeque<>(job.needs());
        Set<String> seen = new HashSet<>();
        while (!open.isEmpty()) {
            String need = open.pop();
            if (seen.add(need)) {
                PlannedJob each = plan.job(need);
                if (state.job(need).getState() == State.FAILED && !each.continueOnError()) {
                    return true;
                }
                open.addAll(each.needs());
            }
        }
        return false;
    }

    @Override
    public boolean changed(String pattern) {
        return changed.test(pattern);
    }

    /** The value of a reference that is no credential; null if nothing gives it one. */
    String value(Reference reference) {
        return switch (reference.kind()) {
            case OUTPUT -> output(reference.name(), reference.key());
            // A value that only some combinations have is empty in the others.
            case MATRIX -> job.matrix().isEmpty() ? null : job.matrix().getOrDefault(reference.name(), "");
            case VARIABLE -> plan.plan().variables().get(reference.name());
            case CREDENTIAL -> null;
        };
    }
}
