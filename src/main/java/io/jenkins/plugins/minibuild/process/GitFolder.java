package io.jenkins.plugins.minibuild.process;

import hudson.remoting.VirtualChannel;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import jenkins.MasterToSlaveFileCallable;

/**
 * Whether a folder has a {@code .git} of its own. Settings and hooks that an untrusted command puts there would run outside of its sandbox later, and
 * other checkouts may share its objects. A link does not count: it would show its target. Runs on the agent.
 */
final class GitFolder extends MasterToSlaveFileCallable<Boolean> {
    private static final long serialVersionUID = 1L;

    @Override
    public Boolean invoke(File folder, VirtualChannel channel) {
        Path git = folder.toPath().resolve(".git");
        return Files.exists(git, LinkOption.NOFOLLOW_LINKS) && !Files.isSymbolicLink(git);
    }
}
