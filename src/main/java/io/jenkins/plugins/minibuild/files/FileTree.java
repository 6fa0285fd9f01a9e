package io.jenkins.plugins.minibuild.files;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Folders and what is in them, symbolic links never followed. */
public final class FileTree {
    private FileTree() {}

    /** Deletes a file, link or folder with all that is in it; nothing there is fine. */
    public static void delete(Path root) throws IOException {
        if (!Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                deleteOne(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                if (e instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw e;
            }

            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
                // Builds leave read-only folders behind, Go's module cache for one.
                if (!Files.isWritable(folder)) {
                    folder.toFile().setWritable(true);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, IOException e) throws IOException {
                deleteOne(folder);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private static void deleteOne(Path path) throws IOException {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            // Windows refuses to delete read-only files, as packs are.
            if (!path.toFile().setWritable(true) || !Files.deleteIfExists(path)) {
                throw e;
            }
        }
    }

    /**
     * A folder below another. It need not exist.
     *
     * @param path with slashes
     * @throws IOException if something on the way is a link or a file: then it would be somewhere else
     */
    public static Path below(Path root, String path) throws IOException {
        Path folder = root;
        for (String name : path.split("/")) {
            folder = folder.resolve(name);
            if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS)
                    && !Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
                throw new IOException(folder + " is no folder, or is a link to one. Remove it.");
            }
        }
        return folder;
    }

    /**
     * Opens a file for reading that is really there: where the system allows it, folder by folder from the root, so that nobody can put a link in between.
     *
     * @param path below the root
     * @throws IOException also if a part of the path is a link
     */
    public static SeekableByteChannel open(Path root, Path path) throws IOException {
        Set<OpenOption> options = Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
        DirectoryStream<Path> top = Files.newDirectoryStream(root);
        Deque<DirectoryStream<Path>> open = new ArrayDeque<>(List.of(top));
        try {
            for (Path name : path) {
                if (!(open.getLast() instanceof SecureDirectoryStream<Path> folder)) {
                    below(
                            root,
                            path.getParent() == null
                                    ? ""
                                    : path.getParent().toString().replace('\\', '/'));
                    return Files.newByteChannel(root.resolve(path), options);
                }
                if (name.equals(path.getFileName()) && open.size() == path.getNameCount()) {
                    return folder.newByteChannel(name, options);
                }
                open.addLast(folder.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS));
            }
            throw new NoSuchFileException(path.toString());
        } finally {
            while (!open.isEmpty()) {
                open.removeLast().close();
            }
        }
    }

    /** The bytes of all files in it; what cannot be read does not count. */
    public static long size(Path path) throws IOException {
        long[] sum = new long[1];
        Files.walkFileTree(path, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                sum[0] += attributes.isRegularFile() ? attributes.size() : 0;
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
                // deleted meanwhile, or not readable
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, IOException e) {
                return FileVisitResult.CONTINUE;
            }
        });
        return sum[0];
    }

    /** What is in a folder; nothing if it is missing or a link. */
    public static List<Path> list(Path folder) throws IOException {
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.toList();
        }
    }

    /** A hard link, or a copy where the file systems differ or have none. An existing target stays. */
    public static void linkOrCopy(Path source, Path target) throws IOException {
        if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try {
            Files.createLink(target, source);
        } catch (IOException | UnsupportedOperationException e) {
            Files.copy(source, target, StandardCopyOption.COPY_ATTRIBUTES);
        }
    }
}
