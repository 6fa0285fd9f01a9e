package io.jenkins.plugins.minibuild.workflow.run;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Predicate;

/**
 * The index of a step's log: a record of {@value #RECORD} bytes for each chunk, in a file beside the log. A crash can leave half a record at its end, or a record of which the
 * log lacks the bytes; both count as never written. Records are only added, so a reader sees whole ones while a writer goes on.
 */
final class LogIndex implements Closeable {
    static final int RECORD = 48;
    /** Read at once when records are searched one after the other. */
    static final int MANY = 1024;

    private final RandomAccessFile file;
    private final long count;

    /**
     * A chunk.
     *
     * @param part whose output it is: a digest of the id of the process
     * @param seq its number in the run, from 1
     * @param at milliseconds since 1970, the controller's clock
     * @param agent where it ends in the output of the process
     * @param end where it ends in the log
     * @param lines how many line ends there are before {@link #end}
     */
    record Chunk(long part, long seq, long at, long agent, long end, long lines) {
        static final Chunk NONE = new Chunk(0, 0, 0, 0, 0, 0);

        byte[] bytes() {
            return ByteBuffer.allocate(RECORD)
                    .putLong(part)
                    .putLong(seq)
                    .putLong(at)
                    .putLong(agent)
                    .putLong(end)
                    .putLong(lines)
                    .array();
        }

        static Chunk of(ByteBuffer in) {
            return new Chunk(in.getLong(), in.getLong(), in.getLong(), in.getLong(), in.getLong(), in.getLong());
        }

        /** Blocks that a machine lost when it stopped are filled with zeros. */
        private boolean isValid(long logBytes) {
            return seq > 0 && end >= 0 && end <= logBytes && lines >= 0 && lines <= end && agent >= 0;
        }
    }

    private LogIndex(RandomAccessFile file, long count) {
        this.file = file;
        this.count = count;
    }

    /** Where the index of a log is. */
    static Path path(Path log) {
        String name = log.getFileName().toString();
        return log.resolveSibling(name.substring(0, name.length() - ".log".length()) + ".idx");
    }

    /** Opens the index of a log for reading; null if there is none. */
    @CheckForNull
    static LogIndex open(Path log) throws IOException {
        Path path = path(log);
        if (!Files.exists(path) || !Files.exists(log)) {
            return null;
        }
        RandomAccessFile file = new RandomAccessFile(path.toFile(), "r");
        try {
            // The index first: what it tells of is in the log already.
            long records = file.length() / RECORD;
            long logBytes = Files.size(log);
            LogIndex all = new LogIndex(file, records);
            while (records > 0 && !all.get(records - 1).isValid(logBytes)) {
                records--;
            }
            return new LogIndex(file, records);
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    /** How many whole chunks there are. */
    long count() {
        return count;
    }

    /** A chunk by its place, from 0; {@link Chunk#NONE} before the first. */
    Chunk get(long place) throws IOException {
        if (place < 0) {
            return Chunk.NONE;
        }
        byte[] bytes = new byte[RECORD];
        file.seek(place * RECORD);
        file.readFully(bytes);
        return Chunk.of(ByteBuffer.wrap(bytes));
    }

    /** The last one; {@link Chunk#NONE} if there is none. */
    Chunk last() throws IOException {
        return get(count - 1);
    }

    /** The place of the first chunk that has so many line ends before its end; {@link #count} if none has. */
    long findLines(long lines) throws IOException {
        return find(each -> each.lines() >= lines);
    }

    /** The place of the first chunk that ends behind a place of the log; {@link #count} if none does. */
    long findEnd(long end) throws IOException {
        return find(each -> each.end() > end);
    }

    /** The place of the first chunk with a higher number; {@link #count} if there is none. */
    long findSeq(long seq) throws IOException {
        return find(each -> each.seq() > seq);
    }

    private long find(Predicate<Chunk> reached) throws IOException {
        long low = 0;
        long high = count;
        while (low < high) {
            long middle = (low + high) >>> 1;
            if (reached.test(get(middle))) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
