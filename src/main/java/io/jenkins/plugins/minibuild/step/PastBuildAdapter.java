package io.jenkins.plugins.minibuild.step;

import hudson.AbortException;
import hudson.FilePath;
import hudson.model.Computer;
import hudson.model.Node;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.slaves.WorkspaceList;
import java.io.IOException;

/** Runs work in the workspace of a build that has ended, to save the unfinished work of a build after the controller was killed. */
public final class PastBuildAdapter {
    private PastBuildAdapter() {}

    /**
     * Runs the work in the workspace of a build. Waits until no other build uses the workspace.
     *
     * @param node that the build ran on
     * @param workspace its path there
     * @param log the log of the work
     */
    public static void run(Run<?, ?> run, Node node, String workspace, TaskListener log, Work work)
            throws IOException, InterruptedException {
        FilePath root = node.getRootPath();
        Computer computer = node.toComputer();
        if (root == null || computer == null) {
            throw new AbortException(Messages.PastBuildAdapter_offline(node.getDisplayName()));
        }
        FilePath folder = new FilePath(root.getChannel(), workspace);
        try (WorkspaceList.Lease lease = computer.getWorkspaceList().acquire(folder)) {
            work.in(new JenkinsBuildAdapter(
                    run, node, lease.path, node.createLauncher(log), computer.getEnvironment(), log, null));
        }
    }

    /** The work. */
    @FunctionalInterface
    public interface Work {
        /** Runs the work. */
        void in(BuildContext context) throws IOException, InterruptedException;
    }
}
