package io.jenkins.plugins.minibuild.notify;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.random.RandomGenerator;

/**
 * The messages of one channel and how the channel stands. {@link #step} sends at most one; it is called by one thread at a time, everything else by any.
 * Only what is needed to choose the next message is in memory, the rest on disk.
 */
final class ChannelQueue {
    /** How a channel stands. */
    enum State {
        OK,
        /** The service wants to be left alone for a while. */
        LIMITED,
        /** The last attempt failed; it is tried again soon. */
        RETRYING,
        /** So many attempts failed that it is only probed. */
        PAUSED,
        /** Somebody has to mend it; it is only probed. */
        BROKEN
    }

    /** For {@link #step}: nothing to do. */
    static final long NEVER = Long.MAX_VALUE;

    static final Duration GIVE_UP = Duration.ofHours(24);

    private static final Logger LOGGER = Logger.getLogger(ChannelQueue.class.getName());
    private static final long FIRST_DELAY = 2_000;
    private static final int FAILURES_TO_PAUSE = 5;
    private static final long PROBE = Duration.ofMinutes(1).toMillis();
    private static final long LONGEST_PROBE = Duration.ofMinutes(15).toMillis();
    private static final long BROKEN_PROBE = Duration.ofMinutes(10).toMillis();
    /** After so many failures of one message others go first, so that one that cannot be sent holds up no other. */
    private static final int PATIENCE = 3;

    /**
     * Who waits.
     *
     * @param order among those with as many attempts
     */
    private record Waiting(String id, String job, long created, boolean joinable, int attempts, long order) {}

    private final Channel.Id id;
    private final Outbox outbox;
    private final Deliveries deliveries;
    private final Composer composer;
    private final Clock clock;
    private final RandomGenerator random;
    private final BiConsumer<Message, Answer> ended;
    private final Map<String, Waiting> waiting = new LinkedHashMap<>();
    private RateLimiter limiter = new RateLimiter(List.of());
    private State state = State.OK;
    private String problem = "";
    private long pausedUntil;
    private int failures;
    private long order;

    /** @param ended is told of every message that was sent or given up, joined ones too */
    ChannelQueue(
            Channel.Id id,
            Outbox outbox,
            Deliveries deliveries,
            Composer composer,
            Clock clock,
            RandomGenerator random,
            BiConsumer<Message, Answer> ended) {
        this.id = id;
        this.outbox = outbox;
        this.deliveries = deliveries;
        this.composer = composer;
        this.clock = clock;
        this.random = random;
        this.ended = ended;
    }

    Channel.Id id() {
        return id;
    }

    synchronized State state() {
        return state;
    }

    /** What is wrong, for people; empty if nothing is. */
    synchronized String problem() {
        return problem;
    }

    synchronized int count() {
        return waiting.size();
    }

    /** When it is tried again, in milliseconds since 1970; in the past if nothing holds it up. */
    synchronized long pausedUntil() {
        return pausedUntil;
    }

    /** A message that the outbox holds. */
    synchronized void add(Message message) {
        // One that was tried and waits again keeps its place.
        Waiting before = waiting.get(message.id());
        waiting.put(
                message.id(),
                new Waiting(
                        message.id(),
                        message.job(),
                        message.created(),
                        message.isJoinable(),
                        message.attempts(),
                        before == null ? order++ : before.order()));
    }

    /** The times of calls that an earlier run of the controller made, so that it and this one together keep to the limits. */
    synchronized void seed(Channel channel, List<Long> calls) {
        limiter = new RateLimiter(channel.rates());
        calls.stream().sorted().forEach(limiter::take);
    }

    /** Somebody has mended the channel: whatever held it up is forgotten, but what the service said of limits. */
    synchronized void mended() {
        if (state != State.LIMITED) {
            state = State.OK;
            problem = "";
            pausedUntil = 0;
            failures = 0;
        }
    }

    /**
     * Sends the next message if it is time.
     *
     * @param channel as it is configured now; null if it is no more, or not yet
     * @param digestAbove how many of one job may wait before they are joined
     * @return in how many milliseconds it is to be called again, 0 for at once, {@link #NEVER} when nothing waits
     */
    long step(@CheckForNull Channel channel, int digestAbove) throws InterruptedException {
        long now = clock.millis();
        Message message;
        byte[] picture;
        synchronized (this) {
            expire(now);
            if (waiting.isEmpty()) {
                return NEVER;
            }
            if (now < pausedUntil) {
                return pausedUntil - now;
            }
            if (channel == null) {
                apply(null, Answer.broken(Messages.ChannelQueue_missing(id)), now);
                return pausedUntil - now;
            }
            if (!limiter.rates().equals(channel.rates())) {
                List<Long> taken = limiter.taken();
                limiter = new RateLimiter(channel.rates());
                taken.forEach(limiter::take);
            }
            long wait = limiter.delay(now);
            if (wait > 0) {
                return wait;
            }
            message = next(channel, digestAbove, now);
            if (message == null) {
                return 0;
            }
            message = message.attempted(now);
            try {
                // First on disk: a controller that is killed while it sends knows afterwards that it may have sent.
                outbox.put(message);
                picture = outbox.picture(message.picture());
            } catch (IOException e) {
                apply(null, Answer.failed(Messages.ChannelQueue_disk(e.getMessage())), now);
                return pausedUntil - now;
            }
            limiter.take(now);
        }
        Answer answer = send(channel, message, picture);
        synchronized (this) {
            apply(message, answer, clock.millis());
            return waiting.isEmpty() ? NEVER : 0;
        }
    }

    private static Answer send(Channel channel, Message message, byte[] picture) throws InterruptedException {
        if (message.pictureOnly() && picture.length == 0) {
            return Answer.refused(Messages.ChannelQueue_noPicture());
        }
        try {
            return channel.sender().send(message, picture);
        } catch (MissingSecretException e) {
            return Answer.broken(e.getMessage());
        } catch (IOException e) {
            // Senders turn what they know into answers; the rest may say too much.
            LOGGER.log(Level.FINE, "a sender failed: {0}", e.getClass().getName());
            return Answer.failed(e.getClass().getSimpleName());
        } catch (RuntimeException e) {
            // Not its message and not its stack: they may hold an address.
            LOGGER.log(Level.WARNING, "The sender of the channel {0} failed: {1}", new Object[] {
                channel.id(), e.getClass().getName()
            });
            return Answer.refused(e.getClass().getSimpleName());
        }
    }

    private void expire(long now) {
        List<Waiting> old = waiting.values().stream()
                .filter(each -> now - each.created() > GIVE_UP.toMillis())
                .toList();
        for (Waiting each : old) {
            Message message = outbox.read(id, each.id());
            if (message == null) {
                waiting.remove(each.id());
            } else {
                end(message, Answer.refused(Messages.ChannelQueue_tooOld(GIVE_UP.toHours(), problem)), now);
            }
        }
    }

    /** The next one to send, a digest where many wait; null if the file of the first is gone. */
    @CheckForNull
    private Message next(Channel channel, int digestAbove, long now) {
        Waiting first = waiting.values().stream()
                .min(Comparator.<Waiting>comparingInt(each -> each.attempts() / PATIENCE)
                        .thenComparingLong(Waiting::order))
                .orElseThrow();
        Message message = outbox.read(id, first.id());
        if (message == null) {
            waiting.remove(first.id());
            return null;
        }
        if (!first.joinable()) {
            return message;
        }
        List<Waiting> same = waiting.values().stream()
                .filter(each -> each.joinable() && each.job().equals(first.job()))
                .toList();
        if (same.size() <= digestAbove) {
            return message;
        }
        List<Message> all = new ArrayList<>();
        for (Waiting each : same.subList(0, Math.min(same.size(), 200))) {
            Message one = outbox.read(id, each.id());
            if (one != null) {
                all.add(one);
            }
        }
        int count = Composer.fitting(all, channel);
        if (count < 2) {
            return message;
        }
        Message digest = composer.digest(all.subList(0, count), channel, now);
        try {
            // The digest first: killed in between, the next start deletes what it joins.
            outbox.put(digest);
            for (Message each : all.subList(0, count)) {
                outbox.delete(id, each.id());
                waiting.remove(each.id());
            }
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, "No digest could be written for the channel " + id, e);
            return message;
        }
        add(digest);
        return digest;
    }

    /** @param message null where none was tried */
    private void apply(@CheckForNull Message message, Answer answer, long now) {
        switch (answer.kind()) {
            case SENT -> {
                state = State.OK;
                problem = "";
                failures = 0;
                pausedUntil = 0;
                end(message, answer, now);
            }
            case REFUSED -> {
                // The service lives, this message does not.
                state = State.OK;
                problem = "";
                failures = 0;
                end(message, answer, now);
            }
            case LIMITED -> {
                state = State.LIMITED;
                problem = answer.text();
                pausedUntil = now + answer.retryAfter().toMillis() + random.nextLong(1_000);
                keep(message, answer, now);
            }
            case FAILED -> {
                failures++;
                state = failures >= FAILURES_TO_PAUSE ? State.PAUSED : State.RETRYING;
                problem = answer.text();
                long delay = state == State.PAUSED
                        ? Math.min(LONGEST_PROBE, PROBE << Math.min(10, failures - FAILURES_TO_PAUSE))
                        : FIRST_DELAY << (failures - 1);
                // Between half and all of it, so that channels that failed together do not come back together.
                long jittered = delay / 2 + random.nextLong(delay / 2 + 1);
                pausedUntil = now + Math.max(answer.retryAfter().toMillis(), jittered);
                keep(message, answer, now);
            }
            case BROKEN -> {
                state = State.BROKEN;
                problem = answer.text();
                failures = 0;
                pausedUntil = now + BROKEN_PROBE;
                if (message != null) {
                    end(message, answer, now);
                }
            }
        }
    }

    private void keep(@CheckForNull Message message, Answer answer, long now) {
        if (message != null) {
            add(message);
            record(message, answer, now);
        }
    }

    private void end(Message message, Answer answer, long now) {
        waiting.remove(message.id());
        try {
            outbox.delete(id, message.id());
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, "A message of the channel " + id + " may be sent again: its file stays", e);
        }
        record(message, answer, now);
        ended.accept(message, answer);
    }

    private void record(Message message, Answer answer, long now) {
        deliveries.add(
                id,
                new Delivery(
                        now,
                        message.id(),
                        message.job(),
                        message.number(),
                        message.event(),
                        message.title(),
                        answer.kind().name(),
                        answer.text(),
                        message.attempts(),
                        Math.max(0, now - message.created())));
    }
}
