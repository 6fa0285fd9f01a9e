package io.jenkins.plugins.minibuild.checkout;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.minibuild.files.FileTree;
import io.jenkins.plugins.minibuild.process.OnAgent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import org.eclipse.jgit.errors.ConfigInvalidException;
import org.eclipse.jgit.lib.Config;

/**
 * A repository's own folder that outlives a build: a mirror, or the repository of a submodule. Every build on the agent could have written to it, so only
 * objects and refs are kept. Its settings are written anew before each use: they could send a credential elsewhere, or run a command. Runs on the agent.
 */
@OnAgent
final class GitFolder {
    private static final Set<String> KEPT =
            Set.of("HEAD", "objects", "refs", "packed-refs", "shallow", "modules", "lfs", "mini-build-depth");
    /** What git found out about the file system when it made the repository. */
    private static final List<String> OF_FILE_SYSTEM =
            List.of("filemode", "symlinks", "ignorecase", "precomposeunicode");

    private GitFolder() {}

    /**
     * Leaves only objects and refs in a folder, and writes its settings.
     *
     * @param url of the remote {@code origin}; null for a bare repository without one
     */
    static void renew(Path git, @CheckForNull String url) throws IOException {
        String settings = settings(git.resolve("config"), url);
        for (Path entry : FileTree.list(git)) {
            if (!KEPT.contains(entry.getFileName().toString())) {
                FileTree.delete(entry);
            }
        }
        for (String borrowed : List.of("alternates", "http-alternates")) {
            Files.deleteIfExists(git.resolve("objects/info").resolve(borrowed));
        }
        Files.writeString(git.resolve("config"), settings, StandardCharsets.UTF_8, StandardOpenOption.CREATE_NEW);
    }

    private static String settings(Path old, @CheckForNull String url) throws IOException {
        Config before = before(old);
        Config settings = new Config();
        settings.setInt("core", null, "repositoryformatversion", 0);
        settings.setBoolean("core", null, "bare", url == null);
        for (String known : OF_FILE_SYSTEM) {
            String value = before.getString("core", null, known);
            if ("true".equals(value) || "false".equals(value)) {
                settings.setString("core", null, known, value);
            }
        }
        if (url != null) {
            settings.setString("remote", "origin", "url", url);
            settings.setString("remote", "origin", "fetch", "+refs/heads/*:refs/remotes/origin/*");
        }
        return settings.toText();
    }

    private static Config before(Path file) throws IOException {
        Config config = new Config();
        if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            try {
                config.fromText(Files.readString(file, StandardCharsets.ISO_8859_1));
            } catch (ConfigInvalidException e) {
                // Whoever wrote that did not want git to go on; it goes on with its defaults.
                return new Config();
            }
        }
        return config;
    }
}
