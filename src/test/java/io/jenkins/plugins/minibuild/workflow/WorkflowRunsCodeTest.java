package io.jenkins.plugins.minibuild.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.Item;
import hudson.security.Permission;
import io.jenkins.plugins.minibuild.access.PermissionsAdapter;
import io.jenkins.plugins.minibuild.access.ReadBuild;
import io.jenkins.plugins.minibuild.access.Visit;
import io.jenkins.plugins.minibuild.workflow.run.State;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who sees the YAML of a workflow; states and logs are for who reads the console. */
class WorkflowRunsCodeTest {
    private static final String CODE = "command: secretFormula()";
    private static final String LOG = "a line of the log";

    @TempDir
    Path build;

    @BeforeEach
    void oneRunHasEnded() throws Exception {
        try (SyntheticRun run = SyntheticRun.create(
                build.resolve("mini-build"),
                SyntheticRun.plan("shop", List.of(), List.of(SyntheticRun.job("lint", -1, List.of(), "npm"))),
                1000)) {
            Files.writeString(run.folder().path().resolve("workflow.yaml"), CODE);
            run.run(State.RUNNING, "").start("lint", "remote").log("lint", 0, LOG + "\n");
            run.end("lint", State.FAILED, "npm failed").run(State.FAILED, "");
        }
    }

    private Set<String> told(String text, Permission... allowed) {
        return Visit.whoTells(new WorkflowRunsAction(ReadBuild.of(build, allowed)), text);
    }

    @Test
    void whoMayOnlyReadTheJobSeesNoYaml() {
        assertThat(told(CODE, Item.READ)).isEmpty();
        assertThat(told(LOG, Item.READ)).contains("Page.doLines", "Page.doLog");
        assertThat(told("npm failed", Item.READ)).contains("JobTree.getText", "Page.doStream");
    }

    @Test
    void whoMayViewCodeSeesIt() {
        assertThat(told(CODE, Item.READ, PermissionsAdapter.VIEW_CODE)).containsExactly("Page.doYaml");
    }

    @Test
    void whoMayNotReadTheJobSeesNothing() {
        assertThat(told(LOG)).isEmpty();
        assertThat(told("npm failed")).isEmpty();
        assertThat(told("lint")).isEmpty();
    }
}
