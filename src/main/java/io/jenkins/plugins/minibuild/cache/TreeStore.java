package io.jenkins.plugins.minibuild.cache;

import com.fasterxml.jackson.databind.JsonNode;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.minibuild.files.FileTree;
import io.jenkins.plugins.minibuild.files.FolderLock;
import io.jenkins.plugins.minibuild.files.Json;
import io.jenkins.plugins.minibuild.process.OnAgent;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;

/**
 * Folders of builds on the disk of an agent, one entry for each key. An entry is never changed once it is there. Runs on the agent.
 *
 * <p>An entry has one or several parts, each a folder or a file of the build. It holds a pristine copy, a manifest that is written before the entry gets its name, and at most one ready copy. The pristine copy never
 * leaves the store. A restore renames the parts of the ready copy into the build: that needs no copying, and the build may write there. The next ready copy is
 * made from the pristine one while no build waits for it. Every copy is compared with the manifest before a build gets it.
 *
 * <p>Every change of an entry happens under the lock of its key, which the operating system releases when a process dies. Unfinished work lies in
 * {@code work} under the name of the key; the holder of the lock may delete it.
 */
@OnAgent
public final class TreeStore {

    private static final String MANIFEST = "manifest.json";
    private static final String PRISTINE = "pristine";
    private static final String READY = "ready";
    private static final String TRASH = "trash-";
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    /** A copy is not made when it would leave less than this on the disk. */
    private static final long SPARE_BYTES = 1L << 30;

    private final Path entries;
    private final Path work;
    private final Path locks;
    private final long limit;

    /**
     * Opens a store; the folder is made when it is missing.
     *
     * @param limit how many bytes all entries may have together
     */
    TreeStore(Path root, long limit) throws IOException {
        this.entries = Files.createDirectories(root.resolve("entries"));
        this.work = Files.createDirectories(root.resolve("work"));
        this.locks = Files.createDirectories(root.resolve("locks"));
        this.limit = limit;
    }

    /**
     * A folder or a file that an entry has a copy of.
     *
     * @param name in the entry; a single segment
     * @param place in the build; it need not exist
     */
    record Part(String name, Path place) {}

    /** The result of a restore. */
    public enum Restored {
        /** The ready copy was renamed into place. */
        RENAMED,
        /** The pristine copy was copied. */
        COPIED,
        /** There is no entry. */
        MISSING,
        /** The entry was not what its manifest says; it was deleted. */
        CORRUPT;

        /** Whether the build has got its parts. */
        public boolean there() {
            return this == RENAMED || this == COPIED;
        }
    }

    /** The result of a save. */
    public enum Saved {
        /** There is an entry now. */
        KEPT,
        /** There was one before; it was not changed. */
        KNOWN,
        /** There is nothing to keep. */
        NOTHING,
        /** They are larger than the limit, or other builds use the entries that would have to be deleted. */
        TOO_LARGE,
        /** The disk has too little free space. */
        NO_SPACE,
        /** Another build has been writing or reading the entry for two minutes. */
        BUSY,
        /** They cannot be kept: a link stands in their place or leads out of them, or they were changed meanwhile. */
        UNFIT
    }

    /**
     * Puts the parts of a key into a build, in place of those that are there. A part that the entry lacks is left as it is.
     *
     * @param parts as they were saved
     */
    Restored restore(String key, List<Part> parts) throws IOException, InterruptedException {
        try (FolderLock lock = lock(key)) {
            Path entry = entries.resolve(key);
            if (lock == null || !Files.exists(entry)) {
                return Restored.MISSING;
            }
            TreeListing manifest = manifest(entry);
            if (manifest == null) {
                discard(key, entry);
                return Restored.CORRUPT;
            }
            Path ready = entry.resolve(READY);
            if (Files.exists(ready)) {
                boolean moved = TreeListing.of(ready).sameAs(manifest) && moveInto(key, ready, parts);
                discard(key, ready);
                if (moved) {
                    touch(entry);
                    return Restored.RENAMED;
                }
            }
            Path pristine = entry.resolve(PRISTINE);
            if (!Files.isDirectory(pristine) || !TreeListing.of(pristine).sameAs(manifest)) {
                discard(key, entry);
                return Restored.CORRUPT;
            }
            for (Part part : parts) {
                Path kept = pristine.resolve(part.name());
                if (Files.exists(kept, LinkOption.NOFOLLOW_LINKS)) {
                    copyInto(key, kept, part.place());
                }
            }
            touch(entry);
            return Restored.COPIED;
        }
    }

    /** Returns false if the parts cannot be renamed; those that were are in place then, and are replaced by a copy. */
    private boolean moveInto(String key, Path ready, List<Part> parts) throws IOException {
        for (Part part : parts) {
            Path kept = ready.resolve(part.name());
            if (Files.exists(kept, LinkOption.NOFOLLOW_LINKS)) {
                Files.createDirectories(parent(part.place()));
                clear(key, part.place());
                if (!rename(kept, part.place())) {
                    return false;
                }
            }
        }
        return true;
    }

    /** The copy is made beside its place, so that a build that is killed here leaves no half of it in that place. */
    private void copyInto(String key, Path kept, Path place) throws IOException, InterruptedException {
        Path folder = Files.createDirectories(parent(place));
        Path fresh = folder.resolve("." + place.getFileName() + "-" + key);
        FileTree.delete(fresh);
        try {
            TreeCopy.copy(kept, fresh);
            clear(key, place);
            Files.move(fresh, place);
        } finally {
            FileTree.delete(fresh);
        }
    }

    private static Path parent(Path place) throws IOException {
        Path parent = place.toAbsolutePath().getParent();
        if (parent == null) {
            throw new IOException(place + " is the root of a file system");
        }
        return parent;
    }

    /**
     * Keeps a copy of the parts of a build that exist, unless the key has an entry. Deletes the oldest entries if the limit requires it.
     *
     * @param closed whether links that lead out of a part make it unfit: a copy of it elsewhere would have another meaning
     */
    Saved save(String key, List<Part> parts, boolean closed) throws IOException, InterruptedException {
        try (FolderLock lock = lock(key)) {
            Path entry = entries.resolve(key);
            if (lock == null) {
                return Saved.BUSY;
            }
            if (Files.exists(entry)) {
                if (manifest(entry) != null) {
                    touch(entry);
                    return Saved.KNOWN;
                }
                discard(key, entry);
            }
            return save(key, entry, parts, closed);
        }
    }

    private Saved save(String key, Path entry, List<Part> given, boolean closed)
            throws IOException, InterruptedException {
        List<Part> parts = given.stream()
                .filter(part -> Files.exists(part.place(), LinkOption.NOFOLLOW_LINKS))
                .toList();
        if (parts.isEmpty()) {
            return Saved.NOTHING;
        }
        if (parts.stream().anyMatch(part -> Files.isSymbolicLink(part.place()))) {
            return Saved.UNFIT;
        }
        TreeListing found = TreeListing.of(parts);
        if (found.special() || closed && found.leaving()) {
            return Saved.UNFIT;
        }
        if (found.bytes() > limit || !makeRoom(found.bytes(), key)) {
            return Saved.TOO_LARGE;
        }
        if (isShort(found.bytes())) {
            return Saved.NO_SPACE;
        }
        Path fresh = Files.createDirectory(work.resolve(key + "-" + UUID.randomUUID()));
        try {
            Path pristine = Files.createDirectory(fresh.resolve(PRISTINE));
            for (Part part : parts) {
                TreeCopy.copy(part.place(), pristine.resolve(part.name()));
            }
            if (!TreeListing.of(pristine).sameAs(found)) {
                return Saved.UNFIT;
            }
            Files.writeString(
                    fresh.resolve(MANIFEST),
                    Json.MAPPER
                            .createObjectNode()
                            .put("files", found.files())
                            .put("bytes", found.bytes())
                            .put("digest", found.digest())
                            .toString());
            Files.move(fresh, entry, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            FileTree.delete(fresh);
        }
        return Saved.KEPT;
    }

    /** Removes the entry of a key. Returns whether there was one. */
    boolean drop(String key) throws IOException, InterruptedException {
        try (FolderLock lock = lock(key)) {
            Path entry = entries.resolve(key);
            if (lock == null || !Files.exists(entry)) {
                return false;
            }
            discard(key, entry);
            return true;
        } finally {
            sweep();
        }
    }

    /** Makes the ready copy of a key if it is missing and fits; then deletes what was discarded. */
    void prepare(String key) throws IOException, InterruptedException {
        try (FolderLock lock = lock(key)) {
            Path entry = entries.resolve(key);
            Path ready = entry.resolve(READY);
            TreeListing manifest = lock == null || !Files.exists(entry) ? null : manifest(entry);
            if (manifest != null
                    && !Files.exists(ready)
                    && total() + manifest.bytes() <= limit
                    && !isShort(manifest.bytes())) {
                Path fresh = work.resolve(key + "-" + UUID.randomUUID());
                try {
                    TreeCopy.copy(entry.resolve(PRISTINE), fresh);
                    Files.move(fresh, ready, StandardCopyOption.ATOMIC_MOVE);
                } finally {
                    FileTree.delete(fresh);
                }
            }
        }
        sweep();
    }

    /** Deletes what was discarded, and the unfinished work of processes that died. */
    void sweep() throws IOException, InterruptedException {
        for (Path left : FileTree.list(work)) {
            String name = String.valueOf(left.getFileName());
            if (name.startsWith(TRASH)) {
                FileTree.delete(left);
                continue;
            }
            int dash = name.indexOf('-');
            try (FolderLock lock = FolderLock.tryAcquire(
                    locks.resolve(dash < 0 ? name : name.substring(0, dash)).toFile())) {
                if (lock != null) {
                    FileTree.delete(left);
                }
            }
        }
    }

    // ---- how

    @CheckForNull
    private FolderLock lock(String key) throws IOException, InterruptedException {
        if (!key.matches("[0-9a-f]{16,64}")) {
            throw new IllegalArgumentException("not a key: " + key);
        }
        return FolderLock.acquire(locks.resolve(key).toFile(), PATIENCE, () -> {});
    }

    /** Null if the file is missing or is not what {@link #save} writes. */
    @CheckForNull
    private static TreeListing manifest(Path entry) {
        try {
            JsonNode read = Json.MAPPER.readTree(Files.readString(entry.resolve(MANIFEST)));
            boolean whole = read.path("files").isIntegralNumber()
                    && read.path("bytes").isIntegralNumber()
                    && read.path("digest").isTextual();
            return whole
                    ? new TreeListing(
                            read.path("files").asLong(),
                            read.path("bytes").asLong(),
                            read.path("digest").asText())
                    : null;
        } catch (IOException e) {
            return null;
        }
    }

    private static void touch(Path entry) throws IOException {
        Files.setLastModifiedTime(entry.resolve(MANIFEST), FileTime.fromMillis(System.currentTimeMillis()));
    }

    private static long used(Path entry) {
        try {
            return Files.getLastModifiedTime(entry.resolve(MANIFEST)).toMillis();
        } catch (IOException e) {
            // an entry without a manifest cannot be used
            return 0;
        }
    }

    /** Moves a path aside at once; the next {@link #sweep} deletes it. */
    private void discard(String key, Path path) throws IOException {
        Path trash = work.resolve(TRASH + key + "-" + UUID.randomUUID());
        if (!rename(path, trash)) {
            FileTree.delete(path);
        }
    }

    private void clear(String key, Path target) throws IOException {
        if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            discard(key, target);
        }
    }

    /** Returns false if the two are on different file systems, or if a file of the folder is in use on Windows. */
    private static boolean rename(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
            return true;
        } catch (FileSystemException e) {
            return false;
        }
    }

    private boolean isShort(long bytes) throws IOException {
        return Files.getFileStore(work).getUsableSpace() - bytes < SPARE_BYTES;
    }

    private long total() throws IOException {
        long sum = 0;
        for (Path entry : FileTree.list(entries)) {
            sum += bytes(entry);
        }
        return sum;
    }

    private static long bytes(Path entry) {
        TreeListing manifest = manifest(entry);
        if (manifest == null) {
            return 0;
        }
        return Files.exists(entry.resolve(READY)) ? 2 * manifest.bytes() : manifest.bytes();
    }

    /** Deletes entries, the least recently used first, until there is room. An entry that another build uses stays. */
    private boolean makeRoom(long bytes, String key) throws IOException, InterruptedException {
        List<Path> oldest = new ArrayList<>(FileTree.list(entries));
        oldest.sort(Comparator.comparingLong(TreeStore::used));
        long sum = total();
        for (Path entry : oldest) {
            if (sum + bytes <= limit) {
                break;
            }
            String other = String.valueOf(entry.getFileName());
            if (other.equals(key)) {
                continue;
            }
            try (FolderLock lock = FolderLock.tryAcquire(locks.resolve(other).toFile())) {
                if (lock != null) {
                    sum -= bytes(entry);
                    discard(other, entry);
                }
            }
        }
        sweep();
        return sum + bytes <= limit;
    }
}
