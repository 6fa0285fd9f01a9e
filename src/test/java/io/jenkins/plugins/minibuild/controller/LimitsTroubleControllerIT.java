package io.jenkins.plugins.minibuild.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.minibuild.process.Deadline;
import io.jenkins.plugins.minibuild.standin.Containers;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
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

/**
 * The limits on a real controller when things go wrong or stay lying: crashes while steps wait, containers, retries of old commits, what is
 * old, what makes no sense, who may see what. Skipped without a controller.
 */
@Timeout(400)
@NeedsController
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class LimitsTroubleControllerIT extends LimitsControllerBase {
    private static final String OLD = "0".repeat(40);
    private static final String YOUNG = "1".repeat(40);

    @BeforeAll
    static void boot() throws Exception {
        controller = RealController.start(root);
        controller.startAgent();
    }

    @AfterAll
    static void stop() throws IOException {
        if (controller != null) {
            controller.close();
        }
    }

    @Test
    @Order(20)
    void aStepThatWaitsForItsSlotOutlivesTwoCrashesAndThenRuns() throws Exception {
        script("import io.jenkins.plugins.minibuild.limits.*; LimitsConfiguration.get().setPools("
                + "[new SlotPoolConfiguration('build', 1)])");
        Path go = root.resolve("step-go");
        controller.createPipeline(
                "before", "miniBuildLimits { node { sh 'while [ ! -e " + go + " ]; do sleep 0.2; done' } }");
        controller.createPipeline("step-waits", """
                node { miniprogramUpload(appId: 'wx0123456789abcdef', privateKeyCredentialsId: 'no-such-key',
                  version: '1.2.3', setting: [minify: true], robot: 7) }
                """);
        controller.createPipeline(
                "aborted-step",
                "node { miniprogramUpload(version: '1', appId: 'wx0123456789abcdef',"
                        + " privateKeyCredentialsId: 'no-such-key') }");
        controller.start("before");
        awaitPool(1, 0);
        controller.start("step-waits");
        controller.awaitConsole("step-waits", 1, "Waiting for a slot of the pool 'build'");
        controller.start("aborted-step");
        awaitPool(1, 2);
        Thread.sleep(1_000);
        for (int crash = 0; crash < 2; crash++) {
            controller.crash();
            controller.restart();
            awaitPool(1, 2);
            assertThat(controller
                            .json("job/step-waits/1/api/json")
                            .get("building")
                            .asBoolean())
                    .isTrue();
        }
        controller.post("job/aborted-step/1/stop", Map.of());
        assertThat(controller.await("aborted-step", 1, Duration.ofSeconds(30))).isEqualTo("ABORTED");
        awaitPool(1, 1);
        assertThat(controller.console("step-waits", 1)).doesNotContain("no-such-key");
        Files.createFile(go);
        // What it says when it runs shows that it still has its parameters.
        assertThat(controller.await("step-waits", 1, Duration.ofMinutes(1))).isEqualTo("FAILURE");
        assertThat(controller.console("step-waits", 1)).contains("There is no credential 'no-such-key'");
        assertThat(controller.await("before", 1, Duration.ofMinutes(1))).isEqualTo("SUCCESS");
        awaitPool(0, 0);
        script("import io.jenkins.plugins.minibuild.limits.*; LimitsConfiguration.get().setPools([])");
    }

    @Test
    @Order(21)
    void aRetryBuildsTheCommitOfTheGitPluginAgain() throws Exception {
        // Only for this test's own repository; by default the git plugin refuses local ones on the controller.
        script("hudson.plugins.git.GitSCM.ALLOW_LOCAL_CHECKOUT = true");
        Path repository = Files.createDirectory(root.resolve("repository"));
        String jenkinsfile = "echo 'Jenkinsfile %1$s'\nnode { checkout scm\n sh 'cat content; exit 1' }\n";
        git(repository, "init", "-q", "-b", "trunk");
        Files.writeString(repository.resolve("Jenkinsfile"), jenkinsfile.formatted("old"));
        Files.writeString(repository.resolve("content"), "content old\n");
        git(repository, "add", ".");
        git(repository, "commit", "-q", "-m", "one");
        String scm = """
                <scm class="hudson.plugins.git.GitSCM"><configVersion>2</configVersion>
                  <userRemoteConfigs><hudson.plugins.git.UserRemoteConfig><url>%s</url></hudson.plugins.git.UserRemoteConfig></userRemoteConfigs>
                  <branches><hudson.plugins.git.BranchSpec><name>*/trunk</name></hudson.plugins.git.BranchSpec></branches>
                </scm>""".formatted(repository);
        controller.createJob("git-freestyle", """
                <project>%s<builders><hudson.tasks.Shell><command>cat content; exit 1</command></hudson.tasks.Shell></builders>
                </project>""".formatted(scm));
        controller.createJob("git-pipeline", """
                <flow-definition>
                  <definition class="org.jenkinsci.plugins.workflow.cps.CpsScmFlowDefinition">%s
                    <scriptPath>Jenkinsfile</scriptPath><lightweight>true</lightweight></definition>
                </flow-definition>""".formatted(scm));
        controller.createJob("git-branches", """
                <org.jenkinsci.plugins.workflow.multibranch.WorkflowMultiBranchProject>
                  <sources class="jenkins.branch.MultiBranchProject$BranchSourceList"><data><jenkins.branch.BranchSource>
                    <source class="jenkins.plugins.git.GitSCMSource"><id>one</id><remote>%s</remote>
                      <traits><jenkins.plugins.git.traits.BranchDiscoveryTrait/></traits></source>
                  </jenkins.branch.BranchSource></data></sources>
                </org.jenkinsci.plugins.workflow.multibranch.WorkflowMultiBranchProject>""".formatted(repository));
        controller.start("git-freestyle");
        controller.start("git-pipeline");
        List<String> jobs = List.of("git-freestyle", "git-pipeline", "git-branches/job/trunk");
        for (String job : jobs) {
            awaitBuild(job, 1);
            assertThat(controller.await(job, 1, Duration.ofMinutes(1))).as(job).isEqualTo("FAILURE");
            assertThat(controller.console(job, 1)).as(job).contains("content old");
        }
        Files.writeString(repository.resolve("Jenkinsfile"), jenkinsfile.formatted("new"));
        Files.writeString(repository.resolve("content"), "content new\n");
        git(repository, "commit", "-q", "-a", "-m", "two");
        for (int attempt = 1; attempt <= 2; attempt++) {
            for (String job : jobs) {
                assertThat(controller
                                .post("job/" + job + "/" + attempt + "/mini-build-retry/retry", Map.of())
                                .statusCode())
                        .isEqualTo(302);
            }
            for (String job : jobs) {
                awaitBuild(job, attempt + 1);
                assertThat(controller.await(job, attempt + 1, Duration.ofMinutes(1)))
                        .isEqualTo("FAILURE");
                String log = controller.console(job, attempt + 1);
                assertThat(log)
                        .as(job)
                        .contains("Retry number " + attempt, "content old")
                        .doesNotContain("content new");
                if (!job.equals("git-freestyle")) {
                    assertThat(log).as(job).contains("Jenkinsfile old").doesNotContain("Jenkinsfile new");
                }
            }
        }
        // The next ordinary build has the newest again.
        controller.start("git-pipeline");
        assertThat(controller.await("git-pipeline", 4, Duration.ofMinutes(1))).isEqualTo("FAILURE");
        assertThat(controller.console("git-pipeline", 4)).contains("Jenkinsfile new", "content new");
    }

    @Test
    @Order(1) // as above
    void whatIsOldIsListedAndThenDeletedButNotOfRunningOrKeptBuilds() throws Exception {
        controller.createPipeline("outputs", "if (params.stay) { sleep 600 }");
        for (int number = 1; number <= 3; number++) {
            assertThat(controller.build("outputs")).isEqualTo("SUCCESS");
        }
        controller.createPipeline("outputs-running", "sleep 600");
        controller.start("outputs-running");
        for (String build :
                List.of("outputs/builds/1", "outputs/builds/2", "outputs/builds/3", "outputs-running/builds/1")) {
            Path folder = controller.home().resolve("jobs").resolve(build);
            Files.writeString(
                    Files.createDirectories(folder.resolve("mini-build/codegen-1"))
                            .resolve("events.jsonl"),
                    "{}\n");
            Path archive = Files.createDirectories(folder.resolve("archive/miniprogram"));
            Files.write(archive.resolve("preview-1.jpg"), new byte[2000]);
            Files.write(archive.resolve("sizes.json"), new byte[1000]);
        }
        Path mirrors = Files.createDirectories(controller.agentHome().resolve("mini-build/mirrors"));
        Path dependencies = Files.createDirectories(controller.home().resolve("mini-build/dependencies/entries"));
        Path versions = Files.createDirectories(controller.home().resolve("mini-build/versions"));
        Files.writeString(versions.resolve("wx-kept.json"), "{}");
        int day = 40;
        for (Path cache :
                List.of(mirrors.resolve(OLD + ".git"), dependencies.resolve(OLD), mirrors.resolve(YOUNG + ".git"))) {
            Files.createDirectory(cache);
            Path file = Files.write(cache.resolve("pack"), new byte[3_000_000]);
            FileTime time = FileTime.from(Instant.now().minus(Duration.ofDays(day--)));
            Files.setLastModifiedTime(file, time);
            Files.setLastModifiedTime(cache, time);
        }
        Files.delete(dependencies.resolve(OLD + "/pack"));
        Files.write(dependencies.resolve(OLD + "/pack"), new byte[6_000_000]);
        FileTime old = FileTime.from(Instant.now().minus(Duration.ofDays(39)));
        Files.setLastModifiedTime(dependencies.resolve(OLD + "/pack"), old);
        Files.setLastModifiedTime(dependencies.resolve(OLD), old);
        // #1 is old, #2 old and kept, #3 ten days old, and the running one began long ago.
        script("""
                import hudson.model.*; import jenkins.model.Jenkins
                def age = { name, number, days -> def f = Run.getDeclaredField('startTime'); f.accessible = true
                  f.set(Jenkins.get().getItemByFullName(name).getBuildByNumber(number), System.currentTimeMillis() - days * 86400000L) }
                age('outputs', 1, 40); age('outputs', 2, 40); age('outputs', 3, 10); age('outputs-running', 1, 40)
                Jenkins.get().getItemByFullName('outputs').getBuildByNumber(2).keepLog(true)
                io.jenkins.plugins.minibuild.limits.LimitsConfiguration.get().setCacheGigabytes(0.004)
                """);
        String page = controller.post("mini-build-limits/dryRun", Map.of()).body();
        assertThat(page)
                .contains("outputs/builds/1/mini-build", "outputs/builds/1/archive/miniprogram/sizes.json")
                .contains("outputs/builds/1/archive/miniprogram/preview-1.jpg")
                .contains(
                        "outputs/builds/3/archive/miniprogram/preview-1.jpg",
                        "last changed 10 days ago, and 7 are kept")
                .contains("mirrors/" + OLD + ".git", "dependencies/entries/" + OLD)
                .doesNotContain("outputs/builds/2/")
                .doesNotContain("outputs/builds/3/mini-build")
                .doesNotContain("outputs-running")
                .doesNotContain(YOUNG)
                .doesNotContain("versions");
        assertThat(mirrors.resolve(OLD + ".git")).exists();
        String log = script("""
                def out = new ByteArrayOutputStream()
                io.jenkins.plugins.minibuild.limits.retention.RetentionWork.get().execute(new hudson.util.StreamTaskListener(out, java.nio.charset.StandardCharsets.UTF_8))
                print out.toString('UTF-8')
                """);
        Path builds = controller.home().resolve("jobs/outputs/builds");
        assertThat(builds.resolve("1/mini-build")).doesNotExist();
        assertThat(builds.resolve("1/archive/miniprogram/preview-1.jpg")).doesNotExist();
        assertThat(builds.resolve("1/archive/miniprogram/sizes.json")).doesNotExist();
        assertThat(builds.resolve("1/build.xml")).exists();
        assertThat(builds.resolve("2/mini-build/codegen-1/events.jsonl")).exists();
        assertThat(builds.resolve("2/archive/miniprogram/preview-1.jpg")).exists();
        assertThat(builds.resolve("3/mini-build/codegen-1/events.jsonl")).exists();
        assertThat(builds.resolve("3/archive/miniprogram/preview-1.jpg")).doesNotExist();
        assertThat(builds.resolve("3/archive/miniprogram/sizes.json")).exists();
        assertThat(controller.home().resolve("jobs/outputs-running/builds/1/archive/miniprogram/preview-1.jpg"))
                .exists();
        assertThat(mirrors.resolve(OLD + ".git")).doesNotExist();
        assertThat(dependencies.resolve(OLD)).doesNotExist();
        assertThat(mirrors.resolve(YOUNG + ".git")).exists();
        assertThat(versions.resolve("wx-kept.json")).exists();
        assertThat(log.lines().filter(line -> line.startsWith("Deleted "))).hasSize(6);
        assertThat(log).contains("6 entries, ").containsPattern("Deleted .*" + mirrors.resolve(OLD + ".git"));
        assertThat(controller.post("mini-build-limits/dryRun", Map.of()).body())
                .contains("Nothing is older than configured");
        script("io.jenkins.plugins.minibuild.limits.LimitsConfiguration.get().setCacheGigabytes(100)");
        controller.post("job/outputs-running/1/stop", Map.of());
    }

    @Test
    @Order(0) // before the crashes: the agent does not come back by itself
    void containersEndWithTheirBlock() throws Exception {
        Path engine = Files.createDirectory(root.resolve("engine"));
        try (Containers containers = Containers.start(engine)) {
            String name = "it-limits-" + System.nanoTime();
            controller.createPipeline("container", """
                    node('remote') { miniBuildLimits(timeoutMinutes: 0.2, onExpiry: 'failed') {
                      sh '%s run --rm --network=none --name %s -v "$PWD":/w -w /w %s /bin/sh -c "echo up; sleep 7431; sleep 7431"'
                    } }
                    """.formatted(containers.command(), name, containers.image()));
            try {
                assertThat(controller.build("container")).isEqualTo("FAILURE");
                assertThat(controller.console("container", 1)).contains("\nup\n", "timeoutMinutes = 0.2");
                Deadline deadline = Deadline.after(Duration.ofSeconds(5));
                while (!containers.names(name).isEmpty() && !deadline.expired()) {
                    Thread.sleep(100);
                }
                assertThat(containers.names(name)).isEmpty();
                assertThat(running("sleep\0" + "7431")).isEmpty();
            } finally {
                containers.end(name);
            }
        }
    }

    @Test
    @Order(24)
    void whatMakesNoSenseIsRefusedAndLeavesNoSlotHeld() throws Exception {
        Map<String, String> refused = new LinkedHashMap<>();
        refused.put("timeoutMinutes: -1", "timeoutMinutes must be 0 or more, but is -1");
        refused.put("memoryGigabytes: 0.0d / 0.0d", "memoryGigabytes must be 0 or more");
        refused.put("logMegabytes: 1.0d / 0.0d", "logMegabytes must be 0 or more");
        refused.put("maxConcurrent: 0", "'0' cannot be a number of slots");
        refused.put("priority: 'urgent'", "high, normal, low");
        refused.put("onExpiry: 'green'", "aborted, failed, unstable");
        refused.put("pool: 'no-such'", "There is no pool 'no-such'");
        controller.createPipeline("refused", """
                miniBuildLimits(timeoutMinutes: 1e300, idleTimeoutMinutes: 1e300, memoryGigabytes: 1e300, logMegabytes: 1e300) {
                  node { sh 'sleep 2; echo huge is fine' }
                }
                def cases = [%s]
                for (c in cases) { try { c() ; error 'accepted' } catch (e) { def r = e; while (r.cause) { r = r.cause }; echo "REFUSED ${r.message}" } }
                """.formatted(String.join(
                ", ",
                refused.keySet().stream()
                        .map(c -> "{ -> miniBuildLimits(" + c + ") { error 'its body ran' } }")
                        .toList())));
        assertThat(controller.build("refused")).isEqualTo("SUCCESS");
        String log = controller.console("refused", 1);
        assertThat(log).contains("huge is fine").doesNotContain("its body ran").doesNotContain("accepted");
        assertThat(log).contains(refused.values());
        controller.createPipeline("aborted-wait", "miniBuildLimits(maxConcurrent: 1) { error 'its body ran' }");
        controller.createPipeline("aborted-hold", "miniBuildLimits { sleep 600 }");
        controller.start("aborted-hold");
        awaitPool(1, 0);
        controller.start("aborted-wait");
        awaitPool(1, 1);
        controller.post("job/aborted-wait/1/stop", Map.of());
        assertThat(controller.await("aborted-wait", 1, Duration.ofSeconds(20))).isEqualTo("ABORTED");
        // The job of the holder is deleted while it holds.
        controller.post("job/aborted-hold/doDelete", Map.of());
        awaitPool(0, 0);
    }

    @Test
    @Order(25)
    void aFreestyleBuildIsLimitedAsWell() throws Exception {
        controller.createJob(
                "freestyle-late",
                freestyle(
                        "<onExpiry>unstable</onExpiry><limits><entry><string>timeoutMinutes</string><double>0.05</double></entry></limits>",
                        "echo mark=${MINI_BUILD_LIMITS:+given}; sleep 60"));
        controller.createJob(
                "freestyle-silent",
                freestyle(
                        "<onExpiry>failed</onExpiry><limits><entry><string>idleTimeoutMinutes</string><double>0.05</double></entry></limits>",
                        "sleep 60"));
        controller.createJob(
                "freestyle-talks",
                freestyle(
                        "<limits><entry><string>logMegabytes</string><double>0.1</double></entry></limits>",
                        "echo first; seq 1 100000; echo last"));
        for (String job : List.of("freestyle-late", "freestyle-silent", "freestyle-talks")) {
            controller.start(job);
        }
        assertThat(controller.await("freestyle-late", 1, Duration.ofSeconds(40)))
                .isEqualTo("UNSTABLE");
        assertThat(controller.console("freestyle-late", 1)).contains("mark=given", "timeoutMinutes = 0.05");
        assertThat(controller.await("freestyle-silent", 1, Duration.ofSeconds(40)))
                .isEqualTo("FAILURE");
        assertThat(controller.console("freestyle-silent", 1)).contains("idleTimeoutMinutes = 0.05");
        assertThat(controller.await("freestyle-talks", 1, Duration.ofSeconds(40)))
                .isEqualTo("SUCCESS");
        assertThat(controller.console("freestyle-talks", 1))
                .contains("first\n", "were dropped here", "\nlast\n", "Finished: SUCCESS")
                .hasSizeLessThan(150_000);
        awaitPool(0, 0);
    }

    @Test
    @Order(26)
    void whoMayNotSeeAJobIsNotToldItsName() throws Exception {
        controller.createPipeline("hidden-holder", "miniBuildLimits(maxConcurrent: 1) { sleep 600 }");
        controller.createPipeline(
                "seen-waiter", "miniBuildLimits(maxConcurrent: 1, queueTimeoutMinutes: 5) { echo 'in' }");
        controller.createJob("seen-freestyle", freestyle("<maxConcurrent>1</maxConcurrent>", "echo in"));
        script("""
                import hudson.model.Item; import hudson.security.*; import jenkins.model.Jenkins; import org.jenkinsci.plugins.matrixauth.PermissionEntry
                def matrix = new ProjectMatrixAuthorizationStrategy()
                matrix.add(Jenkins.ADMINISTER, PermissionEntry.user('admin'))
                matrix.add(Jenkins.READ, PermissionEntry.user('reader'))
                for (name in ['seen-waiter', 'seen-freestyle']) {
                  def property = new AuthorizationMatrixProperty()
                  property.add(Item.READ, PermissionEntry.user('reader'))
                  Jenkins.get().getItemByFullName(name).addProperty(property)
                }
                Jenkins.get().authorizationStrategy = matrix
                """);
        try {
            controller.start("hidden-holder");
            awaitPool(1, 0);
            controller.start("seen-waiter");
            controller.post("job/seen-freestyle/build?delay=0sec", Map.of());
            awaitPool(1, 2);
            for (String page : List.of(
                    "mini-build-limits/",
                    "job/seen-waiter/1/",
                    "job/seen-waiter/1/consoleText",
                    "queue/api/json",
                    "job/seen-freestyle/")) {
                HttpResponse<String> answer = controller.as("reader", "reader-password-11", "GET", page);
                assertThat(answer.statusCode()).as(page).isEqualTo(200);
                assertThat(answer.body()).as(page).doesNotContain("hidden-holder");
                if (!page.startsWith("job/seen-freestyle")) {
                    assertThat(answer.body()).as(page).contains("another job");
                }
            }
            assertThat(controller
                            .as("reader", "reader-password-11", "GET", "mini-build-limits/")
                            .body())
                    .contains("seen-waiter #1");
            assertThat(controller.get("mini-build-limits/").body()).contains("hidden-holder #1");
            assertThat(controller.get("queue/api/json").body()).contains("hidden-holder #1");
            assertThat(controller.get("job/seen-waiter/1/").body()).contains("hidden-holder #1");
        } finally {
            script("""
                    import hudson.model.Item; import hudson.security.*; import jenkins.model.Jenkins; import org.jenkinsci.plugins.matrixauth.PermissionEntry
                    def matrix = new GlobalMatrixAuthorizationStrategy()
                    matrix.add(Jenkins.ADMINISTER, PermissionEntry.user('admin'))
                    matrix.add(Jenkins.READ, PermissionEntry.user('reader'))
                    matrix.add(Item.READ, PermissionEntry.user('reader'))
                    Jenkins.get().authorizationStrategy = matrix
                    """);
        }
        controller.post("job/hidden-holder/1/stop", Map.of());
        assertThat(controller.await("seen-waiter", 1, Duration.ofSeconds(30))).isEqualTo("SUCCESS");
        awaitBuild("seen-freestyle", 1);
        assertThat(controller.await("seen-freestyle", 1, Duration.ofSeconds(30)))
                .isEqualTo("SUCCESS");
    }

    private static void git(Path folder, String... arguments) throws Exception {
        List<String> line = new ArrayList<>(List.of("git", "-c", "user.name=t", "-c", "user.email=t@example.com"));
        line.addAll(List.of(arguments));
        Process process = new ProcessBuilder(line)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
    }
}
