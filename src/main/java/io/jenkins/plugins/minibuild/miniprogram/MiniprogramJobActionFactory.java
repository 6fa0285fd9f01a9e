package io.jenkins.plugins.minibuild.miniprogram;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.Action;
import hudson.model.Job;
import hudson.model.Run;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import jenkins.model.TransientActionFactory;

/** Finds what the last builds of a job have shipped. */
@Extension
@SuppressWarnings("rawtypes") // as Jenkins declares the type of all jobs
public final class MiniprogramJobActionFactory extends TransientActionFactory<Job> {

    /** Each build that is looked at may have to be read from disk. */
    private static final int BUILDS = 20;

    @Override
    public Class<Job> type() {
        return Job.class;
    }

    @Override
    public Class<? extends Action> actionType() {
        return MiniprogramJobAction.class;
    }

    @NonNull
    @Override
    public Collection<? extends Action> createFor(@NonNull Job target) {
        List<MiniprogramAction> found = new ArrayList<>();
        Run<?, ?> run = target.getLastBuild();
        for (int i = 0; run != null && i < BUILDS; i++) {
            MiniprogramAction action = run.getAction(MiniprogramAction.class);
            if (action != null) {
                found.add(action);
            }
            run = run.getPreviousBuild();
        }
        return found.isEmpty() ? List.of() : List.of(new MiniprogramJobAction((Job<?, ?>) target, found));
    }
}
