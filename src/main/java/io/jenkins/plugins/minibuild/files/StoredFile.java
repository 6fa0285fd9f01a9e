package io.jenkins.plugins.minibuild.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Small files on the controller that are replaced as a whole. */
public final class StoredFile {
    private StoredFile() {}

    /**
     * Replaces a file, or makes it: whoever reads it, also after a crash, finds the old content or the new. The new content is on the
     * disk when this returns, even if the thread was interrupted. Two writers of one file at the same time are the callers' to prevent.
     */
    public static void replace(Path file, byte[] content) throws IOException {
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
                    out.force(true);
                }
                Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(fresh);
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
