package io.jenkins.plugins.minibuild.claude;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.jenkins.plugins.minibuild.process.Redactor;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventStoreTest {
    private static final Clock CLOCK = Clock.fixed(Instant.ofEpochMilli(1234), ZoneOffset.UTC);

    @TempDir
    private Path folder;

    private final Redactor redactor = new Redactor();

    @Test
    void numbersEventsAndKeepsThemAsTheyCame() throws Exception {
        try (EventStore store = store()) {
            assertThat(store.append(event("{\"type\":\"a\", \"x\": 1.50}"))).isEqualTo(1);
            assertThat(store.append(event("no JSON"))).isEqualTo(2);
            store.note("ended", Map.of("ending", "done"));
        }

        assertThat(Files.readAllLines(folder.resolve("events.jsonl")))
                .containsExactly(
                        "{\"seq\":1,\"at\":1234,\"event\":{\"type\":\"a\", \"x\": 1.50}}",
                        "{\"seq\":2,\"at\":1234,\"text\":\"no JSON\"}",
                        "{\"seq\":3,\"at\":1234,\"event\":{\"type\":\"mini-build\",\"subtype\":\"ended\",\"ending\":\"done\"}}");
    }

    @Test
    void goesOnBehindALineThatWasCut() throws Exception {
        try (EventStore store = store()) {
            store.append(event("{\"type\":\"a\"}"));
        }
        Files.writeString(
                folder.resolve("events.jsonl"), "{\"seq\":2,\"at\":1,\"event\":{\"ty", StandardOpenOption.APPEND);
        try (EventStore store = store()) {
            assertThat(store.append(event("{\"type\":\"b\"}"))).isEqualTo(2);
        }

        assertThat(ClaudeFixture.events(folder))
                .extracting(stored -> stored.path("event").path("type").asText())
                .containsExactly("a", "b");
    }

    @Test
    void masksSecretsInEveryFormAndStaysReadable() throws Exception {
        redactor.add("top\"secret");
        redactor.add("123456");
        try (EventStore store = store()) {
            store.append(
                    event("{\"type\":\"user\",\"text\":\"a top\\\"secret b\",\"n\":1234567,\"top\\\"secret\":true}"));
            store.append(event("Error: top\"secret"));
            store.note("x", Map.of("message", "top\"secret"));
        }

        assertThat(Files.readString(folder.resolve("events.jsonl")))
                .doesNotContain("top\\\"secret", "top\"secret", "123456");
        assertThat(ClaudeFixture.events(folder)).hasSize(3);
        assertThat(ClaudeFixture.events(folder)
                        .get(0)
                        .path("event")
                        .path("text")
                        .asText())
                .isEqualTo("a **** b");
    }

    @Test
    void leavesNoBeginningOfASecretBeforeACut() throws Exception {
        redactor.add("correct-horse-battery-staple");
        String text = "x".repeat(StreamParser.LONGEST_STRING - 10) + "correct-horse-battery-staple" + "y".repeat(100);
        try (EventStore store = store()) {
            store.append(event(new ObjectMapper().writeValueAsString(Map.of("type", "user", "text", text))));
        }

        assertThat(Files.readString(folder.resolve("events.jsonl")))
                .doesNotContain("correct")
                .contains("more bytes]");
    }

    private EventStore store() throws Exception {
        return EventStore.open(folder, CLOCK, redactor);
    }

    private static StreamEvent event(String line) {
        StreamEvent[] event = new StreamEvent[1];
        try (StreamParser parser = new StreamParser(each -> event[0] = each)) {
            byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
            parser.write(bytes, 0, bytes.length);
        }
        return event[0];
    }
}
