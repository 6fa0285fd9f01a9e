package io.jenkins.plugins.minibuild.workflow.place;

import io.jenkins.plugins.minibuild.files.Glob;
import io.jenkins.plugins.minibuild.process.OnAgent;
import java.io.File;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Comparator;
import java.util.TreeMap;

/** The files of a workspace that match patterns. Links are not followed, and {@code .git} is not looked into. Runs on the agent. */
@OnAgent
final class WorkspaceFiles {
    /** In the order of their names. */
    private final TreeMap<String, Path> found = new TreeMap<>(Comparator.naturalOrder());

    private long bytes;
    private int links;
    private int unfit;
    private boolean many;

    private WorkspaceFiles() {}

    /**
     * Looks for the files.
     *
     * @param most how many may be found; the search ends with one more
     * @throws IOException also if a folder in which a match could be cannot be read
     */
    static WorkspaceFiles find(Path root, Glob wanted, int most) throws IOException, InterruptedException {
        WorkspaceFiles files = new WorkspaceFiles();
        Glob folders = wanted.folders();
        boolean[] interrupted = new boolean[1];
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                if (Thread.interrupted()) {
                    interrupted[0] = true;
                    return FileVisitResult.TERMINATE;
                }
                boolean into = folder.equals(root)
                        || !".git".equals(String.valueOf(folder.getFileName())) && folders.matches(name(folder));
                return into ? FileVisitResult.CONTINUE : FileVisitResult.SKIP_SUBTREE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                String name = name(file);
                if (wanted.matches(name)) {
                    files.add(name, root.relativize(file), attributes);
                    files.many = files.found.size() > most;
                }
                return files.many ? FileVisitResult.TERMINATE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                boolean matters = file.equals(root) || wanted.matches(name(file)) || folders.matches(name(file));
                if (e instanceof NoSuchFileException || !matters) {
                    return FileVisitResult.CONTINUE;
                }
                throw readable(root, file, e);
            }

            private String name(Path path) {
                return root.relativize(path).toString().replace(File.separatorChar, '/');
            }
        });
        if (interrupted[0]) {
            throw new InterruptedException();
        }
        return files;
    }

    /** The failure in words, if the agent's user may not read a file: containers leave such files. */
    static IOException readable(Path root, Path file, IOException failure) {
        return failure instanceof AccessDeniedException
                ? new IOException(
                        Messages.WorkspaceFiles_denied(
                                WorkspacePath.shown(root.relativize(file).toString())),
                        failure)
                : failure;
    }

    private void add(String name, Path path, BasicFileAttributes attributes) {
        if (!attributes.isRegularFile()) {
            links += attributes.isSymbolicLink() ? 1 : 0;
        } else if (WorkspacePath.isPlain(name)) {
            found.put(name, path);
            bytes += attributes.size();
        } else {
            unfit++;
        }
    }

    /** Their paths below the root, by their names with slashes. */
    TreeMap<String, Path> found() {
        return found;
    }

    /** The sum of their sizes. */
    long bytes() {
        return bytes;
    }

    /** Whether there were more than were asked for. */
    boolean many() {
        return many;
    }

    /** How many links matched. */
    int links() {
        return links;
    }

    /** How many files matched whose names cannot be shown or stored elsewhere. */
    int unfit() {
        return unfit;
    }
}
