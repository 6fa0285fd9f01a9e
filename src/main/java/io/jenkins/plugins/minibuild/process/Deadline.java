package io.jenkins.plugins.minibuild.process;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * The moment at which waiting ends. Immutable; measured on a monotonic clock, so it does not move when the wall clock
 * is set. Not serializable: over a restart or a channel send a duration.
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

    /** How long it was when it was set, for messages. */
    public Duration length() {
        return length;
    }
}
