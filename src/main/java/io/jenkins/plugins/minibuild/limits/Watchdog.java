package io.jenkins.plugins.minibuild.limits;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.minibuild.files.ByteCount;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Decides which limit a running block exceeds. It gets times and readings as parameters; times are milliseconds of the wall clock, so that
 * they mean the same after a restart.
 */
final class Watchdog {
    private volatile Limits limits;
    private final long heldSince;
    private volatile long lastLine;

    Watchdog(Limits limits, long heldSince, long now) {
        this.limits = limits;
        this.heldSince = heldSince;
        this.lastLine = now;
    }

    /** A line was logged. */
    void lineLogged(long now) {
        lastLine = now;
    }

    /** From now on these limits hold, unless another step was given more time. */
    synchronized void allow(Limits more) {
        if (more.most(Limit.TIMEOUT) > limits.most(Limit.TIMEOUT)) {
            limits = more;
        }
    }

    /** When the next limit of time is reached if nothing is logged; {@code Long.MAX_VALUE} if there is none. */
    long nextEnd() {
        return Math.min(end(heldSince, Limit.TIMEOUT), end(lastLine, Limit.IDLE_TIMEOUT));
    }

    /** The limit of time that has been reached; empty for none. */
    Optional<Excess> checkTime(long now) {
        if (now >= end(heldSince, Limit.TIMEOUT)) {
            return Optional.of(limits.exceeded(Limit.TIMEOUT, Messages.Watchdog_time(seconds(now - heldSince))));
        }
        if (now >= end(lastLine, Limit.IDLE_TIMEOUT)) {
            return Optional.of(limits.exceeded(Limit.IDLE_TIMEOUT, Messages.Watchdog_idle(seconds(now - lastLine))));
        }
        return Optional.empty();
    }

    /** The limit that a reading of an agent exceeds; empty for none. */
    Optional<Excess> checkReading(String agent, AgentReading reading) {
        if (reading.residentBytes() > limits.most(Limit.MEMORY)) {
            String largest = reading.largest().stream()
                    .map(p -> p.name() + " (" + p.pid() + ") " + ByteCount.text(p.residentBytes()))
                    .collect(Collectors.joining(", "));
            return Optional.of(limits.exceeded(
                    Limit.MEMORY, Messages.Watchdog_memory(ByteCount.text(reading.residentBytes()), agent, largest)));
        }
        if (reading.workspaceBytes() > limits.most(Limit.WORKSPACE)) {
            return Optional.of(limits.exceeded(
                    Limit.WORKSPACE, Messages.Watchdog_workspace(ByteCount.text(reading.workspaceBytes()), agent)));
        }
        return checkFree(agent, reading.freeBytes());
    }

    /** The limit of free space, if there is too little; empty if there is enough. */
    Optional<Excess> checkFree(String agent, @CheckForNull Long freeBytes) {
        if (freeBytes != null && limits.has(Limit.FREE_DISK) && freeBytes < limits.most(Limit.FREE_DISK)) {
            return Optional.of(
                    limits.exceeded(Limit.FREE_DISK, Messages.Watchdog_disk(ByteCount.text(freeBytes), agent)));
        }
        return Optional.empty();
    }

    private long end(long from, Limit limit) {
        return limits.has(limit) ? from + limits.most(limit) : Long.MAX_VALUE;
    }

    private static String seconds(long millis) {
        return millis < 10_000 ? millis / 1000.0 + " s" : millis / 1000 + " s";
    }
}
