package io.jenkins.plugins.minibuild.bench;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.management.OperatingSystemMXBean;
import io.jenkins.plugins.minibuild.claude.StreamParser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/**
 * Reads a stream of the claude command with {@link StreamParser} and, for comparison, merely tokenises the same bytes with Jackson.
 * The stream is made while it is read: pieces of messages, messages with tool calls, tool results of source code up to 200 KB, and one
 * tool result of 32 MB in every 128 MB.
 */
public final class ClaudeBenchmark {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final double LEAST_RATIO = 0.6;
    private static final long LARGEST_LINE = 32L << 20;

    private ClaudeBenchmark() {}

    /** Arguments: megabytes (1024) and rounds (3). Exits with 1 when the ratio is too small. */
    public static void main(String[] arguments) throws IOException {
        long bytes = (arguments.length > 0 ? Long.parseLong(arguments[0]) : 1024) << 20;
        int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 3;
        byte[] lines = lines(new Random(6), 4 << 20);
        byte[] code = code(new Random(7), 1 << 20);
        double[] ratios = new double[rounds];
        tokenise(new Stream(lines, code, bytes / 8));
        parse(new Stream(lines, code, bytes / 8));
        for (int round = 0; round < rounds; round++) {
            double tokens = tokenise(new Stream(lines, code, bytes));
            double events = parse(new Stream(lines, code, bytes));
            ratios[round] = events / tokens;
            System.out.printf(
                    Locale.ROOT,
                    "round %d: Jackson tokenises %.0f MB a second of processor time, StreamParser reads %.0f MB, ratio %.2f%n",
                    round + 1,
                    tokens,
                    events,
                    ratios[round]);
        }
        Arrays.sort(ratios);
        double median = ratios[rounds / 2];
        System.out.printf(
                Locale.ROOT,
                "stream of %d MB, heap of at most %d MB: median ratio %.2f (at least %.1f)%n",
                bytes >> 20,
                Runtime.getRuntime().maxMemory() >> 20,
                median,
                LEAST_RATIO);
        if (median < LEAST_RATIO) {
            System.exit(1);
        }
    }

    private static double tokenise(Stream stream) throws IOException {
        long start = processorNanos();
        try (JsonParser parser = new JsonFactory().createParser(stream)) {
            while (parser.nextToken() != null) {
                // only that
            }
        }
        return stream.megabytes() / ((processorNanos() - start) / 1e9);
    }

    /** Of all threads, so that what the garbage collector does counts and what other programs do does not. */
    private static long processorNanos() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }

    private static double parse(Stream stream) throws IOException {
        long start = processorNanos();
        long[] events = new long[2];
        byte[] buffer = new byte[64 * 1024];
        try (StreamParser parser = new StreamParser(event -> {
            events[0]++;
            events[1] += event.isBroken() ? 1 : 0;
        })) {
            int count;
            while ((count = stream.read(buffer, 0, buffer.length)) > 0) {
                parser.write(buffer, 0, count);
            }
        }
        double speed = stream.megabytes() / ((processorNanos() - start) / 1e9);
        if (events[0] == 0 || events[1] != 0) {
            throw new IllegalStateException(events[1] + " of " + events[0] + " events are broken");
        }
        return speed;
    }

    /** Whole lines of about so many bytes. */
    private static byte[] lines(Random random, int size) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream(size + (1 << 19));
        while (out.size() < size) {
            for (int i = 0; i < 30; i++) {
                line(
                        out,
                        Map.of(
                                "type",
                                "stream_event",
                                "session_id",
                                "4748266c-b9fc-46e5-b286-4017e6a431a3",
                                "event",
                                Map.of(
                                        "type",
                                        "content_block_delta",
                                        "index",
                                        0,
                                        "delta",
                                        Map.of("type", "text_delta", "text", "a few more words "))));
            }
            line(
                    out,
                    Map.of(
                            "type",
                            "assistant",
                            "message",
                            Map.of(
                                    "id",
                                    "msg_" + out.size(),
                                    "role",
                                    "assistant",
                                    "content",
                                    new Object[] {
                                        Map.of("type", "text", "text", text(random, 400)),
                                        Map.of(
                                                "type",
                                                "tool_use",
                                                "id",
                                                "toolu_1",
                                                "name",
                                                "Read",
                                                "input",
                                                Map.of("file_path", "src/pages/index/index.js"))
                                    },
                                    "usage",
                                    Map.of("input_tokens", 100, "output_tokens", 20)),
                            "session_id",
                            "4748266c-b9fc-46e5-b286-4017e6a431a3"));
            String result = text(random, 1 << (9 + random.nextInt(9)));
            line(
                    out,
                    Map.of(
                            "type",
                            "user",
                            "message",
                            Map.of("role", "user", "content", new Object[] {
                                Map.of("type", "tool_result", "tool_use_id", "toolu_1", "content", result)
                            }),
                            "tool_use_result",
                            Map.of("type", "text", "file", Map.of("content", result, "numLines", 20))));
        }
        return out.toByteArray();
    }

    private static void line(ByteArrayOutputStream out, Map<String, ?> event) throws IOException {
        out.write(JSON.writeValueAsBytes(event));
        out.write('\n');
    }

    private static String text(Random random, int length) {
        StringBuilder text = new StringBuilder(length + 80);
        while (text.length() < length) {
            text.append("  const value")
                    .append(random.nextInt(100))
                    .append(" = get(\"name\", '\u5c0f\u7a0b\u5e8f');\n");
        }
        return text.toString();
    }

    private static byte[] code(Random random, int size) throws IOException {
        String quoted = JSON.writeValueAsString(text(random, size));
        return quoted.substring(1, quoted.length() - 1).getBytes(StandardCharsets.UTF_8);
    }

    /** The lines again and again, and a very long one between them. */
    private static final class Stream extends InputStream {
        private static final byte[] HEAD = "{\"type\":\"user\",\"tool_use_result\":\"".getBytes(StandardCharsets.UTF_8);
        private static final byte[] TAIL = "\"}\n".getBytes(StandardCharsets.UTF_8);

        private final byte[] lines;
        private final byte[] code;
        private final long size;
        private long made;
        private byte[] part;
        private int at;
        private int step;

        Stream(byte[] lines, byte[] code, long size) {
            this.lines = lines;
            this.code = code;
            this.size = size;
            this.part = lines;
        }

        double megabytes() {
            return made / 1048576.0;
        }

        @Override
        public int read() {
            throw new UnsupportedOperationException("only in blocks");
        }

        @Override
        public int read(byte[] buffer, int offset, int length) {
            if (at == part.length && !next()) {
                return -1;
            }
            int count = Math.min(length, part.length - at);
            System.arraycopy(part, at, buffer, offset, count);
            at += count;
            made += count;
            return count;
        }

        private boolean next() {
            at = 0;
            int codes = (int) (LARGEST_LINE / code.length);
            int normal = (int) (3 * LARGEST_LINE / lines.length);
            step = (step + 1) % (normal + codes + 2);
            if (step < normal) {
                part = lines;
                return made < size;
            }
            part = step == normal ? HEAD : step == normal + codes + 1 ? TAIL : code;
            return true;
        }
    }
}
