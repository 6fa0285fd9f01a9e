package io.jenkins.plugins.minibuild.workflow.place;

import io.jenkins.plugins.minibuild.files.FileTree;
import io.jenkins.plugins.minibuild.process.OnAgent;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;

/** Reads everything in a folder, links as links. Runs on the agent. */
@OnAgent
final class TreeReader {
    private TreeReader() {}

    /** Takes what is read, the outer folders first. */
    interface Sink {
        void folder(String path) throws IOException;

        void link(String path, String target) throws IOException;

        /** @param in its bytes; the reader closes it */
        void file(String path, int mode, long modified, InputStream in) throws IOException;
    }

    /**
     * Reads a folder.
     *
     * @throws IOException also for a link that leads out, and for a name that no other agent could have
     */
    static void read(Path root, Sink sink) throws IOException, InterruptedException {
        boolean[] interrupted = new boolean[1];
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
                if (!folder.equals(root)) {
                    sink.folder(name(root, folder));
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (Thread.interrupted()) {
                    interrupted[0] = true;
                    return FileVisitResult.TERMINATE;
                }
                if (attributes.isSymbolicLink()) {
                    link(root, file, sink);
                } else if (attributes.isRegularFile()) {
                    file(root, file, attributes, sink);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                if (e instanceof NoSuchFileException && !file.equals(root)) {
                    return FileVisitResult.CONTINUE;
                }
                throw WorkspaceFiles.readable(root, file, e);
            }
        });
        if (interrupted[0]) {
            throw new InterruptedException();
        }
    }

    private static void link(Path root, Path file, Sink sink) throws IOException {
        String path = name(root, file);
        String target = Files.readSymbolicLink(file).toString().replace(File.separatorChar, '/');
        if (!WorkspacePath.staysBelow(path, target)) {
            throw new IOException(Messages.Sources_link(WorkspacePath.shown(path)));
        }
        sink.link(path, target);
    }

    private static void file(Path root, Path file, BasicFileAttributes attributes, Sink sink) throws IOException {
        int mode = -1;
        if (root.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            mode = 0;
            for (PosixFilePermission each :
                    Files.readAttributes(file, PosixFileAttributes.class).permissions()) {
                mode |= 1 << 8 - each.ordinal();
            }
        }
        try (InputStream in = Channels.newInputStream(FileTree.open(root, root.relativize(file)))) {
            sink.file(name(root, file), mode, attributes.lastModifiedTime().toMillis(), in);
        } catch (AccessDeniedException e) {
            throw WorkspaceFiles.readable(root, file, e);
        } catch (NoSuchFileException e) {
            // deleted meanwhile
            return;
        }
    }

    private static String name(Path root, Path path) throws IOException {
        String name = root.relativize(path).toString().replace(File.separatorChar, '/');
        if (!WorkspacePath.isBelow(name)) {
            throw new IOException(Messages.Delivery_name(WorkspacePath.shown(name)));
        }
        return name;
    }
}
