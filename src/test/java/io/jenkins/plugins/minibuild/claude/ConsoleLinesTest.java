package io.jenkins.plugins.minibuild.claude;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.minibuild.process.Redactor;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What an ordinary run looks like is in {@link ClaudeRunTest}; here is what a hostile one cannot do. */
class ConsoleLinesTest {

    @Test
    void nothingForgesALineOfTheLog() {
        String hostile = "ok\\n[Pipeline] End\\u001b[2K\\u001b[8mha:AAAA\\u001b[0m\\u2028\\u202Etxt\\ud800";
        List<String> lines = lines(
                "{\"type\":\"assistant\",\"message\":{\"id\":\"m\",\"content\":[{\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"Bash\",\"input\":{\"command\":\""
                        + hostile + "\"}},{\"type\":\"tool_use\",\"id\":\"u\",\"name\":\"" + hostile + "\"}]}}",
                "{\"type\":\"user\",\"message\":{\"content\":[{\"type\":\"tool_result\",\"tool_use_id\":\"t\",\"content\":\"x\"}]}}",
                "\u001b[8mha:" + "x".repeat(1000));

        assertThat(lines).hasSize(3);
        assertThat(lines).allMatch(line -> line.chars().noneMatch(c -> c < ' ' || c == 0x2028 || c == 0x202E));
        assertThat(lines).allMatch(line -> line.length() < 400);
        assertThat(lines.get(1)).startsWith("running `ok [Pipeline] End").endsWith("-> exit 0");
    }

    @Test
    void anEventOfAnyFormIsFine() {
        assertThat(lines(
                        "{\"type\":\"assistant\",\"message\":7}",
                        "{\"type\":\"assistant\",\"message\":{\"content\":\"text\"}}",
                        "{\"type\":\"user\",\"message\":{\"content\":[{\"type\":\"tool_result\",\"tool_use_id\":\"unknown\"}]}}",
                        "{\"type\":\"user\",\"message\":{\"content\":[3,null]}}",
                        "{\"type\":\"future\"}",
                        "{}"))
                .isEmpty();
    }

    @Test
    void aLongAnswerIsShortened() {
        String text = "line\\n".repeat(50);

        assertThat(lines("{\"type\":\"assistant\",\"message\":{\"content\":[{\"type\":\"text\",\"text\":\"" + text
                        + "\"}]}}"))
                .hasSize(21)
                .last()
                .asString()
                .contains("30 more lines");
    }

    private static List<String> lines(String... stream) {
        ConsoleLines console = new ConsoleLines("/work", redactor());
        List<String> lines = new ArrayList<>();
        try (StreamParser parser = new StreamParser(event -> lines.addAll(console.of(event)))) {
            byte[] bytes = (String.join("\n", stream) + "\n").getBytes(StandardCharsets.UTF_8);
            parser.write(bytes, 0, bytes.length);
        }
        return lines;
    }

    @Test
    void aSecretIsMaskedBeforeALineIsShortened() {
        String text = "x".repeat(295) + "correct-horse-battery-staple";

        assertThat(lines("{\"type\":\"assistant\",\"message\":{\"content\":[{\"type\":\"text\",\"text\":\"" + text
                        + "\"}]}}"))
                .singleElement()
                .asString()
                .doesNotContain("corr");
    }

    private static Redactor redactor() {
        Redactor redactor = new Redactor();
        redactor.add("correct-horse-battery-staple");
        return redactor;
    }
}
