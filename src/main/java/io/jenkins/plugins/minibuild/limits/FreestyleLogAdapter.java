package io.jenkins.plugins.minibuild.limits;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.console.ConsoleLogFilter;
import hudson.model.AbstractBuild;
import hudson.model.BuildableItemWithBuildWrappers;
import hudson.model.Run;
import java.io.OutputStream;

/** Limits the log of a freestyle build whose steps take a slot by themselves. Where there is the build wrapper, that does it. */
@Extension
public final class FreestyleLogAdapter extends ConsoleLogFilter {
    @Override
    @SuppressWarnings("rawtypes") // as declared by Jenkins
    public OutputStream decorateLogger(@NonNull Run build, OutputStream logger) {
        SlotTicketAction action = build instanceof AbstractBuild ? build.getAction(SlotTicketAction.class) : null;
        boolean wrapped = build instanceof AbstractBuild<?, ?> freestyle
                && freestyle.getParent() instanceof BuildableItemWithBuildWrappers job
                && job.getBuildWrappersList().get(MiniBuildLimitsWrapper.class) != null;
        return action == null || wrapped
                ? logger
                : LimitsLogAdapter.ofBuild(
                        logger,
                        new LogBudget(MiniBuildLimitsStep.of(action.pool()).resolved()),
                        () -> {});
    }
}
