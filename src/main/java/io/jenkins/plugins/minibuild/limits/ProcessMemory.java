package io.jenkins.plugins.minibuild.limits;

import io.jenkins.plugins.minibuild.process.ContainerMounts;
import io.jenkins.plugins.minibuild.process.ProcessTreeKill;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The memory of the processes that carry a mark in their environment, read from /proc on a Linux agent. It remembers which processes carry
 * the mark, because reading 200 environments a second would cost more than everything else.
 */
final class ProcessMemory {
    private static final Path PROC = Path.of("/proc");
    private static final int LARGEST = 3;
    /** A process that has just forked shows the environment of its parent; its environment is read this many times. */
    private static final int ASKED = 3;
    /** An entry that was not used for so long is dropped. */
    private static final Duration FORGET = Duration.ofMinutes(1);

    private static final Map<String, ProcessMemory> KNOWN = new ConcurrentHashMap<>();
    private static final long PAGE = pageSize();

    private final String mark;
    /** For each process: how often its environment was read without finding the mark; -1 once the mark was found. */
    private Map<Long, Integer> seen = new HashMap<>();

    private final ContainerMounts.Finder containers;

    private volatile Instant lastAsked;

    private ProcessMemory(String mark, ContainerMounts containers, Instant now) {
        this.mark = mark;
        this.containers = containers.begin(now);
    }

    /**
     * The entry of a block; the first call makes it.
     *
     * @param mark {@code NAME=value} as it stands in the environment, or the beginning of it before a slash
     * @param containers whose processes count too
     * @param now the time by the clock of the agent, on which this runs
     */
    static ProcessMemory of(String mark, ContainerMounts containers, Instant now) {
        KNOWN.values()
                .removeIf(known ->
                        known.lastAsked != null && known.lastAsked.plus(FORGET).isBefore(now));
        ProcessMemory memory = KNOWN.computeIfAbsent(
                mark + "\0" + containers.folders(), k -> new ProcessMemory(mark, containers, now));
        memory.lastAsked = now;
        return memory;
    }

    static boolean isMeasurable() {
        return PAGE > 0;
    }

    /** The processes with the mark, the largest first. */
    synchronized List<AgentReading.ProcessSize> read() throws IOException {
        Map<Long, Integer> alive = new HashMap<>();
        List<Long> others = new ArrayList<>();
        List<AgentReading.ProcessSize> members = new ArrayList<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, ProcessMemory::isProcess)) {
            for (Path process : processes) {
                long pid = Long.parseLong(process.getFileName().toString());
                int asked = seen.getOrDefault(pid, 0);
                if (asked >= 0 && asked < ASKED) {
                    asked = ProcessTreeKill.carriesMark(process, mark) ? -1 : asked + 1;
                }
                alive.put(pid, asked);
                if (asked < 0) {
                    add(pid, members);
                } else {
                    others.add(pid);
                }
            }
        }
        containers.among(others).forEach(pid -> add(pid, members));
        seen = alive;
        members.sort(Comparator.comparingLong(AgentReading.ProcessSize::residentBytes)
                .reversed());
        return members;
    }

    private static void add(long pid, List<AgentReading.ProcessSize> members) {
        long bytes = resident(PROC.resolve(String.valueOf(pid)));
        if (bytes > 0) {
            members.add(new AgentReading.ProcessSize(pid, "", bytes));
        }
    }

    /** The few largest, with their names. */
    static List<AgentReading.ProcessSize> named(List<AgentReading.ProcessSize> sorted) {
        return sorted.stream()
                .limit(LARGEST)
                .map(p -> p.name().isEmpty()
                        ? new AgentReading.ProcessSize(p.pid(), name(p.pid()), p.residentBytes())
                        : p)
                .toList();
    }

    private static boolean isProcess(Path path) {
        char first = path.getFileName().toString().charAt(0);
        return first >= '1' && first <= '9';
    }

    private static long resident(Path process) {
        try {
            String statm = Files.readString(process.resolve("statm"), StandardCharsets.ISO_8859_1);
            int first = statm.indexOf(' ');
            return Long.parseLong(statm.substring(first + 1, statm.indexOf(' ', first + 1))) * PAGE;
        } catch (IOException | RuntimeException e) {
            // gone meanwhile
            return 0;
        }
    }

    private static String name(long pid) {
        try {
            return Files.readString(PROC.resolve(pid + "/comm"), StandardCharsets.UTF_8)
                    .strip();
        } catch (IOException e) {
            return "?";
        }
    }

    /** The bytes of a page, computed from one number given in pages and in kilobytes; 0 where there is no /proc. */
    private static long pageSize() {
        try {
            String statm = Files.readString(PROC.resolve("self/statm"), StandardCharsets.ISO_8859_1);
            long pages = Long.parseLong(statm.substring(0, statm.indexOf(' ')));
            long kilobytes = Files.readAllLines(PROC.resolve("self/status"), StandardCharsets.ISO_8859_1).stream()
                    .filter(line -> line.startsWith("VmSize:"))
                    .map(line -> line.replaceAll("\\D", ""))
                    .mapToLong(Long::parseLong)
                    .findFirst()
                    .orElse(0);
            // The two were read at different moments, and pages come in powers of two.
            return Long.highestOneBit(Math.round(kilobytes * 1024.0 / pages * 1.2));
        } catch (IOException | RuntimeException e) {
            return 0;
        }
    }
}
