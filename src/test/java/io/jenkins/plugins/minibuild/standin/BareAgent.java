package io.jenkins.plugins.minibuild.standin;

import hudson.Launcher;
import hudson.Proc;
import hudson.model.TaskListener;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** This machine as an agent on which nobody has installed bubblewrap. */
public final class BareAgent extends Launcher.LocalLauncher {
    /** @param listener of the build */
    public BareAgent(TaskListener listener) {
        super(listener);
    }

    @Override
    public Proc launch(ProcStarter starter) throws IOException {
        List<String> command = new ArrayList<>(starter.cmds());
        command.replaceAll(word -> word.equals("bwrap") ? "there-is-no-bwrap" : word);
        return super.launch(starter.cmds(command));
    }
}
