package io.jenkins.plugins.minibuild.webhook;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.zip.CRC32;

/**
 * What was promised with an answer of 202 and is not done yet, on disk. A line is added for each start that is promised, and one for each
 * that is done; a line that a crash cut off does not count, as its answer was never given. Callers that write at the same time share one
 * fsync, which a thread of the log does. The file is written anew when most of it is done. Safe for use by several threads.
 */
final class IntakeLog implements Closeable {
    /** More are not promised. */
    static final int MOST_PENDING = 10_000;
    /** Nor more than this. */
    static final long MOST_PENDING_BYTES = 64L << 20;
    /** How many keys of starts are remembered, over a restart too. */
    static final int MOST_KEYS = 10_000;

    /** The log takes no more for now. */
    static final class FullException extends IOException {
        private static final long serialVersionUID = 1L;

        FullException() {
            super("the queue of deliveries is full");
        }
    }

    /** A start to promise: its key tells whether it was promised before. */
    record Promise(String key, String json) {}

    /** How long a caller waits for the disk. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final Logger LOGGER = Logger.getLogger(IntakeLog.class.getName());

    private static final class Batch {
        private final StringBuilder lines = new StringBuilder();
        private final CompletableFuture<Void> written = new CompletableFuture<>();
        private boolean submitted;
    }

    private final Path file;
    private final long compactBytes;
    private final Map<Long, String> pending = new LinkedHashMap<>();
    private final Deque<String> keys = new ArrayDeque<>();
    private final ExecutorService writer = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "Mini Build: log of deliveries");
        thread.setDaemon(true);
        return thread;
    });
    private FileChannel channel;
    private Batch batch = new Batch();
    private long bytes;
    private long good;
    private long last;

    /** Opens the log, or begins one; what is promised and not done is in {@link #pending}. */
    IntakeLog(Path file) throws IOException {
        this(file, 16 << 20);
    }

    /** @param compactBytes how large the file may grow before it is written anew */
    IntakeLog(Path file, long compactBytes) throws IOException {
        this.file = file;
        this.compactBytes = compactBytes;
        Files.createDirectories(file.getParent());
        if (Files.exists(file)) {
            for (String line :
                    Files.readString(file, StandardCharsets.ISO_8859_1).split("\n", -1)) {
                replay(line);
            }
        }
        compact();
    }

    private void replay(String line) {
        String[] parts = line.split(" ", 3);
        if (parts.length < 3 || !crc(parts[2]).equals(parts[1])) {
            return;
        }
        String text = new String(parts[2].getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
        switch (parts[0]) {
            case "K" -> remember(text);
            case "P" -> {
                int space = text.indexOf(' ');
                long id = Long.parseLong(text.substring(0, space));
                last = Math.max(last, id);
                put(id, text.substring(space + 1));
            }
            case "D" -> {
                long id = Long.parseLong(text);
                last = Math.max(last, id);
                take(id);
            }
            default -> {
                // Of a later version.
            }
        }
    }

    /** What is promised and not done, oldest first. */
    synchronized Map<Long, String> pending() {
        return new LinkedHashMap<>(pending);
    }

    /** The keys of what was promised last, oldest first. */
    synchronized List<String> keys() {
        return new ArrayList<>(keys);
    }

    /**
     * Promises starts, all or none. When this returns, they are on disk.
     *
     * @return their ids, in the same order
     * @throws FullException when too many wait already
     * @throws IOException when the disk does not take them: then they are not promised
     */
    List<Long> promise(List<Promise> promises) throws IOException {
        List<Long> ids = new ArrayList<>();
        Batch mine;
        synchronized (this) {
            long more =
                    promises.stream().mapToLong(each -> each.json().length()).sum();
            if (pending.size() + promises.size() > MOST_PENDING || bytes + more > MOST_PENDING_BYTES) {
                throw new FullException();
            }
            if (writer.isShutdown()) {
                throw new IOException("the log of deliveries is closed");
            }
            mine = batch;
            for (Promise each : promises) {
                long id = ++last;
                ids.add(id);
                put(id, each.json());
                remember(each.key());
                line(mine.lines, 'K', each.key());
                line(mine.lines, 'P', id + " " + each.json());
            }
            submit();
        }
        try {
            await(mine);
        } catch (IOException e) {
            synchronized (this) {
                // Should the disk take it after all, nothing is started that was refused.
                ids.forEach(this::done);
                promises.forEach(each -> keys.removeLastOccurrence(each.key()));
            }
            throw e;
        }
        return ids;
    }

    /** Marks a start as done. Reaches the disk with the next promise: a start that is repeated is recognised by others. */
    void done(long id) {
        synchronized (this) {
            if (take(id) == null) {
                return;
            }
            line(batch.lines, 'D', String.valueOf(id));
        }
    }

    /** Writes what {@link #done} left. */
    void flush() throws IOException {
        Batch mine;
        synchronized (this) {
            mine = batch;
            submit();
        }
        await(mine);
    }

    /** Has the batch written, if that is not on its way. Holds the lock. */
    private void submit() {
        if (!batch.submitted) {
            batch.submitted = true;
            writer.execute(this::writeBatch);
        }
    }

    private static void await(Batch mine) throws IOException {
        try {
            mine.written.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IOException("the log of deliveries could not be written", e.getCause());
        } catch (TimeoutException e) {
            throw new IOException("the disk did not take the log of deliveries within " + PATIENCE.toSeconds() + " s");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /**
     * Writes for all who wait. Only the writer's thread does: were it done by whoever comes first, newcomers would take the lock before
     * those whose lines are written already, which nearly stopped the intake at some hundred calls a second.
     */
    private void writeBatch() {
        Batch mine;
        byte[] lines;
        synchronized (this) {
            mine = batch;
            batch = new Batch();
            lines = mine.lines.toString().getBytes(StandardCharsets.UTF_8);
        }
        try {
            if (good + lines.length > compactBytes) {
                synchronized (this) {
                    compact();
                }
            } else {
                write(lines);
                channel.force(false);
                good += lines.length;
            }
            mine.written.complete(null);
        } catch (IOException | RuntimeException e) {
            discardTornLine();
            mine.written.completeExceptionally(e);
        }
    }

    private void write(byte[] lines) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(lines);
        long at = good;
        while (buffer.hasRemaining()) {
            at += channel.write(buffer, at);
        }
    }

    /** After a failed write: what of it reached the file does not count. */
    private void discardTornLine() {
        try {
            if (!channel.isOpen()) {
                channel = FileChannel.open(file, StandardOpenOption.WRITE);
            }
            channel.truncate(good);
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, "The log " + file + " cannot be written; deliveries are refused until it can", e);
        }
    }

    /** Replaces the file by one with what is pending only. */
    private void compact() throws IOException {
        StringBuilder lines = new StringBuilder();
        keys.forEach(key -> line(lines, 'K', key));
        pending.forEach((id, json) -> line(lines, 'P', id + " " + json));
        // So that ids are not given twice.
        line(lines, 'D', String.valueOf(last));
        if (pending.containsKey(last)) {
            lines.setLength(lines.lastIndexOf("D "));
        }
        byte[] all = lines.toString().getBytes(StandardCharsets.UTF_8);
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        try (FileChannel out = FileChannel.open(
                fresh, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer buffer = ByteBuffer.wrap(all);
            while (buffer.hasRemaining()) {
                out.write(buffer);
            }
            out.force(true);
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        if (channel != null) {
            channel.close();
        }
        channel = FileChannel.open(file, StandardOpenOption.WRITE);
        good = all.length;
    }

    private void put(long id, String json) {
        pending.put(id, json);
        bytes += json.length();
    }

    private String take(long id) {
        String json = pending.remove(id);
        bytes -= json == null ? 0 : json.length();
        return json;
    }

    private void remember(String key) {
        keys.add(key);
        if (keys.size() > MOST_KEYS) {
            keys.remove();
        }
    }

    private static void line(StringBuilder lines, char kind, String text) {
        String raw = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        lines.append(kind).append(' ').append(crc(raw)).append(' ').append(text).append('\n');
    }

    private static String crc(String raw) {
        CRC32 crc = new CRC32();
        crc.update(raw.getBytes(StandardCharsets.ISO_8859_1));
        return Long.toHexString(crc.getValue());
    }

    @Override
    public void close() throws IOException {
        synchronized (this) {
            writer.shutdown();
        }
        try {
            if (!writer.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                LOGGER.log(Level.WARNING, "The log {0} is still being written; what waits may be lost", file);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        channel.close();
    }
}
