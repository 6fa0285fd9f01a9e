package io.jenkins.plugins.minibuild.controller;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.minibuild.files.Json;
import io.jenkins.plugins.minibuild.process.Deadline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code runWorkflow} on a real controller with agents in JVMs of their own. */
@NeedsController
class WorkflowControllerIT {
    @TempDir
    static Path root;

    private static RealController controller;
    private static final List<Process> AGENTS = new ArrayList<>();

    /** Writes a line for each run of each of its steps, so that one that ran twice shows. */
    private static final String GRAPH = """
            name: graph
            environment: {CI: "true"}
            jobs:
              lint: {steps: [{name: lint, command: 'echo lint-$CI >> "$RAN"; sleep 1'}]}
              test:
                needs: lint
                matrix: {node: [18, 20]}
                steps:
                  - {name: unit, command: 'echo "unit-${matrix.node}" | tee -a "$RAN"; sleep 1; echo "v=${matrix.node}" >> "$MINI_BUILD_OUTPUT"'}
                  - {name: more, command: 'echo "more-${matrix.node}" >> "$RAN"; sleep 1'}
              ship:
                needs: [lint, test]
                when: "event != 'merge_request'"
                agent: linux && wechat
                sources: none
                steps:
                  - {name: where, command: 'echo "ship-$PWD-${jobs.test.outputs.v}" >> "$RAN"; sleep 1'}
            """;

    @BeforeAll
    static void boot() throws Exception {
        controller = RealController.start(root);
        AGENTS.add(controller.addAgent("builder", "linux build", 2));
        AGENTS.add(controller.addAgent("shipper", "linux wechat", 2));
    }

    @AfterAll
    static void stop() throws Exception {
        if (controller != null) {
            controller.close();
        }
        AGENTS.forEach(Process::destroyForcibly);
    }

    private static String indented(String yaml) {
        return yaml.replace("\\", "\\\\").replace("'''", "\\'\\'\\'");
    }

    private static String pipeline(String yaml, Path ran, String more) {
        return "node('build') { withEnv(['RAN=" + ran + "']) { def r = runWorkflow(yaml: '''" + indented(yaml) + "'''"
                + more + "); echo 'result ' + r } }";
    }

    private static JsonNode journal(String job, int number) throws IOException {
        Path file =
                controller.home().resolve("jobs/" + job + "/builds/" + number + "/mini-build/workflow-1/journal.jsonl");
        com.fasterxml.jackson.databind.node.ArrayNode all = Json.MAPPER.createArrayNode();
        if (Files.exists(file)) {
            for (String line : Files.readString(file).split("\n")) {
                if (!line.isBlank()) {
                    all.add(Json.MAPPER.readTree(line));
                }
            }
        }
        return all;
    }

    private static List<String> ran(Path file) throws IOException {
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }

    @Test
    void aPipelineRunsTheGraphOnTwoAgentsAndGetsItsOutputs() throws Exception {
        Path ran = root.resolve("ran-pipeline");
        controller.createPipeline("graph", pipeline(GRAPH, ran, ""));

        assertThat(controller.build("graph")).isEqualTo("SUCCESS");
        assertThat(ran(ran))
                .hasSize(6)
                .startsWith("lint-true")
                .contains("unit-18", "unit-20", "more-18", "more-20")
                .last()
                .asString()
                .matches("ship-.*/agent-shipper/workspace/graph-(18|20)");
        assertThat(controller.console("graph", 1))
                .contains("[test (18)/unit] unit-18")
                .contains("state:succeeded")
                .contains("Page of the workflow");
    }

    @Test
    void aFreestyleJobRunsTheSameGraph() throws Exception {
        Path ran = root.resolve("ran-freestyle");
        controller.createJob("free", """
                <project>
                  <assignedNode>build</assignedNode><canRoam>false</canRoam>
                  <builders>
                    <io.jenkins.plugins.minibuild.workflow.RunWorkflowBuilder>
                      <step><yaml>%s</yaml></step>
                    </io.jenkins.plugins.minibuild.workflow.RunWorkflowBuilder>
                  </builders>
                </project>
                """.formatted(RealController.escapeXml(GRAPH.replace("$RAN", ran.toString()))));

        String result = controller.build("free");
        assertThat(result)
                .as("%s", controller.get("job/free/1/consoleText").body())
                .isEqualTo("SUCCESS");
        assertThat(ran(ran)).hasSize(6);
    }

    @Test
    void aFailureSkipsWhatNeedsItAndSaysWhy() throws Exception {
        controller.createPipeline("fails", pipeline("""
                name: fails
                jobs:
                  bad: {steps: [{name: boom, command: 'echo before; exit 3'}]}
                  after: {needs: bad, steps: [{name: never, command: 'echo never'}]}
                  tidy: {needs: bad, when: 'failure()', steps: [{name: tidy, command: 'echo tidied'}]}
                post: 'echo "ended $MINI_BUILD_STATUS"'
                """, root.resolve("x"), ""));

        assertThat(controller.build("fails")).isEqualTo("FAILURE");
        assertThat(controller.console("fails", 1))
                .contains("The step boom failed: Exit code 3")
                .contains("tidied")
                .contains("ended failed")
                .contains("The workflow failed: Failed: bad")
                .doesNotContain("echo never");
        assertThat(journal("fails", 1).toString()).contains("It needs bad, which failed");
    }

    @Test
    void allProblemsOfAFileAreSaidAtOnce() throws Exception {
        controller.createPipeline("broken", pipeline("""
                name: broken
                jobs:
                  a: {needs: b, steps: [{comand: x}]}
                  b: {needs: a, steps: []}
                """, root.resolve("x"), ""));

        assertThat(controller.build("broken")).isEqualTo("FAILURE");
        assertThat(controller.console("broken", 1))
                .contains("yaml:3:", "comand", "command", "a -> b -> a", "yaml cannot run");
    }

    @Test
    void aWorkflowUsesOnlyTheCredentialsThatItMayAndNeverPrintsThem() throws Exception {
        controller.script("""
                import com.cloudbees.plugins.credentials.*
                import com.cloudbees.plugins.credentials.domains.Domain
                import org.jenkinsci.plugins.plaincredentials.impl.StringCredentialsImpl
                def store = SystemCredentialsProvider.instance.store
                store.addCredentials(Domain.global(), new StringCredentialsImpl(CredentialsScope.GLOBAL, 'allowed', '', hudson.util.Secret.fromString('very-secret-4711')))
                store.addCredentials(Domain.global(), new StringCredentialsImpl(CredentialsScope.GLOBAL, 'other', '', hudson.util.Secret.fromString('other-secret-4712')))
                """);
        String yaml = """
                name: secrets
                jobs:
                  a:
                    steps:
                      - {name: show, environment: {TOKEN: '${credentials.allowed}'}, command: 'echo "token=$TOKEN"; env | grep -c 4711 || true; tr "\\0" " " < /proc/$PPID/cmdline'}
                      - {name: gone, command: 'test -z "$TOKEN"; if env | grep 4711; then exit 1; fi; echo looked'}
                """;
        controller.createPipeline("secrets", pipeline(yaml, root.resolve("x"), ", credentials: ['allowed']"));
        controller.createPipeline(
                "forbidden",
                pipeline(yaml.replace("allowed", "other"), root.resolve("x"), ", credentials: ['allowed']"));

        assertThat(controller.build("secrets"))
                .as(controller.console("secrets", 1))
                .isEqualTo("SUCCESS");
        assertThat(controller.console("secrets", 1))
                .contains("token=****")
                .contains("looked")
                .doesNotContain("4711");
        assertThat(controller.build("forbidden")).isEqualTo("FAILURE");
        assertThat(controller.console("forbidden", 1)).contains("The workflow may not use the credential other");
        assertThat(RealController.filesWith(
                        "very-secret-4711", controller.home().resolve("jobs"), root.resolve("agent-builder")))
                .isEmpty();
    }

    @Test
    void anAbortEndsWhatRunsAndLeavesNothing() throws Exception {
        controller.createPipeline("aborted", pipeline("""
                name: aborted
                jobs:
                  long:
                    steps: [{name: sleeps, command: 'setsid sleep 4242 & trap "" TERM; echo sleeping; sleep 4241'}]
                    post: [{name: tidies, command: 'echo "tidied $MINI_BUILD_STATUS"'}]
                  next: {needs: long, steps: [{name: never, command: 'echo never'}]}
                """, root.resolve("x"), ""));
        int number = controller.start("aborted");
        controller.awaitConsole("aborted", number, "sleeping");

        long began = System.nanoTime();
        controller.post("job/aborted/" + number + "/stop", java.util.Map.of());

        assertThat(controller.await("aborted", number, Duration.ofSeconds(60))).isEqualTo("ABORTED");
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(30));
        assertThat(controller.console("aborted", number))
                .contains("tidied cancelled")
                .doesNotContain("] never");
        assertThat(LimitsControllerBase.running("sleep\0" + "424")).isEmpty();
    }

    @Test
    void aKilledControllerChangesNothing() throws Exception {
        Random random = new Random(42);
        int kills = Integer.getInteger("minibuild.kills", 3);
        for (int i = 1; i <= kills; i++) {
            String job = "killed" + i;
            Path ran = root.resolve("ran-" + job);
            controller.createPipeline(job, pipeline(GRAPH, ran, ""));
            int number = controller.start(job);
            Deadline begun = Deadline.after(Duration.ofMinutes(1));
            while (ran(ran).isEmpty() && !begun.expired()) {
                Thread.sleep(20);
            }
            Thread.sleep(random.nextInt(4_500));
            controller.crash();
            Thread.sleep(random.nextInt(1_500));
            controller.restart();

            assertThat(controller.await(job, number, Duration.ofMinutes(3)))
                    .as(controller.console(job, number))
                    .isEqualTo("SUCCESS");
            assertThat(ran(ran))
                    .as("each step ran once")
                    .doesNotHaveDuplicates()
                    .hasSize(6);
            TreeMap<String, Integer> ends = new TreeMap<>();
            journal(job, number).forEach(entry -> {
                if (entry.path("kind").asText().equals("STEP")
                        && entry.path("state").asText().equals("SUCCEEDED")) {
                    ends.merge(
                            entry.get("job").asText() + "/" + entry.get("step").asInt(), 1, Integer::sum);
                }
            });
            assertThat(ends).hasSize(6).allSatisfy((step, count) -> assertThat(count)
                    .isEqualTo(1));
        }
    }
}
