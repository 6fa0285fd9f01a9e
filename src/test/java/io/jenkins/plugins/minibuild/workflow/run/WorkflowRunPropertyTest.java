package io.jenkins.plugins.minibuild.workflow.run;

import io.jenkins.plugins.minibuild.workflow.model.Retry;
import io.jenkins.plugins.minibuild.workflow.plan.Plan;
import io.jenkins.plugins.minibuild.workflow.plan.PlannedJob;
import io.jenkins.plugins.minibuild.workflow.plan.PlannedStep;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Random graphs with random outcomes, retries, cancels, lost processes and killed controllers. */
class WorkflowRunPropertyTest {
    private static final String[] CONDITIONS = {
        null, null, null, null, "always()", "failure()", "success() || failure()", "branch == 'main'"
    };

    private static Plan plan(Random random, int count) {
        List<PlannedJob> jobs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            List<String> needs = new ArrayList<>();
            for (int n = random.nextInt(4); n > 0 && i > 0; n--) {
                String need = "job" + Math.max(0, i - 1 - random.nextInt(10));
                if (!needs.contains(need)) {
                    needs.add(need);
                }
            }
            List<PlannedStep> steps = new ArrayList<>();
            for (int s = 1 + random.nextInt(4); s > 0; s--) {
                String name = (random.nextInt(6) == 0 ? "use" : random.nextInt(8) == 0 ? "post" : "step") + s;
                steps.add(Plans.step(
                        name,
                        CONDITIONS[random.nextInt(CONDITIONS.length)],
                        random.nextInt(5) == 0 ? new Retry(2, 10, List.of()) : Retry.NONE,
                        random.nextInt(10) == 0));
            }
            jobs.add(Plans.job(
                    "job" + i,
                    needs,
                    CONDITIONS[random.nextInt(CONDITIONS.length)],
                    random.nextInt(6) == 0 ? new Retry(1, 10, List.of()) : Retry.NONE,
                    random.nextInt(8) == 0,
                    steps));
        }
        if (random.nextBoolean()) {
            jobs.add(Plans.job("after", List.of(), null, Plans.step("step")));
        }
        return Plans.plan(1 + random.nextInt(20), random.nextInt(5) == 0, jobs);
    }

    private static void play(long seed, int count, boolean trouble) throws IOException {
        Random random = new Random(seed);
        Path folder = Files.createTempDirectory("flow");
        try {
            int failures = random.nextInt(30);
            Simulation simulation = new Simulation(
                    plan(random, count),
                    folder,
                    seed,
                    (job, step, attempt) ->
                            Math.floorMod(Objects.hash(seed, job, step, attempt) * 31, 100) < failures ? 1 : 0);
            int most = 100_000;
            while (simulation.ended == null && most-- > 0) {
                if (trouble && random.nextInt(60) == 0) {
                    switch (random.nextInt(6)) {
                        case 0, 1, 2 -> simulation.kill();
                        case 3 -> simulation.run.cancelJob("job" + random.nextInt(count), "somebody");
                        case 4 -> {
                            if (random.nextInt(10) == 0) {
                                simulation.run.cancel("somebody");
                            }
                        }
                        default -> simulation.loseProcesses();
                    }
                }
                if (!simulation.step()) {
                    break;
                }
            }
            simulation.check();
        } finally {
            try (Stream<Path> all = Files.walk(folder)) {
                for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    @Property(tries = 60)
    void everyRunEndsWithEachStepRunOnce(@ForAll long seed, @ForAll @IntRange(min = 1, max = 40) int jobs)
            throws IOException {
        play(seed, jobs, false);
    }

    @Property(tries = 150)
    void killsCancelsAndLossesChangeNothingOfThat(@ForAll long seed, @ForAll @IntRange(min = 1, max = 30) int jobs)
            throws IOException {
        play(seed, jobs, true);
    }

    @Property(tries = 6)
    void twoHundredJobsToo(@ForAll long seed) throws IOException {
        play(seed, 200, true);
    }
}
