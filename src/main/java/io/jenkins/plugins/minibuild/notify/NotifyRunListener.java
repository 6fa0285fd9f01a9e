package io.jenkins.plugins.minibuild.notify;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.model.listeners.RunListener;
import io.jenkins.plugins.minibuild.build.BuildFactsAction;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Tells people of the end of a build whose profile says so. */
@Extension
public final class NotifyRunListener extends RunListener<Run<?, ?>> {
    @Override
    public void onCompleted(Run<?, ?> run, @NonNull TaskListener listener) {
        Map<String, String> facts = BuildFactsAction.of(run);
        Set<Event> events =
                switch (facts.getOrDefault("notifyOn", "never")) {
                    case "always" -> EnumSet.allOf(Event.class);
                    case "success" -> EnumSet.of(Event.SUCCESS);
                    case "failure" -> EnumSet.of(Event.FAILED, Event.UNSTABLE);
                    default -> Set.of();
                };
        if (!events.isEmpty()) {
            NotifyRequest request = new NotifyRequest(
                    NotifyRequest.list(facts.get("notifyChannels")),
                    events,
                    List.of(),
                    List.of(),
                    null,
                    List.of(),
                    true);
            NotifyAdapter.get().tell(run, request, new NoticeFactory(run).state(), Map.of(), Map.of(), listener);
        }
    }
}
