package io.jenkins.plugins.minibuild.notify;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Pattern;

/**
 * Messages on disk, one file each, so that they outlive the controller. A file is written beside its place and moved there, so that there is never half
 * of one; whatever a kill leaves is either a whole message or a temporary file, which the next start removes. Safe for use by several threads.
 */
final class Outbox {
    /** For how long a picture stays, at most: DingTalk reads it when somebody looks at the message. */
    static final Duration PICTURE_AGE = Duration.ofDays(7);

    private static final Logger LOGGER = Logger.getLogger(Outbox.class.getName());
    private static final ObjectMapper JSON =
            new ObjectMapper().configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, false);
    private static final Pattern PICTURE = Pattern.compile("[0-9a-f-]{36}\\.img");
    private static final int MOST_PICTURES = 1_000;

    private final Path folder;
    private final Path pictures;
    private final int most;
    private final Clock clock;
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicLong sequence = new AtomicLong();

    /**
     * @param folder is made when it is needed
     * @param most messages that are kept; more are refused
     */
    Outbox(Path folder, int most, Clock clock) {
        this.folder = folder;
        this.pictures = folder.resolve("pictures");
        this.most = most;
        this.clock = clock;
    }

    /** A name for a message; sorts by age within this run of the controller and across them. */
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
     * Keeps a message, or what is new of it.
     *
     * @throws IOException when the disk refuses it, or too many wait already
     */
    void put(Message message) throws IOException {
        Path file = file(message);
        boolean fresh = !Files.exists(file);
        if (fresh && message.joined().isEmpty() && count.get() >= most) {
            throw new IOException(Messages.Outbox_full(Integer.toString(most)));
        }
        Files.createDirectories(file.getParent());
        write(file, JSON.writeValueAsBytes(message));
        if (fresh) {
            count.incrementAndGet();
        }
    }

    /** The message; null if it is not there or cannot be read, which is logged. */
    @CheckForNull
    Message read(Channel.Id channel, String id) {
        return read(folder.resolve(key(channel)).resolve(id + ".json"));
    }

    void delete(Channel.Id channel, String id) throws IOException {
        if (Files.deleteIfExists(folder.resolve(key(channel)).resolve(id + ".json"))) {
            count.decrementAndGet();
        }
    }

    /**
     * What an earlier run of the controller left, from the oldest on: digests have taken the place of what they join, temporary files are gone.
     * Called once, before anything else.
     */
    List<Message> load() throws IOException {
        List<Message> found = new ArrayList<>();
        if (!Files.isDirectory(folder)) {
            return found;
        }
        for (Path channel : list(folder)) {
            if (Files.isDirectory(channel) && !channel.equals(pictures)) {
                for (Path file : list(channel)) {
                    String name = file.getFileName().toString();
                    if (name.endsWith(".tmp")) {
                        Files.deleteIfExists(file);
                    } else if (name.endsWith(".json")) {
                        Message message = read(file);
                        if (message != null) {
                            found.add(message);
                        }
                    }
                }
            }
        }
        count.set(found.size());
        Set<String> joined = new HashSet<>();
        found.forEach(each -> joined.addAll(each.joined()));
        for (Message each : found) {
            if (joined.contains(each.id())) {
                delete(Channel.Id.of(each), each.id());
            }
        }
        found.removeIf(each -> joined.contains(each.id()));
        found.sort(Comparator.comparing(Message::id));
        return found;
    }

    @CheckForNull
    private static Message read(Path file) {
        try {
            return JSON.readValue(Files.readAllBytes(file), Message.class);
        } catch (NoSuchFileException e) {
            return null;
        } catch (IOException | IllegalArgumentException e) {
            LOGGER.log(Level.WARNING, "The waiting message {0} cannot be read and is put aside: {1}", new Object[] {
                file.getFileName(), e.getClass().getSimpleName()
            });
            try {
                Files.move(
                        file, file.resolveSibling(file.getFileName() + ".broken"), StandardCopyOption.REPLACE_EXISTING);
            } catch (IOException other) {
                LOGGER.log(Level.FINE, "not put aside", other);
            }
            return null;
        }
    }

    /** Keeps a picture; answers its name, which nobody can guess. */
    String putPicture(byte[] picture) throws IOException {
        Files.createDirectories(pictures);
        String name = UUID.randomUUID() + ".img";
        write(pictures.resolve(name), picture);
        Files.setLastModifiedTime(pictures.resolve(name), FileTime.from(clock.instant()));
        return name;
    }

    /** A picture; empty if there is none with that name, or none any more. */
    byte[] picture(@CheckForNull String name) throws IOException {
        if (name == null || !PICTURE.matcher(name).matches()) {
            return new byte[0];
        }
        Path file = pictures.resolve(name);
        try {
            // What is too old is not served, whether it is deleted already or not.
            return Files.getLastModifiedTime(file).toMillis() < clock.millis() - PICTURE_AGE.toMillis()
                    ? new byte[0]
                    : Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            return new byte[0];
        }
    }

    /** Deletes pictures that are too old or too many. */
    void clean() throws IOException {
        if (!Files.isDirectory(pictures)) {
            return;
        }
        record Aged(Path file, long modified) {}
        List<Aged> all = new ArrayList<>();
        for (Path each : list(pictures)) {
            try {
                all.add(new Aged(each, Files.getLastModifiedTime(each).toMillis()));
            } catch (NoSuchFileException e) {
                // deleted meanwhile
            }
        }
        all.sort(Comparator.comparing(Aged::modified).reversed());
        long oldest = clock.millis() - PICTURE_AGE.toMillis();
        for (int i = 0; i < all.size(); i++) {
            if (i >= MOST_PICTURES || all.get(i).modified() < oldest) {
                Files.deleteIfExists(all.get(i).file());
            }
        }
    }

    private static List<Path> list(Path folder) throws IOException {
        List<Path> all = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
            stream.forEach(all::add);
        }
        return all;
    }

    private static void write(Path file, byte[] bytes) throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + "." + UUID.randomUUID() + ".tmp");
        try {
            Files.write(fresh, bytes);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    private Path file(Message message) {
        return folder.resolve(key(Channel.Id.of(message))).resolve(message.id() + ".json");
    }

    /** The name of a channel's files: names of channels may hold anything. */
    static String key(Channel.Id channel) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256")
                    .digest((channel.scope() + "\n" + channel.name()).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
