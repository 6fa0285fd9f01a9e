package io.jenkins.plugins.minibuild.notify;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.minibuild.files.Glob;
import io.jenkins.plugins.minibuild.step.Fact;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a job or a profile wants: which events cause a message, and to which channels it goes.
 *
 * @param channels their names; empty for all that the job may use
 * @param events that cause a message; empty for every event
 * @param branches patterns in which {@code *} stands for anything; empty for every branch
 * @param users only builds that they started cause a message; empty for everybody
 * @param message a template that replaces those of the channels; null for none
 * @param mention {@code committers}, {@code requester}, {@code culprits}, or names of the user map
 * @param picture whether a QR code goes with it
 */
record NotifyRequest(
        List<String> channels,
        Set<Event> events,
        List<String> branches,
        List<String> users,
        @CheckForNull Template message,
        List<String> mention,
        boolean picture) {

    /**
     * The request of a profile.
     *
     * @param facts of a build
     * @param picture whether a QR code goes with it
     * @return null if the profile wants no messages
     */
    @CheckForNull
    static NotifyRequest byProfile(Map<Fact, String> facts, boolean picture) {
        Set<Event> events =
                switch (facts.getOrDefault(Fact.NOTIFY_ON, "never")) {
                    case "always" -> EnumSet.allOf(Event.class);
                    case "success" -> EnumSet.of(Event.SUCCESS);
                    case "failure" -> EnumSet.of(Event.FAILED, Event.UNSTABLE);
                    default -> EnumSet.noneOf(Event.class);
                };
        return events.isEmpty()
                ? null
                : new NotifyRequest(
                        list(facts.get(Fact.NOTIFY_CHANNELS)), events, List.of(), List.of(), null, List.of(), picture);
    }

    /** Splits a text at commas and line ends. */
    static List<String> list(@CheckForNull String text) {
        return text == null
                ? List.of()
                : Arrays.stream(text.split("[,\\n]"))
                        .map(String::strip)
                        .filter(each -> !each.isEmpty())
                        .toList();
    }

    /** Why the event causes no message, for people; null if it causes one. */
    @CheckForNull
    String whyNot(Event event, String branch, @CheckForNull String user) {
        if (!events.isEmpty() && !event.isWantedBy(events)) {
            return Messages.NotifyRequest_event(
                    event.id(), String.join(", ", events.stream().map(Event::id).toList()));
        }
        if (!branches.isEmpty()
                && branches.stream().noneMatch(each -> Glob.wildcard(each).matches(branch))) {
            return Messages.NotifyRequest_branch(branch, String.join(", ", branches));
        }
        if (!users.isEmpty() && (user == null || !users.contains(user))) {
            return Messages.NotifyRequest_user(user == null ? "" : user, String.join(", ", users));
        }
        return null;
    }
}
