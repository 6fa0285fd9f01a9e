package io.jenkins.plugins.minibuild.process;

import hudson.remoting.VirtualChannel;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import jenkins.MasterToSlaveFileCallable;

/**
 * Whether a folder has a {@code .git} of its own. What a command that nobody answers for puts there would act outside later, by settings and hooks,
 * and other checkouts may share its objects. A link is none: it would show what it leads to. Runs on the agent.
 */
final class GitFolder extends MasterToSlaveFileCallable<Boolean> {
    private static final long serialVersionUID = 1L;

    @Override
    public Boolean invoke(File folder, VirtualChannel channel) {
        Path git = folder.toPath().resolve(".git");
        return Files.exists(git, LinkOption.NOFOLLOW_LINKS) && !Files.isSymbolicLink(git);
    }
}
