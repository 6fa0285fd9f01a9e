package io.jenkins.plugins.minibuild.claude;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.Action;
import hudson.model.Run;
import java.util.Collection;
import java.util.List;
import jenkins.model.TransientActionFactory;

/** Shows {@link ClaudeRunsAction} on builds in which Claude ran, from the moment it began. */
@Extension
@SuppressWarnings("rawtypes") // as declared by Jenkins
public final class ClaudeRunsActionFactory extends TransientActionFactory<Run> {
    @Override
    public Class<Run> type() {
        return Run.class;
    }

    @Override
    public Class<? extends Action> actionType() {
        return ClaudeRunsAction.class;
    }

    @Override
    @NonNull
    public Collection<? extends Action> createFor(@NonNull Run target) {
        Run<?, ?> run = target;
        return RunFolder.exists(ClaudeRunsAction.folder(run)) ? List.of(new ClaudeRunsAction(run)) : List.of();
    }
}
