package io.jenkins.plugins.minibuild.notify;

import hudson.model.InvisibleAction;
import hudson.model.Run;
import java.util.Map;
import java.util.TreeMap;

/**
 * What people were told of a build already, so that nobody is told the same twice where the job says it with a step (or publisher) and its
 * profile says it too. What is told several times, of two previews for example, is counted: the second by the one is the same as the second
 * by the other.
 */
public final class NotifyToldAction extends InvisibleAction {
    private final TreeMap<String, Integer> counts;

    private NotifyToldAction(Map<String, Integer> counts) {
        this.counts = new TreeMap<>(counts);
    }

    private static Map<String, Integer> counts(Run<?, ?> run) {
        NotifyToldAction action = run.getAction(NotifyToldAction.class);
        return action == null || action.counts == null ? Map.of() : action.counts;
    }

    private static String key(boolean byProfile, Event event, Channel.Id channel) {
        return (byProfile ? "profile " : "job ") + event.id() + " " + channel;
    }

    /**
     * Notes that somebody is about to be told; the build has to be saved after that.
     *
     * @param byProfile whether the profile says it, or else the job
     * @return whether it is news
     */
    static boolean isNews(Run<?, ?> run, boolean byProfile, Event event, Channel.Id channel) {
        synchronized (run) {
            TreeMap<String, Integer> counts = new TreeMap<>(counts(run));
            int told = counts.merge(key(byProfile, event, channel), 1, Integer::sum);
            if (byProfile && event == Event.START && told > 1) {
                // A build starts once, however many steps name the profile.
                return false;
            }
            run.addOrReplaceAction(new NotifyToldAction(counts));
            return counts.getOrDefault(key(!byProfile, event, channel), 0) < told;
        }
    }

    /** Whether the profile has told anybody of this. */
    static boolean isToldByProfile(Run<?, ?> run, Event event) {
        return counts(run).keySet().stream().anyMatch(each -> each.startsWith("profile " + event.id() + " "));
    }
}
