package io.jenkins.plugins.minibuild.checkout;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.minibuild.checkout.FetchOutcome.TargetProblem;
import io.jenkins.plugins.minibuild.files.FileTree;
import io.jenkins.plugins.minibuild.process.OnAgent;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import org.eclipse.jgit.errors.ConfigInvalidException;
import org.eclipse.jgit.lib.Config;
import org.jenkinsci.plugins.gitclient.GitClient;

/**
 * The folder in the workspace that a repository is checked out into. Runs on the agent.
 *
 * <p>Its {@code .git} is made anew for every checkout, beside the old one, and then takes its place: locks, hooks and settings that a build left behind
 * go with the old one, and a failure before that moment leaves the former state. The index is kept, so that only files which differ are written; a file
 * {@link #UNFINISHED} in {@code .git} says that files may not be those of the index, and then it is not; nor is one that can hide files from git.
 */
@OnAgent
final class TargetFolder {
    static final String UNFINISHED = "mini-build-unfinished";
    private static final String NEW = ".git-mini-build-new";
    private static final String OLD = ".git-mini-build-old";

    private final Path folder;
    private final RepositoryUrl url;
    private boolean fresh;

    TargetFolder(Path folder, RepositoryUrl url) {
        this.folder = folder;
        this.url = url;
    }

    /** Where {@link #install} wants {@code git init}; a client in it is needed for that. */
    static String stage(String folder) {
        return folder + "/" + NEW;
    }

    /**
     * Makes the folder if there is none, and says whether it can be used.
     *
     * @param workspace which it must not leave, not by a symbolic link either
     * @param force empties it where it holds something else
     * @return null if it can
     */
    @CheckForNull
    FetchOutcome prepare(Path workspace, boolean force) throws IOException {
        Files.createDirectories(workspace);
        Path root = workspace.toRealPath();
        Path existing = folder;
        while (existing != null && !Files.exists(existing, LinkOption.NOFOLLOW_LINKS)) {
            existing = existing.getParent();
        }
        if (existing == null || !leadsInto(root, existing)) {
            return FetchOutcome.refused(TargetProblem.OUTSIDE, "", List.of());
        }
        if (!Files.isDirectory(existing)) {
            return FetchOutcome.refused(TargetProblem.NOT_A_FOLDER, "", List.of());
        }
        Files.createDirectories(folder);
        TargetProblem problem = problem();
        if (problem == null) {
            return null;
        }
        if (!force) {
            return FetchOutcome.refused(problem, "", List.of());
        }
        for (Path entry : FileTree.list(folder)) {
            FileTree.delete(entry);
        }
        return null;
    }

    /** Whether {@link #prepare} found it empty. */
    boolean isFresh() {
        return fresh;
    }

    private static boolean leadsInto(Path root, Path existing) {
        try {
            return existing.toRealPath().startsWith(root);
        } catch (IOException e) {
            // a link to nowhere
            return false;
        }
    }

    @CheckForNull
    private TargetProblem problem() throws IOException {
        boolean empty = true;
        boolean interrupted = false;
        for (Path entry : FileTree.list(folder)) {
            empty = false;
            String name = entry.getFileName().toString();
            interrupted |= name.equals(NEW) || name.equals(OLD);
        }
        Path git = folder.resolve(".git");
        fresh = empty;
        if (empty || interrupted && !Files.exists(git, LinkOption.NOFOLLOW_LINKS)) {
            return null;
        }
        if (!Files.exists(git, LinkOption.NOFOLLOW_LINKS)) {
            return TargetProblem.NOT_EMPTY;
        }
        return Files.isDirectory(git, LinkOption.NOFOLLOW_LINKS) && sameRepository(git)
                ? null
                : TargetProblem.OTHER_REPOSITORY;
    }

    private boolean sameRepository(Path git) {
        try {
            Config config = new Config();
            config.fromText(Files.readString(git.resolve("config"), StandardCharsets.UTF_8));
            String origin = config.getString("remote", "origin", "url");
            return origin != null && RepositoryUrl.parse(origin).sameRepository(url);
        } catch (IOException | ConfigInvalidException | IllegalArgumentException e) {
            return false;
        }
    }

    /**
     * Puts a repository into the folder that has the mirror's objects and knows the branch. Files are not touched.
     *
     * @param stage a client in {@link #stage}
     * @param branch may be empty
     * @param keepModules whether the repositories of submodules stay
     */
    void install(GitClient stage, Mirror mirror, String commit, String branch, boolean keepModules)
            throws IOException, InterruptedException {
        Path holder = folder.resolve(NEW);
        Path old = folder.resolve(OLD);
        Path git = folder.resolve(".git");
        FileTree.delete(holder);
        FileTree.delete(old);
        Files.createDirectories(holder);
        stage.init_().workspace(holder.toString()).execute();
        Path made = holder.resolve(".git");
        mirror.giveObjectsTo(made);
        if (!branch.isEmpty()) {
            Files.writeString(
                    made.resolve("packed-refs"),
                    "# pack-refs with: peeled fully-peeled sorted \n" + commit + " refs/remotes/origin/" + branch
                            + "\n",
                    StandardCharsets.UTF_8);
        }
        Files.writeString(
                made.resolve("config"),
                Files.readString(made.resolve("config"), StandardCharsets.UTF_8)
                        + "[remote \"origin\"]\n\turl = \"" + url.text().replace("\\", "\\\\") + "\"\n"
                        + "\tfetch = +refs/heads/*:refs/remotes/origin/*\n",
                StandardCharsets.UTF_8);
        Files.createFile(made.resolve(UNFINISHED));
        if (Files.isDirectory(git, LinkOption.NOFOLLOW_LINKS)) {
            Path index = git.resolve("index");
            if (hidesNothing(index) && !Files.exists(git.resolve(UNFINISHED))) {
                FileTree.linkOrCopy(index, made.resolve("index"));
            }
            Files.move(git, old, StandardCopyOption.ATOMIC_MOVE);
        }
        Files.move(made, git, StandardCopyOption.ATOMIC_MOVE);
        for (String kept : keepModules ? List.of("modules", "lfs") : List.of("lfs")) {
            if (Files.isDirectory(old.resolve(kept), LinkOption.NOFOLLOW_LINKS)) {
                Files.move(old.resolve(kept), git.resolve(kept));
            }
        }
        FileTree.delete(old);
        FileTree.delete(holder);
        // where git-client kept secrets for the client that made the repository, if it did
        FileTree.delete(folder.resolve(NEW + "@tmp"));
    }

    /**
     * Whether an index cannot tell git to leave files alone ({@code skip-worktree}): in version 2 of its form there is no place for that.
     *
     * @see <a href="https://git-scm.com/docs/index-format">the form</a>
     */
    private static boolean hidesNothing(Path index) throws IOException {
        if (!Files.isRegularFile(index, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        try (InputStream in = Files.newInputStream(index, LinkOption.NOFOLLOW_LINKS)) {
            return Arrays.equals(in.readNBytes(8), new byte[] {'D', 'I', 'R', 'C', 0, 0, 0, 2});
        }
    }

    /** All files are in place. */
    static void finish(Path folder) throws IOException {
        Path git = folder.resolve(".git");
        // a file in submodules
        if (Files.isDirectory(git)) {
            Files.deleteIfExists(git.resolve(UNFINISHED));
        }
    }
}
