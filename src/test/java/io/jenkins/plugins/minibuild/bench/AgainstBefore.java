package io.jenkins.plugins.minibuild.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Compares a benchmark with itself on an older commit of the plugin, in one run: two JVMs, one with the classes of each, take turns round by round. Prints
 * seconds and their ratio, both of the clock and of the processors: the latter are those of the JVM and of every command that it ran, and do not count what else
 * the machine does.
 *
 * <p>The benchmark prints {@link #READY} when it may be measured and then does one round for each line on its standard input.
 */
public final class AgainstBefore {
    /** What a benchmark prints when its preparations are over and after each round. */
    static final String READY = "ready for a round";

    private static final double MOST = 1.05;

    private AgainstBefore() {}

    /** What {@link #rounds} does. */
    @FunctionalInterface
    interface Round {
        void run() throws Exception;
    }

    /** The benchmark's side: does a round for each line of the standard input. */
    static void rounds(Round round) throws Exception {
        BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        System.out.println(READY);
        while (orders.readLine() != null) {
            round.run();
            System.out.println(READY);
        }
    }

    /**
     * Arguments: what is measured in words, what has a bound ({@code processors}, {@code clock} or {@code nothing}), rounds, rounds before that do not count,
     * the class path of now, the class path of before, the class and its arguments. Exits with 1 when what has a bound is now more than 5 % above before.
     */
    public static void main(String[] arguments) throws Exception {
        String what = arguments[0];
        String bound = arguments[1];
        int rounds = Integer.parseInt(arguments[2]);
        int warm = Integer.parseInt(arguments[3]);
        List<String> benchmark = List.of(arguments).subList(6, arguments.length);
        Costs before = new Costs(rounds);
        Costs now = new Costs(rounds);
        try (Side old = new Side(arguments[5], benchmark);
                Side fresh = new Side(arguments[4], benchmark)) {
            old.ready();
            fresh.ready();
            for (int i = -warm; i < rounds; i++) {
                // Each goes first every other time: what follows finds warmer caches and a busier machine.
                for (int turn = 0; turn < 2; turn++) {
                    boolean first = (i + turn) % 2 == 0;
                    (first ? old : fresh).round(first ? before : now, i);
                }
            }
        }
        System.out.println(what + ": median of " + rounds + " rounds (smallest)");
        double processors = print("processors", before.processors, now.processors);
        double clock = print("clock", before.clock, now.clock);
        if (bound.equals("nothing")) {
            return;
        }
        boolean held = (bound.equals("clock") ? clock : processors) <= MOST;
        System.out.printf(
                Locale.ROOT, "The bound of the %s, %.2f, %s.%n", bound, MOST, held ? "holds" : "does NOT hold");
        System.exit(held ? 0 : 1);
    }

    /** Seconds for which this process, and every one that it waited for, used a processor until now. */
    static double work() throws IOException {
        return work("self");
    }

    private static double work(String process) throws IOException {
        String stat = Files.readString(Path.of("/proc", process, "stat"), StandardCharsets.ISO_8859_1);
        // The name in parentheses may hold blanks; behind it the state is field 3. Fields 14 to 17 are hundredths of
        // seconds in user mode and in the
        // kernel, of the process and of those that it waited for.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        long sum = 0;
        for (int field = 14; field <= 17; field++) {
            sum += Long.parseLong(fields[field - 3]);
        }
        return sum / 100.0;
    }

    private static double print(String kind, double[] before, double[] now) {
        double[] ratios = new double[now.length];
        Arrays.setAll(ratios, i -> now[i] / before[i]);
        double ratio = median(now) / median(before);
        System.out.printf(
                Locale.ROOT,
                "  %-10s  before %.3f s (%.3f s), now %.3f s (%.3f s), ratio %.3f (pairs: median %.3f)%n",
                kind,
                median(before),
                Arrays.stream(before).min().orElse(0),
                median(now),
                Arrays.stream(now).min().orElse(0),
                ratio,
                median(ratios));
        return ratio;
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** Seconds of each round. */
    private static final class Costs {
        private final double[] clock;
        private final double[] processors;

        Costs(int rounds) {
            clock = new double[rounds];
            processors = new double[rounds];
        }
    }

    /** A JVM with the classes of one side. */
    private static final class Side implements AutoCloseable {
        private final Process process;
        private final BufferedReader output;
        private final List<String> printed = new ArrayList<>();

        Side(String classPath, List<String> benchmark) throws IOException {
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-cp",
                    classPath,
                    "-Dminibuild.npm=" + System.getProperty("minibuild.npm", "target/npm"),
                    "-Djava.io.tmpdir=" + System.getProperty("java.io.tmpdir")));
            command.addAll(benchmark);
            process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            output = process.inputReader(StandardCharsets.UTF_8);
        }

        /** Waits until it is ready for a round. */
        void ready() throws IOException {
            String line = output.readLine();
            while (line != null && !line.equals(READY)) {
                printed.add(line);
                line = output.readLine();
            }
            if (line == null) {
                throw new IOException("The benchmark ended early:\n" + String.join("\n", printed));
            }
        }

        void round(Costs costs, int at) throws IOException {
            double work = work(String.valueOf(process.pid()));
            long start = System.nanoTime();
            process.getOutputStream().write('\n');
            process.getOutputStream().flush();
            ready();
            if (at >= 0) {
                costs.clock[at] = (System.nanoTime() - start) / 1e9;
                costs.processors[at] = work(String.valueOf(process.pid())) - work;
            }
        }

        @Override
        public void close() throws Exception {
            process.getOutputStream().close();
            process.waitFor();
        }
    }
}
