package io.jenkins.plugins.minibuild.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jenkins.plugins.minibuild.process.Deadline;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;

/** The limits on a real controller: slots over a crash, cancelling, expiry, retries, pages. Skipped without one. */
@Timeout(400)
@NeedsController
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class LimitsControllerIT extends LimitsControllerBase {
    /** What the processes of this run are called, so that those which an earlier one left are not taken for them. */
    private static final String SLEEPER = "-sleeper-" + ProcessHandle.current().pid();

    /** A tree of grandchildren that ignore TERM and whose parent goes away. */
    private static final String STUBBORN = """
            (trap '' TERM; (trap '' TERM; exec -a %1$s sleep 7351) & (trap '' TERM; exec -a %1$s sleep 7351) & wait) &
            (setsid bash -c "trap '' TERM; exec -a %1$s sleep 7351" &)
            trap '' TERM; echo up; exec -a %1$s sleep 7351
            """;

    private static final Path PICTURES = Path.of("target", "controller-limits");

    @BeforeAll
    static void boot() throws Exception {
        controller = RealController.start(root);
        controller.startAgent();
    }

    @AfterAll
    static void stop() throws IOException {
        if (controller != null) {
            Files.createDirectories(PICTURES);
            Files.writeString(PICTURES.resolve("limits-controller.log"), controller.log());
            controller.close();
        }
        // Where a test failed they are still there, and they ignore TERM.
        ProcessHandle.allProcesses()
                .filter(process -> nameOf(process).contains(SLEEPER))
                .forEach(ProcessHandle::destroyForcibly);
    }

    @Test
    @Order(1)
    void aLimitOfTimeEndsWhatRunsAndNamesItself() throws Exception {
        controller.createPipeline("late", """
                miniBuildLimits(timeoutMinutes: 0.15, onExpiry: 'unstable') {
                  node('remote') { sh '''#!/bin/bash
                    %s''' }
                }
                """.formatted(STUBBORN.formatted("late" + SLEEPER)));
        long start = System.nanoTime();
        assertThat(controller.build("late")).isEqualTo("UNSTABLE");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(30));
        assertThat(controller.console("late", 1))
                .contains("The limit timeoutMinutes = 0.15, set in the job (miniBuildLimits), was exceeded");
        assertThat(running("late" + SLEEPER)).isEmpty();
    }

    @Test
    @Order(2)
    void memoryDiskIdleAndLogAreLimitedToo() throws Exception {
        controller.createPipeline("fat", """
                node { miniBuildLimits(memoryGigabytes: 0.1, onExpiry: 'failed') {
                  sh "perl -e '\\$x = \\"a\\" x 200000000; sleep 60'"
                } }
                """);
        controller.createPipeline("silent", """
                pipeline { agent any
                  options { miniBuildLimits(pool: 'claude', idleTimeoutMinutes: 0.05) }
                  stages { stage('s') { steps { sh 'sleep 60' } } } }
                """);
        controller.createPipeline("full", """
                node { miniBuildLimits(freeDiskGigabytes: 100000) { echo 'not reached' } }
                """);
        controller.createPipeline("big", """
                node { miniBuildLimits(workspaceGigabytes: 0.005, onExpiry: 'failed') {
                  sh 'head -c 8000000 /dev/zero > big; sleep 60'
                } }
                """);
        controller.createPipeline("talkative", """
                miniBuildLimits(logMegabytes: 0.2) {
                  node { sh 'echo first; seq 1 200000; echo last' }
                }
                node { sh 'seq 200001 400000; echo behind' }
                echo 'after'
                """);
        for (String job : List.of("fat", "silent", "full", "big", "talkative")) {
            controller.start(job);
        }
        assertThat(controller.await("fat", 1, Duration.ofMinutes(1))).isEqualTo("FAILURE");
        assertThat(controller.console("fat", 1))
                .contains("memoryGigabytes = 0.1")
                .contains("perl");
        assertThat(controller.await("silent", 1, Duration.ofMinutes(1))).isEqualTo("ABORTED");
        assertThat(controller.console("silent", 1)).contains("idleTimeoutMinutes = 0.05");
        assertThat(controller.await("full", 1, Duration.ofMinutes(1))).isEqualTo("ABORTED");
        assertThat(controller.console("full", 1))
                .contains("freeDiskGigabytes = 100000")
                .doesNotContain("not reached\n[");
        assertThat(controller.await("big", 1, Duration.ofMinutes(1))).isEqualTo("FAILURE");
        assertThat(controller.console("big", 1)).contains("workspaceGigabytes = 0.005");
        assertThat(controller.await("talkative", 1, Duration.ofMinutes(1))).isEqualTo("SUCCESS");
        String log = controller.console("talkative", 1);
        assertThat(log).contains("first\n", "were dropped here", "\n400000\n", "\nbehind\n", "after");
        assertThat(log.length()).isLessThan(300_000);
    }

    @Test
    @Order(3)
    void cancelLeavesNothingRunningAfterFiveSeconds() throws Exception {
        controller.createPipeline("stubborn", """
                miniBuildLimits { node { sh '''#!/bin/bash
                  %s''' } }
                """.formatted(STUBBORN.formatted("pipeline" + SLEEPER)));
        controller.createJob(
                "stubborn-freestyle", freestyle("", "#!/bin/bash\n" + STUBBORN.formatted("freestyle" + SLEEPER)));
        controller.start("stubborn");
        controller.start("stubborn-freestyle");
        controller.awaitConsole("stubborn", 1, "up");
        controller.awaitConsole("stubborn-freestyle", 1, "up");
        // Long enough for a silent sh to be polled only every few seconds.
        Thread.sleep(9_000);
        assertThat(running("pipeline" + SLEEPER)).hasSize(4);
        assertThat(running("freestyle" + SLEEPER)).hasSize(4);
        for (String job : List.of("stubborn", "stubborn-freestyle")) {
            long click = System.nanoTime();
            controller.post("job/" + job + "/1/stop", Map.of());
            assertThat(controller.await(job, 1, Duration.ofSeconds(30))).isEqualTo("ABORTED");
            Duration took = Duration.ofNanos(System.nanoTime() - click);
            String sleeper = job.equals("stubborn") ? "pipeline" + SLEEPER : "freestyle" + SLEEPER;
            while (!running(sleeper).isEmpty() && System.nanoTime() - click < 20_000_000_000L) {
                Thread.sleep(50);
            }
            Duration gone = Duration.ofNanos(System.nanoTime() - click);
            System.out.println("cancel of " + job + ": ended after " + took.toMillis() + " ms, nothing left after "
                    + gone.toMillis() + " ms");
            // A silent sh looks after its script every 15 seconds at most.
            assertThat(took).isLessThan(Duration.ofSeconds(job.equals("stubborn") ? 20 : 5));
            assertThat(gone).isLessThan(Duration.ofSeconds(5));
        }
    }

    @Test
    @Order(4)
    void aCrashChangesNeitherHoldersNorOrder() throws Exception {
        Path go = root.resolve("go");
        String wait = "while [ ! -e " + go + " ]; do sleep 0.2; done";
        List<String> jobs = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            String job = "mixed-" + i;
            if (i < 3) {
                controller.createPipeline(job, "miniBuildLimits { node { sh '" + wait + "' } }");
            } else if (i % 3 == 0) {
                controller.createJob(job, freestyle("", "echo in; " + wait));
            } else if (i % 3 == 1) {
                controller.createPipeline(job, """
                        pipeline { agent none
                          options { miniBuildLimits(priority: 'normal') }
                          stages { stage('s') { agent any
                            steps { sh '%s' } } } }
                        """.formatted(wait));
            } else {
                controller.createPipeline(job, "miniBuildLimits(pool: 'build') { node { sh '" + wait + "' } }");
            }
            jobs.add(job);
        }
        for (int i = 0; i < 10; i++) {
            String job = jobs.get(i);
            if (i < 3 || i % 3 != 0) {
                controller.start(job);
            } else {
                controller.post("job/" + job + "/build?delay=0sec", Map.of());
            }
            int holding = Math.min(3, i + 1);
            int waiting = i + 1 - holding;
            awaitPool(holding, waiting);
        }
        for (int i = 0; i < 3; i++) {
            controller.awaitConsole(jobs.get(i), 1, "[Pipeline] sh");
        }
        Thread.sleep(1_500);
        String before = pool("build");
        System.out.println("before the crash: " + before);
        controller.crash();
        controller.restart();
        awaitPool(3, 7);
        System.out.println("after the crash:  " + pool("build"));
        assertThat(names(pool("build"))).isEqualTo(names(before));
        Files.createFile(go);
        for (String job : jobs) {
            Deadline deadline = Deadline.after(Duration.ofMinutes(1));
            while (controller.get("job/" + job + "/1/api/json").statusCode() != 200 && !deadline.expired()) {
                Thread.sleep(200);
            }
            assertThat(controller.await(job, 1, Duration.ofMinutes(2))).as(job).isEqualTo("SUCCESS");
        }
        awaitPool(0, 0);
    }

    @Test
    @Order(5)
    void twoHundredWaitingPipelinesAddNoThreads() throws Exception {
        controller.createPipeline("holder", "miniBuildLimits(maxConcurrent: 1) { sleep 600 }");
        controller.createPipeline("waiter", "miniBuildLimits { echo 'in' }");
        script("import io.jenkins.plugins.minibuild.limits.*; def c = LimitsConfiguration.get();"
                + " c.setPools([new SlotPoolConfiguration('build', 1)])");
        controller.start("holder");
        awaitPool(1, 0);
        // One round first, so that all classes are loaded and the pools of threads have their usual size.
        schedule("waiter", 10);
        awaitPool(1, 10);
        int before = settledThreads();
        schedule("waiter", 190);
        awaitPool(1, 200);
        int after = settledThreads();
        System.out.println("threads: " + before + " with 10 waiting, " + after + " with 200 waiting");
        // A thread a waiting build would be 190 more. Jenkins' own pools grow and shrink by some dozens.
        assertThat(after).isLessThan(before + 190 / 2);
        schedule("waiter", 1);
        assertThat(controller.await("waiter", 201, Duration.ofSeconds(30))).isEqualTo("FAILURE");
        assertThat(controller.console("waiter", 201)).contains("200 builds wait for the pool 'build' already");
        controller.post("job/waiter/doDelete", Map.of());
        awaitPool(1, 0);
        controller.post("job/holder/1/stop", Map.of());
        awaitPool(0, 0);
        script("import io.jenkins.plugins.minibuild.limits.*; LimitsConfiguration.get().setPools([])");
    }

    @Test
    @Order(6)
    void aWaitHasItsOwnTimeoutAndNestedBlocksShareASlot() throws Exception {
        controller.createPipeline("nested", """
                miniBuildLimits(maxConcurrent: 1) { miniBuildLimits(maxConcurrent: 1) { echo 'both' } }
                """);
        assertThat(controller.build("nested")).isEqualTo("SUCCESS");
        controller.createPipeline("long", "miniBuildLimits { sleep 60 }");
        controller.start("long");
        awaitPool(1, 0);
        controller.createPipeline(
                "impatient", "miniBuildLimits(maxConcurrent: 1, queueTimeoutMinutes: 0.03) { echo 'in' }");
        controller.createJob(
                "impatient-freestyle",
                freestyle(
                        "<maxConcurrent>1</maxConcurrent><limits><entry><string>queueTimeoutMinutes</string><double>0.03</double>"
                                + "</entry></limits>",
                        "echo never"));
        controller.start("impatient");
        controller.start("impatient-freestyle");
        assertThat(controller.await("impatient", 1, Duration.ofSeconds(30))).isEqualTo("ABORTED");
        assertThat(controller.console("impatient", 1))
                .contains("queueTimeoutMinutes = 0.03", "place 1 of 1; 1 of 3 slots are held, by long #1");
        assertThat(controller.await("impatient-freestyle", 1, Duration.ofSeconds(30)))
                .isEqualTo("ABORTED");
        assertThat(controller.console("impatient-freestyle", 1))
                .contains("queueTimeoutMinutes = 0.03")
                .doesNotContain("never\n");
        controller.post("job/long/1/stop", Map.of());
        awaitPool(0, 0);
    }

    @Test
    @Order(7)
    void aFailedBuildIsRetriedThreeTimesAtMost() throws Exception {
        controller.createPipeline("failing", "error 'no'");
        controller.build("failing");
        assertThat(controller
                        .as(null, null, "POST", "job/failing/1/mini-build-retry/retry")
                        .statusCode())
                .isEqualTo(403);
        assertThat(controller
                        .as("reader", "reader-password-11", "POST", "job/failing/1/mini-build-retry/retry")
                        .statusCode())
                .isEqualTo(403);
        assertThat(controller.get("job/failing/1/mini-build-retry/retry").statusCode())
                .isEqualTo(405);
        // Of the first build, of the first again, and of a retry: all count for the first one.
        List<Integer> retried = List.of(1, 1, 2);
        for (int i = 1; i <= 3; i++) {
            int build = retried.get(i - 1);
            assertThat(controller
                            .post("job/failing/" + build + "/mini-build-retry/retry", Map.of())
                            .statusCode())
                    .isEqualTo(302);
            assertThat(controller.await("failing", i + 1, Duration.ofSeconds(30)))
                    .isEqualTo("FAILURE");
            assertThat(controller.console("failing", i + 1)).contains("Retry number " + i + " of failing #" + build);
        }
        for (int build = 1; build <= 4; build++) {
            HttpResponse<String> fourth = controller.post("job/failing/" + build + "/mini-build-retry/retry", Map.of());
            assertThat(fourth.statusCode()).isEqualTo(400);
            assertThat(fourth.body()).contains("no more than 3 are possible");
        }
    }

    @Test
    @Order(7)
    void twoClicksAtOnceGiveOneRetry() throws Exception {
        controller.createJob("clicked", """
                <project><builders><hudson.tasks.Shell><command>exit 1</command></hudson.tasks.Shell></builders>
                  <quietPeriod>0</quietPeriod></project>
                """);
        assertThat(controller.build("clicked")).isEqualTo("FAILURE");
        String failures = script("def who = jenkins.model.Jenkins.authentication2; def failures = [].asSynchronized();"
                + " def retry = { -> def context = hudson.security.ACL.as2(who); try {"
                + " jenkins.model.Jenkins.get().getItemByFullName('clicked').getBuildByNumber(1)"
                + ".getActions(io.jenkins.plugins.minibuild.limits.retry.RetryAction)[0].doRetry()"
                + " } catch (Throwable e) { failures << e } finally { context.close() } };"
                + " def both = (1..2).collect { Thread.start { retry() } }; both*.join(); print failures");
        assertThat(failures.strip()).isEqualTo("[]");
        assertThat(controller.await("clicked", 2, Duration.ofSeconds(30))).isEqualTo("FAILURE");
        Thread.sleep(2_000);
        assertThat(controller.get("job/clicked/3/api/json").statusCode()).isEqualTo(404);
    }

    @Test
    @Order(8)
    void theExampleOfTheDocumentationRuns() throws Exception {
        controller.createPipeline("example", Files.readString(Path.of("docs/examples/limits/Jenkinsfile")));
        assertThat(controller.build("example")).isEqualTo("SUCCESS");
        assertThat(controller.console("example", 1))
                .contains("A slot of the pool 'build' is held", "building within limits");
    }

    @Test
    @Order(9)
    void pagesAndFormsInBothLanguages() throws Exception {
        assumeTrue(Browser.isInstalled(), "skipped: no Chromium");
        script(
                "import io.jenkins.plugins.minibuild.limits.*; LimitsConfiguration.get().setPools([new SlotPoolConfiguration('deploy', 1)])");
        controller.createPipeline("shown", "miniBuildLimits(pool: 'deploy') { node { sh 'sleep 120' } }");
        controller.createPipeline("queued", "miniBuildLimits(pool: 'deploy', priority: 'high') { echo 'in' }");
        controller.createJob("form", freestyle("<pool>deploy</pool>", "echo hi"));
        controller.start("shown");
        controller.awaitConsole("shown", 1, "sleep 120");
        controller.start("queued");
        controller.awaitConsole("queued", 1, "Waiting for a slot");
        for (String language : List.of("en", "zh-CN")) {
            boolean english = language.equals("en");
            try (Browser browser = Browser.open(controller, PICTURES, language)) {
                String end = "-" + language;
                assertThat(browser.go("mini-build-limits/")
                                .picture("limits-page" + end)
                                .text())
                        .contains("shown #1", "queued #1", english ? "Load / processors" : "\u8d1f\u8f7d");
                assertThat(browser.go("job/queued/1/")
                                .picture("limits-waiting" + end)
                                .text())
                        .contains("deploy", english ? "Waits for a slot" : "\u7b49\u5f85\u540d\u989d\u6c60");
                assertThat(browser.go("manage/configure")
                                .picture("limits-configuration" + end)
                                .text())
                        .contains(
                                english
                                        ? "Minutes to wait for a slot"
                                        : "\u6700\u957f\u6392\u961f\u65f6\u95f4\uff08\u5206\u949f\uff09");
                assertThat(browser.go("job/form/configure")
                                .picture("limits-freestyle" + end)
                                .text())
                        .contains(english ? "Mini Build: limits (a slot" : "Mini Build\uff1a\u9650\u5236");
                assertThat(browser.go("job/failing/1/mini-build-retry/")
                                .picture("limits-retry" + end)
                                .text())
                        .contains(english ? "same parameters" : "\u76f8\u540c\u7684\u53c2\u6570");
                if (english) {
                    browser.go("job/form/configure").one("button[name=Submit]").click();
                    Thread.sleep(2_000);
                    assertThat(controller.get("job/form/config.xml").body())
                            .contains("<pool>deploy</pool>")
                            .doesNotContain("<entry>");
                    browser.go("manage/configure").one("button[name=Submit]").click();
                    Thread.sleep(3_000);
                    assertThat(browser.go("mini-build-limits/").one("form[name=dryRun] button"))
                            .satisfies(b -> b.click());
                    Thread.sleep(1_500);
                    assertThat(browser.picture("limits-dry-run").text()).contains("Nothing is older than configured");
                }
                assertThat(browser.scriptErrors()).isEmpty();
            }
        }
        assertThat(script(
                        "print io.jenkins.plugins.casc.ConfigurationAsCode.get().with { def o = new ByteArrayOutputStream();"
                                + " it.export(o); o.toString('UTF-8') }"))
                .contains(
                        "  miniBuildLimits:\n",
                        "    - maxConcurrent: 1\n      name: \"deploy\"",
                        "    timeoutMinutes: \"30.0\"\n");
        controller.post("job/shown/1/stop", Map.of());
    }

    @Test
    @Order(10)
    void whatIsForbiddenIsRefused() throws Exception {
        assertThat(controller.as(null, null, "GET", "mini-build-limits/").statusCode())
                .isEqualTo(403);
        assertThat(controller
                        .as("reader", "reader-password-11", "GET", "mini-build-limits/")
                        .statusCode())
                .isEqualTo(200);
        assertThat(controller
                        .as("reader", "reader-password-11", "POST", "mini-build-limits/dryRun")
                        .statusCode())
                .isEqualTo(403);
        assertThat(controller.get("mini-build-limits/dryRun").statusCode()).isEqualTo(405);
        String descriptor =
                "descriptorByName/io.jenkins.plugins.minibuild.limits.LimitsConfiguration/checkTimeoutMinutes";
        // Stapler does not even find a method of another verb.
        assertThat(controller.get(descriptor + "?value=1").statusCode()).isEqualTo(404);
        assertThat(controller.post(descriptor, Map.of("value", "-1")).body()).contains("must be 0 or more");
        assertThat(controller.log().lines().filter(line -> line.contains("minibuild") && line.contains("SEVERE")))
                .isEmpty();
    }
}
