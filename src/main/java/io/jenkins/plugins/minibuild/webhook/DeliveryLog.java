package io.jenkins.plugins.minibuild.webhook;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.jenkins.plugins.minibuild.files.Json;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Everything that is stored about deliveries. The starts are in a journal that is on the disk before the call is answered. The last deliveries of each
 * owner are in files that may lag behind. Safe for use by several threads.
 */
final class DeliveryLog implements Closeable {
    private static final Logger LOGGER = Logger.getLogger(DeliveryLog.class.getName());

    private final StartJournal journal;
    private final DeliveryFiles files;

    /**
     * Opens the log in a folder, or begins one.
     *
     * @param writer runs the task that writes the last deliveries
     */
    DeliveryLog(Path folder, Executor writer) throws IOException {
        this(folder, writer, 16 << 20);
    }

    /** @param compactBytes how large the journal may grow before it is rewritten */
    DeliveryLog(Path folder, Executor writer, long compactBytes) throws IOException {
        this.journal = new StartJournal(folder.resolve("starts.log"), compactBytes);
        this.files = new DeliveryFiles(folder.resolve("deliveries"), writer);
    }

    /**
     * Keeps a delivery for the owner's page.
     *
     * @param payload see {@link DeliveryFiles#add}
     * @return the number of the record
     */
    long add(String owner, DeliveryRecord record, Supplier<String> payload) {
        return files.add(owner, record, payload);
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
        files.change(start.owner(), start.record(), record -> record.withReason(reason)
                .withBuild(build));
    }

    /** Links a build from the records of older deliveries that it includes. */
    void built(String owner, List<Long> records, String build) {
        records.forEach(number -> files.change(owner, number, record -> record.withBuild(build)));
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

    /** See {@link DeliveryFiles#list}. */
    List<DeliveryRecord> list(String owner) {
        return files.list(owner);
    }

    /** See {@link DeliveryFiles#load}. */
    Optional<DeliveryRecord> load(String owner, long number) {
        return files.load(owner, number);
    }

    /** See {@link DeliveryFiles#remove}. */
    void remove(String owner) {
        files.remove(owner);
    }

    /** See {@link DeliveryFiles#rename}. */
    void rename(String from, String to) {
        files.rename(from, to);
    }

    /** Writes everything that is not on the disk yet. */
    void flush() throws IOException {
        files.flush();
        journal.flush();
    }

    @Override
    public void close() throws IOException {
        journal.close();
    }
}
