package io.jenkins.plugins.minibuild.miniprogram;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import io.jenkins.plugins.minibuild.files.Digest;
import io.jenkins.plugins.minibuild.files.Json;
import io.jenkins.plugins.minibuild.files.StoredFile;
import io.jenkins.plugins.minibuild.miniprogram.profile.MiniProgram;
import io.jenkins.plugins.minibuild.miniprogram.profile.Version;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * The versions of each app that are taken: the last version that was uploaded, and the versions that builds have reserved. Each app has one
 * file, which is on the disk before {@link #reserve} returns: a controller that is killed later never gives the same version again. A
 * reserved version stays taken unless the service has certainly never seen it.
 *
 * <p>Safe for several threads and for several processes on one folder.
 */
final class VersionStore {

    /** A file lock is the whole JVM's, so that its threads need one of their own. Their number does not grow with the apps that jobs name. */
    private static final ReentrantLock[] LOCKS =
            Stream.generate(ReentrantLock::new).limit(64).toArray(ReentrantLock[]::new);

    private final Path folder;

    @CheckForNull
    private final VersionStore shared;

    VersionStore(Path controllerFolder) {
        this(controllerFolder.resolve("versions").toAbsolutePath().normalize(), null);
    }

    private VersionStore(Path folder, @CheckForNull VersionStore shared) {
        this.folder = folder;
        this.shared = shared;
    }

    /**
     * The versions of a job whose uploads nobody can answer for: a module of the project itself says that it has uploaded, and to which app. What it
     * says counts in that job only; what all jobs share counts there, too.
     */
    VersionStore ofJob(String job) {
        return new VersionStore(
                folder.resolve("jobs").resolve(Digest.sha256Hex(job).substring(0, 40)), this);
    }

    /**
     * Takes the version after the last one.
     *
     * @param appId checked before
     * @param first the lowest one that may be taken
     */
    Version reserve(String appId, Version first) throws IOException, InterruptedException {
        Version top = shared == null ? null : shared.change(appId, State::top);
        Version least = top != null && top.next().compareTo(first) > 0 ? top.next() : first;
        return reserveAfter(appId, least);
    }

    private Version reserveAfter(String appId, Version first) throws IOException, InterruptedException {
        return change(appId, state -> {
            Version next = first;
            Version top = state.top();
            if (top != null && top.next().compareTo(next) > 0) {
                next = top.next();
            }
            state.reserved.add(next);
            return next;
        });
    }

    /**
     * Notes that a version that a user named is about to be uploaded, so that {@link #reserve} never gives it, whatever becomes of the
     * controller meanwhile.
     *
     * @return whether that was not known before; only then may it be {@linkplain #release released}
     */
    boolean hold(String appId, Version version) throws IOException, InterruptedException {
        return change(appId, state -> {
            Version top = state.top();
            return (top == null || top.compareTo(version) < 0) && state.reserved.add(version);
        });
    }

    /** Notes that a version is at the service, whether it was reserved or not. */
    void uploaded(String appId, Version version) throws IOException, InterruptedException {
        change(appId, state -> {
            state.reserved.remove(version);
            if (state.uploaded == null || state.uploaded.compareTo(version) < 0) {
                state.uploaded = version;
            }
            return null;
        });
    }

    /** Gives a reserved version back, which the service has certainly not seen. */
    void release(String appId, Version version) throws IOException, InterruptedException {
        change(appId, state -> state.reserved.remove(version));
    }

    private <T> T change(String appId, Change<T> change) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        Path file = folder.resolve(MiniProgram.checkAppId(appId) + ".json");
        ReentrantLock lock = LOCKS[Math.floorMod(file.hashCode(), LOCKS.length)];
        lock.lockInterruptibly();
        try (FileChannel channel = FileChannel.open(
                        folder.resolve(appId + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock held = channel.lock()) {
            State state = read(file);
            T result = change.apply(state);
            write(file, state);
            return result;
        } finally {
            lock.unlock();
        }
    }

    private static State read(Path file) throws IOException {
        State state = new State();
        Optional<byte[]> content = StoredFile.read(file);
        if (content.isEmpty()) {
            return state;
        }
        try {
            JsonNode stored = Json.parse(content.get());
            if (stored.isMissingNode()) {
                throw new IllegalArgumentException(Messages.VersionStore_empty());
            }
            if (stored.hasNonNull("uploaded")) {
                state.uploaded = Version.parse(stored.get("uploaded").asText());
            }
            for (JsonNode each : stored.path("reserved")) {
                state.reserved.add(Version.parse(each.asText()));
            }
        } catch (JsonProcessingException | IllegalArgumentException e) {
            // To begin again would give versions away twice.
            throw new AbortException(Messages.VersionStore_broken(file.toString(), e.getMessage()));
        }
        return state;
    }

    private static void write(Path file, State state) throws IOException {
        ObjectNode stored = Json.MAPPER.createObjectNode();
        stored.put("uploaded", state.uploaded == null ? null : state.uploaded.toString());
        ArrayNode reserved = stored.putArray("reserved");
        // A version below the last one can never be given again, so that it need not be remembered.
        state.reserved.stream()
                .filter(each -> state.uploaded == null || each.compareTo(state.uploaded) > 0)
                .forEach(each -> reserved.add(each.toString()));
        StoredFile.replace(file, Json.bytes(stored));
    }

    private static final class State {
        private final TreeSet<Version> reserved = new TreeSet<>();

        @CheckForNull
        private Version uploaded;

        @CheckForNull
        private Version top() {
            if (reserved.isEmpty()) {
                return uploaded;
            }
            Version last = reserved.last();
            return uploaded != null && uploaded.compareTo(last) > 0 ? uploaded : last;
        }
    }

    @FunctionalInterface
    private interface Change<T> {
        T apply(State state);
    }
}
