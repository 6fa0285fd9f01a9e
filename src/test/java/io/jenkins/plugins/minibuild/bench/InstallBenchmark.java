package io.jenkins.plugins.minibuild.bench;

import hudson.FilePath;
import io.jenkins.plugins.minibuild.miniprogram.dependencies.InstallPhase;
import io.jenkins.plugins.minibuild.step.LocalBuild;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * How long the dependencies of the uni-app example take: {@code npm ci} with npm's own cache warm, and the install phase of the
 * plugin with the cache of the agent warm. Prints medians and their ratio, which shall be at least 10.
 *
 * <p>Arguments: the number of rounds (default 3).
 */
public final class InstallBenchmark {

    private static final double LIMIT = 10;
    private static final String COMMAND = "npm ci --ignore-scripts --no-audit --no-fund";

    private InstallBenchmark() {}

    /** Runs it; exit code 1 when the limit is missed. */
    public static void main(String[] args) throws Exception {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 3;
        Path root = Files.createTempDirectory("install-benchmark");
        try {
            if (measure(root, rounds) < LIMIT) {
                System.exit(1);
            }
        } finally {
            delete(root);
        }
    }

    private static double measure(Path root, int rounds) throws Exception {
        LocalBuild build = LocalBuild.in(root);
        FilePath workspace = build.workspace();
        for (String file : new String[] {"package.json", "package-lock.json"}) {
            Files.copy(Path.of("docs/examples/uni-app", file), Path.of(workspace.getRemote(), file));
        }
        InstallPhase phase = new InstallPhase(build, workspace, COMMAND);
        double cold = time(phase::run);
        phase.prepareNext();
        System.out.printf(Locale.ROOT, "first time, installed and kept  %.2f s%n", cold);
        List<Double> bare = new ArrayList<>();
        List<Double> first = new ArrayList<>();
        List<Double> second = new ArrayList<>();
        for (int round = 1; round <= rounds; round++) {
            bare.add(time(() -> npm(workspace)));
            phase.settle();
            // The node_modules of the round before are in the way of all, as they are in a workspace that is kept.
            first.add(time(phase::run));
            second.add(time(phase::run));
            phase.prepareNext();
            phase.settle();
            System.out.printf(
                    Locale.ROOT,
                    "round %d: npm ci %.2f s, cache %.2f s, cache without a ready copy %.2f s%n",
                    round,
                    bare.get(round - 1),
                    first.get(round - 1),
                    second.get(round - 1));
        }
        double ratio = median(bare) / median(first);
        System.out.printf(Locale.ROOT, "npm ci, warm                    %.2f s (median of %d)%n", median(bare), rounds);
        System.out.printf(Locale.ROOT, "cache of the agent              %.2f s%n", median(first));
        System.out.printf(
                Locale.ROOT,
                "cache, no ready copy            %.2f s, %.1f times faster than npm ci%n",
                median(second),
                median(bare) / median(second));
        System.out.printf(Locale.ROOT, "npm ci / cache                  %.1f (at least %.0f)%n", ratio, LIMIT);
        return ratio;
    }

    private static void npm(FilePath workspace) throws IOException, InterruptedException {
        int exitCode = new ProcessBuilder(COMMAND.split(" "))
                .directory(new java.io.File(workspace.getRemote()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
        if (exitCode != 0) {
            throw new IOException("npm ended with " + exitCode);
        }
    }

    private static double time(Work work) throws Exception {
        long start = System.nanoTime();
        work.run();
        return (System.nanoTime() - start) / 1e9;
    }

    private static double median(List<Double> times) {
        List<Double> sorted = new ArrayList<>(times);
        Collections.sort(sorted);
        return sorted.get(sorted.size() / 2);
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : (Iterable<Path>) files.sorted(Comparator.reverseOrder())::iterator) {
                Files.delete(file);
            }
        }
    }

    private interface Work {
        void run() throws Exception;
    }
}
