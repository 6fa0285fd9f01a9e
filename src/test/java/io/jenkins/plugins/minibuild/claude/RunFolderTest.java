package io.jenkins.plugins.minibuild.claude;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFolderTest {
    @TempDir
    Path build;

    private Path events;
    private RunFolder folder;

    @BeforeEach
    void oneRun() throws Exception {
        events = Files.createDirectories(build.resolve("claude-1")).resolve("events.jsonl");
        folder = RunFolder.all(build).get(0);
    }

    private static String event(int sequence, String text) {
        return "{\"seq\":" + sequence + ",\"at\":1,\"event\":{\"type\":\"x\",\"text\":\"" + text + "\"}}";
    }

    private void write(String text) throws Exception {
        Files.writeString(events, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    @Test
    void theRunsOfABuildAreFoundInTheirOrder() throws Exception {
        for (String name : List.of("claude-2", "claude-10", "claude-x", "workflow-1")) {
            Files.createDirectories(build.resolve(name));
        }
        Files.writeString(build.resolve("claude-3"), "a file");
        assertThat(RunFolder.all(build)).extracting(RunFolder::number).containsExactly(1, 2, 10);
        assertThat(RunFolder.all(build.resolve("none"))).isEmpty();
    }

    @Test
    void whatIsNotThereYetIsEmpty() throws Exception {
        assertThat(folder.state().isMissingNode()).isTrue();
        assertThat(folder.prompt()).isEmpty();
        assertThat(folder.read(0, 10, 1000)).isEqualTo(new RunFolder.Part(List.of(), 0));
    }

    @Test
    void aStateThatCannotBeReadIsNone() throws Exception {
        Files.writeString(build.resolve("claude-1/run.json"), "{\"state\":\"run");
        assertThat(folder.state().isMissingNode()).isTrue();
    }

    @Test
    void everyPlaceLeadsToTheNextEventAndNoneIsToldTwice() throws Exception {
        Random random = new Random(7);
        StringBuilder all = new StringBuilder();
        List<String> lines = new ArrayList<>();
        for (int i = 1; i <= 2000; i++) {
            String line = event(i, "登".repeat(random.nextInt(100)));
            lines.add(line);
            all.append(line).append('\n');
        }
        write(all.toString());
        List<String> read = new ArrayList<>();
        long at = 0;
        while (read.size() < 2000) {
            RunFolder.Part part = folder.read(at, 1 + random.nextInt(300), 100_000);
            assertThat(part.lines()).isNotEmpty();
            part.lines().forEach(line -> read.add(line.json()));
            assertThat(part.end())
                    .isEqualTo(part.lines().get(part.lines().size() - 1).end());
            at = part.end();
        }
        assertThat(read).isEqualTo(lines);
        assertThat(folder.read(at, 10, 1000).lines()).isEmpty();
        assertThat(at).isEqualTo(Files.size(events));
    }

    @Test
    void aLineThatIsNotWholeYetIsWaitedFor() throws Exception {
        write(event(1, "a") + "\n{\"seq\":2,\"at\":1,\"ev");
        RunFolder.Part part = folder.read(0, 10, 1000);
        assertThat(part.lines()).hasSize(1);
        write("ent\":{\"type\":\"x\"}}\n");
        assertThat(folder.read(part.end(), 10, 1000).lines())
                .singleElement()
                .extracting(RunFolder.Line::json)
                .asString()
                .startsWith("{\"seq\":2");
    }

    @Test
    void whatAKilledControllerCutIsPassedOver() throws Exception {
        write(event(1, "a") + "\n{\"seq\":2,\"at\":1,\"ev\n" + event(2, "b") + "\n");
        assertThat(folder.read(0, 10, 1000).lines())
                .extracting(RunFolder.Line::json)
                .containsExactly(event(1, "a"), event(2, "b"));
    }

    @Test
    void aPlaceThatIsNoneDoesNoHarm() throws Exception {
        write(event(1, "a") + "\n" + event(2, "b") + "\n");
        assertThat(folder.read(5, 10, 1000).lines())
                .extracting(RunFolder.Line::json)
                .containsExactly(event(2, "b"));
        assertThat(folder.read(Long.MAX_VALUE, 10, 1000).lines()).isEmpty();
        assertThat(folder.read(-1, 10, 1000).lines()).hasSize(2);
    }

    @Test
    void theWishToCancelCanBeSaidTwice() throws Exception {
        folder.cancel();
        folder.cancel();
        assertThat(build.resolve("claude-1/cancel")).exists();
    }
}
