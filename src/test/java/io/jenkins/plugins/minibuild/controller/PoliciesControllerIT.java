package io.jenkins.plugins.minibuild.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
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
}
