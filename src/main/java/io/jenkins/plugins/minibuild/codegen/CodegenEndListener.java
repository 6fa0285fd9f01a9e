package io.jenkins.plugins.minibuild.codegen;

import hudson.Extension;
import hudson.model.Computer;
import hudson.model.Node;
import hudson.model.Run;
import hudson.model.listeners.RunListener;
import java.io.IOException;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;

/** When a build ends whose agent had gone away while code was written there, keeps that if the agent is back already. */
@Extension
public final class CodegenEndListener extends RunListener<Run<?, ?>> {
    private static final Logger LOGGER = Logger.getLogger(CodegenEndListener.class.getName());

    @Override
    public void onFinalized(Run<?, ?> run) {
        String id = run.getExternalizableId();
        try {
            for (UnfinishedCode work : CodegenRescueListener.left()) {
                Node node = work.build().equals(id)
                        ? Jenkins.get().getNode(work.checkout().agent())
                        : null;
                Computer computer = node == null ? null : node.toComputer();
                if (computer != null && computer.getChannel() != null) {
                    CodegenRescueListener.keepLater(node, work::equals);
                }
            }
        } catch (IOException e) {
            // It is tried again when the agent is back the next time.
            LOGGER.log(Level.WARNING, "What " + id + " had written is not kept yet", e);
        }
    }
}
