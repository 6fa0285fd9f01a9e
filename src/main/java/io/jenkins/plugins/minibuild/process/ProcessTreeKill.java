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
    /** Null for none. */
    private final String held;

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
        this(mark, grace, spared, containers, null);
    }

    private ProcessTreeKill(
            String mark,
            Duration grace,
            @CheckForNull String spared,
            ContainerMounts containers,
            @CheckForNull String held) {
        this.mark = mark;
        this.graceMillis = grace.toMillis();
        this.spared = spared;
        this.containers = containers;
        this.held = held;
    }

    /**
     * The same, for processes too that have cleared their environment and lost their parent but still write to a file.
     *
     * @param path of the file that one of their standard descriptors is; with a slash at its end, of a folder that holds the file
     */
    public ProcessTreeKill orHolding(String path) {
        return new ProcessTreeKill(mark, Duration.ofMillis(graceMillis), spared, containers, path);
    }

    @Override
    public Boolean call() throws IOException {
        if (!new File("/proc/self/environ").canRead()) {
            return false;
        }
        boolean interrupted = Thread.interrupted();
        try {
            ContainerMounts.Finder finder = containers.begin(Instant.now());
            Set<Long> strangers = new HashSet<>();
            // Nearly always nothing is left. The second look is for what came during the first, and passes by what that
            // has seen.
            if (members(finder, strangers).isEmpty()
                    && members(finder, strangers).isEmpty()) {
                return true;
            }
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
        Set<Long> members = members(finder, new HashSet<>());
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
            Set<Long> left = members(finder, new HashSet<>());
            for (long pid : sent) {
                if (isRunning(pid)) {
                    left.add(pid);
                }
            }
            members = left;
        }
    }

    /** @param strangers processes that are not looked at; those that are seen not to have the mark are added */
    private Set<Long> members(ContainerMounts.Finder finder, Set<Long> strangers) throws IOException {
        Deque<Long> found = new ArrayDeque<>();
        List<Long> others = new ArrayList<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : processes) {
                long pid = Long.parseLong(process.getFileName().toString());
                if (strangers.contains(pid)) {
                    (holds(process) ? found : others).add(pid);
                    continue;
                }
                String environment = environment(process);
                if (spared != null && hasMark(environment, spared)) {
                    continue;
                }
                if (hasMark(environment, mark) || holds(process)) {
                    found.add(pid);
                    continue;
                }
                others.add(pid);
                // It is empty for a moment while the process becomes another program.
                if (!environment.isEmpty()) {
                    strangers.add(pid);
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

    private boolean holds(Path process) {
        if (held == null) {
            return false;
        }
        for (String descriptor : new String[] {"fd/1", "fd/2", "fd/0"}) {
            try {
                String file =
                        Files.readSymbolicLink(process.resolve(descriptor)).toString();
                if (held.endsWith("/") ? file.startsWith(held) : file.equals(held)) {
                    return true;
                }
            } catch (IOException e) {
                // gone meanwhile, closed, or another user's
                return false;
            }
        }
        return false;
    }

    /**
     * Whether a process has the mark in its environment, alone or followed by a slash and more.
     *
     * @param process its folder in /proc
     */
    public static boolean carriesMark(Path process, String mark) {
        return hasMark(environment(process), mark);
    }

    /** The variables of a process, each behind a zero and all in front of one; empty if they cannot be read. */
    private static String environment(Path process) {
        try {
            String read = Files.readString(process.resolve("environ"), StandardCharsets.ISO_8859_1);
            return read.isEmpty() ? "" : "\0" + read;
        } catch (IOException e) {
            // gone meanwhile, or another user's
            return "";
        }
    }

    private static boolean hasMark(String environment, String mark) {
        int at = environment.indexOf("\0" + mark);
        while (at >= 0) {
            int end = at + 1 + mark.length();
            if (end < environment.length() && (environment.charAt(end) == '\0' || environment.charAt(end) == '/')) {
                return true;
            }
            at = environment.indexOf("\0" + mark, at + 1);
        }
        return false;
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
