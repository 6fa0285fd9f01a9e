package io.jenkins.plugins.minibuild.process;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import jenkins.security.MasterToSlaveCallable;

/**
 * Ends every process that carries a mark in its environment, and its descendants: TERM first, KILL after the grace. It reads /proc on the
 * agent, so it also finds a process that has left its parent. Returns whether there is a /proc: only Linux has it.
 */
public final class ProcessTreeKill extends MasterToSlaveCallable<Boolean, IOException> {
    private static final long serialVersionUID = 1L;

    private static final Path PROC = Path.of("/proc");
    private static final long POLL_MILLIS = 20;
    /** The longest wait for a killed process, which can hang in the kernel for a moment. */
    private static final Duration AFTER_KILL = Duration.ofSeconds(5);

    private final String mark;
    private final long graceMillis;
    private final String spared;
    private final ContainerMounts containers;

    /** @param mark {@code NAME=value} as it stands in the environment */
    ProcessTreeKill(String mark, Duration grace) {
        this(mark, grace, null, ContainerMounts.none());
    }

    /**
     * As the other constructor, for a mark whose value can go on after a slash.
     *
     * @param spared the mark of processes that are left alone, in the same form; null for none
     * @param containers the containers whose processes end too, although they do not carry the mark
     */
    public ProcessTreeKill(String mark, Duration grace, @CheckForNull String spared, ContainerMounts containers) {
        this.mark = mark;
        this.graceMillis = grace.toMillis();
        this.spared = spared;
        this.containers = containers;
    }

    @Override
    public Boolean call() throws IOException {
        if (!new File("/proc/self/environ").canRead()) {
            return false;
        }
        boolean interrupted = Thread.interrupted();
        try {
            ContainerMounts.Finder finder = containers.begin(Instant.now());
            endAll(ProcessHandle::destroy, Duration.ofMillis(graceMillis), finder);
            endAll(ProcessHandle::destroyForcibly, AFTER_KILL, finder);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        return true;
    }

    /** Sends the signal once to each process, also to processes that start meanwhile, until none is left or the time is up. */
    private void endAll(Predicate<ProcessHandle> signal, Duration limit, ContainerMounts.Finder finder)
            throws IOException {
        Deadline deadline = Deadline.after(limit);
        Set<Long> sent = new HashSet<>();
        Set<Long> members = members(finder);
        while (!members.isEmpty()) {
            // Parents first, as far as numbers tell: a shell whose command was ended would go on with its next one.
            for (long pid : new TreeSet<>(members)) {
                if (sent.add(pid)) {
                    ProcessHandle.of(pid).ifPresent(signal::test);
                }
            }
            if (deadline.expired()) {
                return;
            }
            try {
                Thread.sleep(POLL_MILLIS);
            } catch (InterruptedException e) {
                // The end of the processes is not interrupted.
            }
            // A descendant that has cleared its environment and lost its parent is still known by its number.
            Set<Long> left = members(finder);
            for (long pid : sent) {
                if (isRunning(pid)) {
                    left.add(pid);
                }
            }
            members = left;
        }
    }

    private Set<Long> members(ContainerMounts.Finder finder) throws IOException {
        Deque<Long> found = new ArrayDeque<>();
        List<Long> others = new ArrayList<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : processes) {
                long pid = Long.parseLong(process.getFileName().toString());
                if (spared != null && carriesMark(process, spared)) {
                    continue;
                }
                if (carriesMark(process, mark)) {
                    found.add(pid);
                } else {
                    others.add(pid);
                }
            }
        }
        found.addAll(finder.among(others));
        Set<Long> members = new HashSet<>(found);
        for (long pid : found) {
            ProcessHandle.of(pid).ifPresent(p -> p.descendants()
                    .map(ProcessHandle::pid)
                    .filter(ProcessTreeKill::isRunning)
                    .forEach(members::add));
        }
        return members;
    }

    /**
     * Whether a process has the mark in its environment, alone or followed by a slash and more.
     *
     * @param process its folder in /proc
     */
    public static boolean carriesMark(Path process, String mark) {
        try {
            String environment = "\0" + Files.readString(process.resolve("environ"), StandardCharsets.ISO_8859_1);
            return environment.contains("\0" + mark + "\0") || environment.contains("\0" + mark + "/");
        } catch (IOException e) {
            // gone meanwhile, or another user's
            return false;
        }
    }

    private static boolean isRunning(long pid) {
        try {
            String stat = Files.readString(PROC.resolve(pid + "/stat"), StandardCharsets.ISO_8859_1);
            // The state follows the name, which is in parentheses and can hold anything.
            char state = stat.charAt(stat.lastIndexOf(')') + 2);
            return state != 'Z' && state != 'X';
        } catch (IOException | StringIndexOutOfBoundsException e) {
            return false;
        }
    }
}
