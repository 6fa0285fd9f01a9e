package io.jenkins.plugins.minibuild.workflow.run;

import io.jenkins.plugins.minibuild.workflow.plan.Plan;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A run in a line. Immutable.
 *
 * @param name of the workflow
 * @param state of the run
 * @param started milliseconds since 1970; 0 before it began
 * @param ended milliseconds since 1970; 0 before it ended
 * @param jobs how many are in each state; states without a job are missing
 */
public record RunSummary(String name, State state, long started, long ended, Map<State, Integer> jobs) {
    /** Runs whose sum is kept: a journal is read again only when it has grown. */
    private static final int KEPT = 500;

    private static final Map<String, Known> KNOWN = Collections.synchronizedMap(new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Known> eldest) {
            return size() > KEPT;
        }
    });

    private record Known(long bytes, long changed, RunSummary summary) {}

    /** Copies the map. */
    public RunSummary {
        Map<State, Integer> copy = new EnumMap<>(State.class);
        copy.putAll(jobs);
        jobs = Collections.unmodifiableMap(copy);
    }

    /** Sums up a run. */
    public static RunSummary of(Plan plan, RunState run) {
        Map<State, Integer> jobs = new EnumMap<>(State.class);
        run.getJobs().forEach(job -> jobs.merge(job.getState(), 1, Integer::sum));
        return new RunSummary(plan.name(), run.getState(), run.getStarted(), run.getEnded(), jobs);
    }

    /** Sums up the run of a folder. */
    public static RunSummary of(RunFolder folder) throws IOException {
        boolean begun = Files.exists(folder.journal());
        long bytes = begun ? Files.size(folder.journal()) : 0;
        long changed =
                Files.getLastModifiedTime(folder.path().resolve("plan.json")).toMillis();
        String key = folder.path().toString();
        Known known = KNOWN.get(key);
        if (known == null || known.bytes() != bytes || known.changed() != changed) {
            Plan plan = folder.plan();
            known = new Known(bytes, changed, of(plan, folder.state(plan)));
            KNOWN.put(key, known);
        }
        return known.summary();
    }
}
