package io.jenkins.plugins.minibuild.workflow.run;

import io.jenkins.plugins.minibuild.files.Digest;
import io.jenkins.plugins.minibuild.process.Redactor;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * The log of a step as its writer has it. First the bytes are written, then the record that tells of them, so that after a crash the last whole record says what counts. Guarded
 * by its {@link #lock}. Its files are no channels: an interrupted thread would close those.
 */
final class StepLog {
    /** A longer piece becomes several chunks, so that a reader never looks through more to find a line. */
    static final int CHUNK = 256 << 10;
    /** How much of what is over the limit passes without a record. */
    private static final int UNTOLD = 1 << 20;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final long ENDS = 0x0a0a0a0a0a0a0a0aL;
    private static final long LOW = 0x7f7f7f7f7f7f7f7fL;

    final ReentrantLock lock = new ReentrantLock();
    private final Path path;
    private final Shared shared;
    private LogIndex.Chunk last;
    private long records;
    /** What the process wrote and this log took, held back bytes included. */
    private long taken;

    private boolean endsLine;
    private volatile boolean ended;
    private Redactor.Pieces pieces;

    /** Null while the files are closed, as the index. */
    private volatile RandomAccessFile log;

    private RandomAccessFile index;

    /**
     * What the logs of a run share.
     *
     * @param redactor masks secrets
     * @param most bytes of a log
     * @param notice the line at the end of a log that was longer
     * @param clock milliseconds since 1970
     * @param numbers gives each chunk its number
     */
    record Shared(Redactor redactor, long most, String notice, LongSupplier clock, LongSupplier numbers) {}

    /** Reads how far the log is. */
    StepLog(Path path, Shared shared) throws IOException {
        this.path = path;
        this.shared = shared;
        this.pieces = shared.redactor().pieces();
        recover();
    }

    private void recover() throws IOException {
        try (LogIndex found = LogIndex.open(path)) {
            last = found == null ? LogIndex.Chunk.NONE : found.last();
            records = found == null ? 0 : found.count();
        }
        taken = last.agent();
        endsLine = true;
        if (last.end() > 0) {
            try (RandomAccessFile in = new RandomAccessFile(path.toFile(), "r")) {
                in.seek(last.end() - 1);
                endsLine = in.read() == '\n';
            }
        }
        pieces = shared.redactor().pieces();
    }

    static long part(String id) {
        return ByteBuffer.wrap(Digest.sha256(id.getBytes(StandardCharsets.UTF_8)))
                .getLong();
    }

    /** Up to where the output of a process is in the files. */
    long known(String part) {
        return last.part() == part(part) ? last.agent() : 0;
    }

    void append(String part, long offset, byte[] bytes) throws IOException {
        long id = part(part);
        try {
            if (last.part() != id) {
                flush();
                last = new LogIndex.Chunk(id, last.seq(), last.at(), 0, last.end(), last.lines());
                taken = 0;
            }
            if (offset > taken) {
                throw new IOException(Messages.LogStore_gap(path.getFileName(), offset, taken));
            }
            long from = taken - offset;
            while (from < bytes.length) {
                int length = (int) Math.min(CHUNK, bytes.length - from);
                ByteBuffer plain = pieces.next(bytes, (int) from, length);
                from += length;
                write(plain, offset + from);
            }
        } catch (IOException | RuntimeException e) {
            // A full disk: nothing after the last record counts.
            undo();
            throw e;
        }
    }

    /** A line of the controller's own. */
    void note(String line) throws IOException {
        try {
            // Before what is held back: it must not part a secret.
            String text = (endsLine ? "" : "\n") + shared.redactor().redact(line) + "\n";
            store(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), last.agent());
        } catch (IOException | RuntimeException e) {
            undo();
            throw e;
        }
    }

    /** Writes what is held back: nothing follows, or not of this process. */
    void flush() throws IOException {
        if (pieces.held() > 0 || taken > last.agent()) {
            ByteBuffer rest = pieces.rest();
            pieces = shared.redactor().pieces();
            if (last.end() > shared.most()) {
                store(ByteBuffer.allocate(0), taken);
            } else {
                write(rest, taken);
            }
        }
    }

    private void write(ByteBuffer plain, long agent) throws IOException {
        long told = agent - pieces.held();
        long room = shared.most() - last.end();
        if (room < 0) {
            if (told - last.agent() >= UNTOLD) {
                store(ByteBuffer.allocate(0), told);
            }
        } else if (plain.remaining() > room) {
            plain.limit(plain.position() + (int) room);
            store(plain, told);
            store(
                    ByteBuffer.wrap(((endsLine ? "" : "\n") + shared.notice() + "\n").getBytes(StandardCharsets.UTF_8)),
                    told);
        } else if (plain.hasRemaining()) {
            store(plain, told);
        }
        taken = agent;
    }

    private void store(ByteBuffer plain, long agent) throws IOException {
        open();
        byte[] bytes = plain.array();
        int from = plain.arrayOffset() + plain.position();
        int length = plain.remaining();
        if (length > 0) {
            log.write(bytes, from, length);
            endsLine = bytes[from + length - 1] == '\n';
        }
        LogIndex.Chunk next = new LogIndex.Chunk(
                last.part(),
                shared.numbers().getAsLong(),
                shared.clock().getAsLong(),
                agent,
                last.end() + length,
                last.lines() + lineEnds(bytes, from, length));
        index.write(next.bytes());
        last = next;
        records++;
    }

    /** How many line ends there are, eight bytes at once: of a gigabyte this is a tenth of a second. */
    static long lineEnds(byte[] bytes, int from, int length) {
        long count = 0;
        int end = from + length;
        int whole = end - length % Long.BYTES;
        for (int at = from; at < whole; at += Long.BYTES) {
            long x = (long) LONGS.get(bytes, at) ^ ENDS;
            count += Long.BYTES - Long.bitCount((((x & LOW) + LOW) | x) & ~LOW);
        }
        for (int at = whole; at < end; at++) {
            if (bytes[at] == '\n') {
                count++;
            }
        }
        return count;
    }

    private void open() throws IOException {
        if (log != null && index != null) {
            return;
        }
        close();
        Files.createDirectories(path.getParent());
        log = new RandomAccessFile(path.toFile(), "rw");
        index = new RandomAccessFile(LogIndex.path(path).toFile(), "rw");
        cut();
    }

    /** Both files to the last whole record. */
    private void cut() throws IOException {
        log.setLength(last.end());
        log.seek(last.end());
        index.setLength(records * LogIndex.RECORD);
        index.seek(records * LogIndex.RECORD);
    }

    private void undo() {
        close();
        try {
            recover();
        } catch (IOException e) {
            // The disk does not even read; the next writer finds out the same.
            taken = last.agent();
            pieces = shared.redactor().pieces();
        }
    }

    /** Nothing is written by this object any more. */
    void end() {
        ended = true;
        close();
    }

    boolean isEnded() {
        return ended;
    }

    boolean isOpen() {
        return log != null;
    }

    /** Closes the files; the next write opens them again. */
    void close() {
        try (RandomAccessFile one = log;
                RandomAccessFile other = index) {
            // Closed by leaving.
        } catch (IOException e) {
            // What was written is with the operating system already; closing a plain file tells nothing more.
        }
        log = null;
        index = null;
    }
}
