package io.jenkins.plugins.minibuild.workflow;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.Action;
import hudson.model.Job;
import hudson.model.Run;
import io.jenkins.plugins.minibuild.step.TrendChart;
import io.jenkins.plugins.minibuild.workflow.run.RunFolder;
import io.jenkins.plugins.minibuild.workflow.run.RunSummary;
import java.io.IOException;
import java.util.Collection;
import java.util.LinkedList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.TransientActionFactory;

/** Finds the durations of the last workflows of a job. */
@Extension
@SuppressWarnings("rawtypes") // as Jenkins declares the type of all jobs
public final class WorkflowJobActionFactory extends TransientActionFactory<Job> {
    private static final Logger LOGGER = Logger.getLogger(WorkflowJobActionFactory.class.getName());
    /** Each build that is looked at may have to be read from disk. */
    private static final int BUILDS = 30;

    @Override
    public Class<Job> type() {
        return Job.class;
    }

    @Override
    public Class<? extends Action> actionType() {
        return WorkflowJobAction.class;
    }

    @NonNull
    @Override
    public Collection<? extends Action> createFor(@NonNull Job target) {
        LinkedList<TrendChart.Point> durations = new LinkedList<>();
        Run<?, ?> run = target.getLastBuild();
        for (int i = 0; run != null && i < BUILDS; i++) {
            RunSummary last = last(run);
            if (last != null && last.ended() > 0 && last.started() > 0) {
                long millis = Math.max(0, last.ended() - last.started());
                durations.addFirst(new TrendChart.Point(
                        run.getNumber(),
                        run.getDisplayName(),
                        Math.round(millis / 600.0) / 100.0,
                        WorkflowRunsAction.duration(millis) + ", " + WorkflowRunsAction.word(last.state())));
            }
            run = run.getPreviousBuild();
        }
        return durations.size() < 2
                ? List.of()
                : List.of(new WorkflowJobAction(TrendChart.of(Messages.WorkflowJobAction_durations(), durations)));
    }

    private static RunSummary last(Run<?, ?> run) {
        try {
            List<RunFolder> folders = RunFolder.all(WorkflowRunsAction.folder(run));
            return folders.isEmpty() ? null : RunSummary.of(folders.get(folders.size() - 1));
        } catch (IOException e) {
            // A broken file must not take the page of the job from its readers.
            LOGGER.log(Level.FINE, "The workflow of " + run + " cannot be read", e);
            return null;
        }
    }
}
