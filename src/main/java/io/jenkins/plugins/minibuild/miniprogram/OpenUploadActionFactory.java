package io.jenkins.plugins.minibuild.miniprogram;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.Action;
import hudson.model.Run;
import io.jenkins.plugins.minibuild.step.BuildFactsAction;
import java.util.Collection;
import java.util.List;
import jenkins.model.TransientActionFactory;

/** Adds {@link OpenUploadAction} to builds that ended while an upload was on its way; a freestyle build ends so without a word when Jenkins is killed. */
@Extension
@SuppressWarnings("rawtypes") // as declared by Jenkins
public final class OpenUploadActionFactory extends TransientActionFactory<Run> {
    @Override
    public Class<Run> type() {
        return Run.class;
    }

    @Override
    public Class<? extends Action> actionType() {
        return OpenUploadAction.class;
    }

    @NonNull
    @Override
    public Collection<? extends Action> createFor(@NonNull Run target) {
        List<OpenUpload> open =
                target.isBuilding() ? List.of() : OpenUpload.in(BuildFactsAction.of((Run<?, ?>) target));
        return open.isEmpty() ? List.of() : List.of(new OpenUploadAction(open));
    }
}
