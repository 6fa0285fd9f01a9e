package io.jenkins.plugins.minibuild.codegen;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.minibuild.files.Glob;
import io.jenkins.plugins.minibuild.process.Isolation;
import io.jenkins.plugins.minibuild.step.BuildTask;

/**
 * What {@link Codegen} is asked for. A text is empty where a user gave none.
 *
 * @param context the job's addition to the requirement
 * @param profile describes the repository once it is checked out; null for no description
 */
public record CodegenRequest(
        Requirement requirement,
        String context,
        @CheckForNull BuildTask<String> profile,
        Repository repository,
        Paths paths,
        Check check,
        Publication publication) {

    /**
     * The repository and its branches.
     *
     * @param url empty for the repository that the workspace holds
     * @param credentialsId for the url
     * @param directory a folder below the workspace; empty for the workspace itself
     * @param baseBranch empty for the remote's default branch
     * @param branch the work's own; empty for {@code feature/req-<id>}
     * @param protectedBranches that are never pushed to, besides the base and the default branch
     */
    public record Repository(
            String url,
            String credentialsId,
            String directory,
            String baseBranch,
            String branch,
            Glob protectedBranches) {}

    /**
     * The files that a change may touch.
     *
     * @param allowed empty for all
     * @param denied empty for none
     */
    public record Paths(Glob allowed, Glob denied) {}

    /**
     * A command that the work has to pass.
     *
     * @param command a line for the agent's shell; empty for none
     * @param retries how often a failed check is handed back to the generator
     * @param isolation of the command
     * @param online whether it has a network
     */
    public record Check(String command, int retries, Isolation isolation, boolean online) {}

    /**
     * What becomes of the work.
     *
     * @param push whether the branch is pushed
     * @param keepPartial whether unfinished work is committed to the branch, too
     * @param patch the name of the artifact that keeps the work
     */
    public record Publication(boolean push, boolean keepPartial, Author author, String patch) {}

    /** The author of commits. */
    public record Author(String name, String address) {}
}
