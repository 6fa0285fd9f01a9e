package io.jenkins.plugins.minibuild.files;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

/**
 * Excludes other users of a folder, in this process and in others. The operating system frees the lock when the process ends, however it ends. The
 * lock's file stays: deleting it would let two hold the lock at once.
 */
public final class FolderLock implements Closeable {
    private static final long POLL_MILLIS = 50;

    private final FileChannel channel;

    private FolderLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Waits for the lock.
     *
     * @param waiting called once when it is not free at once
     * @return null when it was not free in time
     */
    @CheckForNull
    public static FolderLock acquire(File file, Duration patience, Runnable waiting)
            throws IOException, InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        boolean told = false;
        FileChannel channel = FileChannel.open(file.toPath(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        boolean kept = false;
        try {
            while (!tryLock(channel)) {
                if (!told) {
                    waiting.run();
                    told = true;
                }
                if (System.nanoTime() > end) {
                    return null;
                }
                Thread.sleep(POLL_MILLIS);
            }
            kept = true;
            return new FolderLock(channel);
        } finally {
            if (!kept) {
                channel.close();
            }
        }
    }

    /** The lock if it is free now, else null. */
    @CheckForNull
    public static FolderLock tryAcquire(File file) throws IOException, InterruptedException {
        return acquire(file, Duration.ZERO.minusMillis(1), () -> {});
    }

    private static boolean tryLock(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            // held by another thread of this process
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
