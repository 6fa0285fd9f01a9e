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
        return pipeline(yaml, ran, more, "");
    }

    /** @param then what the node block does after the workflow, beginning with a semicolon */
    private static String pipeline(String yaml, Path ran, String more, String then) {
        return "node('build') { withEnv(['RAN=" + ran + "']) { def r = runWorkflow(yaml: '''" + indented(yaml) + "'''"
                + more + "); echo 'result ' + r" + then + " } }";
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
    void aRetryOfFailedJobsTakesOverTheOthersWithOutputsAndArtifacts() throws Exception {
        Path ran = root.resolve("ran-again");
        Path flag = root.resolve("flag");
        controller.createPipeline(
                "again",
                pipeline("""
                name: again
                jobs:
                  make:
                    artifacts: ['dist/**']
                    steps: [{name: make, command: 'echo make >> "$RAN"; mkdir -p dist; echo built > dist/app; echo "v=7" >> "$MINI_BUILD_OUTPUT"'}]
                  other: {steps: [{name: other, command: 'echo other >> "$RAN"'}]}
                  use:
                    needs: make
                    steps: [{name: use, command: 'echo "use-$(cat dist/app)-${jobs.make.outputs.v}" >> "$RAN"; test -e FLAG'}]
                """.replace("FLAG", flag.toString()), ran, "")
                        .replace("runWorkflow(", "deleteDir(); def r0 = 1; runWorkflow("));
        assertThat(controller.build("again")).isEqualTo("FAILURE");
        Files.createFile(flag);

        controller.post("job/again/1/mini-build-retry/failedJobs", java.util.Map.of());
        Deadline queued = Deadline.after(Duration.ofMinutes(1));
        while (controller.get("job/again/2/api/json").statusCode() != 200 && !queued.expired()) {
            Thread.sleep(200);
        }

        assertThat(controller.await("again", 2, Duration.ofMinutes(1)))
                .as(controller.console("again", 2))
                .isEqualTo("SUCCESS");
        assertThat(ran(ran)).containsExactlyInAnyOrder("make", "other", "use-built-7", "use-built-7");
        assertThat(journal("again", 2).toString()).contains("Taken over from build #1");
        assertThat(controller.get("job/again/2/artifact/workflow/make/dist/app").body())
                .isEqualTo("built\n");
        assertThat(controller
                        .post("job/again/2/mini-build-retry/failedJobs", java.util.Map.of())
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void artifactsFollowTheGraphToAnotherAgent() throws Exception {
        Path ran = root.resolve("ran-far");
        controller.createPipeline(
                "far",
                pipeline("""
                name: far
                jobs:
                  make:
                    artifacts: ['dist/**']
                    cache: {key: k, paths: [kept]}
                    steps: [{name: make, command: 'mkdir -p dist kept; echo x >> kept/f; wc -l < kept/f | tr -d " " >> "$RAN"; echo built > dist/app'}]
                  ship:
                    needs: make
                    agent: wechat
                    sources: copy
                    steps: [{name: ship, command: 'cat dist/app here >> "$RAN"'}]
                """, ran, "")
                        .replace("def r =", "deleteDir(); writeFile(file: 'here', text: 'copied\\n'); def r ="));

        assertThat(controller.build("far")).as(controller.console("far", 1)).isEqualTo("SUCCESS");
        assertThat(controller.build("far")).isEqualTo("SUCCESS");
        assertThat(ran(ran)).containsExactly("1", "built", "copied", "2", "built", "copied");
    }

    @Test
    void anAgentThatIsLostForAWhileChangesNothing() throws Exception {
        Path ran = root.resolve("ran-away");
        controller.createPipeline("away", pipeline("""
                name: away
                jobs:
                  slow:
                    agent: wechat
                    sources: none
                    steps:
                      - {name: one, command: 'echo one >> "$RAN"; sleep 4; echo ended-one'}
                      - {name: two, command: 'echo two >> "$RAN"; echo ended-two'}
                """, ran, ""));
        int number = controller.start("away");
        Deadline begun = Deadline.after(Duration.ofMinutes(1));
        while (ran(ran).isEmpty() && !begun.expired()) {
            Thread.sleep(20);
        }

        AGENTS.get(1).destroyForcibly().waitFor();
        AGENTS.set(1, controller.startAgain("shipper"));

        assertThat(controller.await("away", number, Duration.ofMinutes(2)))
                .as(controller.console("away", number))
                .isEqualTo("SUCCESS");
        assertThat(ran(ran)).containsExactly("one", "two");
        assertThat(controller.console("away", number)).contains("ended-one", "ended-two");
    }

    @Test
    void aFreestyleBuildThatACrashEndedLeavesNothingOnItsAgent() throws Exception {
        controller.createJob("crashed", """
                <project>
                  <assignedNode>build</assignedNode><canRoam>false</canRoam>
                  <builders>
                    <io.jenkins.plugins.minibuild.workflow.RunWorkflowBuilder>
                      <step><yaml>%s</yaml></step>
                    </io.jenkins.plugins.minibuild.workflow.RunWorkflowBuilder>
                  </builders>
                </project>
                """.formatted(RealController.escapeXml("""
                        name: crashed
                        jobs:
                          long: {steps: [{name: sleeps, command: 'echo sleeping; sleep 4343'}]}
                        """)));
        int number = controller.start("crashed");
        controller.awaitConsole("crashed", number, "sleeping");
        controller.crash();
        assertThat(LimitsControllerBase.running("sleep\0" + "4343")).isNotEmpty();

        controller.restart();

        Deadline ended = Deadline.after(Duration.ofMinutes(1));
        while (!LimitsControllerBase.running("sleep\0" + "4343").isEmpty() && !ended.expired()) {
            Thread.sleep(200);
        }
        assertThat(LimitsControllerBase.running("sleep\0" + "4343"))
                .as("%s", journal("crashed", number))
                .isEmpty();
        while (!journal("crashed", number)
                        .toString()
                        .contains("\"kind\":\"RUN\",\"job\":\"\",\"step\":-1,\"state\":\"CANCELLED\"")
                && !ended.expired()) {
            Thread.sleep(200);
        }
        assertThat(journal("crashed", number).toString())
                .contains("does not go on with a freestyle build", "\"state\":\"CANCELLED\"");
        assertThat(controller.home().resolve("mini-build/workflow-open")).isEmptyDirectory();
    }

    @Test
    void oneJobIsCancelledAndTheOthersGoOn() throws Exception {
        controller.createPipeline("one", pipeline("""
                name: one
                jobs:
                  long: {steps: [{name: sleeps, command: 'echo sleeping; sleep 4444'}]}
                  needs: {needs: long, steps: [{name: never, command: 'echo never'}]}
                  other: {steps: [{name: other, command: 'sleep 2; echo others-work'}]}
                """, root.resolve("x"), ""));
        int number = controller.start("one");
        controller.awaitConsole("one", number, "sleeping");

        assertThat(controller
                        .post("job/one/" + number + "/mini-build-workflow/1/cancelJob", java.util.Map.of("job", "0"))
                        .statusCode())
                .isLessThan(400);

        assertThat(controller.await("one", number, Duration.ofMinutes(1))).isEqualTo("ABORTED");
        assertThat(controller.console("one", number))
                .contains("others-work", "Cancelled by admin")
                .doesNotContain("] never");
        assertThat(journal("one", number).toString()).contains("It needs long, which was cancelled");
    }

    @Test
    void aDeclarativePipelineAndAFileInTheWorkspaceWorkToo() throws Exception {
        controller.createPipeline("declarative", """
                pipeline {
                  agent { label 'build' }
                  stages {
                    stage('s') {
                      steps {
                        writeFile file: '.mini-build.yaml', text: '''
                name: fromFile
                jobs:
                  a: {steps: [{name: hi, command: 'echo "hi ${variables.WHO}"; echo lied; exit 0'}]}
                  b: {steps: [{name: not, command: 'echo unwanted'}]}
                '''
                        runWorkflow variables: [WHO: 'you; echo injected'], jobs: ['a'], timeout: 300, maxParallel: 2, failFast: true
                        runWorkflow dryRun: true
                      }
                    }
                  }
                }
                """);

        assertThat(controller.build("declarative"))
                .as(controller.console("declarative", 1))
                .isEqualTo("SUCCESS");
        assertThat(controller.console("declarative", 1))
                .contains("[a/hi] hi you; echo injected")
                .contains("Plan of fromFile: 2 jobs")
                .doesNotContain("unwanted\n");
    }

    @Test
    void theSnippetGeneratorWritesWhatItReads() throws Exception {
        String snippet = controller.script("""
                import org.jenkinsci.plugins.workflow.cps.Snippetizer
                def d = org.jenkinsci.plugins.workflow.steps.StepDescriptor.byFunctionName('runWorkflow')
                def s = d.newInstance([variables: [A: 'b', C: "it's"], jobs: ['x', 'y'], credentials: 'one,two', timeout: 600, failFast: false, maxParallel: 3, file: 'w.yaml'])
                println Snippetizer.object2Groovy(s)
                println Snippetizer.object2Groovy(d.newInstance([:]))
                """);

        assertThat(snippet)
                .contains("credentials: ['one', 'two']", "failFast: false", "file: 'w.yaml'", "jobs: ['x', 'y']")
                .contains("maxParallel: 3", "timeout: '600'", "variables: [A: 'b', C: 'it\\'s']")
                .contains("runWorkflow()");
    }

    /** Somebody who logs in again after the restart sees the run go on to its end, without loading the page again. */
    private static void watchToTheEnd(String job, int number) throws Exception {
        try (Browser browser = Browser.open(controller, root.resolve("pictures"), "en")) {
            browser.go("job/" + job + "/" + number + "/mini-build-workflow/1/");
            Deadline seen = Deadline.after(Duration.ofMinutes(2));
            while (!browser.text().contains("4 succeeded") && !seen.expired()) {
                Thread.sleep(100);
            }
            assertThat(browser.text()).contains("4 succeeded", "ship");
        }
    }

    @Test
    void aKilledControllerChangesNothing() throws Exception {
        Random random = new Random(42);
        int kills = Integer.getInteger("minibuild.kills", 3);
        for (int i = 1; i <= kills; i++) {
            String job = "killed" + i;
            Path ran = root.resolve("ran-" + job);
            // Killed while a node block ends, Jenkins itself runs the block again, with whatever is in it (sh too): the
            // block is kept open.
            controller.createPipeline(job, pipeline(GRAPH, ran, "", "; sleep 8"));
            int number = controller.start(job);
            Deadline begun = Deadline.after(Duration.ofMinutes(1));
            while (ran(ran).isEmpty() && !begun.expired()) {
                Thread.sleep(20);
            }
            Thread.sleep(random.nextInt(4_500));
            controller.crash();
            Thread.sleep(random.nextInt(1_500));
            controller.restart();
            if (i == 1 && Browser.isInstalled()) {
                watchToTheEnd(job, number);
            }

            assertThat(controller.await(job, number, Duration.ofMinutes(3)))
                    .as(controller.console(job, number))
                    .isEqualTo("SUCCESS");
            assertThat(ran(ran))
                    .as(
                            "each step ran once; builds %s, console %s",
                            controller
                                    .get("job/" + job + "/api/json?tree=builds[number,result]")
                                    .body(),
                            controller.console(job, number))
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
