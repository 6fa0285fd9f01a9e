package io.jenkins.plugins.minibuild.bench;

import io.jenkins.plugins.minibuild.claude.ClaudeFixture;
import io.jenkins.plugins.minibuild.claude.OpenProxy;
import io.jenkins.plugins.minibuild.standin.ModelService;
import io.jenkins.plugins.minibuild.standin.ModelService.Turn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Runs the real claude command against the stand-in of the model's service, straight and through the proxy, in turns. A run is ten answers, each of which
 * asks for a file of 20 KB, and 60 KB of text at the end, each 0.3 s after its question. The proxy is opened and closed for each run. The time of the processors
 * is that of the command and of this JVM, in which the stand-in and the proxy are.
 */
public final class ClaudeProxyBenchmark {
    private static final double MOST = 1.05;
    private static final int ANSWERS = 10;
    private static final Duration THOUGHT = Duration.ofMillis(300);

    private final ModelService model = ModelService.start();
    private final Path root;
    private final Path command;
    /** Seconds that the processors were used, of all runs. */
    private double straightWork;

    private double proxiedWork;

    private ClaudeProxyBenchmark(Path root) throws IOException {
        this.root = root;
        try (Stream<Path> all = Files.walk(ClaudeFixture.npm().resolve("node_modules/@anthropic-ai"))) {
            command = all.filter(
                            each -> each.endsWith("claude") && Files.isRegularFile(each) && Files.isExecutable(each))
                    .filter(each -> !each.toString().contains("-musl"))
                    .findFirst()
                    .orElseThrow(() -> new IOException("no claude below " + ClaudeFixture.npm()));
        }
        Files.writeString(
                Files.createDirectories(root.resolve("work")).resolve("a.txt"), "0123456789 abcdefg\n".repeat(1000));
        Files.createDirectories(root.resolve("home"));
    }

    /** Arguments: rounds (15). Exits with 1 when the bound does not hold. */
    public static void main(String[] arguments) throws Exception {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 15;
        Path root = Files.createTempDirectory("claude-proxy-benchmark");
        boolean good;
        try {
            good = new ClaudeProxyBenchmark(root).compare(rounds);
        } finally {
            new hudson.FilePath(root.toFile()).deleteRecursive();
        }
        System.exit(good ? 0 : 1);
    }

    private boolean compare(int rounds) throws Exception {
        for (int warm = 0; warm < 2; warm++) {
            straight();
            proxied();
        }
        straightWork = 0;
        proxiedWork = 0;
        double[] straight = new double[rounds];
        double[] proxied = new double[rounds];
        for (int round = 0; round < rounds; round++) {
            // Whoever comes second finds a warmer machine.
            if (round % 2 == 0) {
                straight[round] = straight();
                proxied[round] = proxied();
            } else {
                proxied[round] = proxied();
                straight[round] = straight();
            }
        }
        Arrays.sort(straight);
        Arrays.sort(proxied);
        double ratio = quick(proxied) / quick(straight);
        System.out.printf(
                Locale.ROOT,
                "a run of %d answers, mean of the faster third of %d: %.3f s straight, %.3f s through the proxy (medians %.3f s and %.3f s), ratio %.3f (at most %.2f)%n",
                ANSWERS,
                rounds,
                quick(straight),
                quick(proxied),
                straight[rounds / 2],
                proxied[rounds / 2],
                ratio,
                MOST);
        System.out.printf(
                Locale.ROOT,
                "processors, mean of %d: %.3f s straight, %.3f s through the proxy, %.1f ms more for each answer%n",
                rounds,
                straightWork / rounds,
                proxiedWork / rounds,
                (proxiedWork - straightWork) / rounds / (ANSWERS + 1) * 1e3);
        return ratio <= MOST;
    }

    /** A model that is quicker than any real one, but not without any thought. */
    private static Turn thoughtful(Turn turn) {
        return answer -> {
            Thread.sleep(THOUGHT.toMillis());
            turn.answer(answer);
        };
    }

    /** Of the faster third: what other programs of the machine do makes runs slower, never faster. */
    private static double quick(double[] sorted) {
        return Arrays.stream(sorted)
                .limit(Math.max(1, sorted.length / 3))
                .average()
                .orElseThrow();
    }

    private double straight() throws Exception {
        double work = AgainstBefore.work();
        double time = timed(Map.of("ANTHROPIC_API_KEY", "a-key", "ANTHROPIC_BASE_URL", model.url()), System.nanoTime());
        straightWork += AgainstBefore.work() - work;
        return time;
    }

    private double proxied() throws Exception {
        double work = AgainstBefore.work();
        long start = System.nanoTime();
        try (OpenProxy proxy = new OpenProxy(root.resolve("home"), "a-key", model.url())) {
            return timed(proxy.environment(), start);
        } finally {
            proxiedWork += AgainstBefore.work() - work;
        }
    }

    private double timed(Map<String, String> environment, long start) throws Exception {
        for (int i = 0; i < ANSWERS; i++) {
            model.script(thoughtful(Turn.tool("Read", Map.of("file_path", "a.txt"))));
        }
        model.script(thoughtful(Turn.text("a few more words ".repeat(3500))));
        ProcessBuilder builder = new ProcessBuilder(List.of(
                        command.toString(),
                        "-p",
                        "--output-format",
                        "stream-json",
                        "--verbose",
                        "--include-partial-messages",
                        "--tools",
                        "Read"))
                .directory(root.resolve("work").toFile())
                .redirectOutput(root.resolve("out").toFile())
                .redirectError(root.resolve("err").toFile());
        builder.environment().keySet().removeIf(name -> !name.equals("PATH"));
        builder.environment().putAll(environment);
        builder.environment()
                .putAll(Map.of(
                        "HOME",
                        root.resolve("home").toString(),
                        "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC",
                        "1",
                        "DISABLE_TELEMETRY",
                        "1",
                        "DISABLE_AUTOUPDATER",
                        "1"));
        Process process = builder.start();
        process.getOutputStream().write("Read.".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        process.getOutputStream().close();
        if (!process.waitFor(2, TimeUnit.MINUTES) || process.exitValue() != 0 || model.left() != 0) {
            throw new IllegalStateException("the command failed: " + Files.readString(root.resolve("out")));
        }
        return (System.nanoTime() - start) / 1e9;
    }
}
