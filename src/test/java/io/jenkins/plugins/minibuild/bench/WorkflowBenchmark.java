package io.jenkins.plugins.minibuild.bench;

import hudson.FilePath;
import hudson.Launcher;
import hudson.model.TaskListener;
import io.jenkins.plugins.minibuild.standin.AgentJvm;
import io.jenkins.plugins.minibuild.workflow.engine.AgentJobHost;
import io.jenkins.plugins.minibuild.workflow.engine.JobHost;
import io.jenkins.plugins.minibuild.workflow.engine.JobNews;
import io.jenkins.plugins.minibuild.workflow.engine.JobOrder;
import io.jenkins.plugins.minibuild.workflow.engine.StepOrder;
import io.jenkins.plugins.minibuild.workflow.model.Retry;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * What the process of a job costs on an agent in a JVM of its own, by a real connection: a step against a bare process, the time between two jobs, much log.
 * Arguments: all, or some of: step, chain, parallel, log.
 */
public final class WorkflowBenchmark {
    private static final double MOST_OF_A_SPAWN = 1.5;
    private static final double MOST_MILLIS = 20;
    private static final double LEAST_OF_CAT = 0.5;
    private static final int STEPS = 200;
    private static final int ROUNDS = 21;
    private static final int JOBS = 200;
    private static final int AT_ONCE = 4;
    private static final long MEGABYTES = Long.getLong("megabytes", 1024);

    private final Path root;
    private final AgentJvm agent;
    private final FilePath workspace;
    private final Launcher launcher;
    private boolean good = true;
    private int run;

    private WorkflowBenchmark(Path root, AgentJvm agent) throws IOException {
        this.root = root;
        this.agent = agent;
        this.workspace =
                agent.file(Files.createDirectories(root.resolve("workspace")).toFile());
        this.launcher = new Launcher.RemoteLauncher(TaskListener.NULL, agent.channel(), true);
    }

    /** Prints all; exits with 1 when one is too much. */
    public static void main(String[] arguments) throws Exception {
        if (!AgentJvm.isPossible()) {
            System.out.println("workflow: skipped, Jenkins' jars are not on the class path");
            return;
        }
        List<String> parts = arguments.length == 0 ? List.of("step", "chain", "parallel", "log") : List.of(arguments);
        Path root = Files.createTempDirectory("workflow-benchmark");
        try (AgentJvm agent = AgentJvm.start("-Xmx256m")) {
            WorkflowBenchmark all = new WorkflowBenchmark(root, agent);
            for (String part : parts) {
                switch (part) {
                    case "step" -> all.step();
                    case "chain" -> all.jobs("in a chain", 1, "true");
                    case "parallel" -> all.jobs("in parallel, " + AT_ONCE + " at once", AT_ONCE, "sleep 0.05");
                    case "log" -> all.log();
                    default -> throw new IllegalArgumentException(part);
                }
            }
            System.exit(all.good ? 0 : 1);
        } finally {
            new FilePath(root.toFile()).deleteRecursive();
        }
    }

    private AgentJobHost host(JobNews news) {
        return new AgentJobHost(
                new AgentJobHost.Agent(
                        workspace, agent.file(root.resolve("workspace@tmp").toFile()), launcher, Map.of()),
                news);
    }

    private static StepOrder order(int index, String command) {
        return new StepOrder(
                index, List.of("sh", "-c"), command, "", Map.of(), null, Retry.NONE, true, false, false, false);
    }

    private void step() throws Exception {
        List<Double> bare = new ArrayList<>();
        List<Double> mine = new ArrayList<>();
        // The first rounds compile.
        for (int round = -3; round < ROUNDS; round++) {
            long begin = System.nanoTime();
            int code = new ProcessBuilder(
                            "sh", "-c", "i=0; while [ $i -lt " + STEPS + " ]; do sh -c true; i=$((i + 1)); done")
                    .inheritIO()
                    .start()
                    .waitFor();
            double plain = (System.nanoTime() - begin) / 1e6 / STEPS;
            if (code != 0) {
                throw new IOException("sh ended with " + code);
            }
            Heard heard = new Heard();
            try (AgentJobHost host = host(heard)) {
                List<StepOrder> steps = new ArrayList<>();
                for (int i = 0; i < STEPS; i++) {
                    steps.add(order(i, "true"));
                }
                String id = "step-" + run++;
                host.start(new JobOrder(id, steps, false, 0));
                host.follow(id, JobHost.Known.NOTHING);
                heard.await(1);
                if (round >= 0) {
                    bare.add(plain);
                    mine.add((double) (heard.ended.get(id) - heard.started.get(id)) / STEPS);
                }
                host.forget(id);
            }
        }
        double ratio = fast(mine) / fast(bare);
        good &= ratio <= MOST_OF_A_SPAWN;
        System.out.printf(
                Locale.ROOT,
                "a step: %.2f ms, a bare sh -c: %.2f ms (means of the faster third of %d rounds), ratio %.2f (at most %.1f)%n",
                fast(mine),
                fast(bare),
                ROUNDS,
                ratio,
                MOST_OF_A_SPAWN);
    }

    /** What else the machine does makes rounds slower and never faster. */
    private static double fast(List<Double> rounds) {
        return rounds.stream()
                .sorted()
                .limit(ROUNDS / 3)
                .mapToDouble(each -> each)
                .average()
                .orElseThrow();
    }

    private void jobs(String what, int atOnce, String command) throws Exception {
        for (int round = 0; round < 2; round++) {
            Heard heard = new Heard();
            ExecutorService scheduler = Executors.newFixedThreadPool(atOnce);
            String name = "job-" + run++ + "-";
            // Which end each start waited for.
            Map<String, String> after = new ConcurrentHashMap<>();
            try (AgentJobHost host = host(heard)) {
                int[] next = {0};
                heard.onEnded = ended -> scheduler.execute(() -> {
                    String id;
                    synchronized (next) {
                        if (next[0] == JOBS) {
                            return;
                        }
                        id = name + next[0]++;
                    }
                    if (!ended.isEmpty()) {
                        after.put(id, ended);
                    }
                    try {
                        host.start(new JobOrder(id, List.of(order(0, command)), false, 0));
                        host.follow(id, JobHost.Known.NOTHING);
                    } catch (IOException | InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                });
                for (int i = 0; i < atOnce; i++) {
                    heard.onEnded.accept("");
                }
                heard.await(JOBS);
                List<Double> times = new ArrayList<>();
                after.forEach((id, before) -> times.add((double) (heard.started.get(id) - heard.ended.get(before))));
                for (int i = 0; i < JOBS; i++) {
                    host.forget(name + i);
                }
                if (round > 0) {
                    double median = median(times);
                    good &= median < MOST_MILLIS;
                    System.out.printf(
                            Locale.ROOT,
                            "%d jobs %s: from the end of a process to the first step of the next job, median %.0f ms"
                                    + " (under %.0f), 95 %% within %.0f ms%n",
                            JOBS,
                            what,
                            median,
                            MOST_MILLIS,
                            times.stream().sorted().toList().get((int) (times.size() * 0.95)));
                }
            } finally {
                scheduler.shutdown();
            }
        }
    }

    private void log() throws Exception {
        Path source = root.resolve("source");
        byte[] line = "0123456789 abcdefghijklmnopqrstuvwxyz a line of a log\n".getBytes();
        try (OutputStream out = new java.io.BufferedOutputStream(Files.newOutputStream(source), 1 << 20)) {
            for (long i = 0; i < (MEGABYTES << 20) / line.length; i++) {
                out.write(line);
            }
        }
        long size = Files.size(source);
        List<Double> ratios = new ArrayList<>();
        long heap = 0;
        for (int round = 0; round < 3; round++) {
            Path copy = root.resolve("cat");
            long begin = System.nanoTime();
            try (OutputStream out = Files.newOutputStream(copy)) {
                int code = launcher.launch()
                        .cmds("cat", source.toString())
                        .stdout(out)
                        .quiet(true)
                        .join();
                if (code != 0 || Files.size(copy) != size) {
                    throw new IOException("cat ended with " + code + " after " + Files.size(copy) + " bytes");
                }
            }
            double cat = size / 1e6 / ((System.nanoTime() - begin) / 1e9);
            Files.delete(copy);
            Heard heard = new Heard();
            String id = "log-" + run++;
            begin = System.nanoTime();
            try (OutputStream out = Files.newOutputStream(copy);
                    AgentJobHost host = host(heard)) {
                heard.log = out;
                host.start(new JobOrder(id, List.of(order(0, "cat '" + source + "'")), false, 0));
                host.follow(id, JobHost.Known.NOTHING);
                heard.await(1);
                if (Files.size(copy) != size) {
                    throw new IOException("only " + Files.size(copy) + " bytes of " + size + " came");
                }
                double mine = size / 1e6 / ((System.nanoTime() - begin) / 1e9);
                System.out.printf(
                        Locale.ROOT,
                        "%d MB of log: %.0f MB/s, cat by the same connection %.0f MB/s%n",
                        MEGABYTES,
                        mine,
                        cat);
                ratios.add(mine / cat);
                heap = Math.max(heap, heard.heap);
                host.forget(id);
            }
            Files.delete(copy);
        }
        double ratio = median(ratios);
        good &= ratio >= LEAST_OF_CAT;
        System.out.printf(
                Locale.ROOT,
                "ratio (median of 3) %.2f (at least %.1f); the controller's heap, garbage included, had %d MB at most of %d%n",
                ratio,
                LEAST_OF_CAT,
                heap >> 20,
                Runtime.getRuntime().maxMemory() >> 20);
    }

    private static double median(List<Double> all) {
        return all.stream().sorted().toList().get(all.size() / 2);
    }

    /** When jobs began and ended, by the agent's clock. */
    private static final class Heard implements JobNews {
        private final Map<String, Long> started = new ConcurrentHashMap<>();
        private final Map<String, Long> ended = new ConcurrentHashMap<>();
        private final List<String> broken = new ArrayList<>();
        private java.util.function.Consumer<String> onEnded = job -> {};
        private OutputStream log = OutputStream.nullOutputStream();
        private long heap;

        synchronized void await(int jobs) throws InterruptedException {
            long limit = System.nanoTime() + TimeUnit.MINUTES.toNanos(10);
            while (ended.size() < jobs) {
                if (!broken.isEmpty() || System.nanoTime() > limit) {
                    throw new IllegalStateException(ended.size() + " jobs ended; " + broken);
                }
                wait(1000);
            }
        }

        @Override
        public void stepStarted(String job, Event event, int step, int attempt) {
            started.putIfAbsent(job, event.at());
        }

        @Override
        public void stepSkipped(String job, Event event, int step) {
            broken.add(job + " skipped " + step);
        }

        @Override
        public void stepEnded(String job, Event event, int step, StepEnd end) {
            if (end.exitCode() != 0) {
                broken.add(job + " failed");
            }
        }

        @Override
        public void log(String job, int step, long offset, byte[] bytes) {
            try {
                log.write(bytes);
                Runtime memory = Runtime.getRuntime();
                heap = Math.max(heap, memory.totalMemory() - memory.freeMemory());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void ended(String job, Event event) {
            synchronized (this) {
                ended.put(job, event.at());
                notifyAll();
            }
            onEnded.accept(job);
        }

        @Override
        public synchronized void lost(String job, String reason) {
            broken.add(job + " lost: " + reason);
            notifyAll();
        }

        @Override
        public void away(String job, String reason) {
            lost(job, reason);
        }
    }
}
