package io.jenkins.plugins.minibuild.notify;

import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.random.RandomGenerator;

/**
 * Sends what is in the outbox: every channel by itself, one message after the other, so that a service that hangs holds up no other one. Safe for use by
 * several threads.
 */
final class Dispatcher {
    private static final Logger LOGGER = Logger.getLogger(Dispatcher.class.getName());

    /** What it is told about the configuration, whenever it sends. */
    interface Settings {
        /** The channel as it is configured now; null if it is no more. */
        @edu.umd.cs.findbugs.annotations.CheckForNull
        Channel find(Channel.Id id);

        /** How many messages of one job may wait before they are joined. */
        int digestAbove();
    }

    private final Outbox outbox;
    private final Deliveries deliveries;
    private final Clock clock;
    private final RandomGenerator random;
    private final Settings settings;
    private final Executor workers;
    private final ScheduledExecutorService timer;
    private final BiConsumer<Message, Answer> ended;
    private final Map<Channel.Id, Lane> lanes = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, CompletableFuture<Answer>> awaited = new ConcurrentHashMap<>();
    private volatile boolean stopped;

    /**
     * @param workers run senders, which block
     * @param ended is told of every message that was sent or given up
     */
    Dispatcher(
            Outbox outbox,
            Deliveries deliveries,
            Clock clock,
            RandomGenerator random,
            Settings settings,
            Executor workers,
            ScheduledExecutorService timer,
            BiConsumer<Message, Answer> ended) {
        this.outbox = outbox;
        this.deliveries = deliveries;
        this.clock = clock;
        this.random = random;
        this.settings = settings;
        this.workers = workers;
        this.timer = timer;
        this.ended = ended;
    }

    /** One channel, and whether a thread is at it or will be. */
    private final class Lane {
        private final ChannelQueue queue;
        private boolean working;
        private boolean again;
        private ScheduledFuture<?> later;

        Lane(ChannelQueue queue) {
            this.queue = queue;
        }

        synchronized void wake() {
            if (later != null) {
                later.cancel(false);
                later = null;
            }
            again = true;
            if (!working && !stopped) {
                working = true;
                workers.execute(this::work);
            }
        }

        private void work() {
            while (true) {
                synchronized (this) {
                    again = false;
                }
                long wait;
                try {
                    do {
                        wait = stopped
                                ? ChannelQueue.NEVER
                                : queue.step(settings.find(queue.id()), settings.digestAbove());
                    } while (wait == 0);
                } catch (InterruptedException e) {
                    // The controller stops; what is left is on disk.
                    Thread.currentThread().interrupt();
                    wait = ChannelQueue.NEVER;
                } catch (RuntimeException e) {
                    LOGGER.log(Level.WARNING, "The channel " + queue.id() + " is tried again in a minute", e);
                    wait = 60_000;
                }
                synchronized (this) {
                    if (again && !stopped && !Thread.currentThread().isInterrupted()) {
                        continue;
                    }
                    working = false;
                    if (wait != ChannelQueue.NEVER && !stopped) {
                        later = timer.schedule(this::wake, wait, TimeUnit.MILLISECONDS);
                    }
                    return;
                }
            }
        }
    }

    /** Takes over what an earlier run of the controller left. */
    void start() throws IOException {
        Map<Channel.Id, List<Long>> calls = new ConcurrentHashMap<>();
        List<Message> left = outbox.load();
        for (Message each : left) {
            Channel.Id id = Channel.Id.of(each);
            lane(id).queue.add(each);
            if (each.lastAttempt() > 0) {
                calls.computeIfAbsent(id, key -> new ArrayList<>()).add(each.lastAttempt());
            }
        }
        for (Channel.Id id : List.copyOf(lanes.keySet())) {
            Channel channel = settings.find(id);
            if (channel != null) {
                List<Long> all = calls.computeIfAbsent(id, key -> new ArrayList<>());
                deliveries.last(id).stream().limit(100).forEach(each -> all.add(each.time()));
                lane(id).queue.seed(channel, all);
            }
            lane(id).wake();
        }
    }

    /** Starts nothing more; what waits stays on disk. */
    void stop() {
        stopped = true;
    }

    private Lane lane(Channel.Id id) {
        return lanes.computeIfAbsent(
                id,
                key -> new Lane(new ChannelQueue(
                        id, outbox, deliveries, new Composer(outbox::newId), clock, random, this::ended)));
    }

    private void ended(Message message, Answer answer) {
        List<String> ids = new ArrayList<>(message.joined());
        ids.add(message.id());
        for (String each : ids) {
            CompletableFuture<Answer> waiting = awaited.remove(each);
            if (waiting != null) {
                waiting.complete(answer);
            }
        }
        ended.accept(message, answer);
    }

    /**
     * Keeps a message on disk and sends it soon.
     *
     * @return what became of it; completes when it was sent or given up
     * @throws IOException when it could not be kept
     */
    CompletableFuture<Answer> accept(Message message) throws IOException {
        CompletableFuture<Answer> result = new CompletableFuture<>();
        awaited.put(message.id(), result);
        try {
            outbox.put(message);
        } catch (IOException e) {
            awaited.remove(message.id());
            throw e;
        }
        Lane lane = lane(Channel.Id.of(message));
        lane.queue.add(message);
        lane.wake();
        return result;
    }

    /** Something was mended, or somebody presses "try again": every channel that was held up is tried at once. */
    void mended() {
        lanes.values().forEach(lane -> {
            lane.queue.mended();
            lane.wake();
        });
    }

    /** The queues of all channels that have had a message since the start. */
    Collection<ChannelQueue> queues() {
        return lanes.values().stream().map(lane -> lane.queue).toList();
    }
}
