package io.jenkins.plugins.minibuild.claude;

import java.time.Duration;

/**
 * What a run may use at the most. Immutable.
 *
 * @param turns answers of the model
 * @param time from its start, attempts together
 * @param dollars US dollars, attempts together
 * @param bytes of output of the command, attempts together
 */
public record Caps(int turns, Duration time, double dollars, long bytes) {
    private static final long MEGABYTE = 1024 * 1024;

    /** @throws IllegalArgumentException if one is not positive; the message is for users */
    public Caps {
        if (turns < 1) {
            throw new IllegalArgumentException(Messages.Caps_turns(turns));
        }
        if (time.isNegative() || time.isZero()) {
            throw new IllegalArgumentException(Messages.Caps_minutes(time.toMinutes()));
        }
        if (!(dollars > 0) || Double.isInfinite(dollars)) {
            throw new IllegalArgumentException(Messages.Caps_dollars(dollars));
        }
        if (bytes < 1) {
            throw new IllegalArgumentException(Messages.Caps_megabytes(bytes / MEGABYTE));
        }
    }

    /** In the units of the steps' parameters. */
    public static Caps of(int turns, int minutes, double dollars, int megabytes) {
        return new Caps(turns, Duration.ofMinutes(minutes), dollars, megabytes * MEGABYTE);
    }

    /** The same with less money. */
    public Caps dollars(double other) {
        return new Caps(turns, time, other, bytes);
    }
}
