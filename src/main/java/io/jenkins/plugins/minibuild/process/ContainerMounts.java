package io.jenkins.plugins.minibuild.process;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds the processes of containers that mount one of some folders, or a folder in it, whatever engine started them.
 * They are no descendants of the command that asked for them, and know nothing of its environment; but on Linux the
 * agent sees them in /proc, in another PID namespace than its own, with what they mount (proc(5), mountinfo).
 *
 * <p>Only containers count that were started after a given moment: one that stands around a block is not the block's.
 * Immutable; sent to the agent and used there.
 */
public final class ContainerMounts implements Serializable {
    private static final long serialVersionUID = 1L;

    private static final Path PROC = Path.of("/proc");

    private final List<String> folders;
    /** How long ago that moment was. An age, because the clock of the agent may differ. */
    private final long ageMillis;

    /**
     * Takes what to look for.
     *
     * @param folders absolute paths on the agent; with none nothing is found
     * @param age how long ago the moment was from which containers count
     */
    public ContainerMounts(Collection<String> folders, Duration age) {
        this.folders = List.copyOf(folders);
        this.ageMillis = age.toMillis();
    }

    /** An instance that finds nothing. */
    public static ContainerMounts none() {
        return new ContainerMounts(List.of(), Duration.ZERO);
    }

    /** The folders whose mounts count. */
    public List<String> folders() {
        return folders;
    }

    /**
     * Begins to look for the containers.
     *
     * @param now the time by the clock of the agent, on which this runs
     */
    public Finder begin(Instant now) {
        return new Finder(folders, now.minusMillis(ageMillis));
    }

    /** Looks for the containers repeatedly. Not safe for several threads. */
    public static final class Finder {
        private final List<String> folders;
        private final Instant since;
        /** What is known of each PID namespace. */
        private final Map<String, Boolean> known = new HashMap<>();

        private Finder(List<String> folders, Instant since) {
            this.folders = folders;
            this.since = since;
        }

        /** Those of the given processes that run in such containers. */
        public Set<Long> among(Collection<Long> pids) {
            Set<Long> members = new HashSet<>();
            String own = folders.isEmpty() ? null : namespace(PROC.resolve("self"));
            if (own == null) {
                return members;
            }
            Map<String, Set<Long>> others = new HashMap<>();
            for (long pid : pids) {
                String theirs = namespace(PROC.resolve(String.valueOf(pid)));
                if (theirs != null && !theirs.equals(own)) {
                    others.computeIfAbsent(theirs, n -> new HashSet<>()).add(pid);
                }
            }
            known.keySet().retainAll(others.keySet());
            others.forEach((namespace, inside) -> {
                Boolean ours = known.get(namespace);
                if (ours == null) {
                    ours = isNewEnough(inside) && mountsOne(inside);
                    // A container that is being made has not mounted everything yet, so a negative result is not
                    // remembered.
                    if (ours) {
                        known.put(namespace, true);
                    }
                }
                if (ours) {
                    members.addAll(inside);
                }
            });
            return members;
        }

        /** Whether the oldest process is new enough: a PID namespace ends with its first process. */
        private boolean isNewEnough(Set<Long> pids) {
            Instant oldest = null;
            for (long pid : pids) {
                Instant start = ProcessHandle.of(pid)
                        .flatMap(process -> process.info().startInstant())
                        .orElse(null);
                if (start != null && (oldest == null || start.isBefore(oldest))) {
                    oldest = start;
                }
            }
            return oldest != null && !oldest.isBefore(since);
        }

        private boolean mountsOne(Set<Long> pids) {
            for (long pid : pids) {
                List<Mount> theirs = mounts(PROC.resolve(String.valueOf(pid)));
                if (!theirs.isEmpty()) {
                    List<Mount> ours = mounts(PROC.resolve("self"));
                    return folders.stream()
                            .map(folder -> source(folder, ours))
                            .anyMatch(
                                    source -> source != null && theirs.stream().anyMatch(m -> m.isIn(source)));
                }
            }
            return false;
        }
    }

    /**
     * A line of mountinfo, or what such a line would say of a folder.
     *
     * @param device {@code major:minor}
     * @param root the folder of the device that is mounted
     * @param point where it is mounted
     */
    record Mount(String device, String root, String point) {
        /** Whether the given folder, or a folder in it, is what is mounted here. */
        boolean isIn(Mount folder) {
            return device.equals(folder.device) && (root + "/").startsWith(folder.root + "/");
        }
    }

    /** The device of a folder and the path on it; null if that is not known. */
    @CheckForNull
    static Mount source(String folder, List<Mount> ours) {
        Mount best = null;
        for (Mount mount : ours) {
            String point = mount.point.equals("/") ? "" : mount.point;
            // Of two mounts on one point the later one is seen.
            if ((folder + "/").startsWith(point + "/")
                    && (best == null || mount.point.length() >= best.point.length())) {
                best = mount;
            }
        }
        if (best == null) {
            return null;
        }
        String rest = folder.substring(best.point.equals("/") ? 0 : best.point.length());
        return new Mount(best.device, (best.root.equals("/") ? "" : best.root) + rest, folder);
    }

    /** The mounts that mountinfo lists; empty if it cannot be read. */
    static List<Mount> mounts(Path process) {
        try {
            return Files.readAllLines(process.resolve("mountinfo"), StandardCharsets.UTF_8).stream()
                    .map(line -> line.split(" "))
                    .filter(fields -> fields.length > 4)
                    .map(fields -> new Mount(fields[2], unescape(fields[3]), unescape(fields[4])))
                    .toList();
        } catch (IOException e) {
            // gone meanwhile, or another user's
            return List.of();
        }
    }

    /** mountinfo writes a space, tab, line break and backslash as an octal number. */
    private static String unescape(String path) {
        return path.replace("\\040", " ")
                .replace("\\011", "\t")
                .replace("\\012", "\n")
                .replace("\\134", "\\");
    }

    @CheckForNull
    private static String namespace(Path process) {
        try {
            return Files.readSymbolicLink(process.resolve("ns/pid")).toString();
        } catch (IOException | UnsupportedOperationException e) {
            // gone meanwhile, or another user's
            return null;
        }
    }
}
