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
        synchronized (run) {
            TreeMap<String, Integer> counts = new TreeMap<>(counts(run));
            boolean first = isFirst(counts, request, event, channel);
            run.addOrReplaceAction(new NotifyCountAction(counts));
            return first;
        }
    }

    /**
     * As above.
     *
     * @param counts of the build; changed
     */
    static boolean isFirst(Map<String, Integer> counts, NotifyRequest request, Event event, Channel.Id channel) {
        Asker asker = request.asker();
        int asked = counts.merge(key(asker, event, channel), 1, Integer::sum);
        if (!request.program().isEmpty()) {
            int ofProgram = counts.merge(prefix(request, event) + channel, 1, Integer::sum);
            asked = event.isEnd() ? ofProgram : asked;
        }
        if (asker == Asker.PROFILE && event == Event.START && asked > 1) {
            // A build starts once, however many steps name the profile.
            return false;
        }
        int others = Arrays.stream(Asker.values())
                .filter(each -> each != asker)
                .mapToInt(each -> counts.getOrDefault(key(each, event, channel), 0))
                .max()
                .orElse(0);
        return others < asked;
    }

    /** Begins the keys of a program's messages. A tab is in no name. */
    private static String prefix(NotifyRequest request, Event event) {
        return request.asker().id() + " " + event.id()
                + (request.program().isEmpty() ? " " : " of " + request.program() + "\t");
    }

    /** Whether the same request has asked for a message about the event. */
    static boolean isAskedFor(Run<?, ?> run, NotifyRequest request, Event event) {
        return isAskedFor(counts(run), request, event);
    }

    static boolean isAskedFor(Map<String, Integer> counts, NotifyRequest request, Event event) {
        String prefix = prefix(request, event);
        return counts.keySet().stream().anyMatch(each -> each.startsWith(prefix));
    }
}
