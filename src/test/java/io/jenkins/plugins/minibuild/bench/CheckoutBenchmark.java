package io.jenkins.plugins.minibuild.bench;

import io.jenkins.plugins.minibuild.checkout.CommitInfo;
import io.jenkins.plugins.minibuild.checkout.GitCheckout;
import io.jenkins.plugins.minibuild.standin.GiteeService;
import io.jenkins.plugins.minibuild.step.LocalBuild;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Times {@code giteeCheckout} against {@code git clone --depth 1} of the same repository over local HTTP, the runs interleaved. Arguments: the number of
 * files (50000) and of rounds (5), or {@code turns} for rounds on demand, see {@link AgainstBefore}: each is a checkout where nothing is and one of a new commit.
 */
public final class CheckoutBenchmark {
    private static final double MOST_COLD = 1.15;
    private static final double LEAST_WARM = 5;

    private final Path root;
    private final GiteeService gitee;
    private final Path repository;
    private final Path files;
    private final String url;
    private int changes;

    private CheckoutBenchmark(Path root, int count) throws IOException, InterruptedException {
        this.root = root;
        gitee = GiteeService.start(root.resolve("gitee"));
        repository = gitee.createRepository("bench", "large", false);
        files = Files.createDirectories(root.resolve("files"));
        url = gitee.gitUrl("bench", "large");
        Random random = new Random(1);
        for (int i = 0; i < count; i++) {
            Path folder = files.resolve("package" + i / 1000).resolve("module" + i / 50 % 20);
            if (i % 50 == 0) {
                Files.createDirectories(folder);
            }
            StringBuilder text = new StringBuilder("export const id = " + i + ";\n");
            for (int line = 0; line < 10; line++) {
                text.append("export const v")
                        .append(line)
                        .append(" = \"")
                        .append(Long.toHexString(random.nextLong()))
                        .append("\";\n");
            }
            Files.writeString(folder.resolve("file" + i + ".js"), text);
        }
        GiteeService.commit(repository, files, "main", "All files");
        GiteeService.git(repository, "gc", "--quiet");
    }

    /** See the class. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        int count = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 50_000;
        String rounds = arguments.length > 1 ? arguments[1] : "5";
        Path root = Files.createTempDirectory("mini-build-bench");
        boolean held = false;
        try {
            System.out.printf(Locale.ROOT, "Making a repository of %,d files...%n", count);
            CheckoutBenchmark benchmark = new CheckoutBenchmark(root, count);
            if (rounds.equals("turns")) {
                benchmark.turns();
                held = true;
            } else {
                held = benchmark.measure(Integer.parseInt(rounds));
            }
        } catch (Exception e) {
            e.printStackTrace();
        } finally {
            delete(root);
            // The stand-in's threads would keep the program running.
            System.exit(held ? 0 : 1);
        }
    }

    private void turns() throws Exception {
        LocalBuild[] warm = {LocalBuild.in(root.resolve("warm"))};
        checkout(warm[0]);
        AgainstBefore.rounds(() -> {
            checkout(LocalBuild.in(root.resolve("cold")));
            delete(root.resolve("cold"));
            Files.writeString(files.resolve("package0/module0/file1.js"), "export const change = " + ++changes + ";\n");
            String commit = GiteeService.commit(repository, files, "main", "Change " + changes);
            warm[0] = warm[0].next();
            same(commit, checkout(warm[0]));
        });
    }

    private boolean measure(int rounds) throws IOException, InterruptedException {
        List<Double> clones = new ArrayList<>();
        List<Double> colds = new ArrayList<>();
        List<Double> fresh = new ArrayList<>();
        List<Double> updates = new ArrayList<>();
        LocalBuild warm = LocalBuild.in(root.resolve("warm"));
        checkout(warm);
        // Round 0 warms up the JVM and the page cache and is not counted.
        for (int round = 0; round <= rounds; round++) {
            double clone = time(() -> GiteeService.git(root, "clone", "--quiet", "--depth", "1", url, "clone"));
            delete(root.resolve("clone"));
            LocalBuild cold = LocalBuild.in(root.resolve("cold"));
            double first = time(() -> checkout(cold));
            delete(root.resolve("cold"));
            Files.writeString(files.resolve("package0/module0/file1.js"), "export const change = " + ++changes + ";\n");
            String commit = GiteeService.commit(repository, files, "main", "Change " + changes);
            LocalBuild next = warm.next();
            double update = time(() -> same(commit, checkout(next)));
            delete(root.resolve("warm/workspace"));
            LocalBuild again = LocalBuild.in(root.resolve("warm"));
            double mirror = time(() -> same(commit, checkout(again)));
            warm = again;
            System.out.printf(
                    Locale.ROOT,
                    "%s clone %.2f s, cold %.2f s, new commit %.2f s, new workspace %.2f s%n",
                    round == 0 ? "warm-up:" : "round " + round + ":",
                    clone,
                    first,
                    update,
                    mirror);
            if (round > 0) {
                clones.add(clone);
                colds.add(first);
                updates.add(update);
                fresh.add(mirror);
            }
        }
        double clone = median(clones);
        double coldRatio = median(colds) / clone;
        double warmRatio = clone / median(updates);
        System.out.println();
        System.out.printf(Locale.ROOT, "git clone --depth 1                           %.2f s%n", clone);
        System.out.printf(
                Locale.ROOT,
                "giteeCheckout, nothing there yet              %.2f s   %.2f times the clone (at most %.2f)%n",
                median(colds),
                coldRatio,
                MOST_COLD);
        System.out.printf(
                Locale.ROOT,
                "giteeCheckout, warm mirror, one new commit    %.2f s   %.1f times faster (at least %.0f)%n",
                median(updates),
                warmRatio,
                LEAST_WARM);
        System.out.printf(
                Locale.ROOT,
                "giteeCheckout, warm mirror, new workspace     %.2f s   %.1f times faster%n",
                median(fresh),
                clone / median(fresh));
        boolean held = coldRatio <= MOST_COLD && warmRatio >= LEAST_WARM;
        System.out.println(held ? "Both bounds hold." : "A bound does NOT hold.");
        return held;
    }

    private CommitInfo checkout(LocalBuild build) throws IOException, InterruptedException {
        return GitCheckout.of(url).build().run(build);
    }

    private static void same(String commit, CommitInfo info) {
        if (!info.commit().equals(commit)) {
            throw new IllegalStateException(info.commit() + " was checked out, not " + commit);
        }
    }

    private interface Work {
        void run() throws IOException, InterruptedException;
    }

    private static double time(Work work) throws IOException, InterruptedException {
        long start = System.nanoTime();
        work.run();
        return (System.nanoTime() - start) / 1e9;
    }

    private static double median(List<Double> values) {
        double[] sorted = values.stream().mapToDouble(d -> d).sorted().toArray();
        return Arrays.stream(sorted)
                .skip((sorted.length - 1) / 2)
                .limit(sorted.length % 2 == 0 ? 2 : 1)
                .average()
                .orElseThrow();
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            all.sorted((a, b) -> b.compareTo(a)).forEach(file -> {
                try {
                    Files.delete(file);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }
}
