package io.jenkins.plugins.minibuild.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jenkins.plugins.minibuild.process.Deadline;
import io.jenkins.plugins.minibuild.standin.GiteeService;
import io.jenkins.plugins.minibuild.standin.ModelService;
import io.jenkins.plugins.minibuild.standin.ModelService.Turn;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

/** {@code claudeCodegen} on a real controller, watched in a browser; with stand-ins of the model's service and of Gitee. Skipped without a controller. */
@Timeout(400)
@NeedsController
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class CodegenControllerIT {
    private static final String KEY = "sk-codegen-91c7ab53";
    private static final String TOKEN = "c0de9e17a5b4c3d2e1f0a9b8c7d6e5f4";
    private static final Path PICTURES = Path.of("target", "controller-codegen");
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    static Path root;

    private static RealController controller;
    private static Process agent;
    private static ModelService model;
    private static GiteeService gitee;
    private static Path shop;

    @BeforeAll
    static void boot() throws Exception {
        controller = RealController.start(root);
        agent = controller.startAgent();
        model = ModelService.start();
        gitee = GiteeService.start(Files.createDirectories(root.resolve("gitee")));
        gitee.addToken(TOKEN, "acme", "projects", "pull_requests");
        shop = gitee.createRepository("acme", "shop", true);
        Path files = Files.createDirectories(root.resolve("files/src")).getParent();
        Files.writeString(
                files.resolve("src/app.js"),
                "// The price of a cup\nconst price = 1;\nfunction label(cup) {\n  return cup.name + price;\n}\nmodule.exports = label;\n");
        Files.writeString(files.resolve("README.md"), "# Shop\n");
        GiteeService.commit(shop, files, "main", "First");
        controller.script(RealController.knowing("gitee", gitee.authority()));
        String answer = controller.script("""
                import com.cloudbees.plugins.credentials.*
                import com.cloudbees.plugins.credentials.domains.Domain
                import hudson.util.Secret
                import io.jenkins.plugins.minibuild.claude.*
                import io.jenkins.plugins.minibuild.codegen.*
                import jenkins.model.Jenkins
                import org.jenkinsci.plugins.plaincredentials.impl.*
                [['model-key', '%s'], ['gitee', '%s']].each { pair ->
                    SystemCredentialsProvider.instance.store.addCredentials(Domain.global(),
                        new StringCredentialsImpl(CredentialsScope.GLOBAL, pair[0], pair[0], Secret.fromString(pair[1])))
                }
                Jenkins.get().getDescriptorByType(ClaudeInstallation.DescriptorImpl).setInstallations(
                    new ClaudeInstallation('claude', '%s', []))
                def settings = ClaudeConfiguration.get()
                settings.apiKeyCredentialsId = 'model-key'
                settings.baseUrl = '%s'
                class Told extends io.jenkins.plugins.minibuild.step.BuildNewsListener {
                    void happened(hudson.model.Run run, io.jenkins.plugins.minibuild.step.BuildEvent event, Map facts) {
                        def action = run.getAction(CodegenAction)
                        System.setProperty('told', "${run.fullDisplayName} ${event} ${action.newsFacts()}")
                    }
                }
                hudson.ExtensionList.lookup(io.jenkins.plugins.minibuild.step.BuildNewsListener).add(new Told())
                print 'configured'
                """.formatted(
                        KEY, TOKEN, Path.of(System.getProperty("minibuild.npm")).toAbsolutePath(), model.url()));
        assertThat(answer).isEqualTo("configured");
    }

    @AfterAll
    static void stop() throws Exception {
        if (model != null) {
            model.close();
        }
        if (gitee != null) {
            gitee.close();
        }
        if (controller != null) {
            Files.createDirectories(PICTURES);
            Files.writeString(PICTURES.resolve("controller.log"), controller.log());
            controller.close();
        }
    }

    private static Turn edit(String before, String after) {
        return Turn.tool("Edit", Map.of("file_path", "src/app.js", "old_string", before, "new_string", after));
    }

    private static Turn read() {
        return Turn.tool("Read", Map.of("file_path", "src/app.js"));
    }

    /** Answers only when it is let. */
    private static Turn held(CountDownLatch gate, Turn then) {
        return answer -> {
            gate.await();
            then.answer(answer);
        };
    }

    private static String pipeline(String id, String more) {
        return """
                node('remote') {
                  def done = claudeCodegen(requirement: [title: 'Two <b>decimals</b>', id: '%s', description: 'Prices have two decimals'],
                      url: '%s', gitCredentialsId: 'gitee'%s)
                  echo "is on ${done.branch}, ${done.files.size()} files, pushed ${done.pushed}"
                }
                """.formatted(id, gitee.gitUrl("acme", "shop"), more);
    }

    private static String freestyle(String id, String node, String more) {
        return """
                <project>
                  %s
                  <builders>
                    <io.jenkins.plugins.minibuild.codegen.ClaudeCodegenBuilder plugin="mini-build">
                      <step>
                        <requirement><title>Two decimals</title><id>%s</id><description>Prices have two decimals</description></requirement>
                        <url>%s</url><gitCredentialsId>gitee</gitCredentialsId>%s
                      </step>
                    </io.jenkins.plugins.minibuild.codegen.ClaudeCodegenBuilder>
                  </builders>
                </project>
                """.formatted(
                        node.isEmpty()
                                ? "<canRoam>true</canRoam>"
                                : "<assignedNode>" + node + "</assignedNode><canRoam>false</canRoam>",
                        id,
                        gitee.gitUrl("acme", "shop"),
                        more);
    }

    private static void await(String what, Callable<Boolean> holds) throws Exception {
        Deadline deadline = Deadline.after(Duration.ofSeconds(60));
        while (!holds.call()) {
            assertThat(deadline.expired()).as(what).isFalse();
            Thread.sleep(100);
        }
    }

    @Test
    @Order(1)
    void aPipelineIsWatchedWhileItRunsAndAfterwards() throws Exception {
        assumeTrue(Browser.isInstalled(), "skipped: no Chromium");
        CountDownLatch gate = new CountDownLatch(1);
        model.script(
                Turn.reply()
                        .thinking("The price is a constant. <script>alert(1)</script>")
                        .text("I look at the code first.")
                        .tool("Read", Map.of("file_path", "src/app.js")),
                edit("  return cup.name + price;", "  return cup.name + ' ' + price.toFixed(2); // two decimals"),
                Turn.tool(
                        "Write",
                        Map.of("file_path", "src/app.test.js", "content", "test('label', () => {\n  // ok\n});\n")),
                Turn.tool("Bash", Map.of("command", "echo hello from bash; exit 3")),
                held(gate, Turn.text("Prices have two decimals.")));
        controller.createPipeline("watched", pipeline("7", ", checkCommand: 'grep -q toFixed src/app.js'"));
        int number = controller.start("watched");
        await(
                "the page",
                () -> controller
                                .get("job/watched/" + number + "/mini-build-claude/1/")
                                .statusCode()
                        == 200);
        try (Browser browser = Browser.open(controller, PICTURES, "en")) {
            browser.go("job/watched/" + number + "/mini-build-claude/1/");
            await("the command's end on the page", () -> browser.text().contains("hello from bash"));
            String text = browser.text();
            assertThat(text)
                    .contains(
                            "Two <b>decimals</b>",
                            "I look at the code first.",
                            "running",
                            "live",
                            "turns 4 of 50",
                            "+   return cup.name + ' ' + price.toFixed(2); // two decimals",
                            "Cancel")
                    .doesNotContain("alert(1)");
            assertThat(browser.one("[data-phase=generate]").getAttribute("data-state"))
                    .isEqualTo("running");
            assertThat(browser.one("[data-phase=prepare]").getAttribute("data-state"))
                    .isEqualTo("done");
            assertThat(browser.one("[data-tool=Bash]").getAttribute("data-failed"))
                    .isEqualTo("true");
            browser.picture("running-en");
            browser.one("[data-tab=claude-changes]").click();
            assertThat(browser.text())
                    .contains("2 files changed", "src/app.test.js +3 -0")
                    .doesNotContain("I look at the code first.");
            browser.picture("changes-running-en");
            browser.one("[data-tab=claude-stream]").click();

            gate.countDown();
            assertThat(controller.await("watched", number, Duration.ofSeconds(60)))
                    .as(controller.console("watched", number))
                    .isEqualTo("SUCCESS");

            // Without a reload of the page.
            await(
                    "the end on the page",
                    () -> browser.text().contains("Prices have two decimals.")
                            && browser.all("#claude-cancel").isEmpty());
            await("the phases", () -> browser.one("[data-phase=done]")
                    .getAttribute("data-state")
                    .equals("done"));
            await("the diff", () -> !browser.all("#claude-changes table").isEmpty());
            browser.picture("ended-en");
            browser.one("[data-tab=claude-changes]").click();
            assertThat(browser.text()).contains("2 files changed", "src/app.js", "+1 -1", "src/app.test.js", "+3 -0");
            assertThat(browser.all(".claude-add .claude-comment"))
                    .anyMatch(each -> each.getText().equals("// two decimals"));
            browser.picture("changes-inline-en");
            browser.one("#claude-changes button").click();
            assertThat(browser.all("#claude-changes table[data-side=true]")).hasSize(2);
            browser.picture("changes-side-en");
            browser.one("[data-tab=claude-prompt]").click();
            await("the prompt", () -> browser.text().contains("You are a senior developer"));
            browser.picture("prompt-en");
            browser.go("job/watched/" + number + "/");
            assertThat(browser.text()).contains("feature/req-7", "pushed", "2 files, +4 -1", "generate", "Claude");
            browser.picture("build-en");
            assertThat(browser.scriptErrors()).isEmpty();
        }
        assertThat(controller.console("watched", number))
                .contains("[3/7] generate", "[4/7] check", "[6/7] push", "is on feature/req-7, 2 files, pushed true");
        assertThat(GiteeService.output(shop, "show", "feature/req-7:src/app.js"))
                .contains("toFixed(2)");
        JsonNode api = controller.json("job/watched/" + number + "/api/json?depth=2");
        assertThat(api.findValue("branch").asText()).isEqualTo("feature/req-7");
        assertThat(controller.script("print System.getProperty('told')"))
                .startsWith("watched #1 CODEGEN_DONE [")
                .contains("branch:feature/req-7", "details:2 files, +4 -1; 5 turns, $0.01");
        assertThat(controller
                        .get("job/watched/" + number + "/mini-build-claude/1/raw")
                        .body())
                .contains("hello from bash");
    }

    @Test
    @Order(2)
    void aFreestyleJobRepairsAndItsRunsAreListedInChinese() throws Exception {
        model.script(
                read(),
                edit("price = 1", "price = 2"),
                // As the model names files.
                Turn.tool(
                        "Write",
                        Map.of(
                                "file_path",
                                controller
                                        .home()
                                        .resolve("workspace/free/src/说明 b/价格.md")
                                        .toString(),
                                "content",
                                "价格\n")),
                Turn.text("First."),
                edit("price = 2", "price = 3"),
                Turn.text("Second."));
        controller.createJob("free", freestyle("8", "", "<checkCommand>grep -q 'price = 3' src/app.js</checkCommand>"));

        assertThat(controller.build("free")).as(controller.console("free", 1)).isEqualTo("SUCCESS");

        assertThat(GiteeService.output(shop, "show", "feature/req-8:src/app.js"))
                .contains("price = 3");
        String page = "job/free/1/mini-build-claude/1/";
        String stream = controller.get(page + "stream").body();
        assertThat(stream).contains("event: state", "event: end").contains("\"seq\":1,");
        String place = stream.lines()
                .filter(line -> line.startsWith("id: "))
                .skip(2)
                .findFirst()
                .orElseThrow()
                .substring(4);
        // A browser that lost its connection says where it was; one that has to ask says it in the address.
        assertThat(controller
                        .get(page + "stream", Map.of("Last-Event-ID", place))
                        .body())
                .doesNotContain("\"seq\":3,")
                .contains("\"seq\":4,", "event: end");
        assertThat(controller
                        .json(page + "events?from=" + place)
                        .at("/events/0/seq")
                        .asInt())
                .isEqualTo(4);
        assumeTrue(Browser.isInstalled(), "skipped: no Chromium");
        try (Browser browser = Browser.open(controller, PICTURES, "zh-CN")) {
            browser.go("job/free/1/mini-build-claude/");
            assertThat(browser.text()).contains("#1", "#2", "完成", "轮次", "费用");
            browser.picture("list-zh");
            browser.go("job/free/1/mini-build-claude/1/");
            await("the stream", () -> browser.text().contains("First."));
            assertThat(browser.text())
                    .contains("src/说明 b/价格.md")
                    .doesNotContain(controller.home().toString());
            assertThat(browser.one("#claude-follow").isSelected()).isTrue();
            browser.key(Keys.PAGE_UP);
            assertThat(browser.one("#claude-follow").isSelected()).isFalse();
            browser.go("job/free/1/mini-build-claude/2/");
            await("the stream", () -> browser.text().contains("Second."));
            assertThat(browser.text()).contains("准备", "生成", "推送", "完成", "已用时", "跟随", "提示词", "全部运行");
            browser.picture("ended-zh");
            browser.one("[data-tab=claude-changes]").click();
            await("the diff", () -> browser.text().contains("2 个文件有改动"));
            assertThat(browser.text()).contains("src/说明 b/价格.md", "src/app.js");
            browser.picture("changes-zh");
            browser.go("job/free/1/");
            browser.picture("build-zh");
            assertThat(form(browser, "zh")).contains("中断时也推送已完成的部分", "允许修改的路径");
            assertThat(browser.scriptErrors()).isEmpty();
        }
        try (Browser browser = Browser.open(controller, PICTURES, "en")) {
            assertThat(form(browser, "en"))
                    .contains("Push also what a cap or an abort broke off", "Paths that may be changed");
        }
    }

    /** The words of the freestyle form, with all that it folds away. */
    private static String form(Browser browser, String language) throws Exception {
        browser.go("job/free/configure");
        browser.one("[name=\"_.checkCommand\"]");
        browser.script("document.querySelectorAll('.advanced-button, .advancedButton').forEach(b => b.click());"
                + "document.querySelector('[name=\"_.checkCommand\"]').scrollIntoView()");
        Thread.sleep(1200);
        browser.picture("form-" + language);
        return browser.text();
    }

    @Test
    @Order(3)
    void whoCancelsOnThePageKeepsTheWork() throws Exception {
        assumeTrue(Browser.isInstalled(), "skipped: no Chromium");
        model.script(read(), edit("price = 1", "price = 4"), Turn.silent());
        controller.createPipeline("cancelled", pipeline("9", ""));
        int number = controller.start("cancelled");
        await("the edit", () -> controller
                .get("job/cancelled/" + number + "/mini-build-claude/1/raw")
                .body()
                .contains("price = 4"));
        String page = "job/cancelled/" + number + "/mini-build-claude/1/";
        assertThat(controller
                        .as("reader", "reader-password-11", "POST", page + "cancel")
                        .statusCode())
                .isEqualTo(403);
        assertThat(controller
                        .as(RealController.USER, RealController.PASSWORD, "GET", page + "cancel")
                        .statusCode())
                .isIn(404, 405);
        try (Browser browser = Browser.open(controller, PICTURES, "en")) {
            browser.go(page);
            browser.one("#claude-cancel").click();
            browser.one("dialog [data-id=ok]").click();
            assertThat(controller.await("cancelled", number, Duration.ofSeconds(60)))
                    .isEqualTo("FAILURE");
            await("the state", () -> browser.one("#claude-state").getText().equals("cancelled"));
            browser.picture("cancelled-en");
        }
        assertThat(controller
                        .get("job/cancelled/" + number + "/artifact/mini-build/codegen.patch")
                        .body())
                .contains("+const price = 4;");
    }

    @Test
    @Order(4)
    void anAgentThatGoesAwayAndComesBackLosesNeitherEventsNorWork() throws Exception {
        assertThat(controller.script("""
                import io.jenkins.plugins.minibuild.limits.*
                def jenkins = jenkins.model.Jenkins.get()
                jenkins.getNode('remote').numExecutors = 3
                jenkins.nodes = jenkins.nodes
                LimitsConfiguration.get().setPools([new SlotPoolConfiguration('claude', 3)])
                print jenkins.getComputer('remote').numExecutors
                """)).isEqualTo("3");
        controller.createPipeline("gone", pipeline("20", ""));
        controller.createPipeline(
                "gone-on",
                "catchError {\n" + pipeline("21", "") + "}\ninput(id: 'Go', message: 'The agent may be back')");
        controller.createJob("gone-free", freestyle("22", "remote", ""));
        Map<String, String> jobs = Map.of("gone", "price = 20", "gone-on", "price = 21", "gone-free", "price = 22");
        Map<String, String> before = new TreeMap<>();
        for (String job : jobs.keySet()) {
            model.script(read(), edit("price = 1", jobs.get(job)));
            model.always(Turn.silent());
            controller.start(job);
            awaitEdit(job, jobs.get(job));
            before.put(
                    job,
                    controller.get("job/" + job + "/1/mini-build-claude/1/raw").body());
        }
        List<ProcessHandle> processes = agent.descendants().toList();
        assertThat(processes.stream()
                        .filter(each -> each.info().command().orElse("").endsWith("/claude")))
                .hasSize(3);

        agent.destroyForcibly().waitFor();

        await("the end of " + processes, () -> processes.stream().noneMatch(ProcessHandle::isAlive));
        for (String job : List.of("gone", "gone-free")) {
            assertThat(controller.await(job, 1, Duration.ofMinutes(1))).isEqualTo("FAILURE");
        }
        controller.awaitConsole("gone-on", 1, "The agent may be back");
        for (String job : jobs.keySet()) {
            assertThat(controller.console(job, 1))
                    .as(job)
                    .contains(
                            "Lost the connection to the agent while it ran claude",
                            "is kept as the artifact mini-build/codegen.patch when the agent is back")
                    .doesNotContain("\tat ");
        }
        agent = controller.startAgent();
        for (String job : List.of("gone", "gone-free")) {
            awaitKept(job);
        }
        // That build may still work there.
        assertThat(controller.console("gone-on", 1)).doesNotContain("The work so far");
        controller.post("job/gone-on/1/input/Go/proceedEmpty", Map.of());
        assertThat(controller.await("gone-on", 1, Duration.ofMinutes(1))).isEqualTo("FAILURE");
        awaitKept("gone-on");

        for (String job : jobs.keySet()) {
            assertThat(controller
                            .get("job/" + job + "/1/artifact/mini-build/codegen.patch")
                            .body())
                    .contains("-const price = 1;", "+const " + jobs.get(job) + ";");
            JsonNode state = controller.json("job/" + job + "/1/mini-build-claude/1/state");
            assertThat(state.get("state").asText()).isEqualTo("failed");
            assertThat(state.get("message").asText()).contains("Lost the connection to the agent");
            assertThat(storedWithoutGap(job)).startsWith(before.get(job));
        }
        awaitNoNotes();
        assertThat(GiteeService.output(shop, "for-each-ref", "--format=%(refname:short)"))
                .doesNotContain("req-20", "req-21", "req-22");
        assumeTrue(Browser.isInstalled(), "skipped: no Chromium");
        try (Browser browser = Browser.open(controller, PICTURES, "en")) {
            browser.go("job/gone/1/mini-build-claude/1/");
            browser.one("#claude-changes details");
            browser.picture("agent-gone-en");
            assertThat(browser.text()).contains("Lost the connection to the agent");
            assertThat(browser.one("#claude-count").getText()).isEqualTo("(1)");
        }
    }

    private static void awaitKept(String job) throws Exception {
        await("the work of " + job, () -> rescueLog(job).contains("The work so far (1 files) is kept"));
        assertThat(rescueLog(job)).containsOnlyOnce("The agent 'remote' is back");
    }

    /** What the build's page says of the code that the build left; empty for nothing. */
    private static String rescueLog(String job) throws Exception {
        for (JsonNode action : controller.json("job/" + job + "/1/api/json").get("actions")) {
            if (action.path("_class").asText().endsWith("CodegenRescueAction")) {
                return action.get("text").asText();
            }
        }
        return "";
    }

    private static void awaitNoNotes() throws Exception {
        Deadline deadline = Deadline.after(Duration.ofSeconds(30));
        List<String> notes;
        do {
            Thread.sleep(100);
            notes = new ArrayList<>();
            try (var left = Files.newDirectoryStream(controller.home().resolve("mini-build/codegen-open"))) {
                for (Path note : left) {
                    String text = Files.readString(note);
                    // A build that was in the queue when Jenkins stored it last is started again after a crash.
                    if (text.contains("#1\"")) {
                        notes.add(text);
                    }
                }
            }
        } while (!notes.isEmpty() && !deadline.expired());
        assertThat(notes).isEmpty();
    }

    /** All stored events of a run. */
    private static String storedWithoutGap(String job) throws Exception {
        String events =
                controller.get("job/" + job + "/1/mini-build-claude/1/raw").body();
        List<Integer> numbers = new ArrayList<>();
        for (String line : events.lines().toList()) {
            numbers.add(JSON.readTree(line).get("seq").asInt());
        }
        assertThat(numbers)
                .isEqualTo(IntStream.range(numbers.get(0), numbers.get(0) + numbers.size())
                        .boxed()
                        .toList());
        return events;
    }

    @Test
    @Order(5)
    void aKilledControllerLosesNeitherEventsNorWork() throws Exception {
        model.script(read(), edit("price = 1", "price = 5"));
        model.always(Turn.silent());
        controller.createPipeline("killed", pipeline("10", ""));
        int number = controller.start("killed");
        awaitEdit("killed", "price = 5");
        model.script(read(), edit("price = 1", "price = 6"));
        controller.createJob("killed-free", freestyle("11", "built-in", ""));
        controller.start("killed-free");
        awaitEdit("killed-free", "price = 6");
        String before = controller.get("job/killed/1/mini-build-claude/1/raw").body();
        List<ProcessHandle> commands = claudes();
        assertThat(commands).hasSizeGreaterThanOrEqualTo(2);

        controller.crash();
        // The agent of the test does not connect again by itself: it ends when the connection breaks.
        await("the end of " + commands, () -> commands.stream().noneMatch(ProcessHandle::isAlive));
        controller.restart();
        agent = controller.startAgent();

        assertThat(controller.await("killed", number, Duration.ofMinutes(2))).isEqualTo("FAILURE");
        await("the word on it", () -> rescueLog("killed-free").contains("codegen.patch"));
        for (String job : List.of("killed", "killed-free")) {
            // A Pipeline resumes and says it in its own log; a freestyle build has ended.
            assertThat(job.equals("killed") ? controller.console(job, 1) : rescueLog(job))
                    .as(job)
                    .contains(
                            "Jenkins was ended while the code was being written", "The work so far (1 files) is kept");
            assertThat(controller
                            .get("job/" + job + "/1/artifact/mini-build/codegen.patch")
                            .body())
                    .contains("-const price = 1;", job.equals("killed") ? "+const price = 5;" : "+const price = 6;");
            assertThat(controller
                            .json("job/" + job + "/1/mini-build-claude/1/state")
                            .get("state")
                            .asText())
                    .isEqualTo("lost");
        }
        assertThat(controller.json("job/killed-free/1/api/json").get("result").asText())
                .isIn("FAILURE", "ABORTED");
        assertThat(storedWithoutGap("killed")).startsWith(before);
        awaitNoNotes();
        assertThat(GiteeService.output(shop, "for-each-ref", "--format=%(refname:short)"))
                .doesNotContain("req-10", "req-11");
        assertThat(RealController.filesWith(KEY, controller.home(), controller.agentHome()))
                .isEmpty();
        assertThat(RealController.filesWith(TOKEN, controller.home(), controller.agentHome()))
                .isEmpty();
        assumeTrue(Browser.isInstalled(), "skipped: no Chromium");
        try (Browser browser = Browser.open(controller, PICTURES, "en")) {
            browser.go("job/killed/1/mini-build-claude/1/");
            await("the events", () -> browser.text().contains("+ price = 5"));
            assertThat(browser.text()).contains("ended by a restart of the controller");
            browser.picture("lost-en");
        }
    }

    private static void awaitEdit(String job, String text) throws Exception {
        Deadline deadline = Deadline.after(Duration.ofSeconds(90));
        String events = "";
        while (!(events.contains(text) && events.contains("has been updated"))) {
            assertThat(deadline.expired())
                    .as(() -> "the edit of " + job + "\n" + console(job))
                    .isFalse();
            Thread.sleep(100);
            events = controller.get("job/" + job + "/1/mini-build-claude/1/raw").body();
        }
        // Only then is the script free for another job: the request behind the edit would take its first turn.
        await("the request behind the edit of " + job, () -> model.requests().stream()
                .map(request -> request.body().toString())
                .anyMatch(body -> body.contains(text) && body.contains("has been updated")));
    }

    private static String console(String job) {
        try {
            return controller.console(job, 1);
        } catch (Exception e) {
            return e.toString();
        }
    }

    private static List<ProcessHandle> claudes() {
        return ProcessHandle.current()
                .descendants()
                .filter(process -> process.info().command().orElse("").endsWith("/claude"))
                .toList();
    }

    private static JsonNode review(String job, int number) throws Exception {
        String state = "job/" + job + "/1/mini-build-approval/" + number + "/state";
        await("review " + number, () -> {
            assertThat(controller.console(job, 1)).doesNotContain("Finished:");
            return controller.get(state).statusCode() == 200;
        });
        return controller.json(state);
    }

    private static int verdict(String job, int number, String verdict, String sha) throws Exception {
        return controller
                .as(
                        RealController.USER,
                        RealController.PASSWORD,
                        "POST",
                        "job/" + job + "/1/mini-build-approval/" + number + "/verdict?verdict=" + verdict
                                + "&comment=again&diffSha256=" + sha,
                        "Accept",
                        "application/json")
                .statusCode();
    }

    /** The first round is harmless and sent back, the second one is not; the build plants an artifact in which it is harmless still. */
    @Test
    @Order(5)
    void peopleAreShownTheWholeBranchAfterASecondRoundAndOnlyWhatTheyApprovedIsOffered() throws Exception {
        Path gate = root.resolve("gate");
        model.script(
                read(),
                Turn.tool("Write", Map.of("file_path", "src/one.js", "content", "harmless()\n")),
                Turn.text("One."),
                read(),
                Turn.tool("Write", Map.of("file_path", "src/two.js", "content", "evil()\n")),
                Turn.text("Two."));
        String generate =
                "claudeCodegen requirement: [title: 'Two rounds', id: '77', description: 'x'], url: '%s', gitCredentialsId: 'gitee'"
                        .formatted(gitee.gitUrl("acme", "shop"));
        controller.createPipeline("rounds", """
                node('remote') { %1$s }
                echo "first: ${humanReview(fourEyes: false).verdict}"
                node('remote') {
                  %1$s
                  sh 'mkdir -p mini-build && echo "+harmless()" > mini-build/codegen.patch && cp mini-build/codegen.patch mini-build/codegen-2.patch'
                  archiveArtifacts 'mini-build/*.patch'
                }
                echo "second: ${humanReview(fourEyes: false).verdict}"
                node {
                  sh 'while [ ! -e %2$s ]; do sleep 0.2; done'
                  createMergeRequest credentialsId: 'gitee', target: 'main', title: 'Two rounds'
                }
                """.formatted(generate, gate));
        controller.start("rounds");
        String first = review("rounds", 1).path("diffSha256").asText();
        assertThat(controller.get("job/rounds/1/mini-build-approval/1/").body())
                .contains("harmless()")
                .doesNotContain("evil()");
        assertThat(verdict("rounds", 1, "needsRevision", first)).isEqualTo(200);

        JsonNode second = review("rounds", 2);
        assertThat(controller.get("job/rounds/1/mini-build-approval/2/").body()).contains("harmless()", "evil()");
        assertThat(second.path("change").path("headCommit").asText())
                .isEqualTo(GiteeService.output(shop, "rev-parse", "feature/req-77"));
        assertThat(verdict("rounds", 2, "approve", first))
                .as("what was shown in the first round")
                .isEqualTo(409);
        assertThat(verdict("rounds", 2, "approve", second.path("diffSha256").asText()))
                .isEqualTo(200);
        controller.awaitConsole("rounds", 1, "second: approved");

        Path files = Files.createDirectories(root.resolve("sneaked"));
        Files.writeString(files.resolve("three.js"), "worse()\n");
        GiteeService.commit(shop, files, "feature/req-77", "after the approval");
        Files.createFile(gate);
        assertThat(controller.await("rounds", 1, Duration.ofMinutes(2)))
                .as(controller.console("rounds", 1))
                .isEqualTo("FAILURE");
        assertThat(controller.console("rounds", 1))
                .contains(second.path("change").path("headCommit").asText());
        assertThat(gitee.mergeRequests("acme", "shop")).isEmpty();
    }
}
