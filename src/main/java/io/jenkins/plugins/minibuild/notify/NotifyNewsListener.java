package io.jenkins.plugins.minibuild.notify;

import hudson.Extension;
import hudson.model.AbstractBuild;
import hudson.model.Run;
import io.jenkins.plugins.minibuild.step.BuildEvent;
import io.jenkins.plugins.minibuild.step.BuildFactsAction;
import io.jenkins.plugins.minibuild.step.BuildNewsListener;
import io.jenkins.plugins.minibuild.step.Fact;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Sends a message about an event that a step reports, if the publisher of the freestyle job, the profile, or the job's settings ask for it. */
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
        String about = facts.get(Fact.APP);
        Set<String> told = new HashSet<>();
        for (NotifyRequest request : NotifyRequest.byProfiles(BuildFactsAction.of(run))) {
            boolean concerned = about == null || about.equals(request.program());
            if (concerned && happened.isWantedBy(request.events())) {
                NotifyAdapter.Queued queued = NotifyAdapter.queue(run, request, happened, Map.of(), facts, null, told);
                if (!happened.isOfProgram()) {
                    // Of two profiles with the same channel one is enough: the message is about neither's program.
                    told.addAll(queued.results().keySet());
                }
            }
        }
        // The settings of the job are asked by Jenkins' own start event.
        if (happened != Event.START) {
            NotifyJobConfiguration.tell(run, happened, facts, null);
        }
    }
}
