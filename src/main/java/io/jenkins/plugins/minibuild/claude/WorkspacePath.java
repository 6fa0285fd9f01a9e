package io.jenkins.plugins.minibuild.claude;

import hudson.AbortException;
import hudson.FilePath;
import hudson.remoting.VirtualChannel;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import jenkins.MasterToSlaveFileCallable;

/** Files of a workspace by paths that came from a job: they stay inside, links followed. */
public final class WorkspacePath {
    private WorkspacePath() {}

    /**
     * A text file.
     *
     * @param longest in bytes
     * @throws AbortException if there is none, it is too large, or it is outside
     */
    public static FilePath file(FilePath workspace, String path, long longest)
            throws IOException, InterruptedException {
        long size = workspace.act(new Look(path));
        if (size == Look.MISSING) {
            throw new AbortException(Messages.WorkspacePath_missing(path));
        }
        if (size == Look.OUTSIDE) {
            throw new AbortException(Messages.WorkspacePath_outside(path));
        }
        if (size > longest) {
            throw new AbortException(Messages.WorkspacePath_large(path, String.valueOf(longest >> 10)));
        }
        return workspace.child(path);
    }

    /**
     * A folder.
     *
     * @param directory empty for the workspace itself
     * @throws AbortException if there is none, or it is outside
     */
    public static FilePath folder(FilePath workspace, String directory) throws IOException, InterruptedException {
        FilePath folder = directory.isEmpty() ? workspace : workspace.child(directory);
        String trouble = workspace.act(new Inside(directory));
        if (trouble != null) {
            throw new AbortException(
                    trouble.equals("missing")
                            ? Messages.WorkspacePath_noFolder(folder.getRemote())
                            : Messages.WorkspacePath_folderOutside(folder.getRemote()));
        }
        return folder;
    }

    /**
     * Checks that no link in a folder leads out of it: who reads the folder's files could read any file of the agent.
     *
     * @throws AbortException naming one that does
     */
    public static void checkLinks(FilePath folder) throws IOException, InterruptedException {
        String link = folder.act(new Links());
        if (link != null) {
            throw new AbortException(Messages.WorkspacePath_linkOutside(link));
        }
    }

    /** The first link in a folder that leads out of it; null for none. Links are not followed on the way. */
    private static final class Links extends MasterToSlaveFileCallable<String> {
        private static final long serialVersionUID = 1L;

        @Override
        public String invoke(File folder, VirtualChannel channel) throws IOException {
            Path root = folder.toPath().toRealPath();
            try (Stream<Path> all = Files.walk(root)) {
                return all.filter(Files::isSymbolicLink)
                        .filter(link -> leaves(root, link))
                        .map(link -> root.relativize(link).toString())
                        .findFirst()
                        .orElse(null);
            } catch (UncheckedIOException e) {
                throw e.getCause();
            }
        }

        private static boolean leaves(Path root, Path link) {
            try {
                return !link.toRealPath().startsWith(root);
            } catch (IOException e) {
                // It leads nowhere, and whoever reads it reads nothing.
                return false;
            }
        }
    }

    /** Whether a folder is there and, links followed, in the workspace. */
    private static final class Inside extends MasterToSlaveFileCallable<String> {
        private static final long serialVersionUID = 1L;

        private final String directory;

        Inside(String directory) {
            this.directory = directory;
        }

        @Override
        public String invoke(File workspace, VirtualChannel channel) throws IOException {
            Path root = workspace.toPath();
            Path folder = root.resolve(directory);
            if (!Files.isDirectory(folder)) {
                return "missing";
            }
            return folder.toRealPath().startsWith(root.toRealPath()) ? null : "outside";
        }
    }

    private static final class Look extends MasterToSlaveFileCallable<Long> {
        private static final long serialVersionUID = 1L;
        static final long MISSING = -1;
        static final long OUTSIDE = -2;

        private final String path;

        Look(String path) {
            this.path = path;
        }

        @Override
        public Long invoke(File workspace, VirtualChannel channel) throws IOException {
            Path file = workspace.toPath().resolve(path);
            if (!Files.isRegularFile(file)) {
                return MISSING;
            }
            boolean inside = file.toRealPath().startsWith(workspace.toPath().toRealPath());
            return inside ? Files.size(file) : OUTSIDE;
        }
    }
}
