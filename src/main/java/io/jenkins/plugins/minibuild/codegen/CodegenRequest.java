package io.jenkins.plugins.minibuild.codegen;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.minibuild.files.Glob;
import io.jenkins.plugins.minibuild.process.Isolation;
import io.jenkins.plugins.minibuild.step.BuildTask;
import java.util.List;

/**
 * What {@link Codegen} is asked for. Every text may be empty where it says so.
 *
 * @param url of the repository; empty for the one that the workspace holds
 * @param directory a folder below the workspace; empty for the workspace itself
 * @param baseBranch empty for the remote's default branch
 * @param branch empty for {@code feature/req-<id>}
 * @param context what the job adds to the requirement; may be empty
 * @param profile finds out what is known of the repository, once it is checked out; null for nothing
 * @param checkCommand a line for the agent's shell; may be empty
 * @param checkRetries how often a failed check is handed back
 * @param protectedBranches that are never pushed to, besides the base and the default branch
 * @param keepPartial whether work that was broken off is committed to the branch, too
 * @param author of commits, a name and an address
 * @param patch the name that what was done is kept by among the artifacts
 * @param keyCredentialsId a secret text that the coder uses, and could have written into a file; empty for none
 * @param isolation of the check
 */
public record CodegenRequest(
        Requirement requirement,
        String url,
        String directory,
        String baseBranch,
        String branch,
        String context,
        @CheckForNull BuildTask<String> profile,
        Glob allowPaths,
        Glob denyPaths,
        Glob protectedBranches,
        String checkCommand,
        int checkRetries,
        boolean push,
        boolean keepPartial,
        String gitCredentialsId,
        List<String> author,
        String patch,
        String keyCredentialsId,
        Isolation isolation) {}
