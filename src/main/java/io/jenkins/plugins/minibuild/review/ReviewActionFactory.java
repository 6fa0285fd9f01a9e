package io.jenkins.plugins.minibuild.review;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.Action;
import hudson.model.Run;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.TransientActionFactory;

/** Shows {@link ReviewAction} on builds with a review. */
@Extension
@SuppressWarnings("rawtypes") // as declared by Jenkins
public final class ReviewActionFactory extends TransientActionFactory<Run> {
    private static final Logger LOGGER = Logger.getLogger(ReviewActionFactory.class.getName());

    @Override
    public Class<Run> type() {
        return Run.class;
    }

    @Override
    public Class<? extends Action> actionType() {
        return ReviewAction.class;
    }

    @Override
    @NonNull
    public Collection<? extends Action> createFor(@NonNull Run target) {
        Run<?, ?> run = target;
        try {
            return ReviewAction.store(run).isEmpty() ? List.of() : List.of(new ReviewAction(run));
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, "The reviews of " + run + " cannot be listed", e);
            return List.of();
        }
    }
}
