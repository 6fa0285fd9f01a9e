package io.jenkins.plugins.minibuild.process;

import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/**
 * Tries again after a failure that may pass: exponential back-off with full jitter (the delay before attempt n is drawn
 * evenly from the upper half of {@code base * 2^(n-1)}, capped), within a deadline. Immutable.
 */
public final class Retry {
    /** The work that is tried. */
    @FunctionalInterface
    public interface Attempt<T> {
        /** @param number 1 for the first attempt */
        T run(int number) throws IOException, InterruptedException;
    }

    /** Called for each failure that is followed by another attempt. */
    @FunctionalInterface
    public interface Observer {
        void failed(IOException failure, int attempt, int attempts, Duration delay);
    }

    /** Waits; {@code Thread::sleep} except in tests. */
    @FunctionalInterface
    public interface Sleeper {
        void sleep(Duration delay) throws InterruptedException;
    }

    /** The delays between attempts, and the source of their jitter. */
    private record Delays(Duration base, Duration max, RandomGenerator random) {}

    private final int attempts;
    private final Delays delays;
    private final Deadline deadline;
    private final Sleeper sleeper;
    private final Observer observer;
    private final Predicate<IOException> retryable;

    private Retry(
            int attempts,
            Delays delays,
            Deadline deadline,
            Sleeper sleeper,
            Observer observer,
            Predicate<IOException> retryable) {
        this.attempts = attempts;
        this.delays = delays;
        this.deadline = deadline;
        this.sleeper = sleeper;
        this.observer = observer;
        this.retryable = retryable;
    }

    /**
     * At most {@code attempts} attempts in all, 1 s base delay, 30 s at the most, on every {@link IOException}.
     *
     * @param random the source of the jitter
     * @throws IllegalArgumentException if {@code attempts} is less than 1
     */
    public static Retry times(int attempts, RandomGenerator random) {
        if (attempts < 1) {
            throw new IllegalArgumentException("at least one attempt is needed, not " + attempts);
        }
        return new Retry(
                attempts,
                new Delays(Duration.ofSeconds(1), Duration.ofSeconds(30), Objects.requireNonNull(random)),
                Deadline.never(),
                delay -> Thread.sleep(delay.toMillis()),
                (failure, attempt, of, delay) -> {},
                failure -> true);
    }

    /** Delays from {@code base}, doubled each time, to {@code max}. */
    public Retry delays(Duration base, Duration max) {
        return new Retry(attempts, new Delays(base, max, delays.random()), deadline, sleeper, observer, retryable);
    }

    /** No further attempt is started that would have to wait past the deadline. */
    public Retry within(Deadline limit) {
        return new Retry(attempts, delays, limit, sleeper, observer, retryable);
    }

    public Retry sleepingBy(Sleeper other) {
        return new Retry(attempts, delays, deadline, other, observer, retryable);
    }

    public Retry onRetry(Observer other) {
        return new Retry(attempts, delays, deadline, sleeper, other, retryable);
    }

    /** Only failures for which {@code condition} holds are tried again. */
    public Retry when(Predicate<IOException> condition) {
        return new Retry(attempts, delays, deadline, sleeper, observer, condition);
    }

    /**
     * Runs the attempt until it succeeds.
     *
     * @throws IOException the last failure, the earlier ones suppressed in it
     * @throws InterruptedException at once, never retried
     */
    public <T> T call(Attempt<T> attempt) throws IOException, InterruptedException {
        IOException earlier = null;
        for (int number = 1; ; number++) {
            try {
                return attempt.run(number);
            } catch (IOException failure) {
                if (earlier != null && earlier != failure) {
                    failure.addSuppressed(earlier);
                }
                Duration delay = delayAfter(number);
                if (number >= attempts || !retryable.test(failure) || delay.compareTo(deadline.remaining()) >= 0) {
                    throw failure;
                }
                observer.failed(failure, number, attempts, delay);
                sleeper.sleep(delay);
                earlier = failure;
            }
        }
    }

    private Duration delayAfter(int number) {
        double full = Math.min(delays.max().toMillis(), delays.base().toMillis() * Math.pow(2, number - 1));
        return Duration.ofMillis(Math.round(full / 2 + delays.random().nextDouble() * full / 2));
    }
}
