package io.jenkins.plugins.minibuild.bench;

import com.fasterxml.jackson.databind.JsonNode;
import hudson.FilePath;
import io.jenkins.plugins.minibuild.approval.DiffView;
import io.jenkins.plugins.minibuild.files.Glob;
import io.jenkins.plugins.minibuild.files.Json;
import io.jenkins.plugins.minibuild.review.Review;
import io.jenkins.plugins.minibuild.review.ReviewGate;
import io.jenkins.plugins.minibuild.review.ReviewReport;
import io.jenkins.plugins.minibuild.review.ReviewRequest;
import io.jenkins.plugins.minibuild.review.ReviewStore;
import io.jenkins.plugins.minibuild.review.Reviewer;
import io.jenkins.plugins.minibuild.standin.GiteeService;
import io.jenkins.plugins.minibuild.step.LocalBuild;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/**
 * What a review of a large change costs besides the model: the real git, the reading of the diff and its comparison with what git lists, the parts for the
 * model, the stored report, and the page for people. Prints milliseconds. The same file compiles and runs on older versions of the plugin, see
 * {@link AgainstBefore}.
 */
public final class ReviewBenchmark {
    private static final JsonNode FINE;

    static {
        String verdict = "{\"passed\":true,\"comment\":\"\"}";
        try {
            FINE = Json.parse(
                    ("{\"score\":90,\"summary\":\"fine\",\"findings\":[],\"resolved\":[],\"verdicts\":{\"quality\":"
                                    + verdict
                                    + ",\"security\":" + verdict + ",\"error handling\":" + verdict + ",\"style\":"
                                    + verdict
                                    + ",\"tests\":" + verdict + "}}")
                            .getBytes(StandardCharsets.UTF_8));
        } catch (java.io.IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private final LocalBuild build;
    private final Path work;
    private final int files;
    private final String before;
    private final String after;
    private final Fine reviewer;

    private ReviewBenchmark(Path root, int files, boolean packed, long thought) throws Exception {
        this.files = files;
        reviewer = new Fine(thought);
        build = LocalBuild.in(root.resolve("jenkins"));
        build.redactor().add("a-secret-of-the-build");
        work = root.resolve("jenkins/workspace");
        Files.createDirectories(work);
        GiteeService.git(work, "init", "--quiet", "-b", "main");
        write(work, files, 0);
        GiteeService.git(work, "add", "--all");
        GiteeService.git(work, "commit", "--quiet", "-m", "1");
        write(work, files, 1);
        GiteeService.git(work, "commit", "--quiet", "--all", "-m", "2");
        if (packed) {
            GiteeService.git(work, "repack", "-a", "-d", "--quiet");
        }
        before = GiteeService.output(work, "rev-parse", "HEAD~1");
        after = GiteeService.output(work, "rev-parse", "HEAD");
    }

    /**
     * Arguments: how many files (2000); how many rounds (9), or {@code turns} for rounds on demand; {@code packed} for a repository as a clone leaves it
     * (this) or {@code loose} as commits leave it; milliseconds that each answer of the model takes (0).
     */
    public static void main(String[] arguments) throws Exception {
        int files = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 2000;
        String rounds = arguments.length > 1 ? arguments[1] : "9";
        boolean packed = arguments.length < 3 || arguments[2].equals("packed");
        long thought = arguments.length > 3 ? Long.parseLong(arguments[3]) : 0;
        Path root = Files.createTempDirectory("mini-build-bench");
        try {
            ReviewBenchmark benchmark = new ReviewBenchmark(root, files, packed, thought);
            if (rounds.equals("turns")) {
                AgainstBefore.rounds(benchmark::review);
            } else {
                benchmark.time(Integer.parseInt(rounds));
            }
        } finally {
            new FilePath(root.toFile()).deleteRecursive();
        }
    }

    private void time(int rounds) throws Exception {
        long[] whole = new long[rounds];
        long[] page = new long[rounds];
        for (int round = -2; round < rounds; round++) {
            long begin = System.nanoTime();
            long shown = review();
            if (round >= 0) {
                whole[round] = System.nanoTime() - begin;
                page[round] = shown;
            }
        }
        System.out.printf(
                Locale.ROOT,
                "review of %d files: median %.0f ms, best %.0f ms; of it the page %.0f ms%n",
                files,
                median(whole),
                Arrays.stream(whole).min().orElse(0) / 1e6,
                median(page));
    }

    /** Reviews and returns how many nanoseconds of it the page took. */
    private long review() throws Exception {
        ReviewRequest request = new ReviewRequest(
                new ReviewRequest.Source(new FilePath(work.toFile()), "", null, null, before, after),
                Glob.paths(""),
                "English",
                false,
                1_000_000,
                new ReviewGate(10, null));
        ReviewReport report = new Review(request, reviewer).run(build);
        long reviewed = System.nanoTime();
        DiffView view = DiffView.of(
                new ReviewStore(build.folder()).diff(report.number()).orElseThrow(), report.findings());
        long shown = System.nanoTime();
        if (report.change().size().files() != files
                || view.getFiles().size() != files
                || !report.gate().isOpen()) {
            throw new IllegalStateException(
                    "not the whole change: " + report.gate().reason());
        }
        return shown - reviewed;
    }

    private static void write(Path work, int files, int version) throws Exception {
        for (int file = 0; file < files; file++) {
            StringBuilder text = new StringBuilder();
            for (int line = 0; line < 120; line++) {
                int changed = line % 40 == 20 ? version : 0;
                text.append("function f")
                        .append(file)
                        .append('_')
                        .append(line)
                        .append("() { return ")
                        .append(line + changed)
                        .append("; }\n");
            }
            Path path = work.resolve("src/d" + file % 50 + "/f" + file + ".js");
            Files.createDirectories(path.getParent());
            Files.writeString(path, text);
        }
    }

    private static double median(long[] times) {
        return Arrays.stream(times).sorted().toArray()[times.length / 2] / 1e6;
    }

    /** A reviewer to whom everything is fine, after a while. */
    private static final class Fine implements Reviewer {
        private final long thought;

        Fine(long thought) {
            this.thought = thought;
        }

        @Override
        public Reply ask(FilePath folder, String prompt, String schema) throws InterruptedException {
            Thread.sleep(thought);
            return new Reply(FINE, null);
        }

        @Override
        public ReviewReport.Cost cost() {
            return new ReviewReport.Cost(0, 1, 0, "none");
        }
    }
}
