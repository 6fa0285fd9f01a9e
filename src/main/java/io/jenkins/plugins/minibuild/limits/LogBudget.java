package io.jenkins.plugins.minibuild.limits;

import io.jenkins.plugins.minibuild.files.ByteCount;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Keeps a log within its limit. It writes the beginning of the log at once, then a marker, and keeps the end in memory until
 * {@link #finish}. Safe for several threads: the branches of a parallel share one budget.
 */
final class LogBudget {
    /** The most bytes of the end that are kept. */
    private static final int LONGEST_END = 1024 * 1024;

    private final Limits limits;
    private final long beginning;
    private final int endLength;
    /** The last bytes, in a ring buffer; null until the beginning is full. */
    private byte[] end;

    private long written;
    /** The number of bytes that were written into the ring buffer. */
    private long held;

    LogBudget(Limits limits) {
        this(limits, 0);
    }

    /** @param written the bytes that count although they were written before */
    LogBudget(Limits limits, long written) {
        this.limits = limits;
        this.written = written;
        long most = limits.most(Limit.LOG);
        this.endLength = (int) Math.min(LONGEST_END, Math.max(1, most / 10));
        this.beginning = limits.has(Limit.LOG) ? most - endLength : Long.MAX_VALUE;
    }

    /** The bytes that were written. */
    synchronized long written() {
        return written;
    }

    /** Whether lines are kept for the end. */
    synchronized boolean isReached() {
        return held > 0;
    }

    /** Writes a line, or keeps it for the end. */
    synchronized void write(byte[] line, int length, OutputStream out) throws IOException {
        if (held == 0 && written + length <= beginning) {
            written += length;
            out.write(line, 0, length);
            return;
        }
        if (held == 0) {
            end = new byte[endLength];
            out.write(marker(Messages.LogBudget_reached(
                    Limit.number(limits.value(Limit.LOG)),
                    limits.origin(Limit.LOG).description())));
            out.flush();
        }
        for (int i = Math.max(0, length - end.length); i < length; i++) {
            end[(int) ((held + i) % end.length)] = line[i];
        }
        held += length;
    }

    /** Writes the end, if the log was too long. */
    synchronized void finish(OutputStream out) throws IOException {
        if (held == 0) {
            return;
        }
        long dropped = Math.max(0, held - end.length);
        int kept = (int) (held - dropped);
        byte[] text = new byte[kept];
        for (int i = 0; i < kept; i++) {
            text[i] = end[(int) ((dropped + i) % end.length)];
        }
        int from = 0;
        if (dropped > 0) {
            // The first line of the end is incomplete, so it is left out.
            while (from < kept && text[from] != '\n') {
                from++;
            }
            from = Math.min(kept, from + 1);
            dropped += from;
            out.write(marker(Messages.LogBudget_dropped(ByteCount.text(dropped))));
        }
        out.write(text, from, kept - from);
        out.flush();
        held = 0;
        end = null;
        written = beginning;
    }

    private static byte[] marker(String text) {
        return ("[" + text + "]\n").getBytes(StandardCharsets.UTF_8);
    }
}
