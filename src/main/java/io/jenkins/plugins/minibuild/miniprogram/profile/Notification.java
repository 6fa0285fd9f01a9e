package io.jenkins.plugins.minibuild.miniprogram.profile;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.minibuild.notify.Event;
import io.jenkins.plugins.minibuild.step.ProgramNews;
import java.util.List;

/**
 * Which builds are announced, and where.
 *
 * @param on one of {@link #CHOICES}
 * @param events ids of events, separated by commas, which replace {@code on}; null for none
 * @param channels names of channels, separated by commas; null for all that the job may use
 */
public record Notification(
        String on,
        @CheckForNull String events,
        @CheckForNull String channels) {

    private static final String NEVER = "never";

    /** When messages are sent. */
    public static final List<String> CHOICES = List.of(NEVER, "always", "success", "failure");

    /** The values of a profile that gives none. */
    public static final Notification DEFAULT = new Notification(NEVER, null, null);

    /** @throws IllegalArgumentException with a message for the user */
    public Notification {
        Profile.oneOf("notifyOn", on, CHOICES);
        Event.parse(events);
    }

    /** What a build remembers of a profile's program. */
    public ProgramNews news(String profile, String appId) {
        return new ProgramNews(profile, appId, "", on, events == null ? "" : events, channels == null ? "" : channels);
    }
}
