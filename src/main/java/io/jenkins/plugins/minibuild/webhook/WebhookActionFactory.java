package io.jenkins.plugins.minibuild.webhook;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.Action;
import hudson.model.Job;
import java.util.Collection;
import java.util.List;
import jenkins.model.TransientActionFactory;

/** Gives every job the page of its webhook. */
@Extension
@SuppressWarnings("rawtypes") // as Jenkins declares the type of all jobs
public final class WebhookActionFactory extends TransientActionFactory<Job> {
    @Override
    public Class<Job> type() {
        return Job.class;
    }

    @Override
    public Class<? extends Action> actionType() {
        return WebhookAction.class;
    }

    @Override
    @NonNull
    public Collection<? extends Action> createFor(@NonNull Job target) {
        return List.of(new WebhookAction((Job<?, ?>) target));
    }
}
