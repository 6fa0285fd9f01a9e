package io.jenkins.plugins.minibuild.claude;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.minibuild.files.Json;
import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * One line of the command's output. The fields that decide about caps and the end of the run are read at once; the rest stays text until {@link
 * #tree} is called. A line that is no JSON, or has an unknown type, is an event too. Immutable.
 */
public final class StreamEvent {
    private static final JsonFactory JSON = new JsonFactory();

    private final byte[] line;
    private final boolean broken;
    private final boolean shortened;
    private final Fields fields;

    /** The fields that are read at once. */
    private static final class Fields {
        private String type = "";
        private String subtype = "";
        private String session = "";
        private String model = "";
        private String version = "";
        private String messageId = "";
        private String messageModel = "";
        private String parent = "";
        private String innerType = "";
        private String error = "";
        private String stopReason = "";
        private boolean toolUse;
        private boolean failed;
        private int turns = -1;
        private int status;
        private double cost = -1;
        private long retryMillis;
        private Usage usage = Usage.NONE;
    }

    /** Tokens that a message says it used. */
    public record Usage(long input, long output, long cacheRead, long cacheWrite) implements Serializable {
        /** Nothing. */
        static final Usage NONE = new Usage(0, 0, 0, 0);

        /** All that went in and came out. */
        public long total() {
            return input + output + cacheRead + cacheWrite;
        }

        Usage plus(Usage other) {
            return new Usage(
                    input + other.input,
                    output + other.output,
                    cacheRead + other.cacheRead,
                    cacheWrite + other.cacheWrite);
        }

        Usage minus(Usage other) {
            return new Usage(
                    input - other.input,
                    output - other.output,
                    cacheRead - other.cacheRead,
                    cacheWrite - other.cacheWrite);
        }

        /** The larger of each number. */
        Usage larger(Usage other) {
            return new Usage(
                    Math.max(input, other.input),
                    Math.max(output, other.output),
                    Math.max(cacheRead, other.cacheRead),
                    Math.max(cacheWrite, other.cacheWrite));
        }
    }

    private StreamEvent(byte[] line, Fields fields, boolean broken, boolean shortened) {
        this.line = line;
        this.fields = fields;
        this.broken = broken;
        this.shortened = shortened;
    }

    /**
     * Reads a line.
     *
     * @param buffer is copied from
     * @param whole whether the line was kept to its end
     * @param shortened whether strings in it were cut
     */
    static StreamEvent read(byte[] buffer, int length, boolean whole, boolean shortened) {
        Fields fields = new Fields();
        boolean broken = !whole;
        try (JsonParser parser = JSON.createParser(buffer, 0, length)) {
            if (parser.nextToken() == JsonToken.START_OBJECT) {
                top(parser, fields);
            } else {
                broken = true;
            }
            if (!broken && parser.nextToken() != null) {
                broken = true;
            }
        } catch (IOException e) {
            broken = true;
        }
        return new StreamEvent(Arrays.copyOf(buffer, length), fields, broken, shortened);
    }

    private static void top(JsonParser parser, Fields fields) throws IOException {
        fields(parser, JsonToken.START_OBJECT, (name, value) -> {
            switch (name) {
                case "type" -> fields.type = text(parser, value);
                case "subtype" -> fields.subtype = text(parser, value);
                case "session_id" -> fields.session = text(parser, value);
                case "model" -> fields.model = text(parser, value);
                case "claude_code_version" -> fields.version = text(parser, value);
                case "parent_tool_use_id" -> fields.parent = text(parser, value);
                case "error" -> fields.error = text(parser, value);
                case "stop_reason" -> fields.stopReason = text(parser, value);
                case "is_error" -> fields.failed = value == JsonToken.VALUE_TRUE;
                case "num_turns" -> fields.turns = (int) number(parser, value, -1);
                case "total_cost_usd" -> fields.cost = number(parser, value, -1);
                case "api_error_status", "error_status" -> fields.status = (int) number(parser, value, 0);
                case "retry_delay_ms" -> fields.retryMillis = (long) number(parser, value, 0);
                case "usage" -> fields.usage = usage(parser, value);
                case "message" -> message(parser, value, fields);
                case "event" -> inner(parser, value, fields);
                default -> parser.skipChildren();
            }
        });
    }

    private static void message(JsonParser parser, JsonToken start, Fields fields) throws IOException {
        fields(parser, start, (name, value) -> {
            switch (name) {
                case "id" -> fields.messageId = text(parser, value);
                case "model" -> fields.messageModel = text(parser, value);
                case "usage" -> fields.usage = usage(parser, value);
                case "content" -> content(parser, value, fields);
                default -> parser.skipChildren();
            }
        });
    }

    private static void content(JsonParser parser, JsonToken start, Fields fields) throws IOException {
        if (start != JsonToken.START_ARRAY) {
            parser.skipChildren();
            return;
        }
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            fields(parser, parser.currentToken(), (name, value) -> {
                if (name.equals("type") && value == JsonToken.VALUE_STRING) {
                    fields.toolUse |= parser.getText().equals("tool_use");
                } else {
                    parser.skipChildren();
                }
            });
        }
    }

    /** A piece of a message: {@code message_delta} says what the message used. */
    private static void inner(JsonParser parser, JsonToken start, Fields fields) throws IOException {
        fields(parser, start, (name, value) -> {
            switch (name) {
                case "type" -> fields.innerType = text(parser, value);
                case "usage" -> fields.usage = usage(parser, value);
                case "message" -> message(parser, value, fields);
                default -> parser.skipChildren();
            }
        });
    }

    private static Usage usage(JsonParser parser, JsonToken start) throws IOException {
        Map<String, Long> tokens = new HashMap<>();
        fields(parser, start, (name, value) -> tokens.put(name, (long) number(parser, value, 0)));
        return new Usage(
                tokens.getOrDefault("input_tokens", 0L),
                tokens.getOrDefault("output_tokens", 0L),
                tokens.getOrDefault("cache_read_input_tokens", 0L),
                tokens.getOrDefault("cache_creation_input_tokens", 0L));
    }

    /** Reads one field. The parser is at its value. */
    @FunctionalInterface
    private interface Field {
        void read(String name, JsonToken value) throws IOException;
    }

    /** Reads the fields of an object; skips a value that is none. */
    private static void fields(JsonParser parser, JsonToken start, Field field) throws IOException {
        if (start != JsonToken.START_OBJECT) {
            parser.skipChildren();
            return;
        }
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            field.read(parser.currentName(), parser.nextToken());
        }
    }

    private static String text(JsonParser parser, JsonToken token) throws IOException {
        if (token == JsonToken.VALUE_STRING) {
            return parser.getText();
        }
        parser.skipChildren();
        return "";
    }

    private static double number(JsonParser parser, JsonToken token, double otherwise) throws IOException {
        if (token == JsonToken.VALUE_NUMBER_INT || token == JsonToken.VALUE_NUMBER_FLOAT) {
            double value = parser.getDoubleValue();
            return value >= 0 && value < 1e15 ? value : otherwise;
        }
        parser.skipChildren();
        return otherwise;
    }

    /** {@code system}, {@code assistant}, {@code user}, {@code result}, {@code stream_event} or another; empty when it has none. */
    public String type() {
        return fields.type;
    }

    /** The subtype; empty if the event has none. */
    public String subtype() {
        return fields.subtype;
    }

    /** The session's id; may be empty. */
    public String session() {
        return fields.session;
    }

    /** The model that {@code system/init} names; may be empty. */
    public String model() {
        return fields.model;
    }

    /** The command's version that {@code system/init} names; may be empty. */
    public String version() {
        return fields.version;
    }

    /** The id of the message to which the event belongs; several events bring one message. May be empty. */
    public String messageId() {
        return fields.messageId;
    }

    /** Whether the command itself wrote the message, to report an error. */
    public boolean isSynthetic() {
        return fields.messageModel.equals("<synthetic>");
    }

    /** The model that wrote the message; may be empty. */
    public String messageModel() {
        return fields.messageModel;
    }

    /** The id of the tool call by which the subagent was started that it comes from; empty if it comes from none. */
    public String parent() {
        return fields.parent;
    }

    /** Whether it comes from a subagent. */
    public boolean isNested() {
        return !fields.parent.isEmpty();
    }

    /** Of a {@code stream_event}: the type of the piece. */
    public String innerType() {
        return fields.innerType;
    }

    /** The name of the error; empty for none. */
    public String error() {
        return fields.error;
    }

    /** Why the model stopped, in a result; may be empty. */
    public String stopReason() {
        return fields.stopReason;
    }

    /** Whether the model asks for a tool. */
    public boolean asksForTool() {
        return fields.toolUse;
    }

    /** Whether a result says that it is an error, whatever its subtype says. */
    public boolean isError() {
        return fields.failed;
    }

    /** Whether it is a result that tells of no error. */
    public boolean isSuccess() {
        return fields.type.equals("result") && !fields.failed && fields.subtype.equals("success");
    }

    /** The number of turns that a result reports; -1 if it reports none. */
    public int turns() {
        return fields.turns;
    }

    /** The US dollars that a result reports; -1 if it reports none. */
    public double cost() {
        return fields.cost;
    }

    /** The HTTP status that a retry or a result reports; 0 for none. */
    public int status() {
        return fields.status;
    }

    /** Milliseconds until the retry. */
    public long retryMillis() {
        return fields.retryMillis;
    }

    /** The tokens that were used; zeros if the event reports none. */
    public Usage usage() {
        return fields.usage;
    }

    /** Whether it is a part of a message that comes whole later. */
    public boolean isPiece() {
        return fields.type.equals("stream_event");
    }

    /** Whether it is no JSON object, or too long to be kept whole. */
    public boolean isBroken() {
        return broken;
    }

    /** Whether strings in it were cut. */
    public boolean isShortened() {
        return shortened;
    }

    /** The line as it came; long strings are cut. */
    public String text() {
        return new String(line, StandardCharsets.UTF_8);
    }

    /** The line as a tree; a missing node for a broken one. Reads it anew each time. */
    public JsonNode tree() {
        JsonNode tree = broken ? null : parsed();
        return tree == null ? MissingNode.getInstance() : tree;
    }

    @CheckForNull
    private JsonNode parsed() {
        try {
            return Json.MAPPER.readTree(line);
        } catch (IOException e) {
            // JSON that is nested deeper than Jackson reads
            return null;
        }
    }
}
