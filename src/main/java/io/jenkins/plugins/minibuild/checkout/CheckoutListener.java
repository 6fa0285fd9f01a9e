package io.jenkins.plugins.minibuild.checkout;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.FilePath;
import hudson.model.Computer;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.model.listeners.SCMListener;
import hudson.scm.SCM;
import hudson.scm.SCMRevisionState;
import io.jenkins.plugins.minibuild.step.BuildFactsAction;
import java.io.File;
import java.io.IOException;
import java.util.Map;

/** Keeps with a build which repository Jenkins' own checkout (the step {@code checkout}, a job's source code management) has put where. */
@Extension
public final class CheckoutListener extends SCMListener {
    @Override
    public void onCheckout(
            Run<?, ?> build,
            SCM scm,
            FilePath workspace,
            TaskListener listener,
            @CheckForNull File changelogFile,
            @CheckForNull SCMRevisionState pollingBaseline)
            throws IOException {
        Computer computer = workspace.toComputer();
        keep(build, scm.getKey(), computer == null ? "" : computer.getName(), workspace);
    }

    /** @param key as the git plugin makes it: the word {@code git} and all addresses, as they are configured */
    static void keep(Run<?, ?> build, String key, String agent, FilePath workspace) throws IOException {
        String[] parts = key.split(" ");
        if (parts.length != 2 || !parts[0].equals("git")) {
            // Another kind of source, or several repositories: a step has to say which one it means.
            return;
        }
        try {
            RepositoryUrl url = RepositoryUrl.parse(parts[1]);
            BuildFactsAction.add(build, Map.of(RepositoryAddress.fact(agent, workspace), url.text()));
        } catch (IllegalArgumentException e) {
            // An address that the steps do not take either.
            return;
        }
        build.save();
    }
}
