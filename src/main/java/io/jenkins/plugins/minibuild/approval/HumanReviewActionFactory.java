package io.jenkins.plugins.minibuild.approval;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.Action;
import hudson.model.Run;
import java.util.Collection;
import java.util.List;
import jenkins.model.TransientActionFactory;

/** Shows {@link HumanReviewAction} on builds about which people were asked. */
@Extension
@SuppressWarnings("rawtypes") // as declared by Jenkins
public final class HumanReviewActionFactory extends TransientActionFactory<Run> {
    @Override
    public Class<Run> type() {
        return Run.class;
    }

    @Override
    public Class<? extends Action> actionType() {
        return HumanReviewAction.class;
    }

    @Override
    @NonNull
    public Collection<? extends Action> createFor(@NonNull Run target) {
        Run<?, ?> run = target;
        return HumanReviewAdapter.store(run).isEmpty() ? List.of() : List.of(new HumanReviewAction(run));
    }
}
