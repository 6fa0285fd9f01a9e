package io.jenkins.plugins.minibuild.cache;

import java.io.IOException;
import java.nio.file.CopyOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/** Copies a folder with many small files with several threads. It makes no hard links: a write into the copy does not change the original. */
final class TreeCopy {

    private static final CopyOption[] WHOLE = {StandardCopyOption.COPY_ATTRIBUTES, LinkOption.NOFOLLOW_LINKS};
    private static final int MOST_THREADS = 8;

    private TreeCopy() {}

    /** Copies a folder, or a single file, to a place that does not exist. The folder of that place exists. */
    static void copy(Path from, Path to) throws IOException, InterruptedException {
        List<Path> folders = new ArrayList<>();
        List<Path> files = new ArrayList<>();
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
                folders.add(folder);
                Files.createDirectories(to.resolve(from.relativize(folder).toString()));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                files.add(file);
                return FileVisitResult.CONTINUE;
            }
        });
        int threads = Math.max(1, Math.min(MOST_THREADS, ForkJoinPool.getCommonPoolParallelism() + 1));
        ExecutorService pool = Executors.newFixedThreadPool(threads, work -> {
            Thread thread = new Thread(work, "mini-build copy");
            thread.setDaemon(true);
            return thread;
        });
        try {
            AtomicInteger next = new AtomicInteger();
            List<Future<Void>> copies = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                copies.add(pool.submit(() -> {
                    for (int n = next.getAndIncrement(); n < files.size(); n = next.getAndIncrement()) {
                        if (Thread.currentThread().isInterrupted()) {
                            throw new InterruptedException();
                        }
                        Path file = files.get(n);
                        Files.copy(file, to.resolve(from.relativize(file).toString()), WHOLE);
                    }
                    return null;
                }));
            }
            for (Future<Void> copy : copies) {
                copy.get();
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException cause) {
                throw new IOException(cause.toString(), cause);
            }
            throw new IOException(e.getCause());
        } finally {
            pool.shutdownNow();
        }
        // The permissions are set last: a read-only folder could not be filled.
        if (from.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            for (Path folder : folders) {
                Files.setPosixFilePermissions(
                        to.resolve(from.relativize(folder).toString()), Files.getPosixFilePermissions(folder));
            }
        }
    }
}
