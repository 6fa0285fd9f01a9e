package io.jenkins.plugins.minibuild.review;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.Action;
import hudson.model.Job;
import hudson.model.Run;
import io.jenkins.plugins.minibuild.step.BuildFactsAction;
import io.jenkins.plugins.minibuild.step.TrendChart;
import java.util.Collection;
import java.util.LinkedList;
import java.util.List;
import jenkins.model.TransientActionFactory;

/** Finds the scores of the last builds of a job. */
@Extension
@SuppressWarnings("rawtypes") // as Jenkins declares the type of all jobs
public final class ReviewJobActionFactory extends TransientActionFactory<Job> {
    /** Each build that is looked at may have to be read from disk. */
    private static final int BUILDS = 30;

    @Override
    public Class<Job> type() {
        return Job.class;
    }

    @Override
    public Class<? extends Action> actionType() {
        return ReviewJobAction.class;
    }

    @NonNull
    @Override
    public Collection<? extends Action> createFor(@NonNull Job target) {
        LinkedList<TrendChart.Point> scores = new LinkedList<>();
        Run<?, ?> run = target.getLastBuild();
        for (int i = 0; run != null && i < BUILDS; i++) {
            String score = BuildFactsAction.of(run, Review.SCORE_FACT);
            if (score != null && score.matches("[0-9]{1,3}")) {
                scores.addFirst(
                        new TrendChart.Point(run.getNumber(), run.getDisplayName(), Integer.parseInt(score), score));
            }
            run = run.getPreviousBuild();
        }
        return scores.size() < 2
                ? List.of()
                : List.of(new ReviewJobAction(TrendChart.of(Messages.ReviewJobAction_scores(), scores, 100)));
    }
}
