package io.jenkins.plugins.minibuild.claude;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.Item;
import hudson.security.Permission;
import io.jenkins.plugins.minibuild.access.PermissionsAdapter;
import io.jenkins.plugins.minibuild.access.ReadBuild;
import io.jenkins.plugins.minibuild.access.Visit;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who sees prompts and what the model read and wrote. */
class ClaudeRunsCodeTest {
    private static final String CODE = "const price = secretFormula()";

    @TempDir
    Path build;

    @BeforeEach
    void oneRunHasEnded() throws Exception {
        Path run = Files.createDirectories(build.resolve("mini-build/claude-1"));
        Files.writeString(
                run.resolve("run.json"), "{\"state\":\"done\",\"title\":\"codegen\",\"started\":1,\"millis\":2}");
        Files.writeString(run.resolve("prompt.txt"), "Change this: " + CODE);
        Files.writeString(
                run.resolve("events.jsonl"),
                "{\"seq\":1,\"at\":1,\"event\":{\"type\":\"x\",\"text\":\"" + CODE + "\"}}\n");
    }

    private Set<String> told(Permission... allowed) {
        return Visit.whoTells(new ClaudeRunsAction(ReadBuild.of(build, allowed)), CODE);
    }

    @Test
    void whoMayOnlyReadTheJobSeesNoPromptAndNoToolResult() {
        assertThat(told(Item.READ)).isEmpty();
    }

    @Test
    void whoMayViewCodeSeesThem() {
        assertThat(told(Item.READ, PermissionsAdapter.VIEW_CODE))
                .contains("Page.doPrompt", "Page.doRaw", "Page.doEvents", "Page.doStream");
    }
}
