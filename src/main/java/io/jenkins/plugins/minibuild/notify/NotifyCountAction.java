package io.jenkins.plugins.minibuild.notify;

import hudson.model.InvisibleAction;
import hudson.model.Run;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * Counts the messages of a build by event and channel, so that none goes out twice where a step (or publisher), a profile and the settings of the job ask for
 * it. An event can happen several times, as when a build makes two previews: the second message that the profile asks for is then the same as the second one
 * that the step asks for. A build ends once; its profiles tell of it one by one, each of its own program.
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

    private static String key(Asker asker, Event event, Channel.Id channel) {
        return asker.id() + " " + event.id() + " " + channel;
    }

    /**
     * Counts a message. The caller saves the build.
     *
     * @return whether the message is to be sent: false if somebody else has asked for the same before
     */
    static boolean isFirst(Run<?, ?> run, NotifyRequest request, Event event, Channel.Id channel) {
        Asker asker = request.asker();
        synchronized (run) {
            TreeMap<String, Integer> counts = new TreeMap<>(counts(run));
            int asked = counts.merge(key(asker, event, channel), 1, Integer::sum);
            if (event.isEnd() && !request.program().isEmpty()) {
                asked = counts.merge(
                        asker.id() + " " + event.id() + " of " + request.program() + " " + channel, 1, Integer::sum);
            }
            if (asker == Asker.PROFILE && event == Event.START && asked > 1) {
                // A build starts once, however many steps name the profile.
                return false;
            }
            run.addOrReplaceAction(new NotifyCountAction(counts));
            int others = Arrays.stream(Asker.values())
                    .filter(each -> each != asker)
                    .mapToInt(each -> counts.getOrDefault(key(each, event, channel), 0))
                    .max()
                    .orElse(0);
            return others < asked;
        }
    }

    /** Whether somebody has asked for a message about the event. */
    static boolean isAskedFor(Run<?, ?> run, Asker asker, Event event) {
        return counts(run).keySet().stream().anyMatch(each -> each.startsWith(asker.id() + " " + event.id() + " "));
    }
}
