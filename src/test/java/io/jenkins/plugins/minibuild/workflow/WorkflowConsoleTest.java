package io.jenkins.plugins.minibuild.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class WorkflowConsoleTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private long now = 1_000_000;
    private final WorkflowConsole console =
            new WorkflowConsole(new PrintStream(out, true, StandardCharsets.UTF_8), () -> now);

    private void print(String text) {
        console.output("[a/s] ", text.getBytes(StandardCharsets.UTF_8));
    }

    private String log() {
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void eachLineHasItsJobAndStepWhereverTheAgentCutsIt() {
        print("one\ntw");
        print("o\r\n\nla");
        print("st");
        console.end("[a/s] ");

        assertThat(log()).isEqualTo("[a/s] one\n[a/s] two\n[a/s] \n[a/s] last\n");
    }

    @Test
    void aCharacterThatIsCutInTwoIsWhole() {
        byte[] bytes = "\u8d2d\n".getBytes(StandardCharsets.UTF_8);
        console.output("[a/s] ", new byte[] {bytes[0]});
        console.output("[a/s] ", new byte[] {bytes[1], bytes[2], bytes[3]});

        assertThat(log()).isEqualTo("[a/s] \u8d2d\n");
    }

    @Test
    void aLongLogEndsWithAWordAndShowsOnceAMinuteThatItGoesOn() {
        print("x\n".repeat(WorkflowConsole.LINES + 5));
        print("x\n".repeat(100));
        assertThat(log().lines()).hasSize(WorkflowConsole.LINES + 1);
        assertThat(log()).endsWith("[a/s] ... more on the page of the workflow\n");

        now += 61_000;
        print("x\n");
        print("x\n");

        assertThat(log().lines())
                .hasSize(WorkflowConsole.LINES + 2)
                .last()
                .asString()
                .contains("lines so far");
    }

    @Test
    void aLineWithoutEndIsBounded() {
        for (int i = 0; i < 1000; i++) {
            print("y".repeat(10_000));
        }
        console.end("[a/s] ");

        assertThat(log()).hasSizeLessThan(10_000).startsWith("[a/s] yyy");
    }
}
