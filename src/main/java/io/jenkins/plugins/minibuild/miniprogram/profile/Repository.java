package io.jenkins.plugins.minibuild.miniprogram.profile;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.minibuild.checkout.GitCheckout;

/**
 * The repository of a mini program. Null stands for a value that is not given.
 *
 * @param url the address; null when the project is in the workspace already
 * @param branch the branch; null for the default branch of the remote
 * @param credentialsId the id of the credential for the repository; null for a public one
 * @param projectPath the folder of the project in the repository; null for its root
 * @param autoBuild whether a push starts a build
 */
public record Repository(
        @CheckForNull String url,
        @CheckForNull String branch,
        @CheckForNull String credentialsId,
        @CheckForNull String projectPath,
        boolean autoBuild) {

    /** @throws IllegalArgumentException with a message for the user */
    public Repository {
        check(url, branch);
        MiniProgram.checkRelative(projectPath, "projectPath");
    }

    /**
     * Checks the address of a repository and the name of a branch; each may be missing.
     *
     * @throws IllegalArgumentException with a message for the user
     */
    static void check(@CheckForNull String url, @CheckForNull String branch) {
        if (url != null && !url.isBlank()) {
            GitCheckout.of(url).branch(branch);
        }
    }
}
