package io.jenkins.plugins.minibuild.notify;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.minibuild.files.Glob;
import io.jenkins.plugins.minibuild.step.Fact;
import io.jenkins.plugins.minibuild.step.ProgramNews;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a job or a profile wants: which events cause a message, and to which channels it goes.
 *
 * @param asker who wants it
 * @param program the name of the program that the messages are about; empty for the build as a whole
 * @param channels their names; empty for all that the job may use
 * @param filter which events of which builds
 * @param message a template that replaces those of the channels; null for none
 * @param mention {@code committers}, {@code requester}, {@code culprits}, {@code reviewers}, or names of the user map
 * @param picture whether a QR code goes with it
 */
record NotifyRequest(
        Asker asker,
        String program,
        List<String> channels,
        Filter filter,
        @CheckForNull Template message,
        List<String> mention,
        boolean picture) {

    /** Every event that is news: that a build begins is none. */
    private static final Set<Event> ALWAYS = Collections.unmodifiableSet(EnumSet.complementOf(EnumSet.of(Event.START)));

    /** Whether it asks for all that is news, without naming events: what was told before is then none. */
    boolean isForNews() {
        return events().equals(ALWAYS);
    }

    /**
     * Which events of which builds cause a message.
     *
     * @param events empty for every event
     * @param branches patterns in which {@code *} stands for anything; empty for every branch
     * @param users only builds that they started cause a message; empty for everybody
     */
    record Filter(Set<Event> events, List<String> branches, List<String> users) {
        static Filter of(Set<Event> events) {
            return new Filter(events, List.of(), List.of());
        }
    }

    /**
     * The requests of the profiles that a build uses.
     *
     * @param facts of the build
     */
    static List<NotifyRequest> byProfiles(Map<Fact, String> facts) {
        return ProgramNews.of(facts).stream()
                .map(NotifyRequest::byProfile)
                .filter(each -> !each.events().isEmpty())
                .toList();
    }

    private static NotifyRequest byProfile(ProgramNews program) {
        Set<Event> events = Event.parse(program.notifyEvents());
        return new NotifyRequest(
                Asker.PROFILE,
                program.name(),
                list(program.notifyChannels()),
                Filter.of(events.isEmpty() ? events(program.notifyOn()) : events),
                null,
                List.of(),
                true);
    }

    /** The events of one of the values of {@code notifyOn}. */
    private static Set<Event> events(String notifyOn) {
        return switch (notifyOn) {
            case "always" -> ALWAYS;
            case "success" -> EnumSet.of(Event.SUCCESS);
            case "failure" -> EnumSet.of(Event.FAILED, Event.UNSTABLE);
            default -> EnumSet.noneOf(Event.class);
        };
    }

    Set<Event> events() {
        return filter.events();
    }

    /** The same without the picture of a QR code. */
    NotifyRequest withoutPicture() {
        return new NotifyRequest(asker, program, channels, filter, message, mention, false);
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
        if (!events().isEmpty() && !event.isWantedBy(events())) {
            return Messages.NotifyRequest_event(
                    event.id(),
                    String.join(", ", events().stream().map(Event::id).toList()));
        }
        List<String> branches = filter.branches();
        if (!branches.isEmpty()
                && branches.stream().noneMatch(each -> Glob.wildcard(each).matches(branch))) {
            return Messages.NotifyRequest_branch(branch, String.join(", ", branches));
        }
        List<String> users = filter.users();
        if (!users.isEmpty() && (user == null || !users.contains(user))) {
            return Messages.NotifyRequest_user(user == null ? "" : user, String.join(", ", users));
        }
        return null;
    }
}
