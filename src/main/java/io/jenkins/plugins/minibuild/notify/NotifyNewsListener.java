package io.jenkins.plugins.minibuild.notify;

import hudson.Extension;
import hudson.model.AbstractBuild;
import hudson.model.Run;
import io.jenkins.plugins.minibuild.step.BuildEvent;
import io.jenkins.plugins.minibuild.step.BuildFactsAction;
import io.jenkins.plugins.minibuild.step.BuildNewsListener;
import io.jenkins.plugins.minibuild.step.Fact;
import java.util.Map;

/** Sends a message about an event that a step reports, if the publisher of the freestyle job or the profile asks for it. */
@Extension
public final class NotifyNewsListener extends BuildNewsListener {
    @Override
    public void happened(Run<?, ?> run, BuildEvent event, Map<Fact, String> facts) {
        Event happened = Event.of(event);
        // Jenkins calls the publisher at the start.
        if (run instanceof AbstractBuild<?, ?> build && happened != Event.START) {
            MiniBuildNotifyPublisher publisher =
                    build.getParent().getPublishersList().get(MiniBuildNotifyPublisher.class);
            if (publisher != null) {
                publisher.happened(build, happened, facts, null);
            }
        }
        NotifyRequest request = NotifyRequest.byProfile(BuildFactsAction.of(run), true);
        if (request != null && happened.isWantedBy(request.events())) {
            NotifyAdapter.queue(run, true, request, happened, Map.of(), facts, null);
        }
    }
}
