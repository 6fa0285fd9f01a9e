package io.jenkins.plugins.minibuild.checkout;

import hudson.remoting.VirtualChannel;
import java.io.File;
import java.io.IOException;
import jenkins.agents.ControllerToAgentFileCallable;

/** Marks a folder as completely checked out. */
final class FinishWork implements ControllerToAgentFileCallable<Boolean> {
    private static final long serialVersionUID = 1L;

    private final boolean inner;
    private final String mark;

    /**
     * @param inner whether the folder is inside the workspace; git-client's temporary folder beside it is then in the way
     * @param mark of the checkout, see {@link CheckoutRecord}; empty for a submodule
     */
    FinishWork(boolean inner, String mark) {
        this.inner = inner;
        this.mark = mark;
    }

    @Override
    public Boolean invoke(File file, VirtualChannel channel) throws IOException {
        TargetFolder.finish(file.toPath());
        if (!mark.isEmpty()) {
            CheckoutRecord.mark(file.toPath(), mark);
        }
        // Not if another step has something in it.
        return !inner || new File(file.getPath() + "@tmp").delete();
    }
}
