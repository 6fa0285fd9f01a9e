package io.jenkins.plugins.minibuild.checkout;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.minibuild.process.AgentAnswer;
import java.io.Serializable;
import java.util.List;

/**
 * The outcome of a fetch on the agent. A failure is a value instead of an exception, because an exception loses its type on the way to the controller.
 *
 * @param commit its id; empty after a failure
 * @param branch the branch or tag, without {@code refs/heads/}; empty when only a commit was asked for
 * @param failure null after a success
 * @param problem why the workspace's folder was refused; null if it was not
 * @param output what git printed; empty after a success
 * @param names the branches and tags of the repository whose names are like the one that is missing
 * @param fresh whether the workspace's folder was empty before
 */
record FetchOutcome(
        String commit,
        String branch,
        @CheckForNull GitFailure failure,
        @CheckForNull TargetProblem problem,
        String output,
        List<String> names,
        boolean fresh)
        implements Serializable {
    private static final int LONGEST_NAME = 10_000;
    private static final int LONGEST_OUTPUT = 10_000_000;
    private static final int MOST_NAMES = 10_000;

    FetchOutcome {
        AgentAnswer.text("The commit", commit, LONGEST_NAME);
        AgentAnswer.text("The branch", branch, LONGEST_NAME);
        AgentAnswer.text("The output of git", output, LONGEST_OUTPUT);
        names = AgentAnswer.list("The list of branches", names, String.class, MOST_NAMES);
    }

    /** Why nothing was fetched, before git was started. */
    enum TargetProblem {
        OTHER_REPOSITORY,
        NOT_EMPTY,
        OUTSIDE,
        NOT_A_FOLDER,
        EMPTY_REPOSITORY,
        NO_DEFAULT_BRANCH,
        MIRROR_BUSY
    }

    static FetchOutcome of(String commit, String branch) {
        return new FetchOutcome(commit, branch, null, null, "", List.of(), false);
    }

    /** The same in a folder that was empty or not. */
    FetchOutcome in(boolean freshFolder) {
        return new FetchOutcome(commit, branch, failure, problem, output, names, freshFolder);
    }

    static FetchOutcome failed(GitFailure failure, String output, List<String> names) {
        return new FetchOutcome("", "", failure, null, output, names, false);
    }

    static FetchOutcome refused(TargetProblem problem, String detail, List<String> names) {
        return new FetchOutcome("", "", null, problem, detail, names, false);
    }
}
