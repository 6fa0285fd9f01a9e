package io.jenkins.plugins.minibuild.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jenkins.plugins.minibuild.process.Deadline;
import io.jenkins.plugins.minibuild.standin.Eavesdropper;
import io.jenkins.plugins.minibuild.standin.GiteeService;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** Policies, profiles of jobs and the permission to see code on a real controller: the forms in both languages, Configuration as Code, Pipelines. */
@NeedsController
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class PoliciesControllerIT {
    private static Path folder;
    private static RealController controller;
    private static MiniProgramSite site;

    @BeforeAll
    static void boot() throws Exception {
        folder = Path.of("target/controller-policies").toAbsolutePath();
        controller = RealController.start(folder);
        site = new MiniProgramSite(controller, folder, "token-of-the-shop-9241", "feat: tea");
        assertThat(controller.script("""
                import com.cloudbees.hudson.plugins.folder.Folder
                def team = jenkins.model.Jenkins.get().createProject(Folder, 'team')
                team.createProject(Folder, 'deep')
                print 'made'
                """)).isEqualTo("made");
    }

    @AfterAll
    static void stop() throws IOException {
        if (site != null) {
            site.close();
        }
        if (controller != null) {
            controller.close();
        }
    }

    private static String exported() throws Exception {
        HttpResponse<String> answer = controller.post("manage/configuration-as-code/export", Map.of());
        assertThat(answer.statusCode()).isEqualTo(200);
        String yaml = answer.body();
        int start = yaml.indexOf("  miniBuildPolicies:\n");
        assertThat(start).as(yaml).isPositive();
        StringBuilder part = new StringBuilder();
        yaml.substring(start)
                .lines()
                .takeWhile(line -> part.length() == 0 || line.startsWith("   "))
                .forEach(line -> part.append(line).append('\n'));
        return part.toString();
    }

    /** Sets the last field of a name. */
    private static void set(Browser browser, String field, String value) {
        browser.script(
                "const all = document.querySelectorAll('[name=\"_.' + arguments[0] + '\"]');"
                        + "const e = all[all.length - 1];"
                        + "if (e.type === 'checkbox') { e.checked = arguments[1] === 'true'; } else { e.value = arguments[1]; }"
                        + "e.dispatchEvent(new Event('change', {bubbles: true}))",
                field,
                value);
    }

    private static void add(Browser browser, String button) throws InterruptedException {
        browser.script(
                "[...document.querySelectorAll('button.repeatable-add')].find(b => b.textContent.includes(arguments[0])).click()",
                button);
        Thread.sleep(700);
    }

    private static void save(Browser browser) throws InterruptedException {
        browser.script("document.querySelector('button[name=\"Submit\"]').click()");
        Thread.sleep(3000);
        assertThat(browser.text()).doesNotContain("Oops");
    }

    private static String minApprovals(String item) throws Exception {
        return controller.script("""
                def adapter = jenkins.model.Jenkins.get().pluginManager.uberClassLoader
                    .loadClass('io.jenkins.plugins.minibuild.access.PoliciesAdapter')
                def rule = adapter.of(jenkins.model.Jenkins.get().getItemByFullName('%s')).review().minApprovals()
                print rule.value() + ' ' + rule.place()
                """.formatted(item));
    }

    @Test
    @Order(1)
    void thePoliciesOfAllJobsAreSavedFromTheFormExportedAndLoadedBackEqual() throws Exception {
        assumeTrue(Browser.isInstalled(), "skipped: no Chromium");
        try (Browser browser = Browser.open(controller, folder.resolve("pictures"), "en")) {
            browser.go("manage/configure");
            browser.one("[name=\"_.forks\"] option[value=\"members\"]");
            set(browser, "fourEyes", "true");
            set(browser, "minApprovals", "2");
            add(browser, "Add reviewers");
            set(browser, "branches", "main, release/*");
            set(browser, "reviewers", "user:alice, group:leads");
            add(browser, "Add uploads");
            set(browser, "profiles", "held");
            set(browser, "branches", "**");
            set(browser, "maxUsdPerRun", "5.5");
            set(browser, "maxTurns", "80");
            set(browser, "models", "claude-sonnet-*");
            set(browser, "protectedPaths", "infra/\n**/*.sql");
            set(browser, "forks", "never");
            Thread.sleep(1500);
            browser.picture("policies-en");
            assertThat(browser.scriptErrors()).isEmpty();
            save(browser);
        }
        try (Browser browser = Browser.open(controller, folder.resolve("pictures"), "zh-CN")) {
            browser.go("manage/configure");
            browser.one("[name=\"_.forks\"] option[value=\"members\"]");
            browser.picture("policies-zh");
            assertThat(browser.text()).contains("Mini Build：策略", "最少批准人数", "需要批准的上传");
        }
        String yaml = exported();
        assertThat(yaml)
                .contains(
                        "builtInNodeJobs: \"**\"",
                        "fourEyes: true",
                        "minApprovals: 2",
                        "- branches: \"main, release/*\"",
                        "reviewers: \"user:alice, group:leads\"",
                        "- branches: \"**\"",
                        "profiles: \"held\"",
                        "maxUsdPerRun: \"5.5\"",
                        "maxTurns: 80",
                        "forks: \"never\"")
                .doesNotContain("maxMinutes", "approvalBeforeMerge", "maxUsdPerDay");
        String answer = controller.script("""
                import io.jenkins.plugins.casc.*
                def descriptor = jenkins.model.Jenkins.get().getDescriptor('io.jenkins.plugins.minibuild.access.PoliciesConfiguration')
                descriptor.policy = null
                def file = File.createTempFile('policies', '.yaml')
                file.text = new String(Base64.decoder.decode('%s'), 'UTF-8')
                ConfigurationAsCode.get().configure(file.path)
                file.delete()
                print descriptor.policy.minApprovals
                """.formatted(Base64.getEncoder()
                .encodeToString(("unclassified:\n" + yaml).getBytes(StandardCharsets.UTF_8))));
        assertThat(answer).isEqualTo("2");
        assertThat(exported()).isEqualTo(yaml);
    }

    @Test
    @Order(2)
    void aFolderSetsItsOwnOnItsPageAndCanOnlyAdd() throws Exception {
        assumeTrue(Browser.isInstalled(), "skipped: no Chromium");
        try (Browser browser = Browser.open(controller, folder.resolve("pictures"), "en")) {
            browser.go("job/team/configure");
            browser.one("[name=\"_.forks\"] option[value=\"always\"]");
            set(browser, "minApprovals", "3");
            set(browser, "forks", "always");
            browser.picture("folder-policy-en");
            save(browser);
            browser.go("job/team/configure");
            browser.one("[name=\"_.forks\"] option[value=\"always\"]");
            assertThat(browser.one("[name=\"_.minApprovals\"]").getAttribute("value"))
                    .isEqualTo("3");
            assertThat(browser.scriptErrors()).isEmpty();
        }
        try (Browser browser = Browser.open(controller, folder.resolve("pictures"), "zh-CN")) {
            browser.go("job/team/job/deep/configure");
            browser.one("[name=\"_.forks\"] option[value=\"always\"]");
            set(browser, "minApprovals", "1");
            browser.picture("folder-policy-zh");
            assertThat(browser.text()).contains("最少批准人数");
            save(browser);
            browser.go("job/team/job/deep/configure");
            browser.one("[name=\"_.forks\"] option[value=\"always\"]");
            set(browser, "minApprovals", "0");
            browser.assertRefused("20");
        }
        controller.script("jenkins.model.Jenkins.get().reload()");
        assertThat(minApprovals("team")).isEqualTo("3 team");
        assertThat(minApprovals("team/deep")).isEqualTo("3 team");
    }

    private static void makePipeline(String parent, String name, String script) throws Exception {
        assertThat(controller.script("""
                def parent = '%s'.isEmpty() ? jenkins.model.Jenkins.get() : jenkins.model.Jenkins.get().getItemByFullName('%s')
                def job = parent.createProject(org.jenkinsci.plugins.workflow.job.WorkflowJob, '%s')
                job.definition = new org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition(new String('%s'.decodeBase64(), 'UTF-8'), true)
                job.save()
                def run = job.scheduleBuild2(0).get()
                print run.result.toString() + '\\n' + run.log
                """.formatted(
                                parent,
                                parent,
                                name,
                                Base64.getEncoder().encodeToString(script.getBytes(StandardCharsets.UTF_8)))))
                .as("the job runs")
                .isNotEmpty();
    }

    private static String log(String path) throws Exception {
        return controller.get(path + "/1/consoleText").body();
    }

    @Test
    @Order(3)
    void aProfileIsForItsJobsAndAStepChoosesOnlyWhatItMay() throws Exception {
        controller.script("""
                import io.jenkins.plugins.minibuild.miniprogram.profile.*
                def profiles = ['bound', 'held'].withIndex().collect { name, n ->
                  def profile = new ProfileConfiguration(name, ['wx00000000000000aa', '%s'][n])
                  profile.privateKeyCredentialsId = 'miniprogram-key'
                  profile.appType = 'native'
                  profile.gitUrl = '%s'
                  profile.gitCredentialsId = 'gitee-token'
                  profile
                }
                profiles[0].allowedJobs = 'team/**'
                MiniProgramsConfiguration.get().profiles = profiles
                """.formatted(MiniProgramSite.APP, site.gitee.gitUrl("demo", "shop")));
        makePipeline("", "outside", "node { miniprogramUpload app: 'bound' }");
        assertThat(log("job/outside"))
                .contains(
                        "There is no mini program with the name \"bound\" that this job may use. It may use: [held].");

        makePipeline("team", "chooses", "node { miniprogramUpload app: 'bound', buildCommand: 'true' }");
        assertThat(log("job/team/job/chooses"))
                .contains("The step says \"buildCommand\", but the mini program \"bound\" decides that by itself");
        assertThat(site.weChat.uploads()).isEmpty();
    }

    @Test
    @Order(4)
    void anUploadGateHoldsACommitThatNobodyApproved() throws Exception {
        controller.script("""
                import io.jenkins.plugins.minibuild.access.*
                def policy = new PolicyConfiguration()
                policy.uploadGates = [new UploadGateConfiguration('held', '**')]
                jenkins.model.Jenkins.get().getDescriptor('io.jenkins.plugins.minibuild.access.PoliciesConfiguration').policy = policy
                """);
        makePipeline("team", "gated", "node { miniprogramUpload app: 'held' }");
        assertThat(log("job/team/job/gated"))
                .contains(
                        "The policy \"uploadGates\" of the system configuration lets the mini programs held be uploaded")
                .contains("nobody has approved");
        makePipeline(
                "",
                "by-app-id",
                "node { miniprogramUpload appId: '%s', privateKeyCredentialsId: 'miniprogram-key', version: '1.0.0' }"
                        .formatted(MiniProgramSite.APP));
        assertThat(log("job/by-app-id")).contains("The policy \"uploadGates\" of the system configuration");
        assertThat(site.weChat.uploads()).isEmpty();
    }

    @Test
    @Order(5)
    void aReaderSeesWhereARunStandsAndNoCode() throws Exception {
        makePipeline("", "watched", "echo 'hello'");
        controller.script("""
                def run = jenkins.model.Jenkins.get().getItemByFullName('watched').getBuildByNumber(1)
                def folder = new File(run.rootDir, 'mini-build/claude-1')
                folder.mkdirs()
                new File(folder, 'run.json').text = '{"state":"done","title":"codegen","started":1,"millis":2}'
                new File(folder, 'prompt.txt').text = 'Change secretFormula'
                new File(folder, 'events.jsonl').text = '{"seq":1,"at":1,"event":{"type":"x","text":"secretFormula"}}\\n'
                """);
        String reader = "reader-password-11";
        for (String page : new String[] {"", "prompt", "raw", "events?from=0", "stream?from=0", "state"}) {
            String path = "job/watched/1/mini-build-claude/1/" + page;
            HttpResponse<String> refused = controller.as("reader", reader, "GET", path);
            assertThat(refused.statusCode()).as(path).isEqualTo(403);
            assertThat(refused.body()).doesNotContain("secretFormula");
            assertThat(controller.get(path).statusCode()).as(path).isEqualTo(200);
        }
        assertThat(controller
                        .as("reader", reader, "GET", "job/watched/1/mini-build-claude/")
                        .body())
                .contains("codegen");
        assertThat(controller.as("reader", reader, "GET", "job/watched/1/").statusCode())
                .isEqualTo(200);

        controller.script("""
                import org.jenkinsci.plugins.matrixauth.PermissionEntry
                def jenkins = jenkins.model.Jenkins.get()
                jenkins.authorizationStrategy.add(hudson.model.Item.WORKSPACE, PermissionEntry.user('reader'))
                """);
        assertThat(controller
                        .as("reader", reader, "GET", "job/watched/1/mini-build-claude/1/prompt")
                        .body())
                .as("who may see workspaces may see code")
                .contains("secretFormula");
    }

    /** The key goes to the tool of the administrator; what is done here with it where the job gives it away shows that the module works. */
    @Test
    @Order(6)
    void theProjectsOwnMiniprogramCiDoesNotGetTheUploadKey() throws Exception {
        Path stolen = folder.resolve("stolen-key");
        String module = """
                exports.Project = function (options) { require("fs").writeFileSync("%s", options.privateKey); };
                exports.preview = function () { return Promise.resolve({}); };
                """.formatted(stolen);
        String script = """
                node {
                  giteeCheckout url: env.GITEE_URL, credentialsId: 'gitee-token'
                  writeFile file: 'node_modules/miniprogram-ci/package.json', text: '{"name": "miniprogram-ci", "version": "2.1.42"}'
                  writeFile file: 'node_modules/miniprogram-ci/index.js', text: '''%s'''
                  miniprogramPreview appId: '%s', privateKeyCredentialsId: 'miniprogram-key'%s
                }
                """;
        makePipeline("", "own-tool", script.formatted(module, MiniProgramSite.APP, ""));
        assertThat(log("job/own-tool")).contains("Finished: SUCCESS").doesNotContain("is given the upload key");
        assertThat(stolen).doesNotExist();
        assertThat(RealController.filesWith(
                        site.key.pem().lines().skip(1).findFirst().orElseThrow(), controller.home()))
                .isEmpty();

        makePipeline("", "given-away", script.formatted(module, MiniProgramSite.APP, ", ciTool: 'project'"));
        assertThat(log("job/given-away")).contains("is given the upload key");
        assertThat(stolen).as("the module takes what it is given").exists();
    }

    /** What a package's script can do before the step that has the token. */
    @Test
    @Order(7)
    void aPlantedAddressDoesNotGetTheToken() throws Exception {
        try (Eavesdropper evil = Eavesdropper.start()) {
            String planted = "sh 'git config remote.origin.url " + evil.address() + "/demo/shop.git && "
                    + "git config url." + evil.address() + "/.insteadOf " + site.gitee.url() + "/'";
            makePipeline("", "planted-unknown", """
                    node {
                      sh 'git init -q . && git remote add origin %s/demo/shop.git'
                      createMergeRequest credentialsId: 'gitee-token', source: 'feature/x', target: 'main', title: 'x'
                    }
                    """.formatted(evil.address()));
            assertThat(log("job/planted-unknown")).contains("Finished: FAILURE", "url");
            for (String step : new String[] {
                "createMergeRequest credentialsId: 'gitee-token', source: 'feature/x', target: 'main', title: 'x'",
                "humanReview base: 'main', head: 'feature/x', gitCredentialsId: 'gitee-token'"
            }) {
                String job = "planted-" + step.substring(0, step.indexOf(' '));
                site.gitee.forgetRequests();
                makePipeline("", job, """
                        node {
                          giteeCheckout url: env.GITEE_URL, credentialsId: 'gitee-token'
                          %s
                          %s
                        }
                        """.formatted(planted, step));
                assertThat(log("job/" + job))
                        .as("there is no such branch at the true address")
                        .containsPattern("feature/x|422: Validation Failed")
                        .contains("Finished: FAILURE");
                assertThat(site.gitee.requests()).as(job).isNotEmpty();
            }
            assertThat(evil.heard()).isEmpty();
        }
    }

    private static final String CHANGE = """
            sh \'\'\'rm -rf code && mkdir code && cd code && git init -q -b main .
              git config user.name a && git config user.email a@example.com
              echo 1 > a.js && git add . && git commit -qm first && git switch -q -c feature
              echo 2 > a.js && git commit -qam second\'\'\'
            def base = sh(script: 'cd code && git rev-parse main', returnStdout: true).trim()
            """;

    private static void policy(String set) throws Exception {
        assertThat(controller.script("""
                import io.jenkins.plugins.minibuild.access.*
                def policy = new PolicyConfiguration()
                %s
                jenkins.model.Jenkins.get().getDescriptor('io.jenkins.plugins.minibuild.access.PoliciesConfiguration').policy = policy
                print 'set'
                """.formatted(set))).isEqualTo("set");
    }

    @Test
    @Order(8)
    void aHumanReviewThatAsksForLessThanAPolicyIsRefusedAndAReplayHidesNoRequester() throws Exception {
        policy("policy.fourEyes = true; policy.minApprovals = 2;"
                + "policy.reviewers = [new ReviewerRuleConfiguration('**', 'user:wang, group:leads')]");
        makePipeline(
                "", "one-pair", "node { " + CHANGE + " humanReview directory: 'code', base: base, fourEyes: false }");
        assertThat(log("job/one-pair"))
                .contains("The policy \"fourEyes\" of the system configuration", "Finished: FAILURE");

        controller.createPipeline("reviewed", "node { " + CHANGE + " humanReview directory: 'code', base: base }");
        controller.start("reviewed");
        controller.awaitConsole("reviewed", 1, "Waiting for 2 approvals");
        assertThat(controller.console("reviewed", 1)).contains("user:wang, group:leads");
        assertThat(controller.script("""
                def jenkins = jenkins.model.Jenkins.get()
                def run = jenkins.getItemByFullName('reviewed').getBuildByNumber(1)
                def realm = jenkins.securityRealm
                realm.createAccount('li', 'only-for-li-9911')
                jenkins.authorizationStrategy.add(jenkins.ADMINISTER,
                    org.jenkinsci.plugins.matrixauth.PermissionEntry.user('li'))
                def context = hudson.security.ACL.as2(hudson.model.User.getById('li', true).impersonate2())
                try {
                  def action = run.getAction(org.jenkinsci.plugins.workflow.cps.replay.ReplayAction)
                  print action.run2(action.originalScript, [:]) != null
                } finally {
                  context.close()
                }
                """)).isEqualTo("true");
        controller.awaitConsole("reviewed", 2, "Waiting for 2 approvals");
        String page = controller.get("job/reviewed/2/mini-build-approval/1/").body();
        assertThat(page).contains("li (", "admin (");
        HttpResponse<String> own = controller.as(
                "li",
                "only-for-li-9911",
                "POST",
                "job/reviewed/2/mini-build-approval/1/verdict?verdict=approve&diffSha256="
                        + controller
                                .json("job/reviewed/2/mini-build-approval/1/state")
                                .path("diffSha256")
                                .asText(),
                "Accept",
                "application/json");
        assertThat(own.statusCode()).as(own.body()).isEqualTo(409);
        for (int build = 1; build <= 2; build++) {
            controller.post("job/reviewed/" + build + "/stop", Map.of());
            controller.await("reviewed", build, Duration.ofMinutes(1));
        }
    }

    /** Running an old Jenkinsfile is what Replay does. */
    @Test
    @Order(9)
    void whoMayBuildAndNotReplayRetriesWithTheNewestJenkinsfile() throws Exception {
        Path repository = site.gitee.createRepository("demo", "scripted", false);
        Path files = Files.createDirectories(folder.resolve("scripted"));
        Files.writeString(files.resolve("Jenkinsfile"), "echo 'runs the OLD one'\nerror 'x'\n");
        GiteeService.commit(repository, files, "main", "old");
        controller.createJob("scripted", """
                <flow-definition plugin="workflow-job">
                  <definition class="org.jenkinsci.plugins.workflow.cps.CpsScmFlowDefinition" plugin="workflow-cps">
                    <scm class="hudson.plugins.git.GitSCM" plugin="git">
                      <configVersion>2</configVersion>
                      <userRemoteConfigs><hudson.plugins.git.UserRemoteConfig><url>%s</url></hudson.plugins.git.UserRemoteConfig></userRemoteConfigs>
                      <branches><hudson.plugins.git.BranchSpec><name>main</name></hudson.plugins.git.BranchSpec></branches>
                    </scm>
                    <scriptPath>Jenkinsfile</scriptPath>
                  </definition>
                </flow-definition>
                """.formatted(site.gitee.gitUrl("demo", "scripted")));
        assertThat(controller.build("scripted")).isEqualTo("FAILURE");
        assertThat(controller.console("scripted", 1)).contains("runs the OLD one");
        Files.writeString(files.resolve("Jenkinsfile"), "echo 'runs the NEW one'\n");
        GiteeService.commit(repository, files, "main", "new");
        controller.script("""
                import org.jenkinsci.plugins.matrixauth.PermissionEntry
                def jenkins = jenkins.model.Jenkins.get()
                jenkins.securityRealm.createAccount('builder', 'only-for-builder-77')
                [jenkins.READ, hudson.model.Item.READ, hudson.model.Item.BUILD].each {
                  jenkins.authorizationStrategy.add(it, PermissionEntry.user('builder'))
                }
                """);
        assertThat(controller
                        .as("builder", "only-for-builder-77", "GET", "job/scripted/1/mini-build-retry/")
                        .body())
                .contains("takes the newest Jenkinsfile and the newest commit");
        assertThat(controller
                        .as("builder", "only-for-builder-77", "POST", "job/scripted/1/mini-build-retry/retry")
                        .statusCode())
                .isEqualTo(302);
        awaitBuild("scripted", 2);
        assertThat(controller.console("scripted", 2))
                .contains("runs the NEW one")
                .doesNotContain("OLD");

        assertThat(controller
                        .post("job/scripted/1/mini-build-retry/retry", Map.of())
                        .statusCode())
                .isEqualTo(302);
        awaitBuild("scripted", 3);
        assertThat(controller.console("scripted", 3))
                .as("an administrator may replay")
                .contains("runs the OLD one");
    }

    private static void awaitBuild(String job, int number) throws Exception {
        Deadline deadline = Deadline.after(Duration.ofMinutes(1));
        while (controller.get("job/" + job + "/" + number + "/api/json").statusCode() != 200) {
            assertThat(deadline.expired()).as(job + " " + number).isFalse();
            Thread.sleep(100);
        }
        controller.await(job, number, Duration.ofMinutes(2));
    }

    /** A list of credentials that builds cannot use would tell their names to whoever may configure the job. */
    @Test
    @Order(10)
    void formsOfAJobThatRunsAsAUserOfferThatUsersCredentialsOnly() throws Exception {
        makePipeline("", "as-reader", "echo 'x'");
        String list =
                "job/as-reader/descriptorByName/io.jenkins.plugins.minibuild.checkout.GiteeCheckoutStep/fillCredentialsIdItems";
        assertThat(controller.post(list, Map.of("url", "")).body()).contains("gitee-token");
        assertThat(controller.script("""
                def all = jenkins.security.QueueItemAuthenticatorConfiguration.get().authenticators
                all.add(new jenkins.security.QueueItemAuthenticator() {
                  org.springframework.security.core.Authentication authenticate2(hudson.model.Queue.Task task) {
                    task.fullDisplayName == 'as-reader' ? hudson.model.User.getById('reader', false).impersonate2() : null
                  }
                })
                print all.size()
                """)).isEqualTo("1");
        try {
            assertThat(controller.post(list, Map.of("url", "")).body()).doesNotContain("gitee-token");
        } finally {
            controller.script("jenkins.security.QueueItemAuthenticatorConfiguration.get().authenticators.clear()");
        }
    }

    /** As a team does that wants a fresh daily budget. */
    @Test
    @Order(11)
    void aFolderThatIsRenamedOrMadeAnewHasSpentWhatItHas() throws Exception {
        String spent = controller.script("""
                import com.cloudbees.hudson.plugins.folder.Folder
                import io.jenkins.plugins.minibuild.claude.*
                import java.time.Clock
                def jenkins = jenkins.model.Jenkins.get()
                def spender = jenkins.createProject(Folder, 'spender')
                ClaudeConfiguration.get().folderBudgets = [new ClaudeFolderBudgetConfiguration('spender', 3)]
                def budget = new DailyBudget(new File(jenkins.rootDir, 'mini-build').toPath(), Clock.systemDefaultZone())
                def left = { name ->
                  try {
                    def some = budget.reserve([new DailyBudget.Scope(name, 3)], 3)
                    budget.settle(some, 0)
                    some.dollars()
                  } catch (hudson.AbortException e) {
                    0
                  }
                }
                budget.settle(budget.reserve([new DailyBudget.Scope('spender', 3)], 3), 2)
                def told = [left('spender')]
                spender.renameTo('thrifty')
                told << ClaudeConfiguration.get().folderBudgets.collect { it.folder }
                told << left('thrifty')
                spender.delete()
                jenkins.createProject(Folder, 'thrifty')
                told << ClaudeConfiguration.get().folderBudgets.collect { it.folder }
                told << left('thrifty')
                print told
                """);
        assertThat(spent).isEqualTo("[1.0, [thrifty], 1.0, [thrifty], 1.0]");
    }
}
