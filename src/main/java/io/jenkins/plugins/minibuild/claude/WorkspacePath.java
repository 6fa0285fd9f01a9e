package io.jenkins.plugins.minibuild.claude;

import hudson.AbortException;
import hudson.FilePath;
import hudson.remoting.VirtualChannel;
import io.jenkins.plugins.minibuild.files.FileTree;
import io.jenkins.plugins.minibuild.process.AgentAnswer;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import jenkins.MasterToSlaveFileCallable;

/** Files of a workspace by paths that came from a job: they stay inside, links followed. */
public final class WorkspacePath {
    private WorkspacePath() {}

    /**
     * The text of a file. The agent looks where it is and reads it in one go, so that nobody can put a link there in between.
     *
     * @param longest in bytes
     * @throws AbortException if there is none, it is too large, or it is outside
     */
    public static String text(FilePath workspace, String path, int longest) throws IOException, InterruptedException {
        Content found = AgentAnswer.act(workspace, new Look(path, longest), Content.class);
        return switch (found.bytes().length > longest ? State.LARGE : found.state()) {
            case THERE -> new String(found.bytes(), StandardCharsets.UTF_8);
            case MISSING -> throw new AbortException(Messages.WorkspacePath_missing(path));
            case OUTSIDE -> throw new AbortException(Messages.WorkspacePath_outside(path));
            case LARGE -> throw new AbortException(Messages.WorkspacePath_large(path, String.valueOf(longest >> 10)));
        };
    }

    /**
     * A folder.
     *
     * @param directory empty for the workspace itself
     * @throws AbortException if there is none, or it is outside
     */
    public static FilePath folder(FilePath workspace, String directory) throws IOException, InterruptedException {
        FilePath folder = directory.isEmpty() ? workspace : workspace.child(directory);
        State state = AgentAnswer.act(workspace, new Inside(directory), State.class);
        if (state != State.THERE) {
            throw new AbortException(
                    state == State.MISSING
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
        String link = AgentAnswer.actOrNull(folder, new Links(), String.class);
        if (link != null) {
            throw new AbortException(Messages.WorkspacePath_linkOutside(ConsoleLines.printable(link)));
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
    private static final class Inside extends MasterToSlaveFileCallable<State> {
        private static final long serialVersionUID = 1L;

        private final String directory;

        Inside(String directory) {
            this.directory = directory;
        }

        @Override
        public State invoke(File workspace, VirtualChannel channel) throws IOException {
            Path root = workspace.toPath();
            Path folder = root.resolve(directory);
            if (!Files.isDirectory(folder)) {
                return State.MISSING;
            }
            return folder.toRealPath().startsWith(root.toRealPath()) ? State.THERE : State.OUTSIDE;
        }
    }

    private enum State {
        THERE,
        MISSING,
        OUTSIDE,
        LARGE
    }

    /** @param bytes empty if the file is not there */
    private record Content(State state, byte[] bytes) implements Serializable {
        Content {
            if (state == null || bytes == null) {
                throw new IllegalArgumentException("The content of a file is missing");
            }
        }
    }

    private static final class Look extends MasterToSlaveFileCallable<Content> {
        private static final long serialVersionUID = 1L;

        private final String path;
        private final int longest;

        Look(String path, int longest) {
            this.path = path;
            this.longest = longest;
        }

        @Override
        public Content invoke(File workspace, VirtualChannel channel) throws IOException {
            Path root = workspace.toPath().toRealPath();
            Path file = root.resolve(path);
            if (!Files.isRegularFile(file)) {
                return new Content(State.MISSING, new byte[0]);
            }
            Path real = file.toRealPath();
            if (!real.startsWith(root)) {
                return new Content(State.OUTSIDE, new byte[0]);
            }
            try (InputStream in = Channels.newInputStream(FileTree.open(root, root.relativize(real)))) {
                byte[] bytes = in.readNBytes(longest + 1);
                return bytes.length > longest ? new Content(State.LARGE, new byte[0]) : new Content(State.THERE, bytes);
            }
        }
    }
}
