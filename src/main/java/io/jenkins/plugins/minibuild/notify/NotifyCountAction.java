package io.jenkins.plugins.minibuild.notify;

import hudson.model.InvisibleAction;
import hudson.model.Run;
import java.util.Map;
import java.util.TreeMap;

/**
 * Counts the messages of a build by event and channel, so that none goes out twice where the job asks for it with a step (or publisher) and its profile
 * asks for it too. An event can happen several times, as when a build makes two previews: the second message that the profile asks for is then the same
 * as the second one that the job asks for.
 */
public final class NotifyCountAction extends InvisibleAction {
    private final TreeMap<String, Integer> counts;

    private NotifyCountAction(Map<String, Integer> counts) {
        this.counts = new TreeMap<>(counts);
    }

    private static Map<String, Integer> counts(Run<?, ?> run) {
        NotifyCountAction action = run.getAction(NotifyCountAction.class);
        return action == null || action.counts == null ? Map.of() : action.counts;
    }

    private static String key(boolean byProfile, Event event, Channel.Id channel) {
        return (byProfile ? "profile " : "job ") + event.id() + " " + channel;
    }

    /**
     * Counts a message. The caller saves the build.
     *
     * @param byProfile whether the profile asks for the message, or else the job
     * @return whether the message is to be sent: false if the other one has asked for the same before
     */
    static boolean isFirst(Run<?, ?> run, boolean byProfile, Event event, Channel.Id channel) {
        synchronized (run) {
            TreeMap<String, Integer> counts = new TreeMap<>(counts(run));
            int asked = counts.merge(key(byProfile, event, channel), 1, Integer::sum);
            if (byProfile && event == Event.START && asked > 1) {
                // A build starts once, however many steps name the profile.
                return false;
            }
            run.addOrReplaceAction(new NotifyCountAction(counts));
            return counts.getOrDefault(key(!byProfile, event, channel), 0) < asked;
        }
    }

    /** Whether the profile has asked for a message about the event. */
    static boolean isSentByProfile(Run<?, ?> run, Event event) {
        return counts(run).keySet().stream().anyMatch(each -> each.startsWith("profile " + event.id() + " "));
    }
}
