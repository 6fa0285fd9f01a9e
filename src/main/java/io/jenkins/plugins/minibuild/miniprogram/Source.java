package io.jenkins.plugins.minibuild.miniprogram;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.FilePath;
import hudson.Launcher;
import hudson.remoting.VirtualChannel;
import io.jenkins.plugins.minibuild.checkout.CommitInfo;
import io.jenkins.plugins.minibuild.checkout.GitCheckout;
import io.jenkins.plugins.minibuild.checkout.RepositoryUrl;
import io.jenkins.plugins.minibuild.process.CommandNotFoundException;
import io.jenkins.plugins.minibuild.process.Deadline;
import io.jenkins.plugins.minibuild.process.ProcessRun;
import io.jenkins.plugins.minibuild.step.BuildContext;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import jenkins.MasterToSlaveFileCallable;

/** Where the code comes from: a repository, unless this build has put it into the workspace already. Immutable. */
public final class Source {

    /** Whatever is in the workspace. */
    public static final Source WORKSPACE = new Source("", null, null, null, false);

    private static final Duration GIT = Duration.ofMinutes(1);
    /** File times are coarse on some file systems. */
    private static final long COARSE_MS = 2000;

    private final String url;
    private final String credentialsId;
    private final String branch;
    private final String commit;
    private final boolean explicit;

    /**
     * @param url the repository; empty for none
     * @param branch null or empty for the remote's default
     * @param commit null or empty for the newest of the branch
     * @param explicit whether the branch is the build's own wish: then it is checked out whatever is there
     */
    public Source(
            String url,
            @CheckForNull String credentialsId,
            @CheckForNull String branch,
            @CheckForNull String commit,
            boolean explicit) {
        this.url = url;
        this.credentialsId = credentialsId;
        this.branch = branch == null ? "" : branch.trim();
        this.commit = commit == null ? "" : commit.trim();
        this.explicit = explicit;
    }

    /** Whether there is a repository to check out. */
    boolean isRepository() {
        return !url.isEmpty();
    }

    /**
     * Checks the code out unless this build has done so before.
     *
     * @return null when that is so
     */
    @CheckForNull
    CommitInfo checkOut(BuildContext context) throws IOException, InterruptedException {
        if (isThere(context)) {
            return null;
        }
        return GitCheckout.of(url)
                .branch(branch)
                .commit(commit)
                .credentialsId(credentialsId)
                .local(context.workspace().isRemote())
                .build()
                .run(context);
    }

    /**
     * Whether the workspace holds the repository, put there by this build. A checkout of an earlier build in the same workspace is
     * not taken for it, or a build would upload old code. Ages are compared, not times: the agent's clock may be another.
     */
    private boolean isThere(BuildContext context) throws IOException, InterruptedException {
        if (explicit) {
            return false;
        }
        FilePath workspace = context.workspace();
        long age = workspace.act(new CheckoutAge());
        long build = Duration.between(context.record().started(), Instant.now()).toMillis();
        if (age < 0 || age > build + COARSE_MS) {
            return false;
        }
        try {
            String origin = git(context, workspace, "config", "--get", "remote.origin.url");
            if (origin == null || !RepositoryUrl.parse(origin).equals(RepositoryUrl.parse(url))) {
                return false;
            }
        } catch (IllegalArgumentException e) {
            return false;
        }
        if (commit.isEmpty()) {
            return true;
        }
        return commit.equals(git(context, workspace, "rev-parse", "HEAD"));
    }

    /** What is checked out in the workspace, by whomever; null when that is no repository or there is no git. */
    @CheckForNull
    static CommitInfo describe(BuildContext context) throws IOException, InterruptedException {
        FilePath workspace = context.workspace();
        String log = git(
                context,
                workspace,
                "log",
                "-1",
                "--no-show-signature",
                "--no-color",
                "--no-mailmap",
                "--encoding=UTF-8",
                "--format=%H%n%an%n%ae%n%ct%n%B");
        if (log == null) {
            return null;
        }
        String[] lines = log.split("\n", 5);
        if (lines.length < 4 || !lines[0].matches("[0-9a-f]{40,64}") || !lines[3].matches("\\d{1,12}")) {
            return null;
        }
        return new CommitInfo(
                "",
                branch(context, workspace),
                lines[0],
                lines[1],
                lines[2],
                Instant.ofEpochSecond(Long.parseLong(lines[3])),
                lines.length > 4 ? lines[4].strip() : "",
                null);
    }

    private static String branch(BuildContext context, FilePath workspace) throws IOException, InterruptedException {
        for (String name : List.of("BRANCH_NAME", "GIT_LOCAL_BRANCH", "GIT_BRANCH")) {
            String value = context.environment().get(name);
            if (value != null && !value.isBlank()) {
                return value.trim().replaceFirst("^origin/", "");
            }
        }
        String head = git(context, workspace, "rev-parse", "--abbrev-ref", "HEAD");
        if (head != null && !head.equals("HEAD")) {
            return head;
        }
        // A checkout of a commit has no branch of its own; what it was fetched as has a name.
        String fetched = git(
                context,
                workspace,
                "for-each-ref",
                "--points-at",
                "HEAD",
                "--format=%(refname:lstrip=3)",
                "refs/remotes/origin");
        return fetched == null
                ? ""
                : fetched.lines()
                        .filter(name -> !name.equals("HEAD") && !name.isBlank())
                        .findFirst()
                        .orElse("");
    }

    @CheckForNull
    private static String git(BuildContext context, FilePath folder, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("git"));
        command.addAll(List.of(arguments));
        List<String> lines = new ArrayList<>();
        FilePath parent = folder.getParent();
        Launcher launcher = context.launcher();
        try {
            ProcessRun run = ProcessRun.command(launcher, command)
                    .in(folder)
                    .env(context.environment())
                    .env("LC_ALL", "C")
                    .redactor(context.redactor())
                    .what("git")
                    .deadline(Deadline.after(GIT))
                    .onErrorLine(line -> {})
                    .onLine(lines::add);
            if (parent != null) {
                // A repository around the workspace is not the project's.
                run.env("GIT_CEILING_DIRECTORIES", parent.getRemote());
            }
            return run.run().succeeded() ? String.join("\n", lines).strip() : null;
        } catch (CommandNotFoundException e) {
            return null;
        }
    }

    /** How long ago git last wrote in the workspace, in milliseconds; -1 when there is no repository. */
    private static final class CheckoutAge extends MasterToSlaveFileCallable<Long> {
        private static final long serialVersionUID = 1L;

        @Override
        public Long invoke(File workspace, VirtualChannel channel) throws IOException {
            Path git = workspace.toPath().resolve(".git");
            long newest = -1;
            for (String name : List.of("index", "HEAD", "FETCH_HEAD")) {
                Path file = git.resolve(name);
                if (Files.isRegularFile(file)) {
                    newest = Math.max(newest, Files.getLastModifiedTime(file).toMillis());
                }
            }
            return newest < 0 ? -1 : Math.max(0, System.currentTimeMillis() - newest);
        }
    }
}
