package io.jenkins.plugins.minibuild.process;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Launcher;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How many processors a command and all that it starts may use, and how far it stands back behind others, as far as the agent's system can do that: by
 * {@code systemd-run}, or by a cgroup of version 2 that the agent's user may write to, and by {@code nice}. Immutable.
 *
 * @param cpus how many processors; 0 for any number
 * @param nice 1 to 19; 0 for the agent's own
 */
public record CpuLimit(double cpus, int nice) {
    /** For a look at what the agent can do. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** The time that the system shares out at once, in microseconds. */
    private static final int PERIOD = 100_000;

    /**
     * Enters a new group below the nearest one that limits processors and that the user may write to, then runs the command. The first argument is the
     * time of {@value #PERIOD} microseconds that it may use. Groups that earlier commands left are empty and go; the new one may go with them as long as it is
     * empty, and is made again.
     */
    private static final String ENTER_GROUP = """
            g=ROOT$(sed -n 's/^0:://p' SELF); g=${g%/}
            until [ -w "$g/cgroup.procs" ] && grep -qw cpu "$g/cgroup.subtree_control"; do
                case $g in ROOT/*) g=${g%/*} ;; *) exit 125 ;; esac
            done 2>/dev/null
            rmdir "$g"/mini-build-* 2>/dev/null
            d=$g/mini-build-$$
            n=0
            until mkdir -p "$d" && echo "$1 PERIOD" >"$d/cpu.max" && echo $$ >"$d/cgroup.procs"; do
                n=$((n+1)); [ $n -lt 9 ] || exit 125
            done 2>/dev/null
            shift
            exec "$@"
            """;

    /**
     * What stands before a command.
     *
     * @param words the words, as a launcher takes them; empty for none
     * @param missing what the agent cannot do, for people; null if it can do everything
     */
    public record Prefix(List<String> words, @CheckForNull String missing) {}

    /** Whether there is nothing to limit. */
    public boolean isNone() {
        return cpus <= 0 && nice <= 0;
    }

    /** Finds out what the agent of a launcher can do. */
    public Prefix on(Launcher launcher) throws InterruptedException {
        return on(launcher, "/sys/fs/cgroup", "/proc/self/cgroup");
    }

    /**
     * @param root where the system shows its groups
     * @param self the file that says in which one the process is
     */
    Prefix on(Launcher launcher, String root, String self) throws InterruptedException {
        if (!launcher.isUnix()) {
            return new Prefix(List.of(), Messages.CpuLimit_notUnix());
        }
        List<String> words = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        if (cpus > 0) {
            String quota = "CPUQuota=" + Math.max(1, Math.round(cpus * 100)) + "%";
            String script =
                    ENTER_GROUP.replace("ROOT", root).replace("SELF", self).replace("PERIOD", String.valueOf(PERIOD));
            List<List<String>> ways = List.of(
                    List.of("systemd-run", "--user", "--scope", "--quiet", "-p", quota, "--"),
                    List.of("systemd-run", "--scope", "--quiet", "-p", quota, "--"),
                    List.of(
                            "sh",
                            "-c",
                            script,
                            "mini-build",
                            String.valueOf(Math.max(1_000, Math.round(cpus * PERIOD)))));
            List<String> way = first(launcher, ways);
            words.addAll(way);
            if (way.isEmpty()) {
                missing.add(Messages.CpuLimit_noCpus());
            }
        }
        if (nice > 0) {
            List<String> way = first(launcher, List.of(List.of("nice", "-n", String.valueOf(nice))));
            words.addAll(way);
            if (way.isEmpty()) {
                missing.add(Messages.CpuLimit_noNice());
            }
        }
        // The launcher expands $VARIABLES in arguments; a doubled dollar stays one.
        words.replaceAll(word -> word.replace("$", "$$"));
        return new Prefix(List.copyOf(words), missing.isEmpty() ? null : String.join(" ", missing));
    }

    /** The first that can run a command; empty if none can. */
    private static List<String> first(Launcher launcher, List<List<String>> ways) throws InterruptedException {
        for (List<String> way : ways) {
            try {
                if (ProcessRun.command(launcher, way)
                        .arg("true")
                        .deadline(Deadline.after(PATIENCE))
                        .run()
                        .succeeded()) {
                    return way;
                }
            } catch (IOException e) {
                // It is not there, or hangs: the next one.
            }
        }
        return List.of();
    }
}
