package io.jenkins.plugins.minibuild.workflow.run;

import io.jenkins.plugins.minibuild.files.TextSearch;
import io.jenkins.plugins.minibuild.process.Deadline;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.regex.Pattern;

/**
 * Reads the log of a step, while it is written too, in memory that does not depend on how long it or its lines are. Lines are numbered from 1. Immutable; each call sees the log as
 * it is then.
 */
public final class LogReader {
    /** Bytes of a line that are given; of a longer one these are its beginning. */
    public static final int LINE = 16 << 10;

    private static final int BLOCK = 64 << 10;
    private static final Pattern ESCAPE =
            Pattern.compile("\u001b(?:\\[[0-?]*[ -/]*[@-~]|\\][^\u0007\u001b]*(?:\u0007|\u001b\\\\)|[@-Z\\\\^_])");

    private final Path log;

    /** The log in a file; it may not be there yet. */
    public LogReader(Path log) {
        this.log = log;
    }

    /** The log of a step of a run. */
    public static LogReader of(RunFolder folder, int job, int step) {
        return new LogReader(folder.log(job, step));
    }

    /**
     * How long a log is.
     *
     * @param bytes all of them
     * @param lines the last one counts also if its end was not written yet
     * @param open whether the last line has no end yet
     * @param seq the number of the last chunk; 0 for none
     */
    public record Size(long bytes, long lines, boolean open, long seq) {
        static final Size NONE = new Size(0, 0, false, 0);
    }

    /**
     * A line.
     *
     * @param number from 1
     * @param text without its end; escape sequences are in it
     * @param cut whether the line is longer than {@link #LINE} and this is its beginning
     */
    public record Line(long number, String text, boolean cut) {}

    /**
     * What was found.
     *
     * @param lines those with it
     * @param next where to go on
     * @param over whether all lines were looked at
     */
    public record Found(List<Line> lines, long next, boolean over) {
        /** Copies the list. */
        public Found {
            lines = List.copyOf(lines);
        }
    }

    /**
     * A chunk as it came.
     *
     * @param seq its number in the run
     * @param job index in the plan
     * @param step index in the job
     * @param content can begin or end within a line, and within a character
     * @param at milliseconds since 1970
     */
    public record Chunk(long seq, int job, int step, byte[] content, long at) {}

    /** How long it is. */
    public Size size() throws IOException {
        try (LogIndex index = LogIndex.open(log)) {
            return index == null ? Size.NONE : size(index);
        }
    }

    private Size size(LogIndex index) throws IOException {
        LogIndex.Chunk last = index.last();
        if (last.end() == 0) {
            return new Size(0, 0, false, last.seq());
        }
        boolean open;
        try (RandomAccessFile in = new RandomAccessFile(log.toFile(), "r")) {
            in.seek(last.end() - 1);
            open = in.read() != '\n';
        }
        return new Size(last.end(), last.lines() + (open ? 1 : 0), open, last.seq());
    }

    /**
     * Lines from a number on.
     *
     * @param from less than 1 is 1
     * @param count the most lines
     * @param bytes no more lines follow once so many were read; at least one is read
     * @return empty behind the end
     */
    public List<Line> lines(long from, int count, long bytes) throws IOException {
        List<Line> lines = new ArrayList<>();
        long[] room = {bytes};
        walk(Math.max(1, from), line -> {
            if (lines.size() >= count) {
                return false;
            }
            lines.add(line);
            room[0] -= line.text().length();
            return room[0] > 0 && lines.size() < count;
        });
        return lines;
    }

    /** The last lines. */
    public List<Line> tail(int count, long bytes) throws IOException {
        return lines(size().lines() - count + 1, count, bytes);
    }

    /**
     * The lines that have something in them, escape sequences aside. Of a line that is longer than {@link #LINE} its beginning is looked at.
     *
     * @param from the number of the first line
     * @param most lines that are wanted
     * @param deadline when to stop, though not all was looked at
     */
    public Found search(TextSearch search, long from, int most, Deadline deadline) throws IOException {
        List<Line> found = new ArrayList<>();
        long first = Math.max(1, from);
        long[] next = {first};
        boolean over = walk(first, line -> {
            if (search.isIn(plain(line.text()))) {
                found.add(line);
            }
            next[0] = line.number() + 1;
            return found.size() < most && ((line.number() & 255) != 0 || !deadline.expired());
        });
        return new Found(found, next[0], over);
    }

    /** A text without the escape sequences of a terminal. */
    public static String plain(String text) {
        return text.indexOf('\u001b') < 0 ? text : ESCAPE.matcher(text).replaceAll("");
    }

    private interface Visitor {
        /** Returns whether to go on. */
        boolean visit(Line line) throws IOException;
    }

    /** Visits lines until there are no more, which it returns, or the visitor has enough. */
    private boolean walk(long from, Visitor visitor) throws IOException {
        try (LogIndex index = LogIndex.open(log)) {
            if (index == null) {
                return true;
            }
            Size size = size(index);
            if (from > size.lines()) {
                return true;
            }
            try (RandomAccessFile in = new RandomAccessFile(log.toFile(), "r")) {
                Blocks blocks = new Blocks(in, size.bytes());
                blocks.at(start(index, blocks, from));
                for (long number = from; number <= size.lines(); number++) {
                    Line line = blocks.line(number);
                    if (line.cut() && number < size.lines()) {
                        blocks.at(start(index, blocks, number + 1));
                    }
                    if (!visitor.visit(line)) {
                        return number == size.lines();
                    }
                }
                return true;
            }
        }
    }

    /** Where a line begins. */
    private static long start(LogIndex index, Blocks blocks, long number) throws IOException {
        if (number <= 1) {
            return 0;
        }
        LogIndex.Chunk before = index.get(index.findLines(number - 1) - 1);
        blocks.at(before.end());
        for (long left = number - 1 - before.lines(); left > 0; left--) {
            blocks.skipLine();
        }
        return blocks.place();
    }

    /** The file, read block by block. */
    private static final class Blocks {
        private final RandomAccessFile in;
        private final long end;
        private final byte[] block = new byte[BLOCK];
        private long blockStart;
        private int length;
        private int at;

        Blocks(RandomAccessFile in, long end) {
            this.in = in;
            this.end = end;
        }

        void at(long place) {
            if (place >= blockStart && place <= blockStart + length) {
                at = (int) (place - blockStart);
            } else {
                blockStart = place;
                length = 0;
                at = 0;
            }
        }

        long place() {
            return blockStart + at;
        }

        /** Whether there is a byte at the place. */
        private boolean fill() throws IOException {
            if (at < length) {
                return true;
            }
            blockStart += length;
            at = 0;
            length = (int) Math.min(BLOCK, end - blockStart);
            if (length <= 0) {
                length = 0;
                return false;
            }
            in.seek(blockStart);
            in.readFully(block, 0, length);
            return true;
        }

        void skipLine() throws IOException {
            while (fill()) {
                while (at < length) {
                    if (block[at++] == '\n') {
                        return;
                    }
                }
            }
        }

        /** The line at the place; behind it, or within it if it is cut. */
        Line line(long number) throws IOException {
            byte[] kept = new byte[0];
            while (fill()) {
                int from = at;
                int room = LINE - kept.length;
                while (at < length && at - from <= room && block[at] != '\n') {
                    at++;
                }
                boolean whole = at < length && block[at] == '\n';
                if (kept.length == 0 && whole && at - from <= room) {
                    return new Line(number, text(block, from, at++ - from), false);
                }
                int more = Math.min(at - from, room);
                byte[] longer = Arrays.copyOf(kept, kept.length + more);
                System.arraycopy(block, from, longer, kept.length, more);
                kept = longer;
                if (at - from > room) {
                    return new Line(number, text(kept, 0, kept.length), true);
                }
                if (whole) {
                    at++;
                    break;
                }
            }
            return new Line(number, text(kept, 0, kept.length), false);
        }

        private static String text(byte[] bytes, int from, int length) {
            int shorter = length > 0 && bytes[from + length - 1] == '\r' ? length - 1 : length;
            return new String(bytes, from, shorter, StandardCharsets.UTF_8);
        }
    }

    /**
     * Copies a part of the log.
     *
     * @param from bytes
     * @param length the most bytes
     */
    public void copy(long from, long length, OutputStream out) throws IOException {
        long end = size().bytes();
        if (from < 0 || from >= end || length <= 0) {
            return;
        }
        try (RandomAccessFile in = new RandomAccessFile(log.toFile(), "r")) {
            byte[] block = new byte[BLOCK];
            in.seek(from);
            for (long left = Math.min(length, end - from); left > 0; ) {
                int read = in.read(block, 0, (int) Math.min(block.length, left));
                if (read < 0) {
                    return;
                }
                out.write(block, 0, read);
                left -= read;
            }
        }
    }

    /** The chunks of one log that follow a number, at most so many. */
    private List<Chunk> chunks(int job, int step, long after, int most) throws IOException {
        List<Chunk> chunks = new ArrayList<>();
        try (LogIndex index = LogIndex.open(log)) {
            if (index == null) {
                return chunks;
            }
            try (RandomAccessFile in = new RandomAccessFile(log.toFile(), "r")) {
                long place = index.findSeq(after);
                LogIndex.Chunk before = index.get(place - 1);
                for (; place < index.count() && chunks.size() < most; place++) {
                    LogIndex.Chunk chunk = index.get(place);
                    long length = chunk.end() - before.end();
                    // The writer makes none longer, but for the last one, with a long notice; a broken index must not
                    // cost the memory.
                    if (length < 0 || length > 2L * StepLog.CHUNK) {
                        return chunks;
                    }
                    byte[] content = new byte[(int) length];
                    in.seek(before.end());
                    in.readFully(content);
                    if (length > 0) {
                        chunks.add(new Chunk(chunk.seq(), job, step, content, chunk.at()));
                    }
                    before = chunk;
                }
            }
        }
        return chunks;
    }

    /**
     * The chunks of all steps of a run in the order of their numbers.
     *
     * @param steps how many each job of the plan has
     * @param after the number of the last one that is known; 0 for none
     * @param most how many, each of at most some 256 KiB
     */
    public static List<Chunk> chunks(RunFolder folder, List<Integer> steps, long after, int most) throws IOException {
        PriorityQueue<Chunk> newest =
                new PriorityQueue<>(Comparator.comparingLong(Chunk::seq).reversed());
        for (int job = 0; job < steps.size(); job++) {
            for (int step = 0; step < steps.get(job); step++) {
                for (Chunk chunk : of(folder, job, step).chunks(job, step, after, most)) {
                    newest.add(chunk);
                    if (newest.size() > most) {
                        newest.poll();
                    }
                }
            }
        }
        List<Chunk> chunks = new ArrayList<>(newest);
        chunks.sort(Comparator.comparingLong(Chunk::seq));
        return chunks;
    }
}
