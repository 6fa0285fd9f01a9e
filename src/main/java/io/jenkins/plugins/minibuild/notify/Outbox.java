package io.jenkins.plugins.minibuild.notify;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.minibuild.files.Json;
import io.jenkins.plugins.minibuild.files.StoredFile;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The messages on disk, one file each, so that they outlive the controller. Safe for use by several threads. */
final class Outbox {
    private static final Logger LOGGER = Logger.getLogger(Outbox.class.getName());
    private static final ObjectReader MESSAGE =
            Json.MAPPER.readerFor(Message.class).without(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
    private static final String PICTURES = "pictures";

    private final Path folder;
    private final int most;
    private final Clock clock;
    private final Pictures pictures;
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicLong sequence = new AtomicLong();

    /**
     * @param folder is made when it is needed
     * @param most messages that are kept; more are refused
     */
    Outbox(Path folder, int most, Clock clock) {
        this.folder = folder;
        this.most = most;
        this.clock = clock;
        this.pictures = new Pictures(folder.resolve(PICTURES), clock);
    }

    /** The pictures of the messages. */
    Pictures pictures() {
        return pictures;
    }

    /** A name for a message; names sort by age, also across runs of the controller. */
    String newId() {
        return String.format(
                "%013d-%08d-%s",
                clock.millis(),
                sequence.incrementAndGet() % 100_000_000,
                UUID.randomUUID().toString().substring(0, 4));
    }

    /** How many messages wait. */
    int count() {
        return count.get();
    }

    /**
     * Keeps a message, or replaces the one with its id.
     *
     * @throws IOException when the disk refuses it, or too many messages wait already
     */
    void put(Message message) throws IOException {
        Path file = file(message.channel(), message.id());
        boolean fresh = !Files.exists(file);
        if (fresh && message.joined().isEmpty() && count.get() >= most) {
            throw new IOException(Messages.Outbox_full(Integer.toString(most)));
        }
        StoredFile.replace(file, Json.bytes(message));
        if (fresh) {
            count.incrementAndGet();
        }
    }

    /** A message; null if its file is missing or cannot be read, which is logged. */
    @CheckForNull
    Message read(Channel.Id channel, String id) {
        return read(file(channel, id));
    }

    @CheckForNull
    private static Message read(Path file) {
        try {
            return StoredFile.readOrSetAside(file, MESSAGE::<Message>readValue).orElse(null);
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, "The message " + file + " cannot be read", e);
            return null;
        }
    }

    /** Deletes a message, if it is there. */
    void delete(Channel.Id channel, String id) throws IOException {
        if (Files.deleteIfExists(file(channel, id))) {
            count.decrementAndGet();
        }
    }

    /**
     * The messages that an earlier run of the controller left, the oldest first. Deletes temporary files and the messages that a digest has replaced.
     * Called once, when Jenkins has started.
     */
    List<Message> load() throws IOException {
        List<Message> found = new ArrayList<>();
        if (!Files.isDirectory(folder)) {
            return found;
        }
        for (Path channel : list(folder)) {
            if (!Files.isDirectory(channel) || channel.endsWith(PICTURES)) {
                continue;
            }
            for (Path file : list(channel)) {
                String name = file.getFileName().toString();
                Message message = name.endsWith(".json") ? read(file) : null;
                if (message != null) {
                    found.add(message);
                } else if (name.endsWith(".tmp")) {
                    Files.deleteIfExists(file);
                }
            }
        }
        count.set(found.size());
        Set<String> joined = new HashSet<>();
        found.forEach(each -> each.joined().forEach(one -> joined.add(one.id())));
        for (Message each : found) {
            if (joined.contains(each.id())) {
                delete(each.channel(), each.id());
            }
        }
        found.removeIf(each -> joined.contains(each.id()));
        found.sort(Comparator.comparing(Message::id));
        return found;
    }

    private static List<Path> list(Path folder) throws IOException {
        List<Path> all = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
            stream.forEach(all::add);
        }
        return all;
    }

    private Path file(Channel.Id channel, String id) {
        return folder.resolve(channel.key()).resolve(id + ".json");
    }
}
