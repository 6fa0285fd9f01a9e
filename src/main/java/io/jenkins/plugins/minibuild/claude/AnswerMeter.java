package io.jenkins.plugins.minibuild.claude;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.minibuild.files.Json;
import io.jenkins.plugins.minibuild.process.OnAgent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Reckons what one answer of the model's service costs while its bytes pass: by the usage that the service tells. Of an answer that was broken off
 * before the service told all, what was seen counts, so that who breaks it off has not spent nothing. Safe for several threads.
 */
@OnAgent
final class AnswerMeter {
    /** Bytes of a line that are kept; usage is told in short ones. */
    private static final int LONGEST_LINE = 1 << 20;
    /** Bytes of JSON around the text of an event. */
    private static final int WRAPPING = 100;

    private static final int BYTES_A_TOKEN = 3;
    /** US dollars for a search that the service does itself. */
    private static final double SEARCH = 0.01;

    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private long lineLength;
    private String model;
    private final long asked;
    private StreamEvent.Usage usage = StreamEvent.Usage.NONE;
    private long searches;
    private long written;
    private boolean began;
    private boolean ended;

    /**
     * @param model that was asked for; the answer may name another
     * @param question the size of what it was asked, bytes
     */
    AnswerMeter(String model, int question) {
        this.model = model;
        asked = question / BYTES_A_TOKEN;
    }

    /** A piece of an answer of server-sent events. */
    synchronized void stream(byte[] bytes, int length) {
        int from = 0;
        for (int at = 0; at < length; at++) {
            if (bytes[at] == '\n') {
                keep(bytes, from, at - from);
                event();
                line.reset();
                lineLength = 0;
                from = at + 1;
            }
        }
        keep(bytes, from, length - from);
    }

    private void keep(byte[] bytes, int from, int length) {
        lineLength += length;
        line.write(bytes, from, Math.max(0, Math.min(length, LONGEST_LINE - line.size())));
    }

    private void event() {
        String text = line.toString(StandardCharsets.UTF_8);
        if (!text.startsWith("data:")) {
            return;
        }
        written += Math.max(1, (lineLength - WRAPPING) / BYTES_A_TOKEN);
        if (text.contains("\"usage\"")) {
            try {
                JsonNode event = Json.parse(text.substring(5).getBytes(StandardCharsets.UTF_8));
                switch (event.path("type").asText()) {
                    case "message_start" -> told(event.path("message"), event.path("message"));
                    case "message_delta" -> {
                        told(event, event);
                        ended = true;
                    }
                    default -> {
                        // a text that has the word
                    }
                }
            } catch (IOException e) {
                // It stays with what was seen.
            }
        }
    }

    /** A whole answer of JSON. */
    synchronized void whole(byte[] answer) throws IOException {
        JsonNode message = Json.parse(answer);
        if (message.path("usage").isObject()) {
            told(message, message);
            ended = true;
        }
        written = answer.length / BYTES_A_TOKEN;
    }

    /** An answer that costs nothing: the service refused. */
    synchronized void nothing() {
        usage = StreamEvent.Usage.NONE;
        ended = true;
    }

    /** Nothing more comes. */
    synchronized void over() {
        if (!ended) {
            usage = usage.larger(new StreamEvent.Usage(began ? 0 : asked, written, 0, 0));
            ended = true;
        }
    }

    private void told(JsonNode named, JsonNode counted) {
        model = named.path("model").asText(model);
        JsonNode count = counted.path("usage");
        StreamEvent.Usage now = new StreamEvent.Usage(
                number(count, "input_tokens"),
                number(count, "output_tokens"),
                number(count, "cache_read_input_tokens"),
                number(count, "cache_creation_input_tokens"));
        usage = usage.larger(now);
        searches = Math.max(searches, number(count.path("server_tool_use"), "web_search_requests"));
        began = true;
    }

    private static long number(JsonNode count, String name) {
        return Math.max(0, count.path(name).asLong());
    }

    /** The tokens so far. */
    synchronized StreamEvent.Usage tokens() {
        return usage;
    }

    /** US dollars so far. */
    synchronized double dollars() {
        return Prices.dollars(model, tokens()) + searches * SEARCH;
    }
}
