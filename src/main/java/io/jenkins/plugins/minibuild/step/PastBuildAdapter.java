package io.jenkins.plugins.minibuild.step;

import hudson.AbortException;
import hudson.FilePath;
import hudson.model.Computer;
import hudson.model.Node;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.slaves.WorkspaceList;
import java.io.IOException;

/** A build that has ended, once more in its workspace: for what is to be kept of it after the controller was killed. */
public final class PastBuildAdapter {
    private PastBuildAdapter() {}

    /**
     * Does something in the workspace of a build, while no build uses it. Waits until that is so.
     *
     * @param node that the build ran on
     * @param workspace its path there
     * @param log takes what it tells
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
                    run, node, lease.path, node.createLauncher(log), computer.getEnvironment(), log));
        }
    }

    /** What is done there. */
    @FunctionalInterface
    public interface Work {
        /** Does it. */
        void in(BuildContext context) throws IOException, InterruptedException;
    }
}
