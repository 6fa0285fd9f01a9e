package io.jenkins.plugins.minibuild.miniprogram.profile;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.minibuild.step.Fact;
import java.util.List;
import java.util.Map;

/**
 * Which builds are announced, and where.
 *
 * @param on one of {@link #CHOICES}
 * @param channels names of channels, separated by commas; null for all that the job may use
 */
public record Notification(String on, @CheckForNull String channels) {

    private static final String NEVER = "never";

    /** When messages are sent. */
    public static final List<String> CHOICES = List.of(NEVER, "always", "success", "failure");

    /** The values of a profile that gives none. */
    public static final Notification DEFAULT = new Notification(NEVER, null);

    /** @throws IllegalArgumentException with a message for the user */
    public Notification {
        Profile.oneOf("notifyOn", on, CHOICES);
    }

    /** The facts of a build by which notifications are sent; empty when none are wanted. */
    public Map<Fact, String> facts() {
        return on.equals(NEVER)
                ? Map.of()
                : Map.of(Fact.NOTIFY_ON, on, Fact.NOTIFY_CHANNELS, channels == null ? "" : channels);
    }
}
