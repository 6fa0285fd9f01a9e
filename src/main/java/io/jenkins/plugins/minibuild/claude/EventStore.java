package io.jenkins.plugins.minibuild.claude;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.jenkins.plugins.minibuild.files.Json;
import io.jenkins.plugins.minibuild.process.Redactor;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Writes the events of a run to the controller's disk: a file to which lines are only added, {@code {"seq":1,"at":1795326703774,"event":{...}}}, without
 * secrets. {@code seq} counts from 1 without gaps, {@code at} is milliseconds since 1970. An output line that is no JSON is kept as {@code "text"}. A
 * killed controller can leave a last line without its end: readers skip it, and the next store begins a new line. {@link RunFolder} reads the file.
 */
public final class EventStore implements Closeable {
    /** Characters before a cut that are dropped: they may be the beginning of a secret. */
    private static final int UNSURE = 512;

    private final OutputStream out;
    private final Clock clock;
    private final Redactor redactor;
    private long sequence;

    private EventStore(OutputStream out, long sequence, Clock clock, Redactor redactor) {
        this.out = out;
        this.sequence = sequence;
        this.clock = clock;
        this.redactor = redactor;
    }

    /** Opens the store in a folder, which is made if it is missing; continues its numbers. */
    public static EventStore open(Path folder, Clock clock, Redactor redactor) throws IOException {
        Files.createDirectories(folder);
        Path file = folder.resolve(RunFolder.EVENTS);
        long last = 0;
        boolean cut = false;
        if (Files.exists(file)) {
            last = lastNumber(file);
            cut = endsWithinLine(file);
        }
        OutputStream out = Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        if (cut) {
            out.write('\n');
        }
        return new EventStore(out, last, clock, redactor);
    }

    private static boolean endsWithinLine(Path file) throws IOException {
        try (var channel = Files.newByteChannel(file)) {
            if (channel.size() == 0) {
                return false;
            }
            channel.position(channel.size() - 1);
            var last = ByteBuffer.allocate(1);
            return channel.read(last) == 1 && last.get(0) != '\n';
        }
    }

    /** Adds an event; it is with the operating system when this returns. Its number is returned. */
    public synchronized long append(StreamEvent event) throws IOException {
        JsonNode tree = event.tree();
        String text = event.text();
        String clean = redactor.redact(text);
        String body;
        if (tree.isMissingNode()) {
            body = "\"text\":" + Json.text(clean);
        } else if (event.isShortened() || !clean.equals(text)) {
            // String by string: a mask in place of a number would break the line.
            body = "\"event\":" + Json.text(clean(tree));
        } else {
            body = "\"event\":" + text;
        }
        return write(body);
    }

    /** Adds a line of the plugin's own: {@code {"type":"mini-build","subtype":...}}. */
    public synchronized long note(String subtype, Map<String, ?> values) throws IOException {
        ObjectNode event =
                Json.MAPPER.createObjectNode().put("type", "mini-build").put("subtype", subtype);
        values.forEach((name, value) -> event.set(name, clean(Json.MAPPER.valueToTree(value))));
        return write("\"event\":" + Json.text(event));
    }

    private long write(String body) throws IOException {
        String line = "{\"seq\":" + (sequence + 1) + ",\"at\":" + clock.millis() + "," + body + "}\n";
        out.write(line.getBytes(StandardCharsets.UTF_8));
        return ++sequence;
    }

    /** The same without secrets. */
    JsonNode clean(JsonNode node) {
        if (node.isTextual()) {
            return new TextNode(cleanText(node.textValue()));
        }
        if (node.isNumber() || node.isBoolean()) {
            String clean = redactor.redact(node.asText());
            return clean.equals(node.asText()) ? node : new TextNode(clean);
        }
        if (node.isArray()) {
            ArrayNode array = Json.MAPPER.createArrayNode();
            node.forEach(each -> array.add(clean(each)));
            return array;
        }
        if (node.isObject()) {
            ObjectNode object = Json.MAPPER.createObjectNode();
            node.fields().forEachRemaining(field -> object.set(cleanText(field.getKey()), clean(field.getValue())));
            return object;
        }
        return node;
    }

    private String cleanText(String text) {
        String clean = redactor.redact(text);
        int note = clean.endsWith(StreamParser.CUT_END) ? clean.lastIndexOf(StreamParser.CUT) : -1;
        return note < 0 ? clean : clean.substring(0, Math.max(0, note - UNSURE)) + clean.substring(note);
    }

    private static long lastNumber(Path file) throws IOException {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.filter(line -> line.endsWith("}"))
                    .mapToLong(EventStore::number)
                    .filter(number -> number > 0)
                    .max()
                    .orElse(0);
        }
    }

    /** The number at the beginning of a line; -1 when it has none. */
    private static long number(String line) {
        String head = "{\"seq\":";
        int comma = line.indexOf(',');
        if (!line.startsWith(head) || comma < 0 || comma - head.length() > 18) {
            return -1;
        }
        try {
            return Long.parseLong(line.substring(head.length(), comma));
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
