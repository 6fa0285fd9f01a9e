package io.jenkins.plugins.minibuild.miniprogram;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.EnvVars;
import hudson.FilePath;
import hudson.Util;
import io.jenkins.plugins.minibuild.checkout.CheckoutOptions;
import io.jenkins.plugins.minibuild.checkout.CheckoutRecord;
import io.jenkins.plugins.minibuild.checkout.Commit;
import io.jenkins.plugins.minibuild.checkout.CommitInfo;
import io.jenkins.plugins.minibuild.checkout.GitCheckout;
import io.jenkins.plugins.minibuild.checkout.LocalGit;
import io.jenkins.plugins.minibuild.checkout.RepositoryUrl;
import io.jenkins.plugins.minibuild.miniprogram.profile.Profile;
import io.jenkins.plugins.minibuild.miniprogram.profile.Repository;
import io.jenkins.plugins.minibuild.step.BuildContext;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;

/** Where the code comes from: a repository, or the project that is in the workspace already. Immutable. */
public final class Source {

    /** The project that is in the workspace. */
    public static final Source WORKSPACE = new Source("", null, null, null, false);

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
        GitCheckout checkout = checkout(context);
        if (isThere(context, checkout)) {
            return null;
        }
        return checkout.run(context);
    }

    private GitCheckout checkout(BuildContext context) {
        CheckoutOptions options = GitCheckout.of(url);
        return (explicit ? options.branch(branch) : options.standardBranch(branch))
                .commit(commit)
                .credentialsId(credentialsId)
                .local(context.workspace().isRemote())
                .build();
    }

    /**
     * Whether the workspace holds the repository, put there by this build as its record says. A checkout of an earlier build in the same workspace is not
     * taken for it, nor is what a script has cloned, or a build would upload old code. Nor is what Jenkins' own checkout has put there, where the event that
     * started the build names another commit.
     */
    private boolean isThere(BuildContext context, GitCheckout checkout) throws IOException, InterruptedException {
        if (explicit) {
            return false;
        }
        PrintStream log = context.listener().getLogger();
        FilePath workspace = context.workspace();
        Optional<CheckoutRecord> own = CheckoutRecord.of(context, workspace);
        if (own.isEmpty()) {
            if (workspace.child(".git").exists()) {
                log.println(Messages.Source_notOfThisBuild());
            }
            return false;
        }
        if (!own.get().url().sameRepository(RepositoryUrl.parse(url))) {
            log.println(Messages.Source_otherRepository(own.get().url().text(), url));
            return false;
        }
        String wanted = commit.isEmpty() && !own.get().byStep() ? checkout.commitBefore(context) : commit;
        if (wanted.isEmpty()) {
            return true;
        }
        String head = LocalGit.in(context, workspace).head().orElse("-");
        if (!wanted.equals(head)) {
            log.println(Messages.Source_otherCommit(head, wanted));
        }
        return wanted.equals(head);
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
}
