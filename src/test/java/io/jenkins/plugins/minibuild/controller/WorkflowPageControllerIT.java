package io.jenkins.plugins.minibuild.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.minibuild.files.Json;
import io.jenkins.plugins.minibuild.process.Deadline;
import io.jenkins.plugins.minibuild.workflow.SyntheticRun;
import io.jenkins.plugins.minibuild.workflow.plan.Plan;
import io.jenkins.plugins.minibuild.workflow.plan.PlannedJob;
import io.jenkins.plugins.minibuild.workflow.run.State;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** The page of a workflow on a real controller, in a browser: the folders of the runs are synthetic, the page and its addresses are not. Skipped without a controller. */
@Timeout(400)
@NeedsController
class WorkflowPageControllerIT {
    private static final Path PICTURES = Path.of("target", "controller-workflow-page");
    private static final String TRICK =
            "<img src=x onerror=\"window.hacked=1\">\"'<script>window.hacked=1</script>${1+1}";
    private static final String DARK =
            "const s = document.createElement('style'); s.textContent = ':root { --background: #1b1b22;"
                    + " --text-color: #eeeef2; --text-color-secondary: #a3a3b3; --black: #eee; --white: #111; --accent-color: #6fb2ff;"
                    + " --card-background: #24242c; --green: #4cc36a; --red: #ff6b61; --blue: #6fb2ff; --orange: #ffa94d; --yellow: #ffd43b;"
                    + " --input-color: #24242c; --button-background: #33333d; --header-background: #14141a; color-scheme: dark }';"
                    + " document.head.appendChild(s); document.documentElement.dataset.theme = 'dark';";

    @TempDir
    static Path root;

    private static RealController controller;

    @BeforeAll
    static void boot() throws Exception {
        controller = RealController.start(root);
        Files.createDirectories(PICTURES);
        controller.createPipeline("ended", "echo 'done'");
        assertThat(controller.build("ended")).isEqualTo("SUCCESS");
        assertThat(controller.build("ended")).isEqualTo("SUCCESS");
        controller.createPipeline("running", "sleep 3600");
        controller.start("running");
        controller.start("running");
    }

    @AfterAll
    static void stop() throws Exception {
        if (controller != null) {
            Files.writeString(PICTURES.resolve("controller.log"), controller.log());
            controller.close();
        }
    }

    private static Path folder(String job, int build) {
        return controller.home().resolve("jobs/" + job + "/builds/" + build + "/mini-build");
    }

    private static String page(String job, int build, SyntheticRun run) {
        return "job/" + job + "/" + build + "/mini-build-workflow/" + run.number() + "/";
    }

    private static void until(Callable<Boolean> condition, String what) throws Exception {
        Deadline deadline = Deadline.after(Duration.ofSeconds(20));
        while (!condition.call()) {
            assertThat(deadline.expired()).as(what).isFalse();
            Thread.sleep(20);
        }
    }

    private static Browser open(Browser browser, String path) throws Exception {
        browser.go(path);
        Deadline deadline = Deadline.after(Duration.ofSeconds(20));
        while (browser.all("#workflow[data-ready]").isEmpty()) {
            assertThat(deadline.expired())
                    .as(() -> "the page is ready: " + browser.scriptErrors() + browser.text())
                    .isFalse();
            Thread.sleep(20);
        }
        return browser;
    }

    private static Plan shop() {
        return SyntheticRun.plan(
                "shop",
                List.of(),
                List.of(
                        SyntheticRun.job("lint", -1, List.of(), "npm run lint"),
                        SyntheticRun.job("test (18)", -1, List.of("lint"), "install", "unit"),
                        SyntheticRun.job("test (20)", -1, List.of("lint"), "install", "unit"),
                        SyntheticRun.job("audit", -1, List.of(), "npm audit"),
                        SyntheticRun.job("ship", -1, List.of("test (18)", "test (20)", "audit"), "upload"),
                        SyntheticRun.job("post", -1, List.of(), "notify")));
    }

    /** Failed at the unit test on Node 20. */
    private static SyntheticRun failed(String job, int build) throws Exception {
        SyntheticRun run = SyntheticRun.create(folder(job, build), shop(), 1_760_000_000_000L);
        run.run(State.RUNNING, "").ready("lint").ready("audit");
        run.after(1200).start("lint", "").step("lint", 0, State.RUNNING);
        run.after(300).start("audit", "remote").step("audit", 0, State.RUNNING);
        run.log("lint", 0, "\u001b[32m✔\u001b[0m 214 files checked\n");
        run.after(30_000).step("lint", 0, State.SUCCEEDED, 0, Map.of("files", "214", "report", TRICK));
        run.end("lint", State.SUCCEEDED, "").ready("test (18)").ready("test (20)");
        run.after(400).start("test (18)", "remote").step("test (18)", 0, State.RUNNING);
        run.after(20_000).end("audit", State.SUCCEEDED, "");
        run.after(25_000).start("test (20)", "remote-with-a-rather-long-name").step("test (20)", 0, State.RUNNING);
        run.after(9_000).step("test (20)", 0, State.SUCCEEDED, 0, Map.of());
        run.step("test (20)", 1, State.RUNNING);
        StringBuilder log = new StringBuilder();
        for (int i = 1; i <= 3000; i++) {
            log.append("  \u001b[32m✓\u001b[0m case ")
                    .append(i)
                    .append(" \u001b[90m(")
                    .append(i % 17)
                    .append(" ms)\u001b[0m\n");
        }
        log.append("  \u001b[1;31m✗ pays with a coupon\u001b[0m\n    AssertionError: expected 200, got 402\n");
        run.log("test (20)", 1, log.toString());
        run.after(41_000).step("test (20)", 1, State.FAILED, 1, Map.of());
        run.end("test (20)", State.FAILED, "Step unit failed: exit code 1");
        run.end("ship", State.SKIPPED, "test (20) failed, which it needs");
        run.after(3_000).step("test (18)", 0, State.SUCCEEDED, 0, Map.of()).step("test (18)", 1, State.RUNNING);
        run.after(20_000).step("test (18)", 1, State.SUCCEEDED, 0, Map.of()).end("test (18)", State.SUCCEEDED, "");
        run.start("post", "")
                .after(2_000)
                .end("post", State.SUCCEEDED, "")
                .run(State.FAILED, "test (20): Step unit failed");
        return run;
    }

    /** 300 jobs in six stages: a third has ended, some run, one failed, one was cancelled. */
    private static SyntheticRun large(String job, int build, long now) throws Exception {
        List<PlannedJob> jobs = new ArrayList<>();
        List<String> stages = List.of("prepare", "build", "test", "package", "deploy", "verify");
        List<String> before = List.of();
        int[] sizes = {4, 60, 120, 60, 40, 16};
        for (int stage = 0; stage < stages.size(); stage++) {
            List<String> own = new ArrayList<>();
            for (int i = 0; i < sizes[stage]; i++) {
                String id = stages.get(stage) + "-" + i;
                own.add(id);
                jobs.add(SyntheticRun.job(id, stage, before, "checkout", "run"));
            }
            before = own;
        }
        SyntheticRun run =
                SyntheticRun.create(folder(job, build), SyntheticRun.plan("monorepo", stages, jobs), now - 600_000);
        run.run(State.RUNNING, "");
        for (int i = 0; i < 120; i++) {
            String id = jobs.get(i).id();
            long begin = now - 590_000 + (i < 4 ? 0 : i < 64 ? 60_000 + i * 1500L : 240_000 + i * 2000L);
            run.at(begin - 20_000 + i * 37L % 9000).ready(id);
            run.at(begin).start(id, "agent-" + i % 8).step(id, 0, State.RUNNING);
            run.at(begin + 3000).step(id, 0, State.SUCCEEDED, 0, Map.of()).step(id, 1, State.RUNNING);
            if (i < 100) {
                State end = i == 70 ? State.FAILED : i == 71 ? State.CANCELLED : State.SUCCEEDED;
                run.at(begin + 20_000 + i * 131L % 50_000).step(id, 1, end, end == State.FAILED ? 2 : 0, Map.of());
                run.end(id, end, end == State.FAILED ? "exit code 2" : "");
            }
        }
        return run.at(now);
    }

    @Test
    void aFailedRunOpensAtItsErrorInBothLanguagesAndThemesAndOnAPhone() throws Exception {
        assumeTrue(Browser.isInstalled(), "skipped: no Chromium");
        SyntheticRun run = failed("ended", 1);
        run.close();
        failed("ended", 2).close();
        try (Browser browser = Browser.open(controller, PICTURES, "en")) {
            open(browser, page("ended", 1, run));
            until(() -> browser.text().contains("expected 200, got 402"), "the error is seen");
            assertThat(browser.one("#workflow-state").getText()).isEqualTo("failed");
            assertThat(browser.one("#workflow-job-name").getText()).isEqualTo("test (20)");
            assertThat(browser.one("#workflow-elapsed").getText()).isEqualTo("2:31");
            assertThat(browser.text()).contains("exit code 1", "Step unit failed: exit code 1", "1 skipped");
            browser.assertNothingIsCutOff();
            browser.picture("failed-en");
            browser.one("#workflow-tab-time").click();
            browser.picture("failed-time-en");
            browser.one("#workflow-tab-table").click();
            browser.picture("failed-list-en");
            browser.script(DARK);
            browser.one("#workflow-tab-graph").click();
            browser.picture("failed-dark");
            browser.one("#workflow-tab-time").click();
            browser.picture("failed-time-dark");
            browser.go("job/ended/1/").picture("build-en");
            assertThat(browser.text()).contains("Workflow: shop", "4 succeeded, 1 failed, 1 skipped");
            browser.go("job/ended/").picture("job-en");
            assertThat(browser.text()).contains("Duration of the workflow");
            browser.go("job/ended/1/mini-build-workflow/").picture("list-en");
            assertThat(browser.scriptErrors()).isEmpty();
        }
        try (Browser browser = Browser.open(controller, PICTURES, "zh-CN")) {
            open(browser, page("ended", 1, run));
            until(() -> browser.text().contains("expected 200, got 402"), "the error is seen");
            assertThat(browser.text()).contains("工作流：shop", "失败", "关键路径", "作业图", "时间线");
            browser.picture("failed-zh");
            browser.one("#workflow-tab-time").click();
            browser.picture("failed-time-zh");
            browser.resize(new Dimension(420, 900));
            open(browser, page("ended", 1, run));
            until(() -> browser.text().contains("expected 200, got 402"), "the error is seen");
            browser.assertNothingIsCutOffOnAPhone();
            browser.screenshot("failed-narrow");
            browser.one("#workflow-tab-time").click();
            browser.assertNothingIsCutOffOnAPhone();
            browser.screenshot("failed-time-narrow");
            assertThat(browser.scriptErrors()).isEmpty();
        }
    }

    @Test
    void threeHundredJobsAreDrawnAndKeysLeadThroughThem() throws Exception {
        assumeTrue(Browser.isInstalled(), "skipped: no Chromium");
        try (SyntheticRun run = large("running", 1, System.currentTimeMillis());
                Browser browser = Browser.open(controller, PICTURES, "en")) {
            open(browser, page("running", 1, run));
            assertThat(browser.all(".wf-node")).hasSize(300);
            browser.assertNothingIsCutOff();
            browser.picture("large");
            browser.one("#workflow-tab-time").click();
            browser.picture("large-time");
            browser.one("#workflow-tab-graph").click();
            browser.script("document.querySelector('.wf-node').focus()");
            browser.active().sendKeys(Keys.ARROW_DOWN);
            browser.active().sendKeys(Keys.ARROW_RIGHT);
            assertThat(browser.active().getDomAttribute("aria-label")).startsWith("build-");
            String chosen = browser.active().getText();
            browser.active().sendKeys(Keys.ENTER);
            assertThat(chosen).startsWith(browser.one("#workflow-job-name").getText());
            browser.active().sendKeys(Keys.ESCAPE);
            assertThat(browser.one("#workflow-job").isDisplayed()).isFalse();
            assertThat(browser.active().getText()).isEqualTo(chosen);
            browser.active().sendKeys("/");
            browser.active().sendKeys("deploy-3");
            until(
                    () -> browser.all(".wf-node:not(.wf-dim)").size() == 11,
                    "the filter shows deploy-3 and deploy-30 to 39");

            long began = System.nanoTime();
            run.at(System.currentTimeMillis()).end("test-50", State.FAILED, "now");
            until(
                    () -> !browser.all(".wf-node[data-state=FAILED][aria-label^='test-50,']")
                            .isEmpty(),
                    "the failure is shown");
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
            assertThat(browser.scriptErrors()).isEmpty();
        }
    }

    @Test
    void aLineOfTheLogIsOnThePageAtOnceAndTheEndIsTold() throws Exception {
        assumeTrue(Browser.isInstalled(), "skipped: no Chromium");
        SyntheticRun run = SyntheticRun.create(folder("running", 2), shop(), System.currentTimeMillis());
        try (run;
                Browser browser = Browser.open(controller, PICTURES, "en")) {
            run.run(State.RUNNING, "").ready("lint").start("lint", "remote").step("lint", 0, State.RUNNING);
            run.log("lint", 0, "first\n");
            open(browser, page("running", 2, run) + "?job=lint");
            until(() -> browser.text().contains("first"), "the log is there");
            // The browser itself says when it saw a line: the clock of both is the machine's.
            browser.script(
                    "window.seen = {}; new MutationObserver(() => { document.querySelectorAll('.wf-text').forEach(e => {"
                            + " if (!(e.textContent in window.seen)) window.seen[e.textContent] = Date.now(); }); })"
                            + ".observe(document.querySelector('.wf-log-rows'), { childList: true, subtree: true, characterData: true })");
            List<Long> delays = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                long written = System.currentTimeMillis();
                run.at(written).log("lint", 0, "line " + i + "\n");
                String line = "line " + i;
                until(() -> browser.script("return window.seen[arguments[0]]", line) != null, line + " is seen");
                delays.add(((Number) browser.script("return window.seen[arguments[0]]", line)).longValue() - written);
            }
            delays.sort(null);
            Files.writeString(PICTURES.resolve("delays.txt"), delays.toString());
            assertThat(delays.get(delays.size() / 2))
                    .as("milliseconds until a line is seen: " + delays)
                    .isLessThan(100);

            // An open line is shown as it grows.
            run.log("lint", 0, "half");
            until(() -> browser.text().contains("half"), "half a line");
            run.log("lint", 0, " and whole\n");
            until(() -> browser.text().contains("half and whole"), "the whole line");
            run.step("lint", 0, State.FAILED, 3, Map.of()).end("lint", State.FAILED, "exit code 3");
            until(() -> browser.one("#workflow-job-facts").getText().startsWith("failed"), "the job has failed");
            run.run(State.FAILED, "lint failed");
            until(() -> browser.one("#workflow-state").getText().equals("failed"), "the end");
            until(() -> browser.one("#workflow-connection").getText().isEmpty(), "the stream has ended");
            assertThat(browser.scriptErrors()).isEmpty();
        }
    }

    @Test
    void aMillionLinesAreScrolledSearchedAndLinked() throws Exception {
        assumeTrue(Browser.isInstalled(), "skipped: no Chromium");
        SyntheticRun run = SyntheticRun.create(folder("ended", 1), shop(), 1_760_000_000_000L);
        try (run) {
            run.run(State.RUNNING, "").start("lint", "remote").step("lint", 0, State.RUNNING);
            StringBuilder part = new StringBuilder();
            for (int i = 1; i <= 1_000_000; i++) {
                part.append("line ")
                        .append(i)
                        .append(i == 777_777 ? " the Needle in the hay" : " of a long log")
                        .append('\n');
                if (i % 10_000 == 0) {
                    run.log("lint", 0, part.toString());
                    part.setLength(0);
                }
            }
            run.step("lint", 0, State.SUCCEEDED, 0, Map.of())
                    .end("lint", State.SUCCEEDED, "")
                    .run(State.SUCCEEDED, "");
        }
        try (Browser browser = Browser.open(controller, PICTURES, "en")) {
            open(browser, page("ended", 1, run) + "?job=lint&step=0&line=500000");
            until(() -> browser.text().contains("line 500000 of"), "the linked line");
            assertThat(browser.one(".wf-target").getText()).contains("line 500000 of a long log");
            browser.picture("million");
            assertThat(browser.all(".wf-row").size()).isLessThan(200);

            browser.script("document.querySelector('.wf-log').focus()");
            browser.active().sendKeys(Keys.END);
            until(() -> browser.text().contains("line 1000000 of"), "the last line");
            browser.active().sendKeys(Keys.ARROW_UP);
            until(() -> browser.text().contains("line 999970 of"), "still there");
            browser.active().sendKeys(Keys.HOME);
            until(() -> browser.text().contains("line 1 of"), "the first line");
            browser.active().sendKeys(Keys.PAGE_DOWN);
            until(() -> browser.text().contains("line 40 of"), "the second page");

            browser.active().sendKeys("/");
            browser.active().sendKeys("needle", Keys.ENTER);
            until(() -> browser.one(".wf-count").getText().equals("1 of 1"), "found");
            until(() -> !browser.all(".wf-target mark").isEmpty(), "marked");
            assertThat(browser.one(".wf-target").getText()).contains("line 777777 the Needle");
            browser.active().sendKeys(Keys.chord(Keys.CONTROL, "a"));
            browser.active()
                    .sendKeys("999[0-9]{3} of", Keys.TAB, Keys.SPACE, Keys.chord(Keys.SHIFT, Keys.TAB), Keys.ENTER);
            until(
                    () -> browser.one(".wf-count").getText().equals("1 of 1000"),
                    "a regular expression finds 1000 lines");
            browser.active().sendKeys(Keys.chord(Keys.CONTROL, "a"));
            browser.active().sendKeys("(", Keys.ENTER);
            until(() -> browser.one(".wf-count").getText().contains("no regular expression"), "a wrong one is named");

            browser.script("document.querySelectorAll('.wf-number')[3].click()");
            String marked = browser.one(".wf-target .wf-number").getText();
            assertThat(browser.script("return location.search")).isEqualTo("?job=lint&step=0&line=" + marked);
            assertThat(browser.scriptErrors()).isEmpty();
        }
        String log = controller.get(page("ended", 1, run) + "log?job=0&step=0").body();
        assertThat(log).startsWith("line 1 of a long log\n").endsWith("line 1000000 of a long log\n");
    }

    @Test
    void hostileTextsStayText() throws Exception {
        assumeTrue(Browser.isInstalled(), "skipped: no Chromium");
        Plan plan = SyntheticRun.plan(
                TRICK,
                List.of(TRICK),
                List.of(
                        SyntheticRun.job(TRICK, 0, List.of(), TRICK),
                        SyntheticRun.job("__proto__", 0, List.of(), "constructor")));
        SyntheticRun run = SyntheticRun.create(folder("ended", 2), plan, 1_760_000_000_000L);
        try (run) {
            run.run(State.RUNNING, "").start(TRICK, TRICK).step(TRICK, 0, State.RUNNING);
            run.log(
                    TRICK,
                    0,
                    TRICK + "\n\u001b]8;;javascript:window.hacked=1\u0007click\u001b]8;;\u0007 \u001b[31;1m" + TRICK
                            + "\n\u001b[38;2;1;1;1;expression(alert(1))mcolour\n\u202egnihtemos\n\u0000\u0007end\n");
            run.after(1000).step(TRICK, 0, State.FAILED, 1, Map.of(TRICK, TRICK, "__proto__", "x"));
            run.end(TRICK, State.FAILED, TRICK)
                    .end("__proto__", State.SKIPPED, TRICK)
                    .run(State.FAILED, TRICK);
        }
        try (Browser browser = Browser.open(controller, PICTURES, "en")) {
            open(browser, page("ended", 2, run));
            until(() -> browser.text().contains("click " + TRICK), "the log");
            assertThat(browser.text()).contains("\ufffdgnihtemos", "\u2400\u2407end", "Workflow: " + TRICK);
            browser.script("document.querySelector('#workflow-outputs-box').open = true");
            assertThat(browser.one("#workflow-outputs").getText()).contains(TRICK);
            browser.picture("hostile");
            browser.one("#workflow-tab-time").click();
            browser.one("#workflow-tab-table").click();
            assertThat(browser.all("#workflow img, #workflow script, #workflow a[href^='javascript']"))
                    .isEmpty();
            browser.script("document.querySelectorAll('.wf-link')[1].click()");
            until(
                    () -> browser.one("#workflow-job-name").getText().equals("__proto__"),
                    "a job with a name of JavaScript's");
            for (String path : List.of("job/ended/2/", "job/ended/2/mini-build-workflow/", "job/ended/")) {
                browser.go(path);
                assertThat(browser.script("return window.hacked")).as(path).isNull();
            }
            assertThat(browser.scriptErrors()).isEmpty();
        }
        assertThat(controller
                        .get(page("ended", 2, run) + "lines?job=0&step=0")
                        .headers()
                        .firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("application/json"));
    }

    @Test
    void cancellingAsksForPostAndThePermission() throws Exception {
        SyntheticRun run = SyntheticRun.create(folder("running", 2), shop(), System.currentTimeMillis());
        String page = page("running", 2, run);
        try (run) {
            run.run(State.RUNNING, "").start("lint", "remote").step("lint", 0, State.RUNNING);
            for (String path : List.of("cancel", "cancelJob?job=0")) {
                assertThat(controller.get(page + path).statusCode()).as(path).isEqualTo(405);
                assertThat(controller
                                .as("reader", "reader-password-11", "POST", page + path)
                                .statusCode())
                        .as(path)
                        .isEqualTo(403);
                assertThat(controller.as(null, null, "POST", page + path).statusCode())
                        .as(path)
                        .isEqualTo(403);
                assertThat(controller.post(page + path, Map.of()).statusCode())
                        .as(path)
                        .isEqualTo(409);
            }
            assertThat(controller
                            .as("reader", "reader-password-11", "GET", page + "plan")
                            .statusCode())
                    .isEqualTo(200);
            assertThat(controller
                            .as("reader", "reader-password-11", "GET", page + "yaml")
                            .statusCode())
                    .isEqualTo(403);
            for (String path : List.of(
                    "", "plan", "events", "lines?job=0&step=0", "find?text=x&job=0&step=0", "log?job=0&step=0")) {
                assertThat(controller.as(null, null, "GET", page + path).statusCode())
                        .as(path)
                        .isIn(401, 403);
            }
            for (String path :
                    List.of("log?job=9&step=0", "log?job=0&step=9", "lines?job=-1&step=0", "find?text=x&job=0")) {
                assertThat(controller.get(page + path).statusCode()).as(path).isEqualTo(404);
            }
            String live =
                    "io.jenkins.plugins.minibuild.workflow.LiveRunsAdapter.add(jenkins.model.Jenkins.get().getItem('running')"
                            + ".getBuildByNumber(2), " + run.number()
                            + ", [cancel: { by -> System.setProperty('told.run', by) },"
                            + " cancelJob: { job, by -> System.setProperty('told.job', job + ' by ' + by) }]"
                            + " as io.jenkins.plugins.minibuild.workflow.run.LiveRun)";
            assertThat(controller.script(live)).isBlank();
            assertThat(controller.post(page + "cancelJob?job=77", Map.of()).statusCode())
                    .isEqualTo(404);
            if (!Browser.isInstalled()) {
                return;
            }
            try (Browser browser = Browser.open(controller, PICTURES, "en")) {
                open(browser, page + "?job=lint");
                WebElement job = browser.one("#workflow-cancel-job");
                until(job::isDisplayed, "the button of the job");
                job.click();
                browser.picture("cancel");
                browser.one("dialog[open] [data-id=ok]").click();
                until(() -> told("told.job").equals("lint by admin"), "the job is cancelled");
                browser.one("#workflow-cancel a").click();
                browser.one("dialog[open] [data-id=ok]").click();
                until(() -> told("told.run").equals("admin"), "the workflow is cancelled");
                assertThat(browser.scriptErrors()).isEmpty();
            }
        }
    }

    private static String told(String property) throws Exception {
        return controller
                .script("println System.getProperty('" + property + "', '')")
                .strip();
    }

    @Test
    void theApiOfTheBuildHasTheWholeTree() throws Exception {
        SyntheticRun run = failed("ended", 1);
        run.close();
        JsonNode found = null;
        for (JsonNode action : controller.json("job/ended/1/api/json?depth=1").get("actions")) {
            for (JsonNode each : action.path("workflows")) {
                found = each.get("number").asInt() == run.number() ? each : found;
            }
        }
        assertThat(found).isNotNull();
        assertThat(found.get("state").asText()).isEqualTo(State.FAILED.name().toLowerCase(Locale.ROOT));
        JsonNode job = found.get("jobs").get(2);
        assertThat(job.get("id").asText()).isEqualTo("test (20)");
        assertThat(job.get("agent").asText()).isEqualTo("remote-with-a-rather-long-name");
        assertThat(job.get("steps").get(1).get("exitCode").asInt()).isEqualTo(1);
        assertThat(found.get("jobs").get(0).get("outputs").toString()).isEqualTo("[\"files\",\"report\"]");
        // Without a depth the build's API stays small.
        assertThat(controller.get("job/ended/1/api/json").body()).doesNotContain("exitCode");
    }

    @Test
    void aStreamGoesOnWhereItBrokeOffAndWhoFindsNoStreamPolls() throws Exception {
        SyntheticRun ended = failed("ended", 1);
        ended.close();
        String all = controller.get(page("ended", 1, ended) + "stream").body();
        assertThat(all).contains("id: 1\n", "id: 30\n").endsWith("event: end\ndata: {\"lost\":false}\n\n");
        String rest = controller
                .get(page("ended", 1, ended) + "stream?after=3", Map.of("Last-Event-ID", "29"))
                .body();
        assertThat(rest).startsWith("id: 30\n").doesNotContain("id: 29\n");

        SyntheticRun run = SyntheticRun.create(folder("running", 2), shop(), System.currentTimeMillis());
        List<InputStream> streams = new ArrayList<>();
        try (run) {
            run.run(State.RUNNING, "").ready("lint").start("lint", "remote").step("lint", 0, State.RUNNING);
            run.log("lint", 0, "first\n");
            String stream = controller.url() + page("running", 2, run) + "stream";
            String login = "Basic "
                    + Base64.getEncoder()
                            .encodeToString((RealController.USER + ":" + RealController.PASSWORD)
                                    .getBytes(StandardCharsets.UTF_8));
            int status = 200;
            while (status == 200 && streams.size() < 30) {
                HttpURLConnection connection =
                        (HttpURLConnection) URI.create(stream).toURL().openConnection();
                connection.setRequestProperty("Authorization", login);
                connection.setReadTimeout(20_000);
                status = connection.getResponseCode();
                if (status == 200) {
                    streams.add(connection.getInputStream());
                }
            }
            assertThat(status).isEqualTo(503);
            assertThat(streams).hasSizeBetween(10, 20);
            assumeTrue(Browser.isInstalled(), "skipped: no Chromium");
            try (Browser browser = Browser.open(controller, PICTURES, "en")) {
                open(browser, page("running", 2, run) + "?job=lint");
                until(() -> browser.one("#workflow-connection").getText().equals("asking every second"), "it polls");
                run.log("lint", 0, "second\n");
                until(() -> browser.text().contains("second"), "the log by polling");
                run.step("lint", 0, State.SUCCEEDED, 0, Map.of())
                        .end("lint", State.SUCCEEDED, "")
                        .run(State.SUCCEEDED, "");
                until(() -> browser.one("#workflow-state").getText().equals("succeeded"), "the end by polling");
            }
        } finally {
            for (InputStream each : streams) {
                each.close();
            }
        }
    }

    private static final String GOOD = """
            name: shop
            jobs:
              lint: {steps: [{name: lint, command: npm run lint}]}
              test:
                needs: lint
                matrix: {node: [18, 20]}
                steps: [{name: unit, command: npm test}]
              ship:
                needs: [lint, test]
                steps: [{name: upload, command: ./ship}]
            """;

    @Test
    void aWorkflowIsCheckedOnAPage() throws Exception {
        assumeTrue(Browser.isInstalled(), "skipped: no Chromium");
        for (String language : List.of("en", "zh-CN")) {
            try (Browser browser = Browser.open(controller, PICTURES, language)) {
                browser.go("mini-build-workflow/");
                until(() -> !browser.all("#workflow-check[data-ready]").isEmpty(), "the page is ready");
                browser.one("#check-yaml")
                        .sendKeys(
                                GOOD.replace("needs: lint", "neds: lint") + "  bad: " + TRICK,
                                Keys.chord(Keys.CONTROL, Keys.ENTER));
                until(() -> !browser.all("#check-problems li").isEmpty(), "the problems are told");
                browser.picture("check-bad-" + language);
                assertThat(browser.all("#check-problems img, #check-problems script"))
                        .isEmpty();
                assertThat(browser.script("return window.hacked")).isNull();
                assertThat(browser.all(".wf-node")).isEmpty();
                browser.script("document.querySelector('#check-problems button').click()");
                assertThat(browser.script("return document.activeElement.id")).isEqualTo("check-yaml");
                browser.script("document.getElementById('check-yaml').value = arguments[0]", GOOD);
                browser.one("#check-do").click();
                until(() -> browser.all(".wf-node").size() == 4, "the graph is drawn");
                assertThat(browser.one("#check-problems").isDisplayed()).isFalse();
                browser.picture("check-good-" + language);
                browser.script("document.querySelectorAll('.wf-node')[1].click()");
                assertThat(
                                browser.script(
                                        "const y = document.getElementById('check-yaml'); return y.value.slice(y.selectionStart, y.selectionEnd)"))
                        .isEqualTo("  test:");
                browser.assertNothingIsCutOff();
                assertThat(browser.scriptErrors()).isEmpty();
            }
        }
    }

    @Test
    void aWorkflowIsCheckedByAScriptAndByTheCommandLine() throws Exception {
        JsonNode good = Json.parse(controller
                .post("mini-build-workflow/check", "text/yaml", GOOD)
                .body()
                .getBytes(StandardCharsets.UTF_8));
        assertThat(good.get("good").asBoolean()).isTrue();
        assertThat(good.get("problems")).isEmpty();
        assertThat(good.get("plan").get("jobs")).hasSize(4);
        JsonNode bad = Json.parse(controller
                .post("mini-build-workflow/check", Map.of("yaml", GOOD.replace("[lint, test]", "[lint, tests]")))
                .body()
                .getBytes(StandardCharsets.UTF_8));
        assertThat(bad.get("good").asBoolean()).isFalse();
        assertThat(bad.get("problems").get(0).get("line").asInt()).isEqualTo(9);
        assertThat(bad.has("plan")).isFalse();
        assertThat(controller.post("mini-build-workflow/check", Map.of()).statusCode())
                .isEqualTo(400);
        String large = "#" + "x".repeat(6 << 20);
        assertThat(controller
                        .post("mini-build-workflow/check", "text/yaml", large)
                        .body())
                .contains("\"good\":false");
        assertThat(controller.get("mini-build-workflow/check").statusCode()).isIn(404, 405);
        for (String path : List.of("", "schema")) {
            assertThat(controller
                            .as(null, null, "GET", "mini-build-workflow/" + path)
                            .statusCode())
                    .as(path)
                    .isIn(401, 403);
            assertThat(controller
                            .as("reader", "reader-password-11", "GET", "mini-build-workflow/" + path)
                            .statusCode())
                    .as(path)
                    .isEqualTo(200);
        }
        assertThat(controller
                        .as(null, null, "POST", "mini-build-workflow/check")
                        .statusCode())
                .isIn(401, 403);
        assertThat(controller
                        .as("reader", "reader-password-11", "POST", "mini-build-workflow/check")
                        .statusCode())
                .isEqualTo(200);
        assertThat(controller.json("mini-build-workflow/schema").get("$schema").asText())
                .contains("json-schema.org");

        assertThat(cli(GOOD, 0)).contains("The workflow can run; jobs: 4");
        assertThat(cli(GOOD.replace("needs: [lint, test]", "needs: [lint, tests]"), 1))
                .contains("error: shop.yaml:9:");
        assertThat(cli("", 1)).contains("error: shop.yaml:1:1: ");
    }

    private static String cli(String input, int expected) throws Exception {
        Path jar = root.resolve("cli.jar");
        if (!Files.exists(jar)) {
            Files.write(jar, controller.getBytes("jnlpJars/jenkins-cli.jar").body());
        }
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-jar",
                        jar.toString(),
                        "-s",
                        controller.url(),
                        "-http",
                        "-auth",
                        RealController.USER + ":" + RealController.PASSWORD,
                        "mini-build-check-workflow",
                        "shop.yaml")
                .redirectErrorStream(true)
                .redirectInput(
                        Files.writeString(root.resolve("input.yaml"), input).toFile())
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isEqualTo(expected);
        return output;
    }
}
