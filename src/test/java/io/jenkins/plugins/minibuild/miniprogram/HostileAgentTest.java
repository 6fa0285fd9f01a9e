package io.jenkins.plugins.minibuild.miniprogram;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.AbortException;
import io.jenkins.plugins.minibuild.AgentCallables;
import io.jenkins.plugins.minibuild.standin.HostileAgent;
import io.jenkins.plugins.minibuild.standin.WorstValues;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A preview on an agent that lies: whatever it answers to one of the callables, the build ends in its result or in an error, and writes nothing elsewhere. */
class HostileAgentTest {
    @TempDir
    private Path root;

    static Stream<Class<?>> callables() {
        return AgentCallables.callables("miniprogram", "process");
    }

    @ParameterizedTest
    @Tag("slow")
    @MethodSource("callables")
    void aLyingAgentHarmsItsOwnBuildOnly(Class<?> callable) throws Exception {
        List<Object> worst = WorstValues.of(AgentCallables.answer(callable)).stream()
                .filter(each -> !(each instanceof String text && text.length() > 1_000_000))
                .toList();
        // nothing, and the last value that has the type; AgentAnswersTest has all others
        List<Object> chosen = new ArrayList<>();
        chosen.add(null);
        chosen.add(worst.get(Math.max(0, worst.size() - 7)));
        int number = 0;
        for (Object answer : chosen) {
            Path folder = Files.createDirectory(root.resolve("run-" + number++));
            try (Fixture fixture = new Fixture(folder)) {
                Files.writeString(folder.resolve("config.xml"), "secure");
                Files.writeString(fixture.workspace.resolve("package.json"), "{}");
                fixture.build.on(HostileAgent.answering(callable, answer).channel());
                Map<String, String> before = elsewhere(fixture);
                try {
                    fixture.preview().run(fixture.build);
                } catch (AbortException e) {
                    assertThat(e.getMessage()).isNotBlank();
                } catch (IOException e) {
                    assertThat(e.getMessage()).contains("agent");
                }
                assertThat(elsewhere(fixture)).isEqualTo(before);
            }
        }
    }

    /** All files with their content, but for those of the agent and the artifacts of the build. */
    private static Map<String, String> elsewhere(Fixture fixture) throws IOException {
        Path top = fixture.build.root().getParent();
        Map<String, String> found = new TreeMap<>();
        try (Stream<Path> files = Files.walk(top)) {
            for (Path each : files.filter(Files::isRegularFile).toList()) {
                String name = top.relativize(each).toString();
                if (!name.matches("build/(workspace|workspace@tmp|agent|builds)/.*") && !name.matches("(ca|npm)/.*")) {
                    found.put(name, Files.readString(each, StandardCharsets.ISO_8859_1));
                }
            }
        }
        return found;
    }
}
