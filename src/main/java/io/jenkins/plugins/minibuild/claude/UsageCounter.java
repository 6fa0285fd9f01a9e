package io.jenkins.plugins.minibuild.claude;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Counts what a run uses, by its events and by what its proxy tells. What a message used belongs to its id: subagents answer at the same time, so the
 * events of several messages come mixed, each of them several times. Safe for several threads.
 */
final class UsageCounter {
    private final Caps caps;
    /** By message. */
    private final Map<String, Spent> messages = new HashMap<>();
    /** The messages that no subagent wrote. */
    private final Set<String> answers = new HashSet<>();
    /** By subagent, empty for none: the message whose pieces come. */
    private final Map<String, String> open = new HashMap<>();

    private double earlierDollars;
    private long earlierBytes;
    private StreamEvent.Usage earlier = StreamEvent.Usage.NONE;
    /** Of all messages of the attempt. */
    private Spent seen = Spent.NOTHING;
    /** The largest sum that a result told; -1 before one did. */
    private double told = -1;
    /** The US dollars of the messages before that result. */
    private double seenBefore;

    private boolean resumed;
    private String model = "";
    private String version = "";
    private String session = "";
    private String lastError = "";
    private int lastStatus;
    private int turns;
    private boolean usedTools;
    private long bytes;
    private ModelProxyServer.Count counted = ModelProxyServer.Count.NONE;

    @CheckForNull
    private StreamEvent result;

    /** What a message used, and its price in US dollars by the model that wrote it. */
    private record Spent(StreamEvent.Usage tokens, double dollars) {
        private static final Spent NOTHING = new Spent(StreamEvent.Usage.NONE, 0);
    }

    UsageCounter(Caps caps) {
        this.caps = caps;
    }

    /**
     * The run goes on with an earlier session. Its result's sum is left alone then: the command 2.1.332 tells that of the whole session, the command
     * 2.1.265 that of the run.
     */
    synchronized void resumed() {
        resumed = true;
    }

    /** Keeps the usage of the attempt before and counts a new one. */
    synchronized void nextAttempt() {
        earlierDollars = dollars();
        earlierBytes += bytes;
        earlier = tokens();
        seen = Spent.NOTHING;
        told = -1;
        seenBefore = 0;
        messages.clear();
        answers.clear();
        open.clear();
        turns = 0;
        bytes = 0;
        result = null;
        counted = ModelProxyServer.Count.NONE;
        lastError = "";
        lastStatus = 0;
    }

    /** The bytes that the command has written in all attempts. */
    synchronized long bytes() {
        return earlierBytes + bytes;
    }

    synchronized void bytes(long sofar) {
        bytes = sofar;
    }

    synchronized void take(StreamEvent event) {
        if (!event.session().isEmpty()) {
            session = event.session();
        }
        switch (event.type()) {
            case "system" -> {
                if (event.subtype().equals("init")) {
                    model = event.model();
                    version = event.version();
                } else if (event.subtype().equals("api_retry")) {
                    lastStatus = event.status();
                    lastError = event.error();
                }
            }
            case "assistant" -> {
                usedTools |= event.asksForTool();
                if (event.isSynthetic()) {
                    lastError = event.error();
                } else {
                    message(event);
                    // The service answers again.
                    lastStatus = 0;
                    lastError = "";
                }
            }
            case "stream_event" -> {
                if (event.innerType().equals("message_start")) {
                    message(event);
                } else if (event.innerType().equals("message_delta")) {
                    spent(open.getOrDefault(event.parent(), key(event)), model, event.usage());
                }
            }
            case "result" -> end(event);
            default -> {
                // nothing to count
            }
        }
    }

    /** A message without an id is taken for one with the others of its subagent. */
    private static String key(StreamEvent event) {
        return event.messageId().isEmpty() ? " " + event.parent() : event.messageId();
    }

    private void message(StreamEvent event) {
        String id = key(event);
        open.put(event.parent(), id);
        spent(id, event.messageModel().isEmpty() ? model : event.messageModel(), event.usage());
        if (!event.isNested() && answers.add(id)) {
            turns++;
        }
    }

    /** Each event of a message tells what it has used so far. */
    private void spent(String id, String by, StreamEvent.Usage usage) {
        Spent before = messages.getOrDefault(id, Spent.NOTHING);
        StreamEvent.Usage tokens = before.tokens().larger(usage);
        Spent now = new Spent(tokens, Math.max(before.dollars(), Prices.dollars(by, tokens)));
        messages.put(id, now);
        seen = new Spent(
                seen.tokens().plus(tokens).minus(before.tokens()), seen.dollars() + now.dollars() - before.dollars());
    }

    /** Keeps the better end: the command may tell of several, and an error after a good end is none of the work. */
    private void end(StreamEvent event) {
        if (result == null || event.isSuccess() || !result.isSuccess()) {
            result = event;
        }
        if (!resumed && event.cost() > told) {
            told = event.cost();
            seenBefore = seen.dollars();
        }
    }

    /** The cap that is exceeded; null for none. Time is not measured here. */
    @CheckForNull
    synchronized EndReason passed() {
        if (result != null) {
            return null;
        }
        if (isTooLong()) {
            return EndReason.OUTPUT;
        }
        if (turns > caps.turns()) {
            return EndReason.TURNS;
        }
        return earlierDollars + Math.max(counted.dollars(), printed()) > caps.dollars() ? EndReason.BUDGET : null;
    }

    /** Whether the command has written more than it may. */
    synchronized boolean isTooLong() {
        return earlierBytes + bytes > caps.bytes();
    }

    /**
     * US dollars so far: what the proxy counted from the service's answers. Where the command prints a larger sum, that one, up to the cap: its price
     * list may be newer, but it cannot book more than was reserved.
     */
    synchronized double dollars() {
        return earlierDollars + Math.max(counted.dollars(), Math.min(printed(), caps.dollars()));
    }

    /** The command's own sum once it has told one, and an estimate from what it prints for what came since. */
    private double printed() {
        return Math.max(0, told) + seen.dollars() - seenBefore;
    }

    /** Takes what the proxy has counted in this attempt. */
    synchronized void counted(ModelProxyServer.Count count) {
        counted = count;
    }

    /** Whether the command has asked the model at all in this attempt. */
    synchronized boolean asked() {
        return counted.calls() > 0;
    }

    /** Whether a call of this attempt was refused because the money is used. */
    synchronized boolean refused() {
        return counted.refused();
    }

    synchronized StreamEvent.Usage tokens() {
        // A result leaves out what subagents used, and what was used before the one before it.
        boolean more = result != null && result.usage().total() > seen.tokens().total();
        StreamEvent.Usage printed = more ? result.usage() : seen.tokens();
        return earlier.plus(counted.tokens().total() > printed.total() ? counted.tokens() : printed);
    }

    synchronized int turns() {
        return turns;
    }

    synchronized boolean usedTools() {
        return usedTools;
    }

    @CheckForNull
    synchronized StreamEvent result() {
        return result;
    }

    synchronized String session() {
        return session;
    }

    synchronized String model() {
        return model;
    }

    synchronized String version() {
        return version;
    }

    /** The name of the service's last error; empty when it has answered since. */
    synchronized String lastError() {
        return lastError;
    }

    /** The HTTP status of that error; 0 for none. */
    synchronized int lastStatus() {
        return lastStatus;
    }
}
