package io.jenkins.plugins.minibuild.process;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * The moment at which a wait ends. Immutable. It uses a monotonic clock, so setting the wall clock does not move it. Not serializable: send a
 * duration over a channel or a restart.
 */
public final class Deadline {
    private static final Duration FOREVER = Duration.ofDays(365_000);

    private final LongSupplier nanoClock;
    private final long start;
    private final Duration length;

    private Deadline(LongSupplier nanoClock, Duration length) {
        this.nanoClock = nanoClock;
        this.start = nanoClock.getAsLong();
        this.length = length;
    }

    /** Ends {@code length} from now; at once when it is zero or negative. */
    public static Deadline after(Duration length) {
        return after(length, System::nanoTime);
    }

    /** As {@link #after(Duration)} on the given clock, which counts nanoseconds from any origin. */
    public static Deadline after(Duration length, LongSupplier nanoClock) {
        return new Deadline(nanoClock, length);
    }

    /** Never ends. */
    public static Deadline never() {
        return after(FOREVER);
    }

    /** What is left; zero, never negative, once it has passed. */
    public Duration remaining() {
        Duration left = length.minusNanos(nanoClock.getAsLong() - start);
        return left.isNegative() ? Duration.ZERO : left;
    }

    public boolean expired() {
        return remaining().isZero();
    }

    public boolean isNever() {
        return length.equals(FOREVER);
    }

    /** The whole length of the wait, for messages. */
    public Duration length() {
        return length;
    }
}
