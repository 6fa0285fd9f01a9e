package io.jenkins.plugins.minibuild.notify;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.IOException;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/** The queues of all channels; each is made when its channel has its first message. Safe for use by several threads. */
final class ChannelQueues {
    /** The configuration as it is when a queue asks. */
    interface Configuration {
        /** The channel; null if it is not configured any more. */
        @CheckForNull
        Channel find(Channel.Id id);

        /** How many messages of one job may wait before they are joined to one. */
        int digestAbove();
    }

    /**
     * What all queues share.
     *
     * @param random spreads the attempts of channels that failed together
     * @param watcher is called when a message was sent, is given up, or waits for a repair of its channel
     */
    record Shared(
            Outbox outbox,
            MessageLog log,
            Configuration configuration,
            Clock clock,
            RandomGenerator random,
            Workers workers,
            BiConsumer<Message, SendResult> watcher) {}

    private final Shared shared;
    private final Map<Channel.Id, ChannelQueue> queues = new ConcurrentHashMap<>();

    ChannelQueues(Shared shared) {
        this.shared = shared;
    }

    private ChannelQueue queue(Channel.Id id) {
        return queues.computeIfAbsent(id, key -> new ChannelQueue(key, shared));
    }

    /** Takes over the messages that an earlier run of the controller left. Called once. */
    void load() throws IOException {
        Map<Channel.Id, List<Message>> left =
                shared.outbox().load().stream().collect(Collectors.groupingBy(Message::channel));
        left.forEach((id, messages) -> queue(id).restore(messages));
    }

    /**
     * Keeps a message on disk and sends it soon.
     *
     * @return completes when the message was sent, is given up, or waits for a repair of its channel
     * @throws IOException when it could not be kept
     */
    CompletableFuture<SendResult> put(Message message) throws IOException {
        return queue(message.channel()).put(message);
    }

    /** Tries every channel at once that was held up, except those whose service wants no calls. */
    void tryAgain() {
        queues.values().forEach(ChannelQueue::tryAgain);
    }

    /** The queues of all channels that have had a message since the start. */
    Collection<ChannelQueue> all() {
        return List.copyOf(queues.values());
    }

    /** Sends nothing more. What waits stays on disk. */
    void stop() {
        shared.workers().stop();
    }
}
