package io.jenkins.plugins.minibuild.limits;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.Action;
import hudson.model.Run;
import java.util.Collection;
import java.util.List;
import jenkins.model.TransientActionFactory;

/** Shows {@link LimitsRunAction} on builds that run. */
@Extension
@SuppressWarnings("rawtypes") // as declared by Jenkins
public final class LimitsRunActionFactory extends TransientActionFactory<Run> {
    @Override
    public Class<Run> type() {
        return Run.class;
    }

    @Override
    public Class<? extends Action> actionType() {
        return LimitsRunAction.class;
    }

    @Override
    @NonNull
    public Collection<? extends Action> createFor(@NonNull Run target) {
        return target.isBuilding() ? List.of(new LimitsRunAction(target)) : List.of();
    }
}
