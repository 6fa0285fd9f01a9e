package io.jenkins.plugins.minibuild.miniprogram;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.EnvVars;
import hudson.FilePath;
import hudson.Util;
import hudson.remoting.VirtualChannel;
import io.jenkins.plugins.minibuild.checkout.Commit;
import io.jenkins.plugins.minibuild.checkout.CommitInfo;
import io.jenkins.plugins.minibuild.checkout.GitCheckout;
import io.jenkins.plugins.minibuild.checkout.LocalGit;
import io.jenkins.plugins.minibuild.checkout.RepositoryUrl;
import io.jenkins.plugins.minibuild.miniprogram.profile.Profile;
import io.jenkins.plugins.minibuild.miniprogram.profile.Repository;
import io.jenkins.plugins.minibuild.process.AgentAnswer;
import io.jenkins.plugins.minibuild.step.BuildContext;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import jenkins.MasterToSlaveFileCallable;

/** Where the code comes from: a repository, or the project that is in the workspace already. Immutable. */
public final class Source {

    /** The project that is in the workspace. */
    public static final Source WORKSPACE = new Source("", null, null, null, false);

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
     * @param explicit whether the step names the branch: then it is checked out even if the workspace holds the repository already
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

    /**
     * The repository of a profile.
     *
     * @param branch the branch that the step names instead; null for none
     * @param commit the commit that the step names; null for the newest of the branch
     */
    static Source of(Repository repository, @CheckForNull String branch, @CheckForNull String commit) {
        return repository.url() == null
                ? WORKSPACE
                : new Source(
                        repository.url(),
                        repository.credentialsId(),
                        Profile.or(branch, repository.branch()),
                        commit,
                        branch != null);
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
        long age = AgentAnswer.act(workspace, new CheckoutAge(), Long.class);
        long build = Duration.between(
                        context.record().started(), context.clock().instant())
                .toMillis();
        if (age < 0 || age > build + COARSE_MS) {
            return false;
        }
        LocalGit git = LocalGit.in(context, workspace);
        try {
            String origin = git.origin().orElse(null);
            if (origin == null || !RepositoryUrl.parse(origin).equals(RepositoryUrl.parse(url))) {
                return false;
            }
        } catch (IllegalArgumentException e) {
            return false;
        }
        return commit.isEmpty() || git.head().filter(commit::equals).isPresent();
    }

    /**
     * The branch, as far as it is known before the checkout; null if it is not. It can still be another one: the workspace may hold the repository
     * already.
     */
    @CheckForNull
    String branchBefore(EnvVars environment) {
        return isRepository() ? Util.fixEmpty(branch) : branch(environment);
    }

    /** What is checked out in the workspace; null when that is no repository or there is no git. */
    @CheckForNull
    static CommitInfo describe(BuildContext context) throws IOException, InterruptedException {
        LocalGit git = LocalGit.in(context, context.workspace());
        Commit head = git.commit("HEAD").orElse(null);
        return head == null ? null : new CommitInfo("", branch(context, git), head, null);
    }

    private static String branch(BuildContext context, LocalGit git) throws IOException, InterruptedException {
        String told = branch(context.environment());
        if (told != null) {
            return told;
        }
        Optional<String> branch = git.branch();
        // A checkout of a commit has no branch of its own; what it was fetched as has a name.
        return branch.isPresent()
                ? branch.get()
                : git.remoteBranches().stream().findFirst().orElse("");
    }

    /** The branch that Jenkins' own checkout tells of; null if it tells of none. */
    @CheckForNull
    private static String branch(EnvVars environment) {
        for (String name : List.of("BRANCH_NAME", "GIT_LOCAL_BRANCH", "GIT_BRANCH")) {
            String value = environment.get(name);
            if (value != null && !value.isBlank()) {
                return value.trim().replaceFirst("^origin/", "");
            }
        }
        return null;
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
