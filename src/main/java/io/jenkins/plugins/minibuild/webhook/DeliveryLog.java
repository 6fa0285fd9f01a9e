package io.jenkins.plugins.minibuild.webhook;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.google.common.base.Suppliers;
import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import io.jenkins.plugins.minibuild.files.Digest;
import io.jenkins.plugins.minibuild.files.FileTree;
import io.jenkins.plugins.minibuild.files.Json;
import io.jenkins.plugins.minibuild.files.StoredFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Everything that is stored about deliveries. The starts are in a journal that is on the disk before the call is answered. The last deliveries of each
 * owner are kept for the pages: one file for each, the newest in place of the oldest. Another thread writes these a moment later, so a crash may lose the
 * last ones. Safe for use by several threads.
 */
final class DeliveryLog implements Closeable {
    /** How many deliveries of each owner are kept. */
    static final int MOST = 100;
    /** Larger bodies are not kept. */
    static final int LONGEST_PAYLOAD = 256 << 10;

    private static final Logger LOGGER = Logger.getLogger(DeliveryLog.class.getName());
    private static final int OWNERS_IN_MEMORY = 200;

    /** An owner's deliveries, without their payloads. */
    private static final class Ring {
        private final TreeMap<Long, DeliveryRecord> records = new TreeMap<>();
        private long last;
    }

    /** A delivery that is not on the disk yet. Its payload is made when it is written: of a flood most deliveries are replaced before. */
    private record Unwritten(DeliveryRecord record, Supplier<String> payload) {
        DeliveryRecord whole() {
            return record.withPayload(payload.get());
        }
    }

    private final StartJournal journal;
    private final Path folder;
    private final Executor executor;
    private final Cache<String, Ring> rings =
            CacheBuilder.newBuilder().maximumSize(OWNERS_IN_MEMORY).build();
    private final Map<Path, Unwritten> unwritten = new LinkedHashMap<>();
    private final Object writing = new Object();
    private boolean scheduled;

    /**
     * Opens the log in a folder, or begins one.
     *
     * @param executor runs the task that writes the last deliveries
     */
    DeliveryLog(Path folder, Executor executor) throws IOException {
        this(folder, executor, 16 << 20);
    }

    /** @param compactBytes how large the journal may grow before it is rewritten */
    DeliveryLog(Path folder, Executor executor, long compactBytes) throws IOException {
        this.journal = new StartJournal(folder.resolve("starts.log"), compactBytes);
        this.folder = folder.resolve("deliveries");
        this.executor = executor;
    }

    /**
     * Keeps a delivery; returns its number.
     *
     * @param payload called by another thread; not called for a delivery that newer ones replace before it is written
     */
    synchronized long add(String owner, DeliveryRecord record, Supplier<String> payload) {
        Ring ring = ring(owner);
        DeliveryRecord numbered = record.withNumber(++ring.last);
        ring.records.put(numbered.number(), numbered.withPayload(""));
        while (ring.records.size() > MOST) {
            ring.records.pollFirstEntry();
        }
        write(owner, new Unwritten(numbered, Suppliers.memoize(payload::get)));
        return numbered.number();
    }

    /**
     * Stores all starts or none. They are on the disk when this returns.
     *
     * @return the starts with their numbers
     * @throws StartJournal.FullException when too many starts are pending
     * @throws IOException when the disk does not take the starts; then they are not stored, and their deliveries are marked as cancelled
     */
    List<Start> store(List<Start> starts) throws IOException {
        if (starts.isEmpty()) {
            return List.of();
        }
        try {
            List<Long> numbers = journal.store(starts.stream()
                    .map(each -> new StartJournal.Entry(each.key(), Json.text(each)))
                    .toList());
            List<Start> stored = new ArrayList<>();
            for (int i = 0; i < starts.size(); i++) {
                stored.add(starts.get(i).withNumber(numbers.get(i)));
            }
            return stored;
        } catch (IOException e) {
            starts.forEach(each -> done(each.id(), Reason.CANCELLED, ""));
            throw e;
        }
    }

    /**
     * Ends a start: it became a build, was cancelled, or gave way to a newer one.
     *
     * @param build see {@link DeliveryRecord}
     */
    void done(Start.Id start, Reason reason, String build) {
        journal.done(start.number());
        change(start.owner(), start.record(), record -> record.withReason(reason)
                .withBuild(build));
    }

    /** Links a build from the records of older deliveries that it includes. */
    void built(String owner, List<Long> records, String build) {
        records.forEach(number -> change(owner, number, record -> record.withBuild(build)));
    }

    /** The starts that an earlier run of Jenkins stored and did not end, oldest first. */
    List<Start> leftOver() {
        List<Start> starts = new ArrayList<>();
        journal.pending().forEach((number, json) -> {
            try {
                starts.add(Json.MAPPER.readValue(json, Start.class).withNumber(number));
            } catch (JsonProcessingException e) {
                LOGGER.log(Level.WARNING, "A stored start of a job cannot be read and is dropped", e);
                journal.done(number);
            }
        });
        return starts;
    }

    /** The keys of the starts that were stored last, see {@link Start#key}. */
    List<String> keys() {
        return journal.keys();
    }

    /** Changes a delivery if it is still kept. */
    private synchronized void change(String owner, long number, UnaryOperator<DeliveryRecord> change) {
        Ring ring = ring(owner);
        DeliveryRecord known = ring.records.get(number);
        if (known == null) {
            return;
        }
        DeliveryRecord changed = change.apply(known);
        ring.records.put(number, changed);
        Path file = file(owner, number);
        Unwritten waiting = unwritten.get(file);
        Supplier<String> payload = waiting == null
                ? () -> read(file).map(each -> each.body().payload()).orElse("")
                : waiting.payload();
        write(owner, new Unwritten(changed, payload));
    }

    /** The deliveries of an owner without their payloads, newest first. */
    synchronized List<DeliveryRecord> list(String owner) {
        return new ArrayList<>(ring(owner).records.descendingMap().values());
    }

    /** A delivery with its payload. */
    synchronized Optional<DeliveryRecord> load(String owner, long number) {
        Path file = file(owner, number);
        Unwritten waiting = unwritten.get(file);
        if (waiting != null) {
            return waiting.record().number() == number ? Optional.of(waiting.whole()) : Optional.empty();
        }
        return read(file).filter(each -> each.number() == number);
    }

    /** Deletes the deliveries of an owner. */
    synchronized void remove(String owner) {
        rings.invalidate(owner);
        Path gone = folder(owner);
        unwritten.keySet().removeIf(file -> file.startsWith(gone));
        executor.execute(() -> delete(gone));
    }

    /** Renames an owner. A delivery that comes at the same moment may be lost. */
    void rename(String from, String to) {
        writeDeliveries();
        synchronized (this) {
            rings.invalidate(from);
            rings.invalidate(to);
            Path before = folder(from);
            unwritten.keySet().removeIf(file -> file.startsWith(before));
            try {
                if (Files.isDirectory(before)) {
                    FileTree.delete(folder(to));
                    Files.move(before, folder(to));
                }
            } catch (IOException e) {
                LOGGER.log(Level.WARNING, "The deliveries of " + from + " were not moved to " + to, e);
            }
        }
    }

    private Ring ring(String owner) {
        try {
            return rings.get(owner, () -> {
                Ring ring = new Ring();
                if (Files.isDirectory(folder(owner))) {
                    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder(owner), "*.json")) {
                        files.forEach(file -> read(file)
                                .ifPresent(record -> ring.records.put(record.number(), record.withPayload(""))));
                    }
                }
                unwritten.forEach((file, waiting) -> {
                    if (file.startsWith(folder(owner))) {
                        ring.records.put(waiting.record().number(), waiting.record());
                    }
                });
                while (ring.records.size() > MOST) {
                    ring.records.pollFirstEntry();
                }
                ring.last = ring.records.isEmpty() ? 0 : ring.records.lastKey();
                return ring;
            });
        } catch (ExecutionException e) {
            LOGGER.log(Level.WARNING, "The deliveries in " + folder(owner) + " cannot be read", e.getCause());
            Ring empty = new Ring();
            rings.put(owner, empty);
            return empty;
        }
    }

    private void write(String owner, Unwritten delivery) {
        unwritten.put(file(owner, delivery.record().number()), delivery);
        if (!scheduled) {
            scheduled = true;
            executor.execute(this::writeDeliveries);
        }
    }

    /** Writes everything that is not on the disk yet. */
    void flush() throws IOException {
        writeDeliveries();
        journal.flush();
    }

    @Override
    public void close() throws IOException {
        journal.close();
    }

    /** Writes the deliveries that are not on the disk yet. {@link #add} does not wait for this. */
    private void writeDeliveries() {
        synchronized (writing) {
            Map<Path, Unwritten> now;
            synchronized (this) {
                scheduled = false;
                now = new LinkedHashMap<>(unwritten);
            }
            now.forEach((file, delivery) -> {
                try {
                    store(file, delivery.whole());
                } catch (IOException | RuntimeException e) {
                    LOGGER.log(Level.WARNING, "The delivery " + file + " was not stored", e);
                }
                synchronized (this) {
                    // Unless it was changed meanwhile.
                    unwritten.remove(file, delivery);
                }
            });
        }
    }

    private static void store(Path file, DeliveryRecord record) throws IOException {
        StoredFile.replaceWithoutForce(file, Json.bytes(record));
    }

    private static Optional<DeliveryRecord> read(Path file) {
        try {
            return StoredFile.readOrSetAside(file, content -> Json.MAPPER.readValue(content, DeliveryRecord.class));
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, "The delivery " + file + " cannot be read", e);
            return Optional.empty();
        }
    }

    private static void delete(Path folder) {
        try {
            FileTree.delete(folder);
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, "The deliveries in " + folder + " were not deleted", e);
        }
    }

    private Path folder(String owner) {
        return folder.resolve(Digest.sha256Hex(owner).substring(0, 32));
    }

    private Path file(String owner, long number) {
        return folder(owner).resolve(number % MOST + ".json");
    }
}
