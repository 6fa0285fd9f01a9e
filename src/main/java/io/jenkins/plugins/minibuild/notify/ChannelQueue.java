package io.jenkins.plugins.minibuild.notify;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

/**
 * The messages of one channel: their order, the channel's rate limits and retries. One thread at a time sends them, so that a service that hangs holds up
 * no other channel. In memory is only what is needed to choose the next message; the rest is in the outbox. Safe for use by several threads.
 */
final class ChannelQueue {
    /** The state of a channel. */
    enum State {
        OK,
        /** The service takes no calls for a while. */
        LIMITED,
        /** The last attempt failed; the next one follows soon. */
        RETRYING,
        /** So many attempts failed that the channel is only probed. */
        PAUSED,
        /** The channel needs a repair; until then it is only probed. */
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
    private static final long AFTER_ERROR = Duration.ofMinutes(1).toMillis();
    /** After so many failures of one message others go first, so that one that cannot be sent holds up no other. */
    private static final int PATIENCE = 3;

    private static final int MOST_JOINED = 200;

    /** A message of the outbox. */
    private static final class Waiting {
        private final String id;
        private final String job;
        private final long created;
        private final boolean joinable;
        private final long order;
        private final List<CompletableFuture<SendResult>> results = new ArrayList<>();
        /** Failed attempts that say something about the message; a channel that needs a repair says nothing. */
        private int failures;

        Waiting(Message message, long order) {
            this.id = message.id();
            this.job = message.origin().job();
            this.created = message.origin().created();
            this.joinable = message.isJoinable();
            this.failures = message.attempts().count();
            this.order = order;
        }

        long order() {
            return order;
        }

        /** Answers those who wait for the result. */
        void complete(SendResult result) {
            results.forEach(each -> each.complete(result));
            results.clear();
        }
    }

    private final Channel.Id id;
    private final ChannelQueues.Shared shared;
    private final Composer composer;
    private final RateLimiter limiter = new RateLimiter();
    private final Map<String, Waiting> waiting = new LinkedHashMap<>();
    private State state = State.OK;
    private String problem = "";
    private long pausedUntil;
    private int failures;
    /**
     * Whether the channel needed a repair and has taken no message since. A refusal then says nothing of the message: a service may answer the calls of a half
     * repaired channel with anything.
     */
    private boolean doubtful;

    private long order;
    /** Whether a thread sends or is about to. */
    private boolean working;
    /** Whether something has changed since that thread looked last. */
    private boolean changed;

    private Future<?> wakeUp;

    ChannelQueue(Channel.Id id, ChannelQueues.Shared shared) {
        this.id = id;
        this.shared = shared;
        this.composer = new Composer(shared.outbox()::newId);
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

    /** As {@link ChannelQueues#put}. */
    synchronized CompletableFuture<SendResult> put(Message message) throws IOException {
        shared.outbox().put(message);
        CompletableFuture<SendResult> result = new CompletableFuture<>();
        add(message).results.add(result);
        wake();
        return result;
    }

    /**
     * Takes over messages that an earlier run of the controller left. The times of its calls count for the rate limits.
     *
     * @param left the oldest first
     */
    synchronized void restore(List<Message> left) {
        left.stream().filter(each -> !waiting.containsKey(each.id())).forEach(this::add);
        // Why the attempts failed is not known any more: perhaps the channel needed a repair.
        doubtful = left.stream().anyMatch(each -> each.attempts().count() > 0);
        Stream.concat(
                        left.stream().map(each -> each.attempts().last()).filter(at -> at > 0),
                        shared.log().last(id).stream().map(LoggedAttempt::time))
                .sorted()
                .forEach(limiter::take);
        wake();
    }

    private Waiting add(Message message) {
        Waiting added = new Waiting(message, order++);
        waiting.put(added.id, added);
        return added;
    }

    /** Tries the channel at once, unless its service wants no calls. */
    synchronized void tryAgain() {
        if (state != State.LIMITED) {
            works();
        }
        wake();
    }

    private void works() {
        state = State.OK;
        problem = "";
        pausedUntil = 0;
        failures = 0;
    }

    private synchronized void wake() {
        if (wakeUp != null) {
            wakeUp.cancel(false);
            wakeUp = null;
        }
        changed = true;
        if (!working && !shared.workers().isStopped()) {
            working = true;
            shared.workers().run(this::work);
        }
    }

    private void work() {
        do {
            synchronized (this) {
                changed = false;
            }
        } while (!isDone(sendAll()));
    }

    /** Sends until nothing is due; returns when something is, in milliseconds. */
    private long sendAll() {
        try {
            long wait = 0;
            while (wait == 0 && !shared.workers().isStopped()) {
                wait = step();
            }
            return wait;
        } catch (InterruptedException e) {
            // The controller stops; what waits is on disk.
            Thread.currentThread().interrupt();
            return NEVER;
        } catch (RuntimeException e) {
            LOGGER.log(Level.WARNING, "The channel " + id + " is tried again in a minute", e);
            return AFTER_ERROR;
        }
    }

    private synchronized boolean isDone(long wait) {
        boolean stopped = shared.workers().isStopped() || Thread.currentThread().isInterrupted();
        if (changed && !stopped) {
            return false;
        }
        working = false;
        if (wait != NEVER && !stopped) {
            wakeUp = shared.workers().later(this::wake, wait);
        }
        return true;
    }

    /**
     * Sends the next message if it is time. Called by one thread at a time.
     *
     * @return in how many milliseconds it is to be called again, 0 for at once, {@link #NEVER} when nothing waits
     */
    long step() throws InterruptedException {
        Channel channel = shared.configuration().find(id);
        int digestAbove = shared.configuration().digestAbove();
        long now = shared.clock().millis();
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
                holdUp(SendResult.broken(Messages.ChannelQueue_missing(id)), now);
                return pausedUntil - now;
            }
            long wait = limiter.delay(now, channel.rates());
            if (wait > 0) {
                return wait;
            }
            message = next(channel, digestAbove);
            if (message == null) {
                return 0;
            }
            message = message.attempted(now);
            try {
                // First on disk: a controller that is killed while it sends knows afterwards that it may have sent.
                shared.outbox().put(message);
                picture = message.picture() == null
                        ? new byte[0]
                        : shared.outbox().pictures().read(message.picture().file());
            } catch (IOException e) {
                holdUp(SendResult.failed(Messages.ChannelQueue_disk(e.getMessage())), now);
                return pausedUntil - now;
            }
            limiter.take(now);
        }
        SendResult result = send(channel, message, picture);
        synchronized (this) {
            apply(message, result, shared.clock().millis());
            return waiting.isEmpty() ? NEVER : 0;
        }
    }

    private static SendResult send(Channel channel, Message message, byte[] picture) throws InterruptedException {
        if (message.isPictureOnly() && picture.length == 0) {
            return SendResult.refused(Messages.ChannelQueue_noPicture());
        }
        try {
            return channel.sender().send(message, picture);
        } catch (MissingSecretException e) {
            return SendResult.broken(e.getMessage());
        } catch (IOException e) {
            // The message of the exception may hold a secret.
            LOGGER.log(Level.FINE, "a sender failed: {0}", e.getClass().getName());
            return SendResult.failed(e.getClass().getSimpleName());
        } catch (RuntimeException e) {
            // Neither its message nor its stack: they may hold an address.
            LOGGER.log(Level.WARNING, "The sender of the channel {0} failed: {1}", new Object[] {
                channel.id(), e.getClass().getName()
            });
            return SendResult.refused(e.getClass().getSimpleName());
        }
    }

    private void expire(long now) {
        List<Waiting> old = waiting.values().stream()
                .filter(each -> now - each.created > GIVE_UP.toMillis())
                .toList();
        for (Waiting each : old) {
            Message message = shared.outbox().read(id, each.id);
            if (message == null) {
                waiting.remove(each.id);
            } else {
                end(message, SendResult.refused(Messages.ChannelQueue_tooOld(GIVE_UP.toHours(), problem)), now);
            }
        }
    }

    /** The next message to send, a digest where many wait; null if the file of the message is gone. */
    @CheckForNull
    private Message next(Channel channel, int digestAbove) {
        Waiting first = waiting.values().stream()
                .min(Comparator.<Waiting>comparingInt(each -> each.failures / PATIENCE)
                        .thenComparingLong(Waiting::order))
                .orElseThrow();
        Message message = shared.outbox().read(id, first.id);
        if (message == null) {
            waiting.remove(first.id);
            return null;
        }
        if (!first.joinable) {
            return message;
        }
        List<Waiting> same = waiting.values().stream()
                .filter(each -> each.joinable && each.job.equals(first.job))
                .toList();
        if (same.size() <= digestAbove) {
            return message;
        }
        List<Message> all = new ArrayList<>();
        for (Waiting each : same.subList(0, Math.min(same.size(), MOST_JOINED))) {
            Message one = shared.outbox().read(id, each.id);
            if (one != null) {
                all.add(one);
            }
        }
        int count = Composer.fitting(all, channel.format());
        return count < 2 ? message : join(all.subList(0, count), channel.format(), message);
    }

    /** Replaces messages by a digest. */
    private Message join(List<Message> joined, Channel.Format format, Message otherwise) {
        Message digest = composer.digest(joined, format);
        try {
            // The digest first: after a kill in between, the next start deletes the messages that it joins.
            shared.outbox().put(digest);
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, "No digest could be written for the channel " + id, e);
            return otherwise;
        }
        Waiting added = add(digest);
        for (Message each : joined) {
            added.results.addAll(remove(each).results);
        }
        return digest;
    }

    private void apply(Message message, SendResult result, long now) {
        switch (result.kind()) {
            case SENT -> {
                doubtful = false;
                works();
                end(message, result, now);
            }
            case REFUSED -> {
                if (doubtful) {
                    putAside(message, result, now);
                } else {
                    // The service lives, even if it refuses this message.
                    works();
                    end(message, result, now);
                }
            }
            case LIMITED, FAILED, BROKEN -> {
                Waiting one = waiting.get(message.id());
                if (result.kind() != SendResult.Kind.BROKEN) {
                    one.failures++;
                }
                holdUp(result, now);
                record(message, result, now);
                if (result.kind() == SendResult.Kind.BROKEN) {
                    // A repair may take long: those who wait for the result learn the reason now.
                    one.complete(result);
                    shared.watcher().accept(message, result);
                }
            }
        }
    }

    /** Keeps a message that was refused before the channel is known to work again; others go first. */
    private void putAside(Message message, SendResult result, long now) {
        Waiting one = waiting.get(message.id());
        one.failures += PATIENCE;
        holdUp(SendResult.failed(result.text()), now);
        record(message, SendResult.failed(result.text()), now);
        one.complete(result);
        shared.watcher().accept(message, result);
    }

    /** Sends nothing for a while; the messages are kept. */
    private void holdUp(SendResult result, long now) {
        problem = result.text();
        switch (result.kind()) {
            case LIMITED -> {
                state = State.LIMITED;
                pausedUntil =
                        now + result.retryAfter().toMillis() + shared.random().nextLong(1_000);
            }
            case BROKEN -> {
                state = State.BROKEN;
                doubtful = true;
                failures = 0;
                pausedUntil = now + BROKEN_PROBE;
            }
            default -> {
                failures++;
                state = failures >= FAILURES_TO_PAUSE ? State.PAUSED : State.RETRYING;
                long delay = state == State.PAUSED
                        ? Math.min(LONGEST_PROBE, PROBE << Math.min(10, failures - FAILURES_TO_PAUSE))
                        : FIRST_DELAY << (failures - 1);
                // Between half and all of it, so that channels that failed together do not come back together.
                long jittered = delay / 2 + shared.random().nextLong(delay / 2 + 1);
                pausedUntil = now + Math.max(result.retryAfter().toMillis(), jittered);
            }
        }
    }

    private void end(Message message, SendResult result, long now) {
        Waiting ended = remove(message);
        record(message, result, now);
        ended.complete(result);
        shared.watcher().accept(message, result);
    }

    private Waiting remove(Message message) {
        try {
            shared.outbox().delete(id, message.id());
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, "A message of the channel " + id + " may be sent again: its file stays", e);
        }
        return waiting.remove(message.id());
    }

    private void record(Message message, SendResult result, long now) {
        Message.Origin origin = message.origin();
        shared.log()
                .add(
                        id,
                        new LoggedAttempt(
                                now,
                                origin.job(),
                                origin.number(),
                                message.content().title(),
                                result.kind(),
                                result.text(),
                                message.attempts().count()));
    }
}
