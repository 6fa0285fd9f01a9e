package io.jenkins.plugins.minibuild.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.minibuild.standin.ModelService;
import io.jenkins.plugins.minibuild.standin.ModelService.Turn;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The claude command on a real controller and its agent, against the stand-in of the model's service. Skipped without a controller. */
@Timeout(400)
@NeedsController
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ClaudeControllerIT {
    private static final String KEY = "sk-controller-5e1b77c0";
    private static final Path PICTURES = Path.of("target", "controller-claude");
    private static final Turn REPORT = Turn.tool(
            "StructuredOutput",
            Map.of(
                    "modules", List.of(Map.of("path", "src", "description", "the <b>shop</b>", "files", 1)),
                    "techStack", List.of("JavaScript"),
                    "entryPoints", List.of("src/app.js"),
                    "directoryStructure", List.of(Map.of("path", "src", "purpose", "code")),
                    "codeStyle", Map.of("naming", "camelCase", "errorHandling", "none", "testFramework", "none"),
                    "buildCommands", List.of("npm run build"),
                    "testCommands", List.of()));

    @TempDir
    static Path root;

    private static RealController controller;
    private static ModelService model;

    @BeforeAll
    static void boot() throws Exception {
        controller = RealController.start(root);
        controller.startAgent();
        model = ModelService.start();
        configure(controller, model, KEY);
        assertThat(controller.script("""
                import io.jenkins.plugins.minibuild.claude.*
                def settings = ClaudeConfiguration.get()
                settings.dailyBudgetUsd = 5
                settings.folderBudgets = [new ClaudeFolderBudgetConfiguration('/team/', 1)]
                print 'limited'
                """)).isEqualTo("limited");
    }

    /** Gives a controller the command, its key and its service, as an admin would by hand; over HTTP, so that no secret is in a file of ours. */
    static void configure(RealController target, ModelService service, String key) throws Exception {
        String answer = target.script(
                """
                import com.cloudbees.plugins.credentials.*
                import com.cloudbees.plugins.credentials.domains.Domain
                import hudson.util.Secret
                import io.jenkins.plugins.minibuild.claude.*
                import jenkins.model.Jenkins
                import org.jenkinsci.plugins.plaincredentials.impl.*
                SystemCredentialsProvider.instance.store.addCredentials(Domain.global(),
                    new StringCredentialsImpl(CredentialsScope.GLOBAL, 'model-key', 'Model', Secret.fromString('%s')))
                Jenkins.get().getDescriptorByType(ClaudeInstallation.DescriptorImpl).setInstallations(
                    new ClaudeInstallation('claude', '%s', []))
                def settings = ClaudeConfiguration.get()
                settings.apiKeyCredentialsId = 'model-key'
                settings.baseUrl = '%s'
                print 'configured'
                """.formatted(key, Path.of(System.getProperty("minibuild.npm")).toAbsolutePath(), service.url()));
        assertThat(answer).isEqualTo("configured");
    }

    @AfterAll
    static void stop() throws Exception {
        if (model != null) {
            model.close();
        }
        if (controller != null) {
            Files.createDirectories(PICTURES);
            Files.writeString(PICTURES.resolve("controller.log"), controller.log());
            controller.close();
        }
    }

    @Test
    @Order(1)
    void aPipelineOnAnAgentGetsTheProfileAndThePageShowsIt() throws Exception {
        controller.createPipeline("shop", """
                node('remote') {
                  sh 'rm -rf code && mkdir -p code/src && cd code && echo "const a = 1" > src/app.js && git init -q -b main . && git add . && GIT_AUTHOR_DATE=1700000000+0000 GIT_COMMITTER_DATE=1700000000+0000 git -c user.name=a -c user.email=a@b.c commit -qm first'
                  def profile = analyzeRepository(directory: 'code')
                  echo "modules ${profile.modules*.path}, ${profile.turns} turns, cached ${profile.cached}"
                }
                """);
        model.script(Turn.tool("Read", Map.of("file_path", "src/app.js")), REPORT);

        assertThat(controller.build("shop")).as(controller.console("shop", 1)).isEqualTo("SUCCESS");
        assertThat(controller.console("shop", 1))
                .contains("Claude Code 2.1.197", "reading src/app.js", "modules [src], 2 turns, cached false");
        assertThat(controller.build("shop")).isEqualTo("SUCCESS");
        assertThat(controller.console("shop", 2)).contains("comes from an earlier build", "0 turns, cached true");
        assertThat(controller
                        .get("job/shop/1/artifact/claude/repository-profile.json")
                        .body())
                .contains("\"npm run build\"");
        JsonNode api = controller.json("job/shop/1/api/json?depth=2");
        assertThat(api.findValue("artifact").asText()).isEqualTo("claude/repository-profile.json");
        Path stored = controller.home().resolve("jobs/shop/builds/1/mini-build/claude-1");
        assertThat(stored.resolve("events.jsonl")).exists();
        assertThat(Files.readString(stored.resolve("run.json"))).contains("\"state\":\"done\"");
        assertThat(RealController.filesWith(KEY, controller.home(), controller.agentHome()))
                .isEmpty();
    }

    @Test
    @Order(2)
    void aFreestyleJobAnalyzesToo() throws Exception {
        controller.createJob("free", """
                <project>
                  <builders>
                    <hudson.tasks.Shell><command>echo "const a = 1" &gt; app.js</command></hudson.tasks.Shell>
                    <io.jenkins.plugins.minibuild.analysis.AnalyzeRepositoryBuilder plugin="mini-build">
                      <step><maxTurns>5</maxTurns></step>
                    </io.jenkins.plugins.minibuild.analysis.AnalyzeRepositoryBuilder>
                  </builders>
                </project>
                """);
        model.script(REPORT);

        assertThat(controller.build("free")).as(controller.console("free", 1)).isEqualTo("SUCCESS");
        assertThat(controller
                        .json("job/free/1/api/json?depth=2")
                        .findValue("turns")
                        .asInt())
                .isEqualTo(1);
    }

    @Test
    @Order(3)
    void anAbortedBuildEndsTheCommand() throws Exception {
        controller.createPipeline(
                "slow", "node('remote') { writeFile file: 'a', text: ''; analyzeRepository(cache: false) }");
        int before = model.requests().size();
        model.script(Turn.silent());
        int number = controller.start("slow");
        long limit = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (model.requests().size() == before && System.nanoTime() < limit) {
            Thread.sleep(200);
        }
        controller.post("job/slow/" + number + "/stop", Map.of());

        assertThat(controller.await("slow", number, Duration.ofSeconds(30))).isEqualTo("ABORTED");
        assertThat(ProcessHandle.allProcesses()
                        .filter(process -> process.info().command().orElse("").endsWith("/claude"))
                        .filter(process -> process.info()
                                .arguments()
                                .map(List::of)
                                .orElse(List.of())
                                .contains("stream-json"))
                        .filter(process -> ProcessHandle.current().descendants().anyMatch(process::equals)))
                .isEmpty();
        assertThat(Files.readString(
                        controller.home().resolve("jobs/slow/builds/" + number + "/mini-build/claude-1/run.json")))
                .contains("\"state\":\"aborted\"");
    }

    @Test
    @Order(4)
    void theSettingsAreExportedAndLoadedBack() throws Exception {
        String yaml =
                controller.post("manage/configuration-as-code/export", Map.of()).body();
        assertThat(yaml)
                .contains(
                        "miniBuildClaude:",
                        "apiKeyCredentialsId: \"model-key\"",
                        "dailyBudgetUsd: \"5.0\"",
                        "folder: \"team\"");
        String loaded = controller.script("""
                import io.jenkins.plugins.casc.*
                import io.jenkins.plugins.minibuild.claude.ClaudeConfiguration
                def file = File.createTempFile('mini', '.yaml')
                file.text = '''
                unclassified:
                  miniBuildClaude:
                    apiKeyCredentialsId: "model-key"
                    baseUrl: "%s"
                    dailyBudgetUsd: 50
                    folderBudgets:
                      - folder: "team/shop"
                        dailyBudgetUsd: 10
                '''.stripIndent()
                ConfigurationAsCode.get().configure(file.path)
                file.delete()
                def settings = ClaudeConfiguration.get()
                print "${settings.dailyBudgetUsd} ${settings.folderBudgets*.folder} ${settings.folderBudgets*.dailyBudgetUsd}"
                """.formatted(model.url()));
        assertThat(loaded).isEqualTo("50.0 [team/shop] [10.0]");
    }

    @Test
    @Order(5)
    void theSnippetGeneratorLeavesDefaultsOut() throws Exception {
        String form = """
                {"stapler-class": "%1$s", "$class": "%1$s", "directory": "%2$s", "apiKeyCredentialsId": "", "model": "",
                 "maxTurns": "40", "timeoutMinutes": "10", "maxBudgetUsd": "2.0", "maxOutputMb": "50", "retries": "1",
                 "baseUrl": "", "claudeTool": "", "trustRepository": false, "cache": %3$s}
                """;
        String step = "io.jenkins.plugins.minibuild.analysis.AnalyzeRepositoryStep";
        String generator = "job/shop/pipeline-syntax/generateSnippet";

        assertThat(controller
                        .post(generator, Map.of("json", form.formatted(step, "", "true")))
                        .body())
                .contains("analyzeRepository()");
        assertThat(controller
                        .post(generator, Map.of("json", form.formatted(step, "code", "false")))
                        .body())
                .contains("analyzeRepository cache: false, directory: 'code'");
    }

    /** Whatever a list of a step's form does not have, and a few fields beside them: the person reads a sentence, no exception of Java. */
    @ParameterizedTest
    @Order(5)
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            analysis.AnalyzeRepositoryStep    | "sandbox": "maybe"
            review.AiReviewStep               | "language": "?!"
            review.AiReviewStep               | "failOn": "worst"
            review.AiReviewStep               | "sandbox": "maybe"
            codegen.ClaudeCodegenStep         | "sandbox": "maybe"
            codegen.ClaudeCodegenStep         | "maxTurns": "abc"
            merge.CreateMergeRequestStep      | "requireApproval": "maybe"
            miniprogram.MiniprogramUploadStep | "setting": "es6"
            miniprogram.MiniprogramUploadStep | "type": "game"
            miniprogram.MiniprogramUploadStep | "appType": "flutter"
            miniprogram.MiniprogramUploadStep | "install": "perhaps"
            miniprogram.MiniprogramUploadStep | "npm": "perhaps"
            miniprogram.MiniprogramUploadStep | "autoVersion": "next"
            miniprogram.MiniprogramPreviewStep | "setting": "es6"
            miniprogram.MiniprogramPreviewStep | "qrcodeFormat": "svg"
            notify.MiniBuildNotifyStep        | "event": "party"
            """)
    void theSnippetGeneratorRefusesInASentence(String step, String field) throws Exception {
        String type = "io.jenkins.plugins.minibuild." + step;
        String body = controller
                .post(
                        "job/shop/pipeline-syntax/generateSnippet",
                        Map.of(
                                "json",
                                "{\"stapler-class\": \"%s\", \"$class\": \"%s\", %s}".formatted(type, type, field)))
                .body()
                .strip();
        assertThat(body)
                .isNotEmpty()
                .doesNotContain(
                        "Exception", "LinkageError", "\tat ", "<html", type.substring(type.lastIndexOf('.') + 1))
                .containsPattern("^\\S+ \\S+ \\S+");
    }

    @Test
    @Order(6)
    void thePagesAreReadableInBothLanguages() throws Exception {
        assumeTrue(Browser.isInstalled(), "skipped: no Chromium");
        try (Browser browser = Browser.open(controller, PICTURES, "en")) {
            browser.go("job/shop/1/");
            assertThat(browser.text()).contains("Repository profile", "the <b>shop</b>", "2 turns", "JavaScript");
            browser.script("document.querySelectorAll('details').forEach(d => d.open = true)");
            browser.picture("build-en");
            browser.go("manage/configure");
            assertThat(browser.text()).contains("Mini Build: Claude", "US dollars a day");
            browser.script("[...document.querySelectorAll('.jenkins-section__title')]"
                    + ".find(e => e.textContent.includes('Mini Build: Claude')).scrollIntoView()");
            Thread.sleep(800);
            browser.picture("configure-en");
            browser.go("job/free/configure");
            browser.one("[name=\"_.apiKeyCredentialsId\"]");
            browser.script("document.querySelectorAll('.advanced-button, .advancedButton').forEach(b => b.click());"
                    + "document.querySelector('[name=\"_.apiKeyCredentialsId\"]').scrollIntoView()");
            Thread.sleep(1200);
            browser.picture("freestyle-en");
            assertThat(browser.scriptErrors()).isEmpty();
        }
        try (Browser browser = Browser.open(controller, PICTURES, "zh-CN")) {
            browser.go("job/shop/2/");
            assertThat(browser.text()).contains("仓库画像", "来自之前的构建", "技术栈");
            browser.picture("build-zh");
            browser.go("job/free/configure");
            browser.one("[name=\"_.apiKeyCredentialsId\"]");
            browser.script("document.querySelectorAll('.advanced-button, .advancedButton').forEach(b => b.click());"
                    + "document.querySelector('[name=\"_.apiKeyCredentialsId\"]').scrollIntoView()");
            Thread.sleep(1200);
            assertThat(browser.text()).contains("用 Claude 分析仓库", "最高花费");
            browser.picture("freestyle-zh");
        }
    }
}
