package io.jenkins.plugins.minibuild.workflow.engine;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.minibuild.process.OnAgent;
import io.jenkins.plugins.minibuild.process.ProcessTreeKill;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** The folder of a job on the agent, read while its process writes there. What steps have put there instead is never waited for: only ordinary files are opened. */
@OnAgent
final class JobFiles {
    /** No event is longer. */
    private static final int LONGEST_EVENT = 200;

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
     * @param kind S, E, K or X; ? for one that cannot be understood
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

    Path log(int step) {
        return folder.resolve("io/log." + step);
    }

    Path output(int step) {
        return folder.resolve("io/out." + step);
    }

    /** An event; null while it is not there, or is being written. */
    @CheckForNull
    Event event(int number) throws IOException {
        Path file = folder.resolve("e." + number);
        if (file.toFile().length() == 0) {
            return null;
        }
        String text = small(file);
        if (text == null || !text.endsWith("\n")) {
            return null;
        }
        long at = file.toFile().lastModified();
        String[] words = text.strip().split(" ");
        int expected =
                switch (words[0]) {
                    case "S" -> 3;
                    case "E" -> 4;
                    case "K" -> 1;
                    case "X" -> 0;
                    default -> -1;
                };
        int[] values = new int[Math.max(expected, 0)];
        boolean good = words.length == expected + 1;
        for (int i = 0; good && i < expected; i++) {
            good = words[i + 1].matches("[0-9]{1,7}");
            values[i] = good ? Integer.parseInt(words[i + 1]) : 0;
        }
        return new Event(number, Math.max(at, 0), good ? words[0].charAt(0) : '?', values);
    }

    /** The last event; null for none. */
    @CheckForNull
    Event last(int from) throws IOException {
        Event last = null;
        for (int number = from; ; number++) {
            Event next = event(number);
            if (next == null) {
                return last;
            }
            last = next;
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
