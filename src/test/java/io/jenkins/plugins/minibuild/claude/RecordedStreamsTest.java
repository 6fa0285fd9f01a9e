package io.jenkins.plugins.minibuild.claude;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import hudson.FilePath;
import io.jenkins.plugins.minibuild.process.Isolation;
import io.jenkins.plugins.minibuild.standin.ModelService.Turn;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What several versions of the command wrote, see the README beside the streams, played by a command that only prints it. */
@Timeout(120)
class RecordedStreamsTest {
    private static final Caps CAPS = Caps.of(20, 2, 5, 20);

    @TempDir
    private Path root;

    private ClaudeFixture fixture;

    @BeforeEach
    void start() throws Exception {
        fixture = new ClaudeFixture(root);
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    private ClaudeResult play(String stream) throws Exception {
        fixture.pretend(print(stream));
        return fixture.run(fixture.request(CAPS), "pretended");
    }

    private static String print(String stream) {
        return "cat '" + StreamRecorder.STREAMS.resolve(stream + ".jsonl").toAbsolutePath() + "'";
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            2.1.197/subagents       | 0.59325  | 2 | All three are done.
            2.1.265/subagents       | 0.59325  | 2 | All three are done.
            2.1.332/subagents       | 0.4746   | 2 | All three are done.
            2.1.197/background      | 0.002    | 2 | Waiting.
            2.1.265/background      | 0.002    | 2 | Waiting.
            2.1.332/background      | 0.0016   | 2 | Waiting.
            2.1.197/background-on   | 0.003    | 3 | It is over.
            2.1.265/background-on   | 0.003    | 3 | It is over.
            2.1.332/background-on   | 0.0024   | 3 | It is over.
            2.1.197/begun           | 0.525    | 1 | First.
            2.1.332/begun           | 0.42     | 1 | First.
            made/parallel-agents    | 1.125    | 1 | done
            made/two-results        | 0.01     | 1 | Done
            made/background-killed  | 0.01     | 2 | The tests are running.
            """)
    void aGoodEndIsDoneAndCostsWhatItCost(String stream, double dollars, int turns, String text) throws Exception {
        ClaudeResult result = play(stream);

        assertThat(result.endReason()).as(result.message()).isEqualTo(EndReason.DONE);
        assertThat(result.usage().dollars()).isCloseTo(dollars, within(1e-6));
        assertThat(result.usage().turns()).isEqualTo(turns);
        assertThat(result.text()).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2.1.197", "2.1.265", "2.1.332"})
    void aRunThatGoesOnWithASessionCostsOnlyWhatItUsedItself(String version) throws Exception {
        fixture.pretend(print(version + "/resumed"));
        ClaudeRun run = ClaudeRun.of(
                        fixture.build,
                        ClaudeCli.find(fixture.build, "pretended", Isolation.none()),
                        fixture.request(Caps.of(20, 2, 0.2, 20)))
                .session(new FilePath(root.resolve("home").toFile()), "11111111-2222-3333-4444-555555555555");
        new FilePath(root.resolve("home").toFile()).mkdirs();

        ClaudeResult result = run.run();

        assertThat(result.endReason()).as(result.message()).isEqualTo(EndReason.DONE);
        assertThat(result.usage().dollars()).isCloseTo(0.015, within(1e-6));
    }

    @ParameterizedTest
    @ValueSource(strings = {"2.1.197", "2.1.265", "2.1.332"})
    void aStreamWithoutAnEndIsBrokenAndCostsWhatWasSeen(String version) throws Exception {
        ClaudeResult result = play(version + "/interrupted");

        assertThat(result.endReason()).isEqualTo(EndReason.BROKEN_STREAM);
        assertThat(result.usage().dollars()).isCloseTo(10_000 * 5e-6 + 100 * 25e-6, within(1e-6));
    }

    /** Before the result tells a sum, the caps hold what was seen: each message once, however the events of subagents are mixed. */
    @ParameterizedTest
    @CsvSource({
        "made/parallel-agents, 1.12518",
        "2.1.197/subagents, 0.180825",
        "2.1.265/subagents, 0.180825",
        "2.1.332/subagents, 0.180825"
    })
    void messagesThatComeMixedAreCountedOnce(String stream, double dollars) throws Exception {
        fixture.pretend(print(stream) + " | grep -v '\"total_cost_usd\"'");

        ClaudeResult result = fixture.run(fixture.request(CAPS), "pretended");

        assertThat(result.endReason()).isEqualTo(EndReason.BROKEN_STREAM);
        assertThat(result.usage().dollars()).isCloseTo(dollars, within(1e-6));
    }

    @ParameterizedTest
    @ValueSource(strings = {"2.1.197", "2.1.265", "2.1.332"})
    void aCommandInTheBackgroundIsToldOfAsOne(String version) throws Exception {
        play(version + "/background-on");

        assertThat(fixture.build.log())
                .contains(
                        "  started in the background: `sleep 2; echo done > late.txt`",
                        "  in the background `sleep 2; echo done > late.txt` -> completed")
                .doesNotContain("exit 0", "still running");
    }

    @Test
    void aCommandThatIsKilledInTheBackgroundHasNotEndedWell() throws Exception {
        play("made/background-killed");
        assertThat(fixture.build.log())
                .contains("in the background `npm test` -> killed")
                .doesNotContain("exit 0");

        fixture.pretend("head -n 5 '"
                + StreamRecorder.STREAMS.resolve("made/background-killed.jsonl").toAbsolutePath() + "'");
        fixture.run(fixture.request(CAPS), "pretended");
        assertThat(fixture.build.log()).contains("in the background `npm test` -> still running when the run ended");
    }

    @Test
    void aGoodEndIsNotThrownAway() throws Exception {
        ClaudeResult result = play("made/two-results");

        assertThat(result.structured()).hasToString("{\"a\":1}");
        assertThat(fixture.build.log()).contains("error_during_execution");
    }

    /** Each line follows a good result; none of them is a better one. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"result\",\"subtype\":\"success\",\"is_error\":true,\"result\":\"odd\",\"total_cost_usd\":0}",
                "{\"type\":\"result\",\"subtype\":\"error_max_turns\",\"is_error\":true}",
                "{\"type\":\"result\"}",
                "{\"type\":\"result\",\"subtype\":\"success\",\"is_error\":false,\"result\":\"fine\",\"total_cost_usd\":0.001}"
            })
    void costNeverGoesDownAndTheAnswerStays(String line) throws Exception {
        fixture.pretend(print("made/two-results") + " | head -n 3; echo '" + line + "'");

        ClaudeResult result = fixture.run(fixture.request(CAPS), "pretended");

        assertThat(result.endReason()).as(result.message()).isEqualTo(EndReason.DONE);
        assertThat(result.usage().dollars()).isCloseTo(0.01, within(1e-6));
        assertThat(result.structured()).hasToString("{\"a\":1}");
    }

    @Test
    void anErrorBeforeAGoodEndIsForgotten() throws Exception {
        fixture.pretend("echo '{\"type\":\"result\",\"subtype\":\"error_during_execution\",\"is_error\":true,"
                + "\"total_cost_usd\":0.5}'; " + print("made/two-results"));

        ClaudeResult result = fixture.run(fixture.request(CAPS), "pretended");

        assertThat(result.endReason()).isEqualTo(EndReason.DONE);
        assertThat(result.usage().dollars()).isGreaterThanOrEqualTo(0.5);
    }

    @Test
    void aCommandThatTellsOfEndAfterEndIsStoppedByItsOutput() throws Exception {
        fixture.pretend("while :; do echo '{\"type\":\"result\",\"subtype\":\"success\",\"result\":\"ok\"}'; done");

        ClaudeResult result =
                fixture.run(fixture.request(new Caps(20, java.time.Duration.ofMinutes(2), 5, 100_000)), "pretended");

        assertThat(result.endReason()).isEqualTo(EndReason.DONE);
        assertThat(result.usage().duration()).isLessThan(java.time.Duration.ofSeconds(60));
    }

    @Tag("slow")
    @Test
    void theRealCommandRunsNothingInTheBackground() throws Exception {
        fixture.model.script(
                Turn.tool("Bash", Map.of("command", "sleep 9; echo done > late.txt", "run_in_background", true)),
                Turn.text("Waiting."));

        assertThat(fixture.run(fixture.request(CAPS)).endReason()).isEqualTo(EndReason.DONE);

        assertThat(fixture.build.log())
                .contains("`sleep 9; echo done > late.txt` was not run")
                .doesNotContain("exit 0");
    }
}
