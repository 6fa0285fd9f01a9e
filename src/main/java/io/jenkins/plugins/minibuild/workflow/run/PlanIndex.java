package io.jenkins.plugins.minibuild.workflow.run;

import io.jenkins.plugins.minibuild.workflow.plan.Plan;
import io.jenkins.plugins.minibuild.workflow.plan.PlannedJob;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The jobs of a plan by their ids, and by the job in the file that they were made of. Immutable. */
final class PlanIndex {
    private final Plan plan;
    private final Map<String, PlannedJob> byId = new HashMap<>();
    private final Map<String, Integer> numbers = new HashMap<>();
    private final Map<String, List<PlannedJob>> byJob = new HashMap<>();

    PlanIndex(Plan plan) {
        this.plan = plan;
        for (PlannedJob job : plan.jobs()) {
            numbers.put(job.id(), numbers.size());
            byId.put(job.id(), job);
            byJob.computeIfAbsent(job.job(), key -> new ArrayList<>()).add(job);
        }
    }

    Plan plan() {
        return plan;
    }

    /** @throws IllegalArgumentException if there is none */
    PlannedJob job(String id) {
        PlannedJob job = byId.get(id);
        if (job == null) {
            throw new IllegalArgumentException(id);
        }
        return job;
    }

    boolean has(String id) {
        return byId.containsKey(id);
    }

    /** Its place in the plan, from 0. */
    int number(String id) {
        return numbers.get(id);
    }

    /** The jobs that a name means: a combination of a matrix, or all of them. */
    List<PlannedJob> named(String name) {
        PlannedJob one = byId.get(name);
        return one != null ? List.of(one) : byJob.getOrDefault(name, List.of());
    }

    List<PlannedJob> combinations(PlannedJob job) {
        return byJob.get(job.job());
    }
}
