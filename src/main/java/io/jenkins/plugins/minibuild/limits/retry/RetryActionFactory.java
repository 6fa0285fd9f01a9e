package io.jenkins.plugins.minibuild.limits.retry;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.Action;
import hudson.model.Run;
import java.util.Collection;
import java.util.List;
import jenkins.model.ParameterizedJobMixIn;
import jenkins.model.TransientActionFactory;

/** Offers {@link RetryAction} on every build of a job that can be started. */
@Extension
@SuppressWarnings("rawtypes") // as declared by Jenkins
public final class RetryActionFactory extends TransientActionFactory<Run> {
    @Override
    public Class<Run> type() {
        return Run.class;
    }

    @Override
    @NonNull
    public Collection<? extends Action> createFor(@NonNull Run target) {
        return target.getParent() instanceof ParameterizedJobMixIn.ParameterizedJob
                ? List.of(new RetryAction(target))
                : List.of();
    }
}
