package io.jenkins.plugins.minibuild.diff;

import io.jenkins.plugins.minibuild.standin.GiteeService;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A repository with a work tree, and the change of its last commit as the plugin asks the real git for it. */
public final class GitFolder {
    private final Path root;

    private GitFolder(Path root) {
        this.root = root;
    }

    /** Makes a repository of a folder. */
    public static GitFolder in(Path root) throws Exception {
        GitFolder folder = new GitFolder(Files.createDirectories(root));
        folder.output("init", "--quiet", "-b", "main");
        return folder;
    }

    /** Runs git there. */
    public String output(String... arguments) throws Exception {
        return GiteeService.output(root, arguments);
    }

    /** Writes a file, in UTF-8. */
    public void write(String path, String content) throws IOException {
        write(path, content.getBytes(StandardCharsets.UTF_8));
    }

    /** Writes a file. */
    public void write(String path, byte[] content) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.write(file, content);
    }

    /** Removes a file. */
    public void delete(String path) throws IOException {
        Files.delete(root.resolve(path));
    }

    /** Commits all that is there. */
    public void commit() throws Exception {
        output("add", "--all");
        output("commit", "--quiet", "--allow-empty", "-m", "x");
    }

    /** What git prints of the last commit. */
    public byte[] printed() throws Exception {
        return printed("HEAD~1", "HEAD");
    }

    /** What git prints of the change from a commit to another. */
    public byte[] printed(String before, String after) throws Exception {
        Files.writeString(root.resolve(".git/info/attributes"), TextFiles.attributes());
        List<String> command =
                new ArrayList<>(List.of("git", "--git-dir=" + root.resolve(".git"), "diff-tree", "-r", "--unified=5"));
        command.addAll(PrintedChange.OPTIONS);
        command.addAll(PrintedChange.FORMATS);
        command.addAll(List.of(before, after));
        Process process = new ProcessBuilder(command)
                .directory(root.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        byte[] printed = process.getInputStream().readAllBytes();
        if (process.waitFor() != 0) {
            throw new IOException("git diff-tree failed");
        }
        return printed;
    }

    /** The change of the last commit. */
    public PrintedChange change() throws Exception {
        return PrintedChange.read(printed());
    }
}
