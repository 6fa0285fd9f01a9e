package io.jenkins.plugins.minibuild.checkout;

import hudson.remoting.VirtualChannel;
import java.io.File;
import java.io.IOException;
import jenkins.agents.ControllerToAgentFileCallable;

/** Marks a folder as completely checked out. */
final class FinishWork implements ControllerToAgentFileCallable<Boolean> {
    private static final long serialVersionUID = 1L;

    private final boolean inner;

    /** @param inner whether the folder is inside the workspace; git-client's temporary folder beside it is then in the way */
    FinishWork(boolean inner) {
        this.inner = inner;
    }

    @Override
    public Boolean invoke(File file, VirtualChannel channel) throws IOException {
        TargetFolder.finish(file.toPath());
        // Not if another step has something in it.
        return !inner || new File(file.getPath() + "@tmp").delete();
    }
}
