package io.jenkins.plugins.minibuild.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Small files on the controller that are replaced as a whole. */
public final class StoredFile {
    private static final Logger LOGGER = Logger.getLogger(StoredFile.class.getName());
    private static final String BROKEN = ".broken-";

    private StoredFile() {}

    /** Reads the content of a file; its {@link IOException} or unchecked exception says that the content is damaged. */
    @FunctionalInterface
    public interface Parser<T> {
        /** Never null. */
        T parse(byte[] content) throws IOException;
    }

    /** The whole content; empty where there is no such file. */
    public static Optional<byte[]> read(Path file) throws IOException {
        try {
            return Optional.of(Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /**
     * Reads and parses a file. A file that is empty or damaged, as a power cut can leave one, is renamed to {@code NAME.broken-MILLIS} (when it was
     * written) beside it, one line in Jenkins' log says so, and it counts as absent: what reads it at the start of Jenkins starts nevertheless.
     *
     * @throws IOException when the file cannot be read or renamed, which says nothing about its content
     */
    public static <T> Optional<T> readOrSetAside(Path file, Parser<T> parser) throws IOException {
        Optional<byte[]> content = read(file);
        if (content.isEmpty()) {
            return Optional.empty();
        }
        Exception damage;
        try {
            if (content.get().length > 0) {
                return Optional.of(parser.parse(content.get()));
            }
            damage = new IOException("it is empty");
        } catch (IOException | RuntimeException e) {
            damage = e;
        }
        Path aside = file.resolveSibling(
                file.getFileName() + BROKEN + Files.getLastModifiedTime(file).toMillis());
        Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
        LOGGER.log(
                Level.WARNING,
                "{0} is damaged ({1}). It was renamed to {2}, and the plugin goes on without it.",
                new Object[] {
                    file,
                    String.valueOf(damage.getMessage()).lines().findFirst().orElse(""),
                    aside.getFileName()
                });
        return Optional.empty();
    }

    /**
     * Replaces a file, or makes it: a reader, also after a crash, finds the old content or the new. The new content is on the disk when this
     * returns, even if the thread was interrupted. The caller prevents that two threads write one file at the same time.
     */
    public static void replace(Path file, byte[] content) throws IOException {
        replace(file, content, true);
    }

    /**
     * As {@link #replace}, but returns before the content is on the disk: a power cut can leave an empty file, which {@link #readOrSetAside}
     * sets aside. For files that are written often and can be lost, such as lists that pages show.
     */
    public static void replaceWithoutForce(Path file, byte[] content) throws IOException {
        replace(file, content, false);
    }

    private static void replace(Path file, byte[] content, boolean force) throws IOException {
        // An interrupted thread may not write to a channel; what is booked when a build is aborted is booked
        // nevertheless.
        boolean interrupted = Thread.interrupted();
        try {
            Path folder = file.toAbsolutePath().getParent();
            Files.createDirectories(folder);
            Path fresh = Files.createTempFile(folder, file.getFileName().toString(), ".tmp");
            try {
                try (FileChannel out = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
                    ByteBuffer bytes = ByteBuffer.wrap(content);
                    while (bytes.hasRemaining()) {
                        out.write(bytes);
                    }
                    if (force) {
                        out.force(true);
                    }
                }
                Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                if (force) {
                    forceFolder(folder);
                }
            } finally {
                Files.deleteIfExists(fresh);
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Without it a power cut can undo the rename. Not every file system lets a folder be opened; those that do not need it. */
    private static void forceFolder(Path folder) {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            LOGGER.log(Level.FINEST, "a folder cannot be forced to the disk", e);
        }
    }
}
