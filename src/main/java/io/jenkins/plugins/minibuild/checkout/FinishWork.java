package io.jenkins.plugins.minibuild.checkout;

import hudson.remoting.VirtualChannel;
import java.io.File;
import java.io.IOException;
import jenkins.agents.ControllerToAgentFileCallable;

/** Marks a folder as completely checked out. */
final class FinishWork implements ControllerToAgentFileCallable<Boolean> {
    private static final long serialVersionUID = 1L;

    @Override
    public Boolean invoke(File file, VirtualChannel channel) throws IOException {
        TargetFolder.finish(file.toPath());
        return true;
    }
}
