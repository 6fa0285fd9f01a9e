package io.jenkins.plugins.minibuild.webhook;

import io.jenkins.plugins.minibuild.files.StoredFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
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
 * The file of starts that were answered with 202 and are not done yet. The journal adds a line for each start that is stored and one for each start
 * that is done. A line that a crash cut off does not count, because its answer was never sent. Callers that store at the same time share one
 * fsync, which the journal's own thread does. The journal rewrites the file when it gets large. Safe for use by several threads.
 */
final class StartJournal implements Closeable {
    /** The most starts that are pending at once. */
    static final int MOST_PENDING = 10_000;
    /** The most characters that they have together. */
    static final long MOST_PENDING_BYTES = 64L << 20;
    /** How many keys of starts are remembered, over a restart too. */
    static final int MOST_KEYS = 10_000;

    /** Too many starts are pending. */
    static final class FullException extends IOException {
        private static final long serialVersionUID = 1L;

        FullException() {
            super("too many starts are pending");
        }
    }

    /**
     * A start to store.
     *
     * @param key by which a repetition of the same call is recognised
     */
    record Entry(String key, String json) {}

    /** How long a caller waits for the disk. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final Logger LOGGER = Logger.getLogger(StartJournal.class.getName());

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
        Thread thread = new Thread(task, "Mini Build: journal of webhook starts");
        thread.setDaemon(true);
        return thread;
    });
    private FileChannel channel;
    private Batch batch = new Batch();
    private long bytes;
    private long good;
    private long last;

    /**
     * Opens the journal, or begins one.
     *
     * @param compactBytes how large the file may grow before it is rewritten
     */
    StartJournal(Path file, long compactBytes) throws IOException {
        this.file = file;
        this.compactBytes = compactBytes;
        byte[] content = StoredFile.read(file).orElse(new byte[0]);
        for (String line : new String(content, StandardCharsets.ISO_8859_1).split("\n", -1)) {
            replay(line);
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
                long number = Long.parseLong(text.substring(0, space));
                last = Math.max(last, number);
                put(number, text.substring(space + 1));
            }
            case "D" -> {
                long number = Long.parseLong(text);
                last = Math.max(last, number);
                take(number);
            }
            default -> {
                // A later version wrote this line.
            }
        }
    }

    /** The starts that are stored and not done, by their numbers, oldest first. */
    synchronized Map<Long, String> pending() {
        return new LinkedHashMap<>(pending);
    }

    /** The keys of the starts that were stored last, oldest first. */
    synchronized List<String> keys() {
        return new ArrayList<>(keys);
    }

    /**
     * Stores all starts or none. They are on the disk when this returns.
     *
     * @return their numbers, in the same order
     * @throws FullException when too many starts are pending
     * @throws IOException when the disk does not take the starts; then they are not stored
     */
    List<Long> store(List<Entry> entries) throws IOException {
        List<Long> numbers = new ArrayList<>();
        Batch mine;
        synchronized (this) {
            long more = entries.stream().mapToLong(each -> each.json().length()).sum();
            if (pending.size() + entries.size() > MOST_PENDING || bytes + more > MOST_PENDING_BYTES) {
                throw new FullException();
            }
            if (writer.isShutdown()) {
                throw new IOException("the journal of starts is closed");
            }
            mine = batch;
            for (Entry each : entries) {
                long number = ++last;
                numbers.add(number);
                put(number, each.json());
                remember(each.key());
                line(mine.lines, 'K', each.key());
                line(mine.lines, 'P', number + " " + each.json());
            }
            submit();
        }
        try {
            await(mine);
        } catch (IOException e) {
            synchronized (this) {
                // The disk may take the lines later all the same: a start that was refused must not happen then.
                numbers.forEach(this::done);
                entries.forEach(each -> keys.removeLastOccurrence(each.key()));
            }
            throw e;
        }
        return numbers;
    }

    /** Marks a start as done. The mark reaches the disk with the next start: {@link DeliveryLog} recognises a start that was done before a crash. */
    void done(long number) {
        synchronized (this) {
            if (take(number) == null) {
                return;
            }
            line(batch.lines, 'D', String.valueOf(number));
        }
    }

    /** Writes the marks of {@link #done} that are not on the disk yet. */
    void flush() throws IOException {
        Batch mine;
        synchronized (this) {
            mine = batch;
            submit();
        }
        await(mine);
    }

    /** The caller holds the lock. */
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
            throw new IOException("the journal of starts could not be written", e.getCause());
        } catch (TimeoutException e) {
            throw new IOException("the disk did not take the journal of starts within " + PATIENCE.toSeconds() + " s");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /**
     * Writes for all callers that wait. Only the journal's thread does this: when the first caller wrote for all, new callers took the lock before
     * the callers whose lines were written already, which nearly stopped the intake at some hundred calls a second.
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

    /** Cuts off the lines of a failed write that reached the file. */
    private void discardTornLine() {
        try {
            if (!channel.isOpen()) {
                channel = FileChannel.open(file, StandardOpenOption.WRITE);
            }
            channel.truncate(good);
        } catch (IOException e) {
            LOGGER.log(
                    Level.WARNING,
                    "The file " + file + " cannot be written; webhook calls are refused until it can",
                    e);
        }
    }

    /** Rewrites the file with the pending starts only. */
    private void compact() throws IOException {
        StringBuilder lines = new StringBuilder();
        keys.forEach(key -> line(lines, 'K', key));
        pending.forEach((number, json) -> line(lines, 'P', number + " " + json));
        if (!pending.containsKey(last)) {
            // Keeps the last number, so that no number is given twice.
            line(lines, 'D', String.valueOf(last));
        }
        byte[] all = lines.toString().getBytes(StandardCharsets.UTF_8);
        StoredFile.replace(file, all);
        if (channel != null) {
            channel.close();
        }
        channel = FileChannel.open(file, StandardOpenOption.WRITE);
        good = all.length;
    }

    private void put(long number, String json) {
        pending.put(number, json);
        bytes += json.length();
    }

    private String take(long number) {
        String json = pending.remove(number);
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
                LOGGER.log(Level.WARNING, "The file {0} is still being written; its last starts may be lost", file);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        channel.close();
    }
}
