package io.jenkins.plugins.minibuild.claude;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.HashSet;
import java.util.Set;

/** Counts what a run uses, by its events. Safe for several threads. */
final class UsageCounter {
    private final Caps caps;
    private final Set<String> messages = new HashSet<>();
    private double earlierDollars;
    private long earlierBytes;
    private StreamEvent.Usage earlier = StreamEvent.Usage.NONE;
    private StreamEvent.Usage finished = StreamEvent.Usage.NONE;
    private StreamEvent.Usage current = StreamEvent.Usage.NONE;
    private String currentMessage = "";
    private String model = "";
    private String version = "";
    private String session = "";
    private String lastError = "";
    private int lastStatus;
    private int turns;
    private boolean usedTools;
    private long bytes;

    @CheckForNull
    private StreamEvent result;

    UsageCounter(Caps caps) {
        this.caps = caps;
    }

    /** Keeps the usage of the attempt before and counts a new one. */
    synchronized void nextAttempt() {
        earlierDollars = dollars();
        earlierBytes += bytes;
        earlier = tokens();
        finished = StreamEvent.Usage.NONE;
        current = StreamEvent.Usage.NONE;
        currentMessage = "";
        messages.clear();
        turns = 0;
        bytes = 0;
        result = null;
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
                    message(event.messageId(), event.usage(), event.isNested());
                    // The service answers again.
                    lastStatus = 0;
                    lastError = "";
                }
            }
            case "stream_event" -> {
                if (event.innerType().equals("message_start")) {
                    message(event.messageId(), event.usage(), event.isNested());
                } else if (event.innerType().equals("message_delta")) {
                    current = larger(current, event.usage());
                }
            }
            case "result" -> result = event;
            default -> {
                // nothing to count
            }
        }
    }

    private void message(String id, StreamEvent.Usage usage, boolean nested) {
        if (!id.equals(currentMessage)) {
            finished = sum(finished, current);
            current = StreamEvent.Usage.NONE;
            currentMessage = id;
        }
        current = larger(current, usage);
        if (!nested && messages.add(id)) {
            turns++;
        }
    }

    private static StreamEvent.Usage larger(StreamEvent.Usage a, StreamEvent.Usage b) {
        return new StreamEvent.Usage(
                Math.max(a.input(), b.input()),
                Math.max(a.output(), b.output()),
                Math.max(a.cacheRead(), b.cacheRead()),
                Math.max(a.cacheWrite(), b.cacheWrite()));
    }

    private static StreamEvent.Usage sum(StreamEvent.Usage a, StreamEvent.Usage b) {
        return new StreamEvent.Usage(
                a.input() + b.input(),
                a.output() + b.output(),
                a.cacheRead() + b.cacheRead(),
                a.cacheWrite() + b.cacheWrite());
    }

    /** The cap that is exceeded; null for none. Time is not measured here. */
    @CheckForNull
    synchronized EndReason passed() {
        if (result != null) {
            return null;
        }
        if (earlierBytes + bytes > caps.bytes()) {
            return EndReason.OUTPUT;
        }
        if (turns > caps.turns()) {
            return EndReason.TURNS;
        }
        return dollars() > caps.dollars() ? EndReason.BUDGET : null;
    }

    /** US dollars so far: the command's own sum once it has ended, an estimate until then. */
    synchronized double dollars() {
        double estimate = Prices.dollars(model, sum(finished, current));
        return earlierDollars + (result != null && result.cost() >= 0 ? result.cost() : estimate);
    }

    synchronized StreamEvent.Usage tokens() {
        boolean told = result != null && result.usage().total() > 0;
        return sum(earlier, told ? result.usage() : sum(finished, current));
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
