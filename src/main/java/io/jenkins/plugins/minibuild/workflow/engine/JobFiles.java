package io.jenkins.plugins.minibuild.workflow.engine;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.minibuild.process.OnAgent;
import io.jenkins.plugins.minibuild.process.ProcessTreeKill;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The folder of a job on the agent, read while its process writes there. What steps have put there instead is never waited for: only ordinary files are opened. */
@OnAgent
final class JobFiles {
    /** No event is longer. */
    private static final int LONGEST_EVENT = 200;

    private static final Pattern EVENT =
            Pattern.compile("([0-9]{1,8}) ([SEKX])((?: [0-9]{1,7})*) ([0-9]{1,12}\\.[0-9]{1,6}|-)");
    /** How many numbers an event has: step, attempt and whether the job was cancelled; step, attempt, exit code and whether it is the last; step. */
    private static final Map<Character, Integer> VALUES = Map.of('S', 3, 'E', 4, 'K', 1, 'X', 0);

    private static final int MOST_READS = 256;

    private static final boolean HAS_PROC = new File("/proc/self/environ").canRead();

    private final String id;
    private final Path folder;

    JobFiles(Path temp, String id) {
        this.id = id;
        this.folder = temp.resolve(StartJob.FOLDER).resolve(id);
    }

    /**
     * An event as the runner wrote it.
     *
     * @param kind S, E, K or X
     */
    record Event(int number, long at, char kind, int[] values) {
        int step() {
            return values[0];
        }

        int attempt() {
            return values[1];
        }
    }

    Path folder() {
        return folder;
    }

    /** The folder as the kernel names it. */
    Path real() {
        try {
            return folder.toRealPath();
        } catch (IOException e) {
            // It is gone.
            return folder;
        }
    }

    Path log(int step) {
        return folder.resolve("io/log." + step);
    }

    Path output(int step) {
        return folder.resolve("io/out." + step);
    }

    /** The events from the first on. */
    Events events() {
        return new Events();
    }

    /** Reads the events one after the other, while they are written. Lines that are no events are passed over, and one that has no end yet. Not safe for several threads. */
    final class Events {
        private final Path file = folder.resolve("events");
        private final Deque<Event> read = new ArrayDeque<>();
        private final byte[] bytes = new byte[4096];
        private int length;
        private long offset;
        private int number;
        /** Of a line that is too long. */
        private boolean passing;

        /** The next one; null while there is none. */
        @CheckForNull
        Event next() throws IOException {
            if (read.isEmpty() && file.toFile().length() > offset + length) {
                more();
            }
            return read.poll();
        }

        private void more() throws IOException {
            if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                return;
            }
            try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
                // Who fills the file with something else does not keep us from the other jobs.
                for (int i = 0; i < MOST_READS && read.isEmpty(); i++) {
                    int got = in.read(ByteBuffer.wrap(bytes, length, bytes.length - length), offset + length);
                    if (got <= 0) {
                        return;
                    }
                    length += got;
                    int from = 0;
                    for (int at = 0; at < length; at++) {
                        if (bytes[at] == '\n') {
                            line(new String(bytes, from, at - from, StandardCharsets.ISO_8859_1));
                            from = at + 1;
                        }
                    }
                    if (from == 0 && length == bytes.length) {
                        passing = true;
                        from = length;
                    }
                    System.arraycopy(bytes, from, bytes, 0, length - from);
                    length -= from;
                    offset += from;
                }
            }
        }

        private void line(String line) {
            boolean torn = passing;
            passing = false;
            Event event = torn || line.length() > LONGEST_EVENT ? null : event(line, number + 1);
            if (event != null) {
                number++;
                read.add(event);
            }
        }

        @CheckForNull
        private Event event(String line, int expected) {
            Matcher parts = EVENT.matcher(line);
            if (!parts.matches() || !parts.group(1).equals(String.valueOf(expected))) {
                return null;
            }
            char kind = parts.group(2).charAt(0);
            int[] values = Stream.of(parts.group(3).strip().split(" "))
                    .filter(each -> !each.isEmpty())
                    .mapToInt(Integer::parseInt)
                    .toArray();
            return values.length == VALUES.get(kind) ? new Event(expected, at(parts.group(4)), kind, values) : null;
        }

        /** By the wall clock of now, and how long it is ago. */
        private long at(String uptime) {
            if (!uptime.equals("-")) {
                try {
                    String now = Files.readString(Path.of("/proc/uptime"), StandardCharsets.ISO_8859_1);
                    double ago = Double.parseDouble(now.substring(0, now.indexOf(' '))) - Double.parseDouble(uptime);
                    return Math.max(0, System.currentTimeMillis() - Math.max(0, Math.round(ago * 1000)));
                } catch (IOException | RuntimeException e) {
                    // The time of the file is the next best.
                }
            }
            return Math.max(0, file.toFile().lastModified());
        }
    }

    boolean isThere() {
        return Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS);
    }

    boolean isMarked(String name) {
        return Files.exists(folder.resolve(name), LinkOption.NOFOLLOW_LINKS);
    }

    void mark(String name) throws IOException {
        if (!isMarked(name)) {
            Files.write(folder.resolve(name), new byte[0]);
        }
    }

    /** The number of the process that runs the job; 0 while there is none. */
    long pid() throws IOException {
        return number("claim");
    }

    private long number(String file) throws IOException {
        String text = small(folder.resolve(file));
        return text != null && text.matches("[0-9]{1,10}\n") ? Long.parseLong(text.strip()) : 0;
    }

    /** Whether the process of that number is the job's still. */
    boolean isAlive(long pid) {
        if (HAS_PROC) {
            // Another process can have the number, but not the mark; a process that has ended has neither.
            return ProcessTreeKill.carriesMark(Path.of("/proc", String.valueOf(pid)), JobScript.RUNNER + "=" + id);
        }
        return ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .filter(process -> process.info()
                        .startInstant()
                        .map(start -> start.toEpochMilli()
                                <= folder.resolve("claim").toFile().lastModified() + 2000)
                        .orElse(true))
                .isPresent();
    }

    /** What the runner has started, but for the process that watches its time; for systems without /proc. */
    Stream<ProcessHandle> descendants() throws IOException {
        long watch = number("watch");
        Optional<ProcessHandle> runner = ProcessHandle.of(pid()).filter(process -> isAlive(process.pid()));
        return runner.stream()
                .flatMap(ProcessHandle::descendants)
                .filter(process -> process.pid() != watch
                        && process.parent().map(ProcessHandle::pid).orElse(0L) != watch);
    }

    /** The engines whose containers its steps may have. */
    Stream<String> engines() throws IOException {
        Path file = folder.resolve("engines");
        return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                ? Files.readAllLines(file, StandardCharsets.UTF_8).stream()
                : Stream.of();
    }

    @CheckForNull
    private static String small(Path file) throws IOException {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return null;
        }
        try (InputStream in = Files.newInputStream(file)) {
            return new String(in.readNBytes(LONGEST_EVENT), StandardCharsets.ISO_8859_1);
        }
    }
}
