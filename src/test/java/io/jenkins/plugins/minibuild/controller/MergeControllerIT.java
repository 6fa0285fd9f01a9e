package io.jenkins.plugins.minibuild.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jenkins.plugins.minibuild.process.Deadline;
import io.jenkins.plugins.minibuild.standin.ChatService;
import io.jenkins.plugins.minibuild.standin.Eavesdropper;
import io.jenkins.plugins.minibuild.standin.GiteeService;
import io.jenkins.plugins.minibuild.standin.ModelService;
import io.jenkins.plugins.minibuild.standin.ModelService.Turn;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;

/**
 * From a requirement to a merge request on a real controller, which crashes while people are asked; with the real claude command and stand-ins of the
 * model's service, Gitee and WeCom. Skipped without a controller.
 */
@Timeout(600)
@NeedsController
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class MergeControllerIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path ROOT = Path.of("target", "controller-merge").toAbsolutePath();
    private static final Path PICTURES = ROOT.resolve("pictures");
    private static final String TOKEN = "f3c1a9b8e7d6f5c4b3a2918070605040";
    private static final String KEY = "sk-controller-5e1b77c0";
    private static final String PASSWORD = "people-password-42";
    private static final String APPROVAL = "mini-build-approval/";

    private static RealController controller;
    private static ModelService model;
    private static GiteeService gitee;
    private static ChatService chat;

    @BeforeAll
    static void boot() throws Exception {
        controller = RealController.start(ROOT);
        model = ModelService.start();
        chat = ChatService.start(Clock.systemUTC());
        gitee = GiteeService.start(ROOT.resolve("gitee"));
        gitee.addToken(TOKEN, "acme", "projects", "pull_requests");
        Path shop = gitee.createRepository("acme", "shop", true);
        Path files = Files.createDirectories(ROOT.resolve("files/src"));
        Files.writeString(files.resolve("app.js"), "const price = 3.5;\nshow(price);\n");
        GiteeService.commit(shop, files.getParent(), "main", "first");
        ClaudeControllerIT.configure(controller, model, KEY);
        String answer = controller.script("""
                import com.cloudbees.plugins.credentials.*
                import com.cloudbees.plugins.credentials.domains.*
                import hudson.model.Item
                import hudson.util.Secret
                import io.jenkins.plugins.minibuild.access.PermissionsAdapter
                import jenkins.model.Jenkins
                import org.jenkinsci.plugins.matrixauth.PermissionEntry
                import org.jenkinsci.plugins.plaincredentials.impl.*
                def store = SystemCredentialsProvider.instance.store
                def add = { domain, id, secret -> store.addCredentials(domain,
                    new StringCredentialsImpl(CredentialsScope.GLOBAL, id, id, Secret.fromString(secret))) }
                add(Domain.global(), 'gitee-token', '%s')
                add(Domain.global(), 'wecom-url', '%s')
                def domain = new Domain('gitee.com only', '', [new HostnameSpecification('gitee.com', '')])
                store.addDomain(domain)
                add(domain, 'gitee-com-only', '%s')
                def jenkins = Jenkins.get()
                ['li', 'wang', 'zhang'].each {
                    jenkins.securityRealm.createAccount(it, '%s')
                    jenkins.authorizationStrategy.add(Jenkins.READ, PermissionEntry.user(it))
                    jenkins.authorizationStrategy.add(Item.READ, PermissionEntry.user(it))
                }
                jenkins.authorizationStrategy.add(Item.BUILD, PermissionEntry.user('zhang'))
                jenkins.authorizationStrategy.add(PermissionsAdapter.REVIEW, PermissionEntry.user('li'))
                jenkins.authorizationStrategy.add(PermissionsAdapter.REVIEW, PermissionEntry.user('wang'))
                jenkins.authorizationStrategy.add(PermissionsAdapter.VIEW_CODE, PermissionEntry.user('reader'))
                jenkins.save()
                print 'configured'
                """.formatted(TOKEN, chat.weComUrl(), TOKEN, PASSWORD));
        assertThat(answer).isEqualTo("configured");
        assertThat(controller.script(
                        """
                def file = File.createTempFile('mini', '.yaml')
                file.text = '''
                unclassified:
                  miniBuildNotify:
                    destinations: "CHAT"
                    channels:
                    - weCom:
                        name: "team"
                        urlCredentialsId: "wecom-url"
                  miniBuildForges:
                    forges:
                    - name: "stand-in"
                      kind: "gitee"
                      webAddress: "GITEE"
                      plainHttp: true
                '''.stripIndent()
                io.jenkins.plugins.casc.ConfigurationAsCode.get().configure(file.path)
                file.delete()
                print 'loaded'
                """.replace("GITEE", "http://" + gitee.authority()).replace("CHAT", chat.base())))
                .isEqualTo("loaded");
    }

    @AfterAll
    static void stop() throws Exception {
        for (AutoCloseable each : new AutoCloseable[] {model, gitee, chat}) {
            if (each != null) {
                each.close();
            }
        }
        if (controller != null) {
            controller.close();
        }
    }

    private static String example() throws IOException {
        return Files.readString(Path.of("docs/examples/merge/Jenkinsfile"))
                .replace("https://gitee.com/your-team/shop.git", gitee.gitUrl("acme", "shop"));
    }

    private static Turn edit(String before, String after) {
        return Turn.tool("Edit", Map.of("file_path", "src/app.js", "old_string", before, "new_string", after));
    }

    private static Turn report(int score, String snippet, String problem) {
        Map<String, Object> finding = new LinkedHashMap<>();
        finding.put("severity", "error");
        finding.put("category", "quality");
        finding.put("file", "src/app.js");
        finding.put("fromLine", 2);
        finding.put("toLine", 2);
        finding.put("snippet", snippet);
        finding.put("problem", problem);
        finding.put("suggestion", "Use a constant.");
        Map<String, Object> verdicts = new LinkedHashMap<>();
        for (String each : new String[] {"quality", "security", "error handling", "style", "tests"}) {
            verdicts.put(each, Map.of("passed", true, "comment", ""));
        }
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("score", score);
        answer.put("summary", "Rounds <b>prices</b>.");
        answer.put("findings", List.of(finding));
        answer.put("verdicts", verdicts);
        return Turn.tool("StructuredOutput", answer);
    }

    private static String page(String job, int review) {
        return "job/" + job + "/1/" + APPROVAL + review + "/";
    }

    /** The review once somebody is asked. */
    private static JsonNode awaitReview(String job, int review) throws Exception {
        Deadline deadline = Deadline.after(Duration.ofMinutes(3));
        while (controller.get(page(job, review) + "state").statusCode() != 200) {
            if (deadline.expired()
                    || !controller
                            .json("job/" + job + "/1/api/json")
                            .get("building")
                            .asBoolean()) {
                throw new AssertionError(controller.console(job, 1));
            }
            Thread.sleep(300);
        }
        return controller.json(page(job, review) + "state");
    }

    private static HttpResponse<String> verdict(
            String user, String job, int review, String verdict, String comment, String sha) throws Exception {
        String password = user == null || user.equals("admin") ? RealController.PASSWORD : PASSWORD;
        return controller.as(
                user,
                user != null && user.equals("reader") ? "reader-password-11" : password,
                "POST",
                page(job, review) + "verdict?verdict=" + verdict + "&comment="
                        + URLEncoder.encode(comment, StandardCharsets.UTF_8) + "&diffSha256=" + sha,
                "Accept",
                "application/json");
    }

    @Test
    @Order(1)
    void aRequirementBecomesAMergeRequestThatPeopleHaveApprovedAlthoughTheControllerCrashesMeanwhile()
            throws Exception {
        controller.createPipeline("path", example());
        model.script(
                Turn.tool("Read", Map.of("file_path", "src/app.js")),
                edit("show(price)", "show(price.toFixed(2))"),
                Turn.text("Prices have two decimals."),
                report(60, "show(price.toFixed(2));", "<script>alert(1)</script> A bare 2."));
        controller.start("path");
        JsonNode asked = awaitReview("path", 1);
        String sha = asked.get("diffSha256").asText();
        controller.awaitConsole("path", 1, "No executor is held");

        assertThat(asked.get("waiting").asBoolean()).isTrue();
        assertThat(asked.get("commit").asText())
                .isEqualTo(GiteeService.output(
                        ROOT.resolve("gitee/acme/shop.git"), "rev-parse", "refs/heads/feature/req-7"));
        assertThat(controller.json("computer/api/json").get("busyExecutors").asInt())
                .isZero();
        refusals(sha);

        controller.crash();
        controller.restart();
        asked = awaitReview("path", 1);
        assertThat(asked.get("waiting").asBoolean()).isTrue();
        assertThat(asked.get("diffSha256").asText()).isEqualTo(sha);
        pictures();

        model.script(
                Turn.tool("Read", Map.of("file_path", "src/app.js")),
                edit("toFixed(2)", "toFixed(DECIMALS)"),
                edit("const price = 3.5;", "const DECIMALS = 2; const price = 3.5;"),
                Turn.text("The number has a name."),
                report(95, "show(price.toFixed(DECIMALS));", "Only a remark."));
        HttpResponse<String> revision = verdict("li", "path", 1, "needsRevision", "name the number", sha);
        assertThat(revision.statusCode()).as(revision.body()).isEqualTo(200);
        assertThat(JSON.readTree(revision.body()).get("state").asText()).isEqualTo("needsRevision");

        JsonNode second = awaitReview("path", 2);
        String newSha = second.get("diffSha256").asText();
        assertThat(newSha).isNotEqualTo(sha);
        assertThat(model.requests().stream().map(ModelService.Request::text))
                .as("the comment is handed back to Claude")
                .anyMatch(text -> text.contains("Li (needsRevision): name the number")
                        || text.contains("li (needsRevision): name the number"));
        assertThat(verdict("li", "path", 2, "approve", "", sha).statusCode())
                .as("a verdict about the old change")
                .isEqualTo(409);
        approveOnThePage(newSha);

        assertThat(controller.await("path", 1, Duration.ofMinutes(2)))
                .as(controller.console("path", 1))
                .isEqualTo("SUCCESS");
        assertThat(controller.console("path", 1))
                .contains("round 1: needsRevision", "round 2: approved", "Opened merge request 1", "is open: ");
        JsonNode kept = gitee.mergeRequests("acme", "shop").get(0);
        assertThat(kept.path("title").asText()).isEqualTo("Show the price with two decimals");
        assertThat(kept.path("prune").asBoolean()).isTrue();
        assertThat(kept.path("body").asText())
                .contains(
                        "<https://tracker.example.com/7>",
                        "The number has a name.",
                        "95 of 100: 1 errors",
                        "Rounds &lt;b&gt;prices",
                        "wang: Approve — fine",
                        "Generated by Mini Build (path \\#")
                .doesNotContain("<b>");
        Deadline deadline = Deadline.after(Duration.ofSeconds(30));
        while (chat.taken("wecom").size() < 3 && !deadline.expired()) {
            Thread.sleep(200);
        }
        assertThat(chat.taken("wecom")).as("two reviews wanted, one success").hasSize(3);
        assertThat(chat.taken("wecom").get(2).body().toString()).contains("Gitee merge request 1");
        assertThat(RealController.filesWith(TOKEN, controller.home())).isEmpty();
        assertThat(RealController.filesWith(KEY, controller.home())).isEmpty();
    }

    private static void refusals(String sha) throws Exception {
        assertThat(verdict(null, "path", 1, "approve", "", sha).statusCode()).isEqualTo(403);
        assertThat(verdict("reader", "path", 1, "approve", "", sha).statusCode())
                .as("who may read only")
                .isEqualTo(403);
        assertThat(verdict("zhang", "path", 1, "approve", "", sha).statusCode())
                .as("who may build only")
                .isEqualTo(403);
        assertThat(controller
                        .as("li", PASSWORD, "GET", page("path", 1) + "verdict?verdict=approve&diffSha256=" + sha)
                        .statusCode())
                .isEqualTo(405);
        HttpResponse<String> own = verdict("admin", "path", 1, "approve", "", sha);
        assertThat(own.statusCode()).isEqualTo(409);
        assertThat(own.body()).contains("fourEyes");
        assertThat(verdict("li", "path", 1, "reject", "", sha).body()).contains("Write in a comment");
        assertThat(verdict("li", "path", 1, "maybe", "x", sha).body()).contains("approve, reject, needsRevision");
        assertThat(verdict("li", "path", 1, "approve", "", "00".repeat(32)).body())
                .contains(sha);
        assertThat(controller
                        .as("li", PASSWORD, "POST", page("path", 9) + "verdict?verdict=approve")
                        .statusCode())
                .isEqualTo(404);
        assertThat(controller.json(page("path", 1) + "state").get("verdicts")).isEmpty();
    }

    private static void pictures() throws Exception {
        if (!Browser.isInstalled()) {
            return;
        }
        try (Browser browser = Browser.open(controller, PICTURES, "en", "li", PASSWORD)) {
            browser.go(page("path", 1));
            assertThat(browser.text())
                    .contains(
                            "Waiting for a verdict",
                            "Does every price have two decimals?",
                            "60 of 100",
                            "<script>alert(1)</script> A bare 2.",
                            "Rounds <b>prices</b>.",
                            "show(price.toFixed(2));",
                            "(cannot approve)");
            assertThat(browser.all(".approval-note")).hasSize(1);
            assertThat(browser.all("button[name=verdict]")).hasSize(3);
            browser.picture("review-en");
            browser.go("job/path/1/");
            assertThat(browser.text()).contains("look at the change and give a verdict");
            browser.picture("build-waiting-en");
            assertThat(browser.scriptErrors()).isEmpty();
        }
        try (Browser browser = Browser.open(controller, PICTURES, "zh-CN", "li", PASSWORD)) {
            browser.go(page("path", 1));
            assertThat(browser.text()).contains("等待结论", "批准", "需要修改", "拒绝", "差异的 SHA-256", "模型评审");
            browser.picture("review-zh");
            browser.go("job/path/1/" + APPROVAL);
            assertThat(browser.text()).contains("人工评审", "等待结论");
            browser.picture("reviews-zh");
        }
        try (Browser browser = Browser.open(controller, PICTURES, "en", "reader", "reader-password-11")) {
            browser.go(page("path", 1));
            assertThat(browser.one("#approval-refused").getText()).contains("Mini Build/Review");
            assertThat(browser.all("button[name=verdict]")).isEmpty();
        }
    }

    private static void approveOnThePage(String sha) throws Exception {
        if (!Browser.isInstalled()) {
            assertThat(verdict("wang", "path", 2, "approve", "fine", sha).statusCode())
                    .isEqualTo(200);
            return;
        }
        try (Browser browser = Browser.open(controller, PICTURES, "en", "wang", PASSWORD)) {
            browser.go(page("path", 2));
            assertThat(browser.one("#approval-sha").getText()).isEqualTo(sha);
            browser.one("button[value=reject]").click();
            assertThat(browser.one("#approval-problem").getText()).contains("Write in a comment");
            browser.one("#approval-comment").sendKeys("fine");
            browser.one("button[value=approve]").click();
            browser.one("#approval-votes");
            assertThat(browser.text()).contains("Approved", "1/1 approvals", "wang");
            browser.picture("approved-en");
        }
    }

    @Test
    @Order(2)
    void thePageOfTheBuildShowsHowTheMergeRequestStands() throws Exception {
        JsonNode api = controller.json("job/path/1/api/json?depth=2");
        assertThat(api.findValue("mergeRequests").get(0).get("state").asText()).isEqualTo("open");
        if (Browser.isInstalled()) {
            try (Browser browser = Browser.open(controller, PICTURES, "en")) {
                browser.go("job/path/1/");
                assertThat(browser.one(".mini-build-merge-state").getText()).isEqualTo("open");
                browser.picture("build-en");
                assertThat(browser.scriptErrors()).isEmpty();
            }
            try (Browser browser = Browser.open(controller, PICTURES, "zh-CN")) {
                browser.go("job/path/1/");
                assertThat(browser.one(".mini-build-merge-state").getText()).isEqualTo("打开");
                browser.picture("build-zh");
            }
        }
        gitee.setState("acme", "shop", 1, "merged");
        assertThat(controller
                        .as("reader", "reader-password-11", "GET", "job/path/1/mini-build-merge-request/state")
                        .statusCode())
                .isEqualTo(200);
        assertThat(controller
                        .as(null, null, "GET", "job/path/1/mini-build-merge-request/state")
                        .statusCode())
                .isEqualTo(403);
        Deadline deadline = Deadline.after(Duration.ofSeconds(90));
        String state = "";
        while (!state.equals("merged") && !deadline.expired()) {
            Thread.sleep(1000);
            state = controller
                    .json("job/path/1/mini-build-merge-request/state")
                    .at("/mergeRequests/0/state")
                    .asText();
        }
        assertThat(state).isEqualTo("merged");
        long asked = gitee.requests().stream()
                .filter(request -> request.path().endsWith("/pulls/1"))
                .filter(request -> request.method().equals("GET"))
                .count();
        assertThat(asked).as("once a minute at the most").isLessThanOrEqualTo(3);
    }

    private static void patch(String job, String parameters) throws Exception {
        controller.createPipeline(job, """
                node {
                  deleteDir()
                  sh 'git init -q -b main . && echo one > a.txt && git add . && git -c user.name=a -c user.email=a@b.c commit -qm first && git switch -q -c feature && echo two >> a.txt && git -c user.name=a -c user.email=a@b.c commit -qam second'
                  def review = humanReview(base: 'main', head: 'feature', url: pwd()%s)
                  echo "verdict ${review.verdict} by ${review.approvedBy}"
                }
                """.formatted(parameters));
    }

    @Test
    @Order(3)
    void theCommandLineGivesVerdictsAndTwoPeopleCanBeNeeded() throws Exception {
        patch("two", ", minApprovals: 2, reviewers: 'li, wang', requester: 'zhang'");
        controller.start("two");
        String sha = awaitReview("two", 1).get("diffSha256").asText();

        assertThat(cli("li", "two", "1")).contains("waiting 0/2 " + sha);
        assertThat(cli("li", "two", "1", "approve", "--diff", sha)).contains("waiting 1/2");
        assertThat(cli("zhang", "two", "1", "approve", "--diff", sha)).contains("Mini Build/Review");
        assertThat(cli("wang", "two", "1", "approve")).contains("ERROR").contains("another diff");
        assertThat(cli("wang", "none", "1", "approve")).contains("There is no build");
        assertThat(cli("wang", "two", "1", "approve", "--diff", sha, "--comment", "good"))
                .contains("approved 2/2");

        assertThat(controller.await("two", 1, Duration.ofMinutes(1))).isEqualTo("SUCCESS");
        assertThat(controller.console("two", 1)).contains("verdict approved by [li, wang]", "wang: Approve. good");
    }

    private static String cli(String user, String... arguments) throws Exception {
        Path jar = ROOT.resolve("cli.jar");
        if (!Files.exists(jar)) {
            Files.write(jar, controller.getBytes("jnlpJars/jenkins-cli.jar").body());
        }
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-jar",
                jar.toString(),
                "-s",
                controller.url(),
                "-http",
                "-auth",
                user + ":" + PASSWORD,
                "mini-build-verdict"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        return output;
    }

    @Test
    @Order(4)
    void aRejectionAnEndedTimeAndAnAbortEndTheBuild() throws Exception {
        patch("rejected", "");
        controller.start("rejected");
        String sha = awaitReview("rejected", 1).get("diffSha256").asText();
        // As happens when its folder gets another name.
        controller.script("jenkins.model.Jenkins.get().getItem('rejected').renameTo('refused')");
        assertThat(verdict("wang", "refused", 1, "reject", "not like this", sha).statusCode())
                .isEqualTo(200);
        assertThat(controller.await("refused", 1, Duration.ofMinutes(1))).isEqualTo("FAILURE");
        assertThat(controller.console("refused", 1))
                .contains("The change was rejected. wang (reject): not like this")
                .doesNotContain("\tat ");

        patch("late", ", timeoutHours: 1");
        controller.start("late");
        awaitReview("late", 1);
        // As the timer does when the hour is over.
        controller.script("""
                org.jenkinsci.plugins.workflow.steps.StepExecution.acceptAll({ e ->
                    if (e.class.name.contains('HumanReviewStep')) { e.expired() } }).get()
                """);
        assertThat(controller.await("late", 1, Duration.ofMinutes(1))).isEqualTo("ABORTED");
        assertThat(controller.console("late", 1)).contains("Nobody decided in time");
        assertThat(controller.json(page("late", 1) + "state").get("state").asText())
                .isEqualTo("expired");

        patch("aborted", "");
        controller.start("aborted");
        awaitReview("aborted", 1);
        controller.post("job/aborted/1/stop", Map.of());
        assertThat(controller.await("aborted", 1, Duration.ofMinutes(1))).isEqualTo("ABORTED");
        assertThat(controller.json(page("aborted", 1) + "state").get("state").asText())
                .isEqualTo("aborted");
        assertThat(verdict("wang", "aborted", 1, "approve", "", sha).statusCode())
                .isEqualTo(409);
    }

    @Test
    @Order(5)
    void twoRoundsOfGeneratedCodeAreShownWholeAndWhatComesAfterTheApprovalIsNotOffered() throws Exception {
        controller.createPipeline("rounds", """
                def url = 'GITEE'
                if (env.BUILD_NUMBER == '1') {
                  node {
                    claudeCodegen requirement: [id: '9', title: 'Two', description: 'Two files.'], url: url,
                        gitCredentialsId: 'gitee-token', apiKeyCredentialsId: 'model-key'
                  }
                  def first = humanReview()
                  node {
                    claudeCodegen requirement: [id: '9', title: 'Two', description: 'Two files.'], url: url, context: first.comment,
                        gitCredentialsId: 'gitee-token', apiKeyCredentialsId: 'model-key'
                  }
                  humanReview()
                }
                node {
                  if (env.BUILD_NUMBER == '1') {
                    writeFile file: 'mini-build/codegen.patch', text: 'nothing'
                    archiveArtifacts 'mini-build/*'
                  }
                  createMergeRequest credentialsId: 'gitee-token', url: url, source: 'feature/req-9'
                }
                """.replace("GITEE", gitee.gitUrl("acme", "shop")));
        model.script(
                Turn.tool("Read", Map.of("file_path", "src/app.js")),
                Turn.tool("Write", Map.of("file_path", "src/one.js", "content", "harmless()\n")),
                Turn.text("One."));
        controller.start("rounds");
        String first = awaitReview("rounds", 1).get("diffSha256").asText();
        model.script(
                Turn.tool("Read", Map.of("file_path", "src/app.js")),
                Turn.tool("Write", Map.of("file_path", "src/two.js", "content", "evil()\n")),
                Turn.text("Two."));
        assertThat(verdict("li", "rounds", 1, "needsRevision", "more", first).statusCode())
                .isEqualTo(200);
        JsonNode second = awaitReview("rounds", 2);
        assertThat(controller.get(page("rounds", 2) + "diff").body()).contains("+harmless()", "+evil()");
        String approved = second.get("commit").asText();
        assertThat(verdict(
                                "li",
                                "rounds",
                                2,
                                "approve",
                                "",
                                second.get("diffSha256").asText())
                        .statusCode())
                .isEqualTo(200);
        assertThat(controller.await("rounds", 1, Duration.ofMinutes(2)))
                .as(controller.console("rounds", 1))
                .isEqualTo("SUCCESS");
        int at = gitee.mergeRequests("acme", "shop").size() - 1;
        assertThat(gitee.mergeRequests("acme", "shop").get(at).path("body").asText())
                .contains("## Approval", approved, second.get("diffSha256").asText());

        Path files = Files.createDirectories(ROOT.resolve("sneaked"));
        Files.writeString(files.resolve("sneaked.js"), "evil()\n");
        String moved = GiteeService.commit(ROOT.resolve("gitee/acme/shop.git"), files, "feature/req-9", "sneaked in");
        assertThat(controller.build("rounds"))
                .as("a new build does not shed the review")
                .isEqualTo("FAILURE");
        assertThat(controller.console("rounds", 2)).contains("has moved since people approved it", approved, moved);
        controller.script("""
                def work = hudson.ExtensionList.lookupSingleton(io.jenkins.plugins.minibuild.merge.MergeRequestWork)
                work.execute(hudson.model.TaskListener.NULL)
                work.execute(hudson.model.TaskListener.NULL)
                """);
        assertThat(gitee.comments("acme", "shop")).singleElement().satisfies(comment -> assertThat(
                        comment.path("body").asText())
                .contains("Not what was approved", approved, moved));
        assertThat(gitee.mergeRequests("acme", "shop").get(at).path("title").asText())
                .startsWith("[WIP] ");

        long before = gitee.requests().size();
        assertThat(controller
                        .as("reader", "reader-password-11", "GET", "job/rounds/1/mini-build-merge-request/state")
                        .statusCode())
                .isEqualTo(200);
        Thread.sleep(2000);
        assertThat(gitee.requests())
                .as("who may only read makes the controller call nobody")
                .hasSize((int) before);
    }

    @Test
    @Order(6)
    void aBuildThatATimerStartsNeedsTwoApprovals() throws Exception {
        patch("timer", "");
        controller.script("""
                jenkins.model.Jenkins.get().getItem('timer').scheduleBuild2(0,
                    new hudson.model.CauseAction(new hudson.triggers.TimerTrigger.TimerTriggerCause()))
                """);
        JsonNode asked = awaitReview("timer", 1);
        assertThat(asked.get("minApprovals").asInt()).isEqualTo(2);
        assertThat(controller.console("timer", 1)).contains("Two approvals are needed");
        String sha = asked.get("diffSha256").asText();
        assertThat(verdict("li", "timer", 1, "approve", "", sha).body()).contains("\"waiting\":true");
        assertThat(verdict("wang", "timer", 1, "approve", "", sha).body()).contains("approved");
        assertThat(controller.await("timer", 1, Duration.ofMinutes(1))).isEqualTo("SUCCESS");
    }

    @Test
    @Order(7)
    void aFreestyleJobOpensOneAndACredentialOfAnotherHostIsNotUsed() throws Exception {
        String job = """
                <project><builders>
                  <io.jenkins.plugins.minibuild.merge.CreateMergeRequestBuilder plugin="mini-build">
                    <step><url>%s</url><source>feature/req-7</source><title>By hand</title><credentialsId>%s</credentialsId></step>
                  </io.jenkins.plugins.minibuild.merge.CreateMergeRequestBuilder>
                </builders></project>
                """;
        controller.createJob("foreign", job.formatted(gitee.gitUrl("acme", "shop"), "gitee-com-only"));
        gitee.forgetRequests();
        assertThat(controller.build("foreign")).isEqualTo("FAILURE");
        assertThat(controller.console("foreign", 1)).contains("There is no credential 'gitee-com-only'");
        assertThat(gitee.requests()).isEmpty();

        controller.createJob("free", job.formatted(gitee.gitUrl("acme", "shop"), "gitee-token"));
        assertThat(controller.build("free")).as(controller.console("free", 1)).isEqualTo("SUCCESS");
        assertThat(gitee.mergeRequests("acme", "shop"))
                .anyMatch(each -> each.path("title").asText().equals("By hand"));
    }

    @Test
    @Order(8)
    void theFormsAreInBothLanguagesAndTheSnippetGeneratorLeavesDefaultsOut() throws Exception {
        String generator = "job/path/pipeline-syntax/generateSnippet";
        String review = "io.jenkins.plugins.minibuild.approval.HumanReviewStep";
        assertThat(controller
                        .post(generator, Map.of("json", """
                        {"stapler-class": "%1$s", "$class": "%1$s", "message": "", "reviewers": "li", "minApprovals": "1",
                         "timeoutHours": "168", "fourEyes": true, "requester": "", "base": "", "head": "", "directory": "",
                         "url": "", "gitCredentialsId": ""}
                        """.formatted(review)))
                        .body())
                .contains("humanReview reviewers: 'li'");
        String merge = "io.jenkins.plugins.minibuild.merge.CreateMergeRequestStep";
        assertThat(controller
                        .post(generator, Map.of("json", """
                        {"stapler-class": "%1$s", "$class": "%1$s", "credentialsId": "gitee-token", "source": "", "target": "",
                         "title": "", "description": "", "labels": "", "reviewers": "", "draft": true, "removeSourceBranch": false,
                         "url": ""}
                        """.formatted(merge)))
                        .body())
                .contains("createMergeRequest credentialsId: 'gitee-token', draft: true");
        assumeTrue(Browser.isInstalled(), "skipped: no Chromium");
        for (String language : new String[] {"en", "zh-CN"}) {
            try (Browser browser = Browser.open(controller, PICTURES, language)) {
                browser.go("job/free/configure");
                browser.one("[name=\"_.removeSourceBranch\"]");
                browser.script("document.querySelectorAll('.advanced-button, .advancedButton').forEach(b => b.click());"
                        + "document.querySelector('[name=\"_.removeSourceBranch\"]').scrollIntoView()");
                Thread.sleep(1200);
                assertThat(browser.text())
                        .contains(language.equals("en") ? "Delete the source branch when it is merged" : "合并后删除源分支");
                browser.picture("freestyle-" + language);
                browser.go("job/path/pipeline-syntax/");
                browser.script("var s = document.querySelector('.dropdownList');"
                        + "s.selectedIndex = [...s.options].findIndex(o => o.textContent.startsWith('humanReview'));"
                        + "s.dispatchEvent(new Event('change'))");
                browser.one("[name=\"_.minApprovals\"]");
                Thread.sleep(1000);
                assertThat(browser.text()).contains(language.equals("en") ? "Approvals needed" : "需要的批准数");
                browser.picture("snippet-" + language);
            }
        }
    }

    @Test
    @Order(7)
    void theAddressThatABuildPlantsInItsWorkspaceIsNeverCalled() throws Exception {
        Path open = gitee.createRepository("acme", "open", false);
        Path files = Files.createDirectories(ROOT.resolve("open-files"));
        Files.writeString(files.resolve("app.js"), "show(1);\n");
        GiteeService.commit(open, files, "main", "first");
        Files.writeString(files.resolve("app.js"), "show(2);\n");
        GiteeService.commit(open, files, "fast", "second");
        String merge = "createMergeRequest credentialsId: 'gitee-token', source: 'fast', target: 'main', "
                + "title: 'Planted', requireApproval: false";
        try (Eavesdropper evil = Eavesdropper.start()) {
            String plant = "sh 'git config remote.origin.url " + evil.address() + "/a/b.git'";
            controller.createPipeline("planted", """
                    node {
                        deleteDir()
                        giteeCheckout url: '%s', credentialsId: 'gitee-token', branch: 'fast'
                        %s
                        %s
                    }
                    """.formatted(gitee.gitUrl("acme", "open"), plant, merge));
            controller.start("planted");
            assertThat(controller.await("planted", 1, Duration.ofMinutes(2)))
                    .as(controller.console("planted", 1))
                    .isEqualTo("SUCCESS");
            controller.createPipeline("planted-git", """
                    node {
                        deleteDir()
                        git url: '%s', branch: 'fast'
                        %s
                        %s
                    }
                    """.formatted(gitee.gitUrl("acme", "open"), plant, merge));
            controller.start("planted-git");
            assertThat(controller.await("planted-git", 1, Duration.ofMinutes(2)))
                    .as(controller.console("planted-git", 1))
                    .isEqualTo("SUCCESS");
            controller.createPipeline("planted-only", """
                    node {
                        deleteDir()
                        sh 'git init -q .'
                        %s
                        %s
                    }
                    """.formatted(plant, merge));
            controller.start("planted-only");
            assertThat(controller.await("planted-only", 1, Duration.ofMinutes(2)))
                    .isEqualTo("FAILURE");
            assertThat(controller.console("planted-only", 1)).contains("Give the address with \"url\"");
            assertThat(evil.heard()).isEmpty();
        }
        assertThat(gitee.mergeRequests("acme", "open")).hasSize(1);
    }
}
