package io.jenkins.plugins.minibuild.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.minibuild.process.Deadline;
import io.jenkins.plugins.minibuild.standin.GiteeService;
import io.jenkins.plugins.minibuild.standin.WeChatService;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;

/** Profiles on a real controller. Skipped, and it says so, unless -Djenkins.war and -Djenkins.plugins name one. */
@Timeout(300)
@NeedsController
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ProfilesControllerIT {
    private static final String TOKEN = "gitee-token-41c5a9e07b";
    private static final String APP = MiniProgramSite.APP;
    private static final Path EXAMPLE = Path.of("docs/examples/native-miniprogram");
    private static final String CHECK =
            "descriptorByName/io.jenkins.plugins.minibuild.miniprogram.profile.ProfileConfiguration/testProfile";
    private static final String STORED =
            "io.jenkins.plugins.minibuild.miniprogram.profile.MiniProgramsConfiguration.xml";

    private static Path folder;
    private static RealController controller;
    private static MiniProgramSite site;
    private static WeChatService weChat;
    private static GiteeService gitee;

    @BeforeAll
    static void boot() throws Exception {
        folder = Path.of("target/controller-profiles").toAbsolutePath();
        controller = RealController.start(folder);
        site = new MiniProgramSite(controller, folder, TOKEN, "feat: <b>tea</b>");
        weChat = site.weChat;
        gitee = site.gitee;
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
        int start = yaml.indexOf("  miniPrograms:\n");
        assertThat(start).as(yaml).isPositive();
        StringBuilder part = new StringBuilder();
        yaml.substring(start)
                .lines()
                .takeWhile(line -> part.length() == 0 || line.startsWith("   "))
                .forEach(line -> part.append(line).append('\n'));
        return part.toString();
    }

    private static void set(Browser browser, String field, String value) {
        browser.script(
                "const all = document.querySelectorAll('[name=\"_.' + arguments[0] + '\"]');"
                        + "const e = all[all.length - 1];"
                        + "if (e.type === 'checkbox') { e.checked = arguments[1] === 'true'; } else { e.value = arguments[1]; }"
                        + "e.dispatchEvent(new Event('change', {bubbles: true}))",
                field,
                value);
    }

    @Test
    @Order(1)
    void aProfileSavedFromTheFormIsExportedAndLoadedBackEqual() throws Exception {
        assumeTrue(Browser.isInstalled(), "skipped: no Chromium");
        try (Browser browser = Browser.open(controller, folder.resolve("pictures"), "en")) {
            browser.go("manage/configure");
            browser.script("[...document.querySelectorAll('button.repeatable-add')]"
                    + ".find(b => b.textContent.includes('Add a mini program')).click()");
            browser.one("[name=\"_.privateKeyCredentialsId\"] option[value=\"miniprogram-key\"]");
            browser.one("[name=\"_.gitCredentialsId\"] option[value=\"gitee-token\"]");
            browser.one("[name=\"_.appType\"] option[value=\"native\"]");
            set(browser, "name", "shop");
            set(browser, "appId", APP);
            set(browser, "privateKeyCredentialsId", "miniprogram-key");
            set(browser, "appType", "native");
            set(browser, "gitUrl", gitee.gitUrl("demo", "shop"));
            set(browser, "gitCredentialsId", "gitee-token");
            set(browser, "robotRules", "main=5\nrelease/*=6");
            set(browser, "version", "2.3.0");
            set(browser, "useProjectConfig", "true");
            set(browser, "mainBudget", "1024");
            set(browser, "allowedOverrides", "buildCommand, expire, robot");
            Thread.sleep(1500);
            browser.script("document.querySelectorAll('.advanced-button, .advancedButton').forEach(b => b.click())");
            Thread.sleep(500);
            browser.picture("profile-form-en");
            assertThat(browser.scriptErrors()).isEmpty();
            browser.script("document.querySelector('button[name=\"Submit\"]').click()");
            Thread.sleep(2500);
            assertThat(browser.text()).doesNotContain("Oops");
        }
        try (Browser browser = Browser.open(controller, folder.resolve("pictures"), "zh-CN")) {
            browser.go("manage/configure");
            browser.one("[name=\"_.appType\"] option[value=\"native\"]");
            browser.picture("profile-form-zh");
            assertThat(browser.text()).contains("小程序", "代码仓库", "上传密钥");
        }
        String stored = Files.readString(controller.home().resolve(STORED));
        assertThat(stored).contains("<name>shop</name>", "<version>2.3.0</version>");
        String yaml = exported();
        assertThat(yaml)
                .contains(
                        "name: \"shop\"",
                        "robotRules: |",
                        "version: \"2.3.0\"",
                        "mainBudget: 1024",
                        "allowedOverrides: \"buildCommand, expire, robot\"");

        String answer = controller.script("""
                import io.jenkins.plugins.casc.*
                import io.jenkins.plugins.minibuild.miniprogram.profile.MiniProgramsConfiguration
                MiniProgramsConfiguration.get().setProfiles([])
                def file = File.createTempFile('mini', '.yaml')
                file.text = new String(Base64.decoder.decode('%s'), 'UTF-8')
                ConfigurationAsCode.get().configure(file.path)
                file.delete()
                print MiniProgramsConfiguration.get().profiles*.name
                """.formatted(Base64.getEncoder()
                .encodeToString(("unclassified:\n" + yaml).getBytes(StandardCharsets.UTF_8))));

        assertThat(answer).isEqualTo("[shop]");
        assertThat(exported()).isEqualTo(yaml);
        assertThat(withoutIds(Files.readString(controller.home().resolve(STORED))))
                .isEqualTo(withoutIds(stored));
        String refused = controller.script("""
                import io.jenkins.plugins.minibuild.miniprogram.profile.*
                try {
                  MiniProgramsConfiguration.get().setProfiles([new ProfileConfiguration('x', 'y')])
                  print 'taken'
                } catch (IllegalArgumentException e) { print e.message }
                """);
        assertThat(refused).contains("cannot be saved");
    }

    /** The profile was gone in between, so that the one that was loaded is another. */
    private static String withoutIds(String stored) {
        return stored.replaceAll("\\s*<id>[^<]*</id>", "");
    }

    @Test
    @Order(2)
    void theCheckAsksKeyRepositoryAndBranchAndOnlyForAdministrators() throws Exception {
        Map<String, String> form = Map.of(
                "gitUrl", gitee.gitUrl("demo", "shop"),
                "branch", "",
                "gitCredentialsId", "gitee-token",
                "privateKeyCredentialsId", "miniprogram-key");
        assertThat(controller.post(CHECK, form).body()).contains("class=\"ok\"").contains("branch main");
        Map<String, String> other = new java.util.HashMap<>(form);
        other.put("branch", "mian");
        assertThat(controller.post(CHECK, other).body())
                .contains("class=\"error\"")
                .contains("mian");
        other.put("gitCredentialsId", "");
        assertThat(controller.post(CHECK, other).body()).contains("class=\"error\"");
        other.put("privateKeyCredentialsId", "gitee-token");
        assertThat(controller.post(CHECK, other).body())
                .contains("class=\"error\"")
                .contains("gitee-token");
        int asked = gitee.requests().size();
        String query = "?gitUrl=" + gitee.gitUrl("demo", "shop")
                + "&branch=&gitCredentialsId=gitee-token&privateKeyCredentialsId=miniprogram-key";
        assertThat(controller
                        .as("reader", "reader-password-11", "POST", CHECK + query)
                        .statusCode())
                .isEqualTo(403);
        assertThat(controller.as(null, null, "POST", CHECK + query).statusCode())
                .isIn(401, 403);
        assertThat(controller.get(CHECK + query).statusCode()).isIn(404, 405);
        assertThat(gitee.requests()).hasSize(asked);
    }

    @Test
    @Order(3)
    void oneLineShipsAndThePagesShowIt() throws Exception {
        controller.createPipeline("shop", Files.readString(Path.of("docs/examples/profile/Jenkinsfile")));
        assertThat(controller.build("shop")).as(controller.console("shop", 1)).isEqualTo("SUCCESS");
        assertThat(controller.build("shop")).as(controller.console("shop", 2)).isEqualTo("SUCCESS");
        assertThat(weChat.uploads()).extracting(WeChatService.Upload::version).contains("2.3.0", "2.3.1");
        assertThat(weChat.uploads().get(0).robot()).isEqualTo("5");
        JsonNode build = controller.json("job/shop/2/api/json?depth=3");
        JsonNode progress = build.findValue("progress");
        assertThat(progress.asInt()).isEqualTo(100);
        assertThat(build.findValues("phases").toString()).contains("preflight", "\"state\":\"done\"");
        assertThat(build.findValues("entries").toString()).contains("2.3.1");
        String state = "job/shop/2/mini-build-progress/state";
        assertThat(controller.json(state).get("progress").asInt()).isEqualTo(100);
        assertThat(controller.as(null, null, "GET", state).statusCode()).isIn(401, 403, 404);
        assertThat(controller
                        .as(null, null, "GET", "job/shop/miniprogram/lastPreview")
                        .statusCode())
                .isIn(401, 403, 404);
        assertThat(controller
                        .as("reader", "reader-password-11", "GET", "job/shop/miniprogram/lastPreview")
                        .statusCode())
                .isEqualTo(200);
        HttpResponse<byte[]> picture = controller.getBytes("job/shop/miniprogram/lastPreviewImage");
        assertThat(picture.headers().firstValue("Content-Type")).hasValue("image/jpeg");
        if (!Browser.isInstalled()) {
            return;
        }
        for (String language : new String[] {"en", "zh-CN"}) {
            try (Browser browser = Browser.open(controller, folder.resolve("pictures"), language)) {
                boolean english = language.equals("en");
                browser.go("job/shop/2/").picture("build-" + language);
                assertThat(browser.text()).contains(english ? "Largest files" : "最大的文件", english ? "preflight" : "预检");
                assertThat(browser.text()).contains("feat: <b>tea</b>", "0 B");
                browser.go("job/shop/").picture("job-" + language);
                assertThat(browser.all(".mini-build-trend__chart canvas")).hasSize(2);
                browser.go("job/shop/miniprogram/lastPreview").picture("last-preview-" + language);
                assertThat(browser.text()).contains(english ? "Valid until" : "有效期至");
                browser.go("job/shop/pipeline-syntax/?").picture("snippet-" + language);
                assertThat(browser.scriptErrors()).isEmpty();
            }
        }
    }

    @Test
    @Order(4)
    void theBarMovesWhileTheBuildRuns() throws Exception {
        assumeTrue(Browser.isInstalled(), "skipped: no Chromium");
        controller.createPipeline(
                "slow",
                "node { miniprogramUpload app: 'shop', buildCommand: 'sleep 8', quality: true, sourceMap: true }");
        int number = controller.start("slow");
        controller.awaitConsole("slow", number, "[4/6] build");
        try (Browser browser = Browser.open(controller, folder.resolve("pictures"), "en")) {
            browser.go("job/slow/" + number + "/");
            browser.picture("running");
            assertThat(browser.one("[data-phase=\"preflight\"]").getDomAttribute("data-state"))
                    .isEqualTo("done");
            controller.await("slow", number, Duration.ofMinutes(1));
            // The same page, not loaded again.
            browser.one("[data-phase=\"finish\"][data-state=\"done\"]");
            assertThat(browser.scriptErrors()).isEmpty();
        }
        try (Browser browser = Browser.open(controller, folder.resolve("pictures"), "zh-CN")) {
            browser.go("job/slow/" + number + "/");
            browser.script("document.querySelectorAll('details').forEach(each => each.open = true)");
            browser.picture("build-with-findings-zh-CN");
            assertThat(browser.text()).contains("代码质量", "源码映射", "app.js");
        }
        assertThat(controller
                        .getBytes("job/slow/" + number + "/artifact/miniprogram/sourcemap-" + APP + "-5.zip")
                        .body())
                .startsWith('P', 'K');
    }

    @Test
    @Order(5)
    void theSnippetGeneratorLeavesOutWhatTheProfileSays() throws Exception {
        controller.createPipeline("snippets", "echo 'x'");
        assertThat(
                        snippet(
                                "MiniprogramUploadStep",
                                "\"app\": \"shop\", \"appId\": \"\", \"robot\": \"\", \"install\": \"\","
                                        + " \"autoVersion\": \"\", \"timeoutMinutes\": \"\", \"version\": \"\", \"doctor\": false"))
                .isEqualTo("miniprogramUpload app: 'shop'");
        assertThat(snippet("MiniprogramUploadStep", "\"app\": \"shop\", \"install\": \"false\", \"robot\": \"1\""))
                .contains("install: false", "robot: 1");
        assertThat(snippet("MiniprogramPreviewStep", "\"app\": \"shop\", \"scene\": \"\", \"expire\": \"5\""))
                .isEqualTo("miniprogramPreview app: 'shop', expire: 5");
    }

    private static String snippet(String step, String fields) throws IOException, InterruptedException {
        String type = "io.jenkins.plugins.minibuild.miniprogram." + step;
        return controller
                .post(
                        "job/snippets/pipeline-syntax/generateSnippet",
                        Map.of(
                                "json",
                                "{\"stapler-class\": \"%s\", \"$class\": \"%s\", %s}".formatted(type, type, fields)))
                .body()
                .strip();
    }

    @Test
    @Order(6)
    void buildsAtOnceNeverGetTheSameVersionAndThoseOfOneRobotGoOneAfterTheOther() throws Exception {
        int before = weChat.uploads().size();
        weChat.fail(WeChatService.UPLOAD, WeChatService.Fault.slow(Duration.ofSeconds(3)));
        Map<String, Integer> robots = Map.of("left", 11, "right", 11, "other", 12);
        for (Map.Entry<String, Integer> job : robots.entrySet()) {
            controller.createPipeline(
                    job.getKey(), "node { miniprogramUpload app: 'shop', robot: %d }".formatted(job.getValue()));
        }
        for (String job : robots.keySet()) {
            controller.start(job);
        }
        for (String job : robots.keySet()) {
            assertThat(controller.await(job, 1, Duration.ofMinutes(3)))
                    .as(controller.console(job, 1))
                    .isEqualTo("SUCCESS");
        }
        weChat.recover();

        List<WeChatService.Upload> made =
                weChat.uploads().subList(before, weChat.uploads().size());
        assertThat(made).hasSize(3);
        assertThat(made).extracting(WeChatService.Upload::version).doesNotHaveDuplicates();
        assertThat(weChat.atOnce(APP, 11)).isEqualTo(1);
        assertThat(controller.console("left", 1) + controller.console("right", 1))
                .containsPattern("Waiting for robot .*#11, which (left|right) #1 has used");
    }

    @Test
    @Order(6)
    void anUploadThatWaitsForItsRobotHoldsNoSlotAndGoesOnAfterTheControllerWasKilled() throws Exception {
        String upload = "node { miniprogramUpload app: 'shop', robot: 13 }";
        controller.createPipeline("robot-uploads", upload);
        controller.createPipeline("robot-waits", upload);
        int before = weChat.uploads().size();
        weChat.failNext(WeChatService.UPLOAD, WeChatService.Fault.mute());
        controller.start("robot-uploads");
        Deadline deadline = Deadline.after(Duration.ofMinutes(2));
        while (weChat.uploads().size() == before) {
            assertThat(deadline.expired()).as("the upload arrives").isFalse();
            Thread.sleep(50);
        }
        controller.start("robot-waits");
        controller.awaitConsole("robot-waits", 1, "Waiting for robot " + APP + "#13, which robot-uploads #1 has used");
        assertThat(
                        controller.script(
                                "def pool = hudson.ExtensionList.lookupSingleton("
                                        + "jenkins.model.Jenkins.get().pluginManager.uberClassLoader.loadClass("
                                        + "'io.jenkins.plugins.minibuild.limits.SlotsAdapter')).pools().view('build')\n"
                                        + "print 'holding ' + pool.holdings()*.ticket()*.title() + ' waiting ' + pool.waiting()*.title()"))
                .contains("holding [robot-uploads #1] waiting [robot-waits #1]");
        controller.crash();

        controller.restart();

        assertThat(controller.await("robot-uploads", 1, Duration.ofMinutes(2))).isNotEqualTo("SUCCESS");
        assertThat(controller.await("robot-waits", 1, Duration.ofMinutes(3)))
                .as(controller.console("robot-waits", 1))
                .isEqualTo("SUCCESS");
    }

    @Test
    @Order(7)
    void aControllerKilledBetweenTheServicesAcceptanceAndTheRecordNeverUsesTheVersionAgain() throws Exception {
        controller.createPipeline("killed", "node { miniprogramUpload app: 'shop' }");
        int before = weChat.uploads().size();
        weChat.failNext(WeChatService.UPLOAD, WeChatService.Fault.mute());
        controller.start("killed");
        Deadline deadline = Deadline.after(Duration.ofMinutes(2));
        while (weChat.uploads().size() == before) {
            assertThat(deadline.expired()).as("the upload arrives").isFalse();
            Thread.sleep(50);
        }
        controller.crash();
        String accepted = weChat.uploads().get(before).version();

        controller.restart();

        assertThat(controller.await("killed", 1, Duration.ofMinutes(2))).isNotEqualTo("SUCCESS");
        for (String said : List.of(
                controller.console("killed", 1), controller.get("job/killed/1/").body())) {
            assertThat(said)
                    .contains(
                            "Jenkins was stopped while miniprogramUpload ran",
                            "Version " + accepted + " of " + APP + " was being uploaded by robot 5",
                            "retry(count: 2, conditions: [nonresumable()])")
                    .doesNotContain("SynchronousResumeNotSupported", "\tat ");
        }
        assertThat(controller.build("killed"))
                .as(controller.console("killed", 2))
                .isEqualTo("SUCCESS");
        assertThat(weChat.uploads()).hasSize(before + 2);
        String next = weChat.uploads().get(before + 1).version();
        int patch = Integer.parseInt(accepted.substring(accepted.lastIndexOf('.') + 1));
        assertThat(next).isEqualTo(accepted.substring(0, accepted.lastIndexOf('.') + 1) + (patch + 1));
        assertThat(weChat.uploads())
                .filteredOn(each -> !each.isPreview())
                .extracting(WeChatService.Upload::version)
                .doesNotHaveDuplicates();
    }

    @Test
    @Order(8)
    void aPrivateProfileComesFirstAndAFreestyleStepTakesIt() throws Exception {
        controller.createJob("private", """
                <project>
                  <properties>
                    <io.jenkins.plugins.minibuild.miniprogram.profile.MiniProgramJobConfiguration>
                      <profile>
                        <name>shop</name>
                        <appId>%s</appId>
                        <privateKeyCredentialsId>miniprogram-key</privateKeyCredentialsId>
                        <appType>native</appType>
                        <gitUrl>%s</gitUrl>
                        <gitCredentialsId>gitee-token</gitCredentialsId>
                        <versionType>manual</versionType>
                        <version>7.0.0</version>
                        <desc>private</desc>
                      </profile>
                    </io.jenkins.plugins.minibuild.miniprogram.profile.MiniProgramJobConfiguration>
                  </properties>
                  <builders>
                    <io.jenkins.plugins.minibuild.miniprogram.MiniprogramUploadBuilder>
                      <step><app>shop</app></step>
                    </io.jenkins.plugins.minibuild.miniprogram.MiniprogramUploadBuilder>
                  </builders>
                </project>
                """.formatted(APP, gitee.gitUrl("demo", "shop")));
        assertThat(controller.build("private"))
                .as(controller.console("private", 1))
                .isEqualTo("SUCCESS");
        WeChatService.Upload last = weChat.uploads().get(weChat.uploads().size() - 1);
        assertThat(last.version()).isEqualTo("7.0.0");
        assertThat(last.desc()).isEqualTo("private");
        if (Browser.isInstalled()) {
            try (Browser browser = Browser.open(controller, folder.resolve("pictures"), "en")) {
                browser.go("job/private/configure");
                browser.one("[name=\"_.appType\"] option[value=\"native\"]");
                browser.picture("freestyle");
                browser.script("document.querySelector('button[name=\"Submit\"]').click()");
                Thread.sleep(2500);
            }
            try (Browser browser = Browser.open(controller, folder.resolve("pictures"), "zh-CN")) {
                lookAtTheForms(browser);
            }
            assertThat(controller.get("job/private/config.xml").body())
                    .contains("<app>shop</app>", "<versionType>manual</versionType>", "<version>7.0.0</version>")
                    .doesNotContain("<robot>", "<install>");
        }
    }

    /** Both steps in a freestyle job, in Chinese, with everything that is folded away. */
    private static void lookAtTheForms(Browser browser) throws Exception {
        String builder = "io.jenkins.plugins.minibuild.miniprogram.Miniprogram%sBuilder";
        StringBuilder builders = new StringBuilder();
        for (String kind : new String[] {"Upload", "Preview"}) {
            String type = builder.formatted(kind);
            builders.append("<%s><step><app>shop</app></step></%s>".formatted(type, type));
        }
        controller.createJob("forms", "<project><builders>" + builders + "</builders></project>");
        browser.go("job/forms/configure");
        browser.one("[name=\"_.qrcodeFormat\"] option[value=\"terminal\"]");
        browser.script("document.querySelectorAll('.advanced-button, .advancedButton').forEach(b => b.click())");
        Thread.sleep(1500);
        browser.picture("forms-zh-CN");
        assertThat(browser.text()).contains("开发框架", "构建 npm 包", "检查代码质量", "保存源码映射", "二维码宽度");
        assertThat(browser.scriptErrors()).isEmpty();
    }

    /** The form is the one way in which Jenkins knows that a profile with another name is the same. */
    @Test
    @Order(9)
    void aProfileThatGetsAnotherNameKeepsItsAddressAndANewOneOfTheOldNameGetsNone() throws Exception {
        assumeTrue(Browser.isInstalled(), "skipped: no Chromium");
        String page = "manage/mini-build-webhooks/profile/";
        assertThat(controller.post(page + "shop/token", Map.of()).statusCode()).isEqualTo(200);
        Path endpoints = controller.home().resolve("mini-build/webhook/endpoints.json");
        String before = Files.readString(endpoints);
        String name = "我的小程序 (测试)";
        try (Browser browser = Browser.open(controller, folder.resolve("pictures"), "en")) {
            browser.go("manage/configure");
            browser.one("[name=\"_.privateKeyCredentialsId\"] option[value=\"miniprogram-key\"]");
            set(browser, "searchQuery", "id=7");
            set(browser, "name", name);
            Thread.sleep(1500);
            browser.script("document.querySelector('button[name=\"Submit\"]').click()");
            Thread.sleep(2500);
            browser.picture("profile-refused");
            assertThat(browser.text())
                    .contains(
                            "\"" + name + "\" cannot be saved", "searchQuery needs pagePath", "Go back in the browser");
            browser.go("manage/configure");
            browser.one("[name=\"_.privateKeyCredentialsId\"] option[value=\"miniprogram-key\"]");
            set(browser, "name", name);
            Thread.sleep(1500);
            browser.script("document.querySelector('button[name=\"Submit\"]').click()");
            Thread.sleep(2500);
            assertThat(browser.text()).doesNotContain("Oops");
            browser.go("manage/mini-build-webhooks/");
            browser.script("[...document.querySelectorAll('a')].find(a => a.textContent.includes('(测试)')).click()");
            Thread.sleep(1500);
            browser.picture("profile-renamed");
            assertThat(browser.text()).contains(name);
        }
        assertThat(Files.readString(controller.home().resolve(STORED))).contains("<name>" + name + "</name>");
        assertThat(Files.readString(endpoints)).isEqualTo(before);
        controller.script("import io.jenkins.plugins.minibuild.miniprogram.profile.*\n"
                + "def all = MiniProgramsConfiguration.get()\n"
                + "def shop = new ProfileConfiguration('shop', 'wx00000000000000aa')\n"
                + "shop.privateKeyCredentialsId = 'miniprogram-key'\n"
                + "all.setProfiles(all.profiles + shop)\n"
                + "all.setProfiles([shop])");
        assertThat(Files.readString(endpoints)).isNotEqualTo(before).doesNotContain("profile:");
    }

    @Test
    @Order(10)
    void deletingAProfileKeepsItsHistory() throws Exception {
        controller.script(
                "io.jenkins.plugins.minibuild.miniprogram.profile.MiniProgramsConfiguration.get().setProfiles([])");
        assertThat(controller
                        .json("job/shop/2/api/json?depth=3")
                        .findValues("entries")
                        .toString())
                .contains("2.3.1");
        assertThat(Files.readString(controller.home().resolve("mini-build/versions/" + APP + ".json")))
                .contains("7.0.0");
        assertThat(controller.build("shop")).isEqualTo("FAILURE");
        assertThat(controller.console("shop", 3)).contains("no mini program with the name \"shop\"");
    }
}
