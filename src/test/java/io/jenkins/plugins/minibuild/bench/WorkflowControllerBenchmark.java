package io.jenkins.plugins.minibuild.bench;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.minibuild.controller.RealController;
import io.jenkins.plugins.minibuild.files.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code runWorkflow} on a real controller with an agent in a JVM of its own: a step against Pipeline's {@code sh}, and the time between jobs with everything that is between them
 * there: the process, the connection, the journal, the scheduler.
 */
public final class WorkflowControllerBenchmark {
    private static final int STEPS = 199;
    private static final int SHELLS = 30;
    private static final int JOBS = 200;
    private static final int AT_ONCE = 4;
    private static final double LEAST_RATIO = 20;
    private static final double MOST_MILLIS = 20;

    private final RealController controller;

    private WorkflowControllerBenchmark(RealController controller) {
        this.controller = controller;
    }

    /** Exit code 1 when a bound does not hold. */
    public static void main(String[] args) throws IOException, InterruptedException {
        if (!LimitsBenchmark.isControllerThere("runWorkflow on a controller")) {
            return;
        }
        Path root = Files.createTempDirectory("workflow-benchmark");
        boolean good;
        try (RealController controller = RealController.start(root, "-XX:+TieredCompilation")) {
            controller.addLaunchedAgent("bench", 2);
            good = new WorkflowControllerBenchmark(controller).run();
        } finally {
            new hudson.FilePath(root.toFile()).deleteRecursive();
        }
        System.exit(good ? 0 : 1);
    }

    private boolean run() throws IOException, InterruptedException {
        workflow("warm", chain(20), 1);
        double shell = shell();
        double step = step();
        System.out.printf(
                Locale.ROOT,
                "a step on a controller: %.1f ms; Pipeline's sh there: %.0f ms, %.0f times as much (at least %.0f)%n",
                step,
                shell,
                shell / step,
                LEAST_RATIO);
        double chain = gaps("chain", chain(JOBS), 1);
        double parallel = gaps("parallel", parallel(), AT_ONCE);
        return shell / step >= LEAST_RATIO && chain < MOST_MILLIS && parallel < MOST_MILLIS;
    }

    /** Milliseconds of one {@code sh}, by the clock of the Pipeline. */
    private double shell() throws IOException, InterruptedException {
        controller.createPipeline(
                "shells",
                "node('bench') { sh 'true'; def t = System.currentTimeMillis(); for (int i = 0; i < " + SHELLS
                        + "; i++) { sh 'true' }; echo 'MILLIS ' + (System.currentTimeMillis() - t) }");
        controller.build("shells");
        Matcher millis = Pattern.compile("MILLIS ([0-9]+)").matcher(controller.console("shells", 1));
        if (!millis.find()) {
            throw new IOException(controller.console("shells", 1));
        }
        return Double.parseDouble(millis.group(1)) / SHELLS;
    }

    private double step() throws IOException, InterruptedException {
        StringBuilder yaml = new StringBuilder("name: steps\njobs:\n  a:\n    steps:\n");
        for (int i = 0; i <= STEPS; i++) {
            yaml.append("      - {name: s").append(i).append(", command: 'true'}\n");
        }
        List<JsonNode> journal = workflow("steps", yaml.toString(), 1);
        Map<Integer, Long> ends = new HashMap<>();
        for (JsonNode entry : journal) {
            if (is(entry, "STEP", "SUCCEEDED")) {
                ends.put(entry.get("step").asInt(), entry.get("at").asLong());
            }
        }
        return (ends.get(STEPS) - ends.get(0)) / (double) STEPS;
    }

    private static String chain(int jobs) {
        StringBuilder yaml = new StringBuilder("name: chain\njobs:\n");
        for (int i = 0; i < jobs; i++) {
            yaml.append("  j")
                    .append(i)
                    .append(": {")
                    .append(i == 0 ? "" : "needs: j" + (i - 1) + ", ")
                    .append("steps: [{name: s, command: 'true'}]}\n");
        }
        return yaml.toString();
    }

    private static String parallel() {
        StringBuilder yaml = new StringBuilder("name: parallel\njobs:\n");
        for (int i = 0; i < JOBS; i++) {
            yaml.append("  j").append(i).append(": {steps: [{name: s, command: 'sleep 0.1'}]}\n");
        }
        return yaml.toString();
    }

    /**
     * The median time from the end of a job, as the journal has it, to the beginning of the first step of the next one that could begin then. Printed besides: the same from the end
     * of the last step, so with what is done between: the process ends, nothing of it may be left, the controller hears of it.
     */
    private double gaps(String name, String yaml, int atOnce) throws IOException, InterruptedException {
        List<JsonNode> journal = workflow(name, yaml, atOnce);
        List<Long> begun = times(journal, "STEP", "RUNNING");
        List<Long> gaps = gaps(begun, times(journal, "JOB", "SUCCEEDED"), atOnce);
        List<Long> whole = gaps(begun, times(journal, "STEP", "SUCCEEDED"), atOnce);
        double median = median(gaps);
        System.out.printf(
                Locale.ROOT,
                "%d jobs, %d at once, on a controller: from the end of a job to the start of the next, median %.0f ms (at most %.0f), mean %.1f ms;"
                        + " from the end of its last step, median %.0f ms, mean %.1f ms%n",
                begun.size(),
                atOnce,
                median,
                MOST_MILLIS,
                mean(gaps),
                median(whole),
                mean(whole));
        return median;
    }

    private static List<Long> times(List<JsonNode> journal, String kind, String state) {
        return journal.stream()
                .filter(entry -> is(entry, kind, state))
                .map(entry -> entry.get("at").asLong())
                .sorted()
                .toList();
    }

    private static List<Long> gaps(List<Long> begun, List<Long> ended, int atOnce) {
        List<Long> gaps = new ArrayList<>();
        for (int i = atOnce; i < begun.size(); i++) {
            gaps.add(begun.get(i) - ended.get(i - atOnce));
        }
        gaps.sort(null);
        return gaps;
    }

    private static double median(List<Long> sorted) {
        return sorted.get(sorted.size() / 2);
    }

    private static double mean(List<Long> all) {
        return all.stream().mapToLong(each -> each).average().orElseThrow();
    }

    private static boolean is(JsonNode entry, String kind, String state) {
        return entry.path("kind").asText().equals(kind)
                && entry.path("state").asText().equals(state);
    }

    private List<JsonNode> workflow(String name, String yaml, int atOnce) throws IOException, InterruptedException {
        controller.createPipeline(
                "w-" + name,
                "node('bench') { runWorkflow(maxParallel: " + atOnce + ", yaml: '''" + yaml.replace("'", "\\'")
                        + "''') }");
        int number = controller.start("w-" + name);
        String result = controller.await("w-" + name, number, Duration.ofMinutes(5));
        if (!result.equals("SUCCESS")) {
            throw new IOException(controller.console("w-" + name, number));
        }
        List<JsonNode> entries = new ArrayList<>();
        for (String line : Files.readAllLines(controller
                .home()
                .resolve("jobs/w-" + name + "/builds/" + number + "/mini-build/workflow-1/journal.jsonl"))) {
            entries.add(Json.MAPPER.readTree(line));
        }
        return entries;
    }
}
