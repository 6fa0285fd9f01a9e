package io.jenkins.plugins.minibuild.claude;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class StreamParserTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void readsWhatARunIsJudgedBy() {
        StreamEvent init = one("{\"type\":\"system\",\"subtype\":\"init\",\"session_id\":\"s\",\"model\":\"opus\","
                + "\"claude_code_version\":\"2.1.197\",\"tools\":[\"Read\",{\"type\":\"tool_use\"}]}");
        assertThat(init.subtype()).isEqualTo("init");
        assertThat(init.session()).isEqualTo("s");
        assertThat(init.model()).isEqualTo("opus");
        assertThat(init.version()).isEqualTo("2.1.197");
        assertThat(init.asksForTool()).isFalse();

        StreamEvent message = one(
                "{\"type\":\"assistant\",\"message\":{\"id\":\"m\",\"model\":\"stand-in\",\"content\":"
                        + "[{\"type\":\"text\",\"text\":\"a\"},{\"type\":\"tool_use\",\"input\":{\"type\":\"x\"}}],"
                        + "\"usage\":{\"input_tokens\":7,\"output_tokens\":8,\"cache_read_input_tokens\":9,"
                        + "\"cache_creation\":{\"x\":1},\"cache_creation_input_tokens\":10}},\"parent_tool_use_id\":null}");
        assertThat(message.messageId()).isEqualTo("m");
        assertThat(message.asksForTool()).isTrue();
        assertThat(message.isNested()).isFalse();
        assertThat(message.usage()).isEqualTo(new StreamEvent.Usage(7, 8, 9, 10));

        StreamEvent result = one("{\"type\":\"result\",\"subtype\":\"success\",\"is_error\":true,\"num_turns\":3,"
                + "\"total_cost_usd\":0.25,\"api_error_status\":529,\"stop_reason\":\"refusal\"}");
        assertThat(result.isError()).isTrue();
        assertThat(result.turns()).isEqualTo(3);
        assertThat(result.cost()).isEqualTo(0.25);
        assertThat(result.status()).isEqualTo(529);
        assertThat(result.stopReason()).isEqualTo("refusal");
    }

    @Test
    void keepsTypesThatItDoesNotKnowAndLinesThatAreNoJson() {
        List<StreamEvent> events =
                all("{\"type\":\"new\",\"x\":[1,{\"y\":2}]}\nWarning: x\n[1]\n{\"type\":\"a\"\n{}\r\n\n\n", 7);

        assertThat(events).extracting(StreamEvent::type).containsExactly("new", "", "", "a", "");
        assertThat(events).extracting(StreamEvent::isBroken).containsExactly(false, true, true, true, false);
        assertThat(events.get(0).tree().path("x").get(1).path("y").asInt()).isEqualTo(2);
        assertThat(events.get(1).text()).isEqualTo("Warning: x");
        assertThat(events.get(1).tree().isMissingNode()).isTrue();
    }

    @Test
    void passesOnALastLineWithoutALineBreak() {
        assertThat(all("{\"type\":\"a\"}\n{\"type\":\"b\"}", 5))
                .extracting(StreamEvent::type)
                .containsExactly("a", "b");
    }

    @Test
    void cutsLongStringsAndSaysHowMuchIsMissing() throws Exception {
        String text = "\u5c0f\"\n\u0001\\".repeat(40_000);
        String line = JSON.writeValueAsString(Map.of("type", "user", "text", text));
        int bytes = JSON.writeValueAsString(text).getBytes(StandardCharsets.UTF_8).length - 2;

        StreamEvent event = all(line + "\n{\"type\":\"next\"}\n", 1000).get(0);

        String kept = event.tree().path("text").asText();
        int note = kept.lastIndexOf(StreamParser.CUT);
        assertThat(event.isBroken()).isFalse();
        assertThat(event.isShortened()).isTrue();
        assertThat(text).startsWith(kept.substring(0, note));
        int left = JSON.writeValueAsString(kept.substring(0, note)).getBytes(StandardCharsets.UTF_8).length - 2;
        assertThat(left).isBetween(StreamParser.LONGEST_STRING - 10, StreamParser.LONGEST_STRING);
        assertThat(kept.substring(note)).isEqualTo("\u2026 [" + (bytes - left) + " more bytes]");
    }

    @Test
    void keepsTheBeginningOfALineOfManyStrings() {
        String line = "{\"type\":\"user\",\"list\":[" + "\"abcdefgh\",".repeat(300_000) + "1]}";

        List<StreamEvent> events = all(line + "\n{\"type\":\"next\"}\n", 8192);

        assertThat(events).extracting(StreamEvent::type).containsExactly("user", "next");
        assertThat(events.get(0).isBroken()).isTrue();
        assertThat(events.get(0).text().length()).isLessThanOrEqualTo(StreamParser.LONGEST_LINE);
    }

    @Test
    void aLineThatEndsInAStringDoesNotSpoilTheNext() {
        String broken = "{\"type\":\"user\",\"text\":\"" + "x".repeat(100_000);

        assertThat(all(broken + "\n{\"type\":\"a\"}\n{\"text\":\"" + "y\\", 333))
                .extracting(StreamEvent::type)
                .containsExactly("user", "a", "");
    }

    @Test
    void aMillionBytesOfDepthAreNoTrouble() {
        assertThat(one("{\"type\":\"a\",\"x\":" + "[".repeat(1_000_000)).isBroken())
                .isTrue();
        assertThat(one("{\"type\":\"a\",\"x\":" + "[".repeat(2000) + "]".repeat(2000) + "}")
                        .type())
                .isEqualTo("a");
    }

    /** Whatever the pieces in which they come, the events are the same. */
    @Property(tries = 200)
    void thePiecesDoNotMatter(@ForAll long seed, @ForAll @IntRange(min = 1, max = 70_000) int piece) throws Exception {
        String stream = stream(new Random(seed));
        List<StreamEvent> whole = all(stream, Integer.MAX_VALUE);

        List<StreamEvent> pieces = all(stream, piece);

        assertThat(pieces)
                .extracting(StreamEvent::text)
                .isEqualTo(whole.stream().map(StreamEvent::text).toList());
        assertThat(whole).noneMatch(StreamEvent::isBroken);
    }

    @Property
    void neverThrows(@ForAll @Size(max = 300) byte[] bytes) {
        List<StreamEvent> events = new ArrayList<>();
        assertThatCode(() -> {
                    try (StreamParser parser = new StreamParser(events::add)) {
                        parser.write(bytes, 0, bytes.length);
                    }
                    events.forEach(StreamEvent::tree);
                })
                .doesNotThrowAnyException();
    }

    private static String stream(Random random) throws Exception {
        StringBuilder stream = new StringBuilder();
        String[] pieces = {"a", "\\", "\"", "\n", "\u5c0f", "\u0000", "\ud83d\ude00", "{", "]", "\\u"};
        for (int i = random.nextInt(4); i >= 0; i--) {
            StringBuilder text = new StringBuilder();
            int length = random.nextBoolean() ? random.nextInt(50) : 60_000 + random.nextInt(30_000);
            while (text.length() < length) {
                text.append(pieces[random.nextInt(pieces.length)]);
            }
            stream.append(JSON.writeValueAsString(Map.of("type", "user", "text", text, "more", List.of(1, text))))
                    .append('\n');
        }
        return stream.toString();
    }

    private static StreamEvent one(String line) {
        List<StreamEvent> events = all(line + "\n", 4096);
        assertThat(events).hasSize(1);
        return events.get(0);
    }

    private static List<StreamEvent> all(String text, int piece) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        List<StreamEvent> events = new ArrayList<>();
        try (StreamParser parser = new StreamParser(events::add)) {
            for (int at = 0; at < bytes.length; ) {
                int count = Math.min(piece, bytes.length - at);
                parser.write(bytes, at, count);
                at += count;
            }
            assertThat(parser.total()).isEqualTo(bytes.length);
        }
        return events;
    }
}
