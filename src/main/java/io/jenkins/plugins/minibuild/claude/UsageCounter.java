package io.jenkins.plugins.minibuild.claude;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.HashSet;
import java.util.Set;

/** Counts what a run uses, by its events and by what its proxy tells. Safe for several threads. */
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
    private ModelProxyServer.Count counted = ModelProxyServer.Count.NONE;

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
                    current = current.larger(event.usage());
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
            finished = finished.plus(current);
            current = StreamEvent.Usage.NONE;
            currentMessage = id;
        }
        current = current.larger(usage);
        if (!nested && messages.add(id)) {
            turns++;
        }
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
        return earlierDollars + Math.max(counted.dollars(), printed()) > caps.dollars() ? EndReason.BUDGET : null;
    }

    /**
     * US dollars so far: what the proxy counted from the service's answers. Where the command prints a larger sum, that one, up to the cap: its price
     * list may be newer, but it cannot book more than was reserved.
     */
    synchronized double dollars() {
        return earlierDollars + Math.max(counted.dollars(), Math.min(printed(), caps.dollars()));
    }

    /** The command's own sum once it has ended, an estimate from what it prints until then. */
    private double printed() {
        return result != null && result.cost() >= 0 ? result.cost() : Prices.dollars(model, finished.plus(current));
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
        boolean told = result != null && result.usage().total() > 0;
        StreamEvent.Usage printed = told ? result.usage() : finished.plus(current);
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
