package io.jenkins.plugins.minibuild.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import io.jenkins.plugins.minibuild.process.Deadline;
import io.jenkins.plugins.minibuild.standin.ChatService;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
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

/** Notifications on a real controller. Skipped, and it says so, unless -Djenkins.war and -Djenkins.plugins name one. */
@Timeout(300)
@NeedsController
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class NotifyControllerIT {
    private static final String PACKAGE = "io.jenkins.plugins.minibuild.notify.";

    private static final String CHANNELS = """
            unclassified:
              miniBuildNotify:
                channels:
                - weCom:
                    name: "team"
                    language: "zh"
                    urlCredentialsId: "wecom-url"
                - dingTalk:
                    name: "ding"
                    urlCredentialsId: "ding-url"
                    secretCredentialsId: "ding-secret"
                    templates:
                    - event: "failed"
                      text: "MY OWN {{project}} {{#error}}{{error}}{{/error}}"
                - feishu:
                    name: "fei"
                    urlCredentialsId: "fei-url"
                    secretCredentialsId: "fei-secret"
                    appId: "cli_1"
                    appSecretCredentialsId: "app-secret"
                - email:
                    name: "mail"
                    recipients: "team@example.com"
                - jsonWebhook:
                    name: "hook"
                    urlCredentialsId: "hook-url"
                    secretCredentialsId: "hook-secret"
                people:
                - user: "admin"
                  weComId: "boss"
                  phone: "13800000001"
                digestAbove: 7
            """;

    private static Path folder;
    private static RealController controller;
    private static ChatService chat;
    private static GreenMail mail;
    private static MiniProgramSite site;

    @BeforeAll
    static void boot() throws Exception {
        folder = Path.of("target/controller-notify").toAbsolutePath();
        controller = RealController.start(folder);
        chat = ChatService.start(Clock.systemUTC());
        mail = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
        mail.start();
        site = new MiniProgramSite(controller, folder, "gitee-token-77aa01", "feat: tea");
        StringBuilder credentials = new StringBuilder();
        Map<String, String> all = Map.of(
                "wecom-url",
                chat.weComUrl(),
                "ding-url",
                chat.dingTalkUrl(),
                "ding-secret",
                ChatService.DINGTALK_SECRET,
                "fei-url",
                chat.feishuUrl(),
                "fei-secret",
                ChatService.FEISHU_SECRET,
                "hook-url",
                chat.webhookUrl(),
                "hook-secret",
                ChatService.WEBHOOK_SECRET,
                "app-secret",
                ChatService.APP_SECRET);
        all.forEach((id, secret) -> credentials.append("add('%s', '%s')\n".formatted(id, secret)));
        script("""
                import com.cloudbees.plugins.credentials.*
                import com.cloudbees.plugins.credentials.domains.Domain
                import hudson.util.Secret
                import org.jenkinsci.plugins.plaincredentials.impl.*
                def add(id, secret) { SystemCredentialsProvider.instance.store.addCredentials(Domain.global(),
                    new StringCredentialsImpl(CredentialsScope.GLOBAL, id, id, Secret.fromString(secret))) }
                %s
                def mailer = hudson.tasks.Mailer.descriptor()
                mailer.smtpHost = '127.0.0.1'
                mailer.smtpPort = '%d'
                def location = jenkins.model.JenkinsLocationConfiguration.get()
                location.url = '%s'
                location.adminAddress = 'Jenkins <ci@example.com>'
                jenkins.model.Jenkins.get().getExtensionList(
                    io.jenkins.plugins.minibuild.notify.NotifyConfiguration)[0].setDestinations('%s')
                """.formatted(credentials, mail.getSmtp().getPort(), controller.url(), chat.base()));
    }

    @AfterAll
    static void stop() throws IOException {
        if (site != null) {
            site.close();
        }
        if (mail != null) {
            mail.stop();
        }
        if (chat != null) {
            chat.close();
        }
        if (controller != null) {
            controller.close();
        }
    }

    private static String script(String groovy) throws Exception {
        return controller.script(groovy);
    }

    private static void load(String yaml) throws Exception {
        assertThat(script("""
                def file = File.createTempFile('mini', '.yaml')
                file.text = new String(Base64.decoder.decode('%s'), 'UTF-8')
                io.jenkins.plugins.casc.ConfigurationAsCode.get().configure(file.path)
                file.delete()
                print 'loaded'
                """.formatted(Base64.getEncoder().encodeToString(yaml.getBytes(StandardCharsets.UTF_8)))))
                .isEqualTo("loaded");
    }

    private static String exported() throws Exception {
        StringBuilder part = new StringBuilder("unclassified:\n");
        String yaml =
                controller.post("manage/configuration-as-code/export", Map.of()).body();
        int start = yaml.indexOf("  miniBuildNotify:\n");
        assertThat(start).as(yaml).isPositive();
        yaml.substring(start)
                .lines()
                .takeWhile(line -> line.equals("  miniBuildNotify:") || line.startsWith("   "))
                .forEach(line -> part.append(line).append('\n'));
        return part.toString();
    }

    private static List<ChatService.Call> await(String service, int count) throws Exception {
        Deadline deadline = Deadline.after(Duration.ofSeconds(20));
        while (chat.taken(service).size() < count && !deadline.expired()) {
            Thread.sleep(100);
        }
        assertThat(chat.taken(service)).as(chat.calls().toString()).hasSizeGreaterThanOrEqualTo(count);
        return chat.taken(service);
    }

    private static String freestyle(String command, String parameters) {
        return """
                <project>
                  <builders><hudson.tasks.Shell><command>%s</command></hudson.tasks.Shell></builders>
                  <publishers>
                    <io.jenkins.plugins.minibuild.notify.MiniBuildNotifyPublisher>
                      <step>%s</step>
                    </io.jenkins.plugins.minibuild.notify.MiniBuildNotifyPublisher>
                  </publishers>
                </project>
                """.formatted(command, parameters);
    }

    @Test
    @Order(1)
    void channelsOfEveryKindSurviveARoundTripAsCode() throws Exception {
        load(CHANNELS);
        String first = exported();
        assertThat(first)
                .contains(
                        "- weCom:",
                        "- dingTalk:",
                        "- feishu:",
                        "- email:",
                        "- jsonWebhook:",
                        "MY OWN",
                        "digestAbove: 7",
                        "weComId: \"boss\"");
        load("unclassified:\n  miniBuildNotify:\n    channels: []\n    people: []\n    digestAbove: 5\n");
        load(first);
        assertThat(exported()).isEqualTo(first);
        assertThat(script("""
                try { new io.jenkins.plugins.minibuild.notify.TemplateConfiguration('failed', '{{nope}}') }
                catch (IllegalArgumentException e) { print e.message }
                """)).contains("nope");
    }

    @Test
    @Order(2)
    void testMessagesShowWhatTheServiceAnswered() throws Exception {
        String descriptor = "descriptorByName/" + PACKAGE;
        assertThat(controller
                        .post(
                                descriptor + "WeComChannelConfiguration/testMessage",
                                Map.of("name", "x", "urlCredentialsId", "wecom-url"))
                        .body())
                .contains("Sent.", "code 0");
        assertThat(controller
                        .post(
                                descriptor + "DingTalkChannelConfiguration/testMessage",
                                Map.of(
                                        "name",
                                        "x",
                                        "urlCredentialsId",
                                        "ding-url",
                                        "secretCredentialsId",
                                        "fei-secret"))
                        .body())
                .contains("310000", "signing secret");
        assertThat(controller
                        .post(
                                descriptor + "WeComChannelConfiguration/testMessage",
                                Map.of("name", "x", "urlCredentialsId", "none-such"))
                        .body())
                .contains("none-such", "Credentials");
        assertThat(controller
                        .post(
                                descriptor + "TemplateConfiguration/testPreview",
                                Map.of("event", "failed", "text", "{{project}} <i>{{title}}</i>"))
                        .body())
                .contains("shop &lt;i&gt;", "WeCom", "DingTalk", "Feishu", "HTML");
        assertThat(controller
                        .post(
                                descriptor + "FeishuChannelConfiguration/testMessage",
                                Map.of(
                                        "name",
                                        "x",
                                        "urlCredentialsId",
                                        "fei-url",
                                        "secretCredentialsId",
                                        "fei-secret",
                                        "appId",
                                        "cli_wrong",
                                        "appSecretCredentialsId",
                                        "fei-secret"))
                        .body())
                .as("the app that uploads pictures is tried too")
                .contains("Sent.", "picture");
        for (String method : List.of(
                "WeComChannelConfiguration/testMessage",
                "TemplateConfiguration/testPreview",
                "NotifyConfiguration/checkDigestAbove")) {
            assertThat(controller
                            .get(descriptor + method + "?name=x&urlCredentialsId=wecom-url")
                            .statusCode())
                    .isEqualTo(404);
            assertThat(controller
                            .as("reader", "reader-password-11", "POST", descriptor + method + "?name=x&value=1")
                            .statusCode())
                    .isEqualTo(403);
        }
        assertThat(chat.taken("wecom")).hasSize(1);
        assertThat(chat.taken("wecom").get(0).body().at("/markdown/content").asText())
                .contains("test message")
                .doesNotContain("Succeeded", "job/shop");
        assertThat(controller.get("manage/mini-build-notifications/").body())
                .as("the page has the tests, those that failed too")
                .contains("[Test] The channel x works", "not delivered");
    }

    @Test
    @Order(3)
    void aFreestyleJobTellsOfFailuresOnlyUnlessItSaysMore() throws Exception {
        controller.createJob("quiet", freestyle("true", "<channels>team,ding</channels>"));
        controller.createJob(
                "loud",
                freestyle(
                        "echo boom; exit 3",
                        "<channels>team,ding,hook</channels><events>start,failed</events><mention>requester</mention>"));
        assertThat(controller.build("quiet")).isEqualTo("SUCCESS");
        assertThat(controller.console("quiet", 1))
                .contains("There is no message about 'success': only failed cause one");
        long began = System.nanoTime();
        assertThat(controller.build("loud")).isEqualTo("FAILURE");
        List<ChatService.Call> we = await("wecom", 3);
        System.out.println("start to both messages there: " + (System.nanoTime() - began) / 1_000_000 + " ms");
        String text = we.get(2).body().at("/markdown/content").asText();
        assertThat(text).contains("构建失败", "loud #1", "<@boss>", controller.url() + "job/loud/1/console");
        assertThat(we.get(1).body().at("/markdown/content").asText()).contains("开始构建");
        assertThat(await("dingtalk", 2).get(1).body().at("/markdown/text").asText())
                .startsWith("MY OWN loud");
        assertThat(await("webhook", 2).get(1).body().at("/event").asText()).isEqualTo("failed");
    }

    @Test
    @Order(4)
    void aRealPreviewIsToldWithItsQrCodeOnEveryService() throws Exception {
        int before = chat.taken("wecom").size();
        controller.createPipeline(
                "preview", """
                pipeline {
                  agent any
                  stages { stage('Preview') { steps {
                    giteeCheckout url: env.GITEE_URL, branch: 'main', credentialsId: 'gitee-token'
                    miniprogramPreview appId: '%s', privateKeyCredentialsId: 'miniprogram-key', projectPath: 'miniprogram'
                    miniBuildNotify event: 'previewReady', mention: 'committers'
                  } } }
                  post { always { miniBuildNotify channels: 'hook', mention: 'requester' } }
                }
                """.formatted(MiniProgramSite.APP).replace(", projectPath: 'miniprogram'", ""));
        String result = controller.build("preview");
        assertThat(result).as(controller.console("preview", 1)).isEqualTo("SUCCESS");
        byte[] qr = controller.getBytes("job/preview/1/miniprogram/qrcode?n=0").body();
        assertThat(qr).hasSizeGreaterThan(1_000);
        List<ChatService.Call> we = await("wecom", before + 2);
        assertThat(we.get(before).body().at("/markdown/content").asText()).contains("预览已就绪", "分支：main", "feat: tea");
        assertThat(Base64.getDecoder()
                        .decode(we.get(before + 1).body().at("/image/base64").asText()))
                .isEqualTo(qr);
        assertThat(await("feishu", 2).get(1).body().at("/card/elements/1/tag").asText())
                .isEqualTo("img");
        assertThat(chat.uploads()).last().isEqualTo(qr);
        JsonNode card = await("dingtalk", 3).get(2).body().path("actionCard");
        assertThat(card.path("btns").findValuesAsText("actionURL"))
                .contains(controller.url() + "job/preview/1/", controller.url() + "job/preview/1/console");
        String ding = card.path("text").asText();
        String address = ding.substring(ding.indexOf("![QR](") + 6, ding.indexOf(')', ding.indexOf("![QR](")));
        java.net.http.HttpResponse<byte[]> seen = java.net.http.HttpClient.newHttpClient()
                .send(
                        java.net.http.HttpRequest.newBuilder(java.net.URI.create(address))
                                .build(),
                        java.net.http.HttpResponse.BodyHandlers.ofByteArray());
        assertThat(seen.body()).isEqualTo(qr);
        assertThat(seen.headers().firstValue("Content-Type")).hasValue("image/jpeg");
        Deadline deadline = Deadline.after(Duration.ofSeconds(10));
        while (mail.getReceivedMessages().length == 0 && !deadline.expired()) {
            Thread.sleep(100);
        }
        MimeMessage received = mail.getReceivedMessages()[0];
        MimeMultipart related = (MimeMultipart) received.getContent();
        assertThat(((MimeBodyPart) related.getBodyPart(1)).getInputStream().readAllBytes())
                .isEqualTo(qr);
        assertThat(await("webhook", 4).get(3).body().path("event").asText()).isEqualTo("success");
    }

    @Test
    @Order(5)
    void theExampleOfTheDocumentationTellsOfItsFailureByProfileAndStep() throws Exception {
        load("unclassified:\n  miniPrograms:\n    profiles:\n    - name: \"shop\"\n      appId: \""
                + MiniProgramSite.APP
                + "\"\n      privateKeyCredentialsId: \"none-such\"\n      appType: \"native\"\n      notifyOn: \"failure\"\n"
                + "      notifyChannels: \"hook\"\n");
        int before = chat.taken("wecom").size();
        int hooks = chat.taken("webhook").size();
        controller.createPipeline("example", Files.readString(Path.of("docs/examples/notify/Jenkinsfile")));
        assertThat(controller.build("example")).isEqualTo("FAILURE");
        String text = await("wecom", before + 1)
                .get(before)
                .body()
                .at("/markdown/content")
                .asText();
        assertThat(text).contains("构建失败", "none-such", "<@boss>");
        assertThat(await("webhook", hooks + 1)
                        .get(hooks)
                        .body()
                        .at("/values/error")
                        .asText())
                .contains("none-such");
    }

    @Test
    @Order(6)
    void aMessageThatIsRefusedFailsABuildOnlyWhereItIsToldTo() throws Exception {
        script("""
                import io.jenkins.plugins.minibuild.notify.*
                def c = jenkins.model.Jenkins.get().getDescriptorByType(NotifyConfiguration)
                c.setChannels(c.channels + new WeComChannelConfiguration('gone', 'none-such'))
                """);
        controller.createPipeline("patient", "miniBuildNotify channels: 'gone'\necho 'goes on'");
        controller.createPipeline(
                "strict",
                "miniBuildNotify channels: 'ding', failOnError: true\nminiBuildNotify channels: 'nowhere', failOnError: true");
        assertThat(controller.build("patient")).isEqualTo("SUCCESS");
        assertThat(controller.build("strict")).isEqualTo("FAILURE");
        assertThat(controller.console("strict", 1))
                .contains("There is no channel 'nowhere'", "team, ding")
                .doesNotContain("\tat ");
        Deadline deadline = Deadline.after(Duration.ofSeconds(10));
        while (!controller.get("job/patient/1/").body().contains("none-such") && !deadline.expired()) {
            Thread.sleep(300);
        }
        assertThat(controller.get("job/patient/1/").body()).contains("none-such");
        assertThat(controller.get("manage/").body()).contains("Channels of Mini Build that deliver nothing");
        assertThat(controller
                        .as("reader", "reader-password-11", "GET", "manage/mini-build-notifications/")
                        .statusCode())
                .isEqualTo(403);
        assertThat(controller
                        .as("reader", "reader-password-11", "POST", "manage/mini-build-notifications/tryAgain")
                        .statusCode())
                .isEqualTo(403);
        assertThat(controller.get("manage/mini-build-notifications/tryAgain").statusCode())
                .isEqualTo(405);
        assertThat(controller
                        .as(null, null, "GET", "mini-build-picture/show?name=../../secret.key")
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    @Order(7)
    void aFolderHasChannelsAndCredentialsOfItsOwn() throws Exception {
        assertThat(script("""
                import com.cloudbees.hudson.plugins.folder.Folder
                import com.cloudbees.hudson.plugins.folder.properties.FolderCredentialsProvider
                import com.cloudbees.plugins.credentials.*
                import com.cloudbees.plugins.credentials.domains.Domain
                import io.jenkins.plugins.minibuild.notify.*
                import org.jenkinsci.plugins.plaincredentials.impl.StringCredentialsImpl
                def jenkins = jenkins.model.Jenkins.get()
                def folder = jenkins.createProject(Folder, 'division')
                def property = new NotifyFolderConfiguration()
                def channel = new WebhookChannelConfiguration('team', 'folder-url')
                channel.secretCredentialsId = 'folder-secret'
                property.channels = [channel]
                folder.addProperty(property)
                def store = CredentialsProvider.lookupStores(folder).find { it.context == folder }
                [['folder-url', '%s'], ['folder-secret', '%s']].each { store.addCredentials(Domain.global(),
                    new StringCredentialsImpl(CredentialsScope.GLOBAL, it[0], it[0], hudson.util.Secret.fromString(it[1]))) }
                def job = folder.createProject(org.jenkinsci.plugins.workflow.job.WorkflowJob, 'inner')
                job.definition = new org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition("miniBuildNotify channels: 'team'", true)
                job.save()
                folder.save()
                jenkins.reload()
                print 'made'
                """.formatted(chat.webhookUrl(), ChatService.WEBHOOK_SECRET)))
                .isEqualTo("made");
        int hooks = chat.taken("webhook").size();
        script("jenkins.model.Jenkins.get().getItemByFullName('division/inner').scheduleBuild2(0).get()");
        assertThat(await("webhook", hooks + 1).get(hooks).body().path("project").asText())
                .isEqualTo("division/inner");
    }

    @Test
    @Order(8)
    void whatWaitsSurvivesAKillOfTheController() throws Exception {
        int before = chat.taken("webhook").size();
        chat.next("503|Retry-After=8|");
        controller.createPipeline("waiting", "miniBuildNotify channels: 'hook'");
        assertThat(controller.build("waiting")).isEqualTo("SUCCESS");
        Deadline deadline = Deadline.after(Duration.ofSeconds(10));
        while (chat.calls().stream().noneMatch(call -> call.service().equals("planned")) && !deadline.expired()) {
            Thread.sleep(50);
        }
        controller.crash();
        assertThat(chat.taken("webhook")).hasSize(before);
        controller.restart();
        assertThat(await("webhook", before + 1)
                        .get(before)
                        .body()
                        .path("project")
                        .asText())
                .isEqualTo("waiting");
    }

    @Test
    @Order(9)
    void formsAndPagesInBothLanguages() throws Exception {
        assumeTrue(Browser.isInstalled(), "skipped: no Chromium");
        for (String language : List.of("en", "zh-CN")) {
            boolean english = language.equals("en");
            try (Browser browser = Browser.open(controller, folder.resolve("pictures"), language)) {
                assertThat(browser.go("manage/mini-build-notifications/")
                                .picture("deliveries-" + language)
                                .text())
                        .contains("team", "hook", "[loud] #1", english ? "delivered" : "已送达");
                browser.go("manage/configure");
                browser.one("[name=\"_.urlCredentialsId\"] option[value=\"wecom-url\"]");
                Thread.sleep(1_000);
                assertThat(browser.picture("channels-" + language).text())
                        .contains(
                                english ? "Mini Build: notifications" : "Mini Build：通知",
                                english ? "Send a test message" : "发送测试消息",
                                english ? "User map" : "用户映射");
                if (english) {
                    String before = exported();
                    browser.script("document.querySelector('button[name=\"Submit\"]').click()");
                    Thread.sleep(3_000);
                    assertThat(browser.text()).doesNotContain("Oops");
                    assertThat(exported()).isEqualTo(before);
                    browser.go("job/loud/configure");
                    Thread.sleep(1_000);
                    browser.picture("publisher-en");
                    browser.one("button[name=Submit]").click();
                    Thread.sleep(2_000);
                    assertThat(controller.get("job/loud/config.xml").body())
                            .contains("<channels>team,ding,hook</channels>", "<events>start,failed</events>");
                } else {
                    assertThat(browser.go("job/loud/configure")
                                    .picture("publisher-zh")
                                    .text())
                            .contains("发送构建通知", "提及");
                }
                assertThat(browser.go("job/patient/1/")
                                .picture("failed-message-" + language)
                                .text())
                        .contains("none-such");
                assertThat(browser.scriptErrors()).isEmpty();
            }
        }
    }

    @Test
    @Order(10)
    void aProfileTellsOfEverythingInAPipelineAndNothingIsToldTwice() throws Exception {
        load("""
                unclassified:
                  miniPrograms:
                    profiles:
                    - name: "told"
                      appId: "%s"
                      privateKeyCredentialsId: "miniprogram-key"
                      appType: "native"
                      gitUrl: "%s"
                      gitCredentialsId: "gitee-token"
                      branch: "main"
                      notifyOn: "always"
                      notifyChannels: "hook"
                      allowedOverrides: "version"
                      job: "by-profile"
                """.formatted(MiniProgramSite.APP, site.gitee.gitUrl("demo", "shop")));
        int before = chat.taken("webhook").size();
        controller.createPipeline("by-profile", """
                pipeline {
                  agent any
                  stages { stage('Preview') { steps {
                    echo 'before any step of ours'
                    miniprogramPreview app: 'told'
                    script { if (env.BUILD_NUMBER == '2') { miniBuildNotify channels: 'hook', event: 'previewReady' } }
                    miniprogramUpload app: 'told', version: "1.0.${env.BUILD_NUMBER}"
                  } } }
                  post { always { script { if (env.BUILD_NUMBER == '2') { miniBuildNotify channels: 'hook' } } } }
                }
                """);
        for (int build = 1; build <= 2; build++) {
            assertThat(controller.build("by-profile"))
                    .as(controller.console("by-profile", build))
                    .isEqualTo("SUCCESS");
            // The second build has a step of its own for its end: that it ended well is told then.
            int told = build == 1 ? 2 : 3;
            await("webhook", before + (build == 1 ? 2 : 5));
            Thread.sleep(2_500);
            assertThat(chat.taken("webhook").stream()
                            .skip(before + 2L * (build - 1))
                            .map(call -> call.body().path("event").asText()))
                    .containsExactly(List.of("previewReady", "uploaded", "success")
                            .subList(0, told)
                            .toArray(new String[0]));
        }
        JsonNode preview = chat.taken("webhook").get(before).body();
        assertThat(preview.path("picture").asText()).isNotEmpty();
        assertThat(preview.at("/values/app").asText()).isEqualTo("told");
        assertThat(preview.at("/values/appId").asText()).isEqualTo(MiniProgramSite.APP);
        assertThat(preview.at("/values/kind").asText()).isEqualTo("preview");
        assertThat(preview.at("/values/time").asText()).isNotEmpty();
        assertThat(controller.console("by-profile", 2)).contains("hook: a message about previewReady was sent before");
        // A job that fails before any step of ours is told of, too; a profile that no job has is known when a step
        // names it.
        controller.script("""
                def job = jenkins.model.Jenkins.get().getItemByFullName('by-profile')
                job.definition = new org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition("error 'early'", true)
                """);
        controller.createPipeline("by-step", "node { miniprogramPreview app: 'told', doctor: true }");
        assertThat(controller.build("by-profile")).isEqualTo("FAILURE");
        assertThat(controller.build("by-step")).isEqualTo("SUCCESS");
        await("webhook", before + 7);
        assertThat(chat.taken("webhook").stream()
                        .skip(before + 5L)
                        .map(call -> call.body().path("project").asText() + " "
                                + call.body().path("event").asText()))
                .containsExactly("by-profile failed", "by-step success");
    }

    @Test
    @Order(11)
    void templatesArePreviewedForEveryServiceAndRefusedFormsSayWhy() throws Exception {
        assumeTrue(Browser.isInstalled(), "skipped: no Chromium");
        // Of channels that are only configured, and of folders, the page knows after a restart as well.
        for (String language : List.of("en", "zh-CN")) {
            boolean english = language.equals("en");
            try (Browser browser = Browser.open(controller, folder.resolve("pictures"), language)) {
                browser.go("manage/configure");
                browser.one("[name=\"_.urlCredentialsId\"] option[value=\"wecom-url\"]");
                browser.script(
                        "document.querySelectorAll('.advanced-button, .advancedButton').forEach(b => b.click())");
                click(browser, english ? "Add a text" : "添加模板");
                Thread.sleep(1_500);
                assertThat(browser.one("select[name=\"_.event\"]").getText())
                        .contains(english ? "Preview is ready (previewReady)" : "预览已就绪 (previewReady)");
                browser.script(
                        "const s = document.querySelector('select[name=\"_.event\"]'); s.value = 'previewReady';");
                click(browser, english ? "Preview" : "预览");
                Thread.sleep(2_000);
                String preview = browser.picture("preview-" + language).text();
                assertThat(preview)
                        .as("in the language of the channel, with the names of the services in the viewer's")
                        .contains("预览已就绪</font>", "![QR](", "二维码有效期至", "keep &lt;b&gt;quantities")
                        .contains(
                                english
                                        ? List.of("WeCom robot", "DingTalk robot", "Feishu or Lark robot", "HTML")
                                        : List.of("企业微信机器人", "钉钉机器人", "飞书 / Lark 机器人", "邮件的 HTML 部分"));
                browser.script("const t = document.querySelector('textarea[name=\"_.text\"]');"
                        + "t.value = '{{project}} {{#error}}'; t.dispatchEvent(new Event('change', {bubbles: true}));");
                click(browser, english ? "Preview" : "预览");
                Thread.sleep(2_000);
                assertThat(browser.picture("preview-refused-" + language).text())
                        .contains(english ? "The template cannot be read" : "无法解析模板");
                click(browser, english ? "Send a test message" : "发送测试消息");
                Thread.sleep(2_000);
                assertThat(browser.text()).contains(english ? "Sent. WeCom robot answered" : "已发送。企业微信机器人");
                assertThat(browser.scriptErrors()).isEmpty();
                browser.assertRefused(english ? "The template cannot be read" : "无法解析模板");
                assertThat(exported()).contains("name: \"team\"", "user: \"admin\"");

                browser.go("job/division/configure");
                browser.one("[name=\"_.name\"]");
                browser.script(
                        "document.querySelectorAll('[name=\"_.name\"]').forEach(e => { if (e.value === 'team') e.value = 'a,b' })");
                browser.assertRefused(english ? "'a,b' is not a valid channel name" : "“a,b”不是有效的渠道名称");
                browser.go("job/loud/configure");
                // The job's own notifications have a field of this name too, which is not in use.
                browser.script("[...document.querySelectorAll('[name=\"_.events\"]')].pop().value = 'faild'");
                browser.assertRefused(english ? "There is no event 'faild'" : "没有事件“faild”");
                browser.go("pipeline-syntax/");
                browser.script("const s = document.querySelector('select');"
                        + "s.value = [...s.options].find(o => /miniBuildNotify/.test(o.textContent)).value;"
                        + "s.dispatchEvent(new Event('change', {bubbles: true}));");
                Thread.sleep(1_500);
                browser.script("document.querySelector('[name=\"_.events\"]').value = 'faild';"
                        + "document.getElementById('generatePipelineScript').click()");
                Thread.sleep(1_500);
                assertThat(browser.script("return document.getElementById('prototypeText').value"))
                        .asString()
                        .contains(english ? "There is no event 'faild'" : "没有事件“faild”")
                        .doesNotContain("\tat ");
                browser.picture("snippet-" + language);
                assertThat(browser.go("manage/mini-build-notifications/")
                                .picture("deliveries-all-" + language)
                                .text())
                        .contains("division » team", english ? "JSON webhook" : "JSON Webhook");
            }
        }
        assertThat(controller.log()).doesNotContain("Oops");
    }

    /** Icons that Jenkins lacks show as a cross. */
    @Test
    @Order(12)
    void theEndOfABuildIsToldAsWhatItWas() throws Exception {
        load(CHANNELS);
        controller.createPipeline("ends", """
                pipeline {
                  agent any
                  stages { stage('Work') { steps { script {
                    switch (env.BUILD_NUMBER) {
                      case '1': miniBuildLimits(timeoutMinutes: 0.05) { sleep 60 }; break
                      case '2': echo 'waits'; sleep 60; break
                      case '3': error 'broken'; break
                    }
                  } } } }
                  post { always { miniBuildNotify channels: 'hook', events: 'failed,aborted,success' } }
                }
                """);
        List<String> events = List.of("endedByLimit", "aborted", "stillFailing", "fixed");
        List<String> says = List.of("timeoutMinutes", "", "", "");
        for (int build = 1; build <= 4; build++) {
            int before = chat.taken("webhook").size();
            int number = controller.start("ends");
            if (build == 2) {
                controller.awaitConsole("ends", number, "waits");
                controller.post("job/ends/2/stop", Map.of());
            }
            controller.await("ends", number, Duration.ofSeconds(60));
            JsonNode body = await("webhook", before + 1).get(before).body();
            assertThat(body.path("event").asText())
                    .as(controller.console("ends", build))
                    .isEqualTo(events.get(build - 1));
            assertThat(body.at("/values/error").asText()).contains(says.get(build - 1));
        }
        // A freestyle job: who asks for failures hears of the limit.
        int before = chat.taken("webhook").size();
        controller.createJob("ends-freestyle", """
                <project><builders><hudson.tasks.Shell><command>sleep 60</command></hudson.tasks.Shell></builders>
                <buildWrappers><io.jenkins.plugins.minibuild.limits.MiniBuildLimitsWrapper><step><limits><entry><string>timeoutMinutes</string><double>0.05</double></entry></limits></step>
                </io.jenkins.plugins.minibuild.limits.MiniBuildLimitsWrapper></buildWrappers>
                <publishers><io.jenkins.plugins.minibuild.notify.MiniBuildNotifyPublisher><step><channels>hook</channels></step>
                </io.jenkins.plugins.minibuild.notify.MiniBuildNotifyPublisher></publishers></project>
                """);
        assertThat(controller.build("ends-freestyle")).isEqualTo("ABORTED");
        JsonNode body = await("webhook", before + 1).get(before).body();
        assertThat(body.path("event").asText()).isEqualTo("endedByLimit");
        assertThat(body.at("/values/error").asText()).contains("timeoutMinutes");
    }

    private static JsonNode lastOf(String service, int count) throws Exception {
        return await(service, count).get(count - 1).body();
    }

    /** As the issue says it: notify setting and profile, timed out, failed, aborted by hand, succeeded. */
    @Test
    @Order(13)
    void aJobWithNotificationsAndProfileSaysHowEachOfItsBuildsEnded() throws Exception {
        load("""
                unclassified:
                  miniPrograms:
                    profiles:
                    - name: "tea"
                      appId: "%s"
                      privateKeyCredentialsId: "miniprogram-key"
                      appType: "native"
                      gitUrl: "%s"
                      gitCredentialsId: "gitee-token"
                      branch: "main"
                      notifyEvents: "failed, aborted, uploaded"
                      ownChannels:
                      - dingTalk:
                          name: "robot"
                          language: "zh"
                          urlCredentialsId: "ding-url"
                          secretCredentialsId: "ding-secret"
                      allowedOverrides: "version"
                      job: "watched"
                """.formatted(MiniProgramSite.APP, site.gitee.gitUrl("demo", "shop")));
        controller.createPipeline("watched", """
                properties([miniBuildNotifications(channels: 'hook', events: 'failed,aborted,success')])
                node {
                  switch (env.BUILD_NUMBER) {
                    case '1': miniBuildLimits(timeoutMinutes: 0.05) { sleep 60 }; break
                    case '2': error 'the oven is cold'; break
                    case '3': echo 'waits'; sleep 60; break
                    default: miniprogramUpload app: 'tea', version: "4.0.${env.BUILD_NUMBER}"
                  }
                }
                """);
        List<String> events = List.of("endedByLimit", "stillFailing", "aborted", "fixed");
        List<String> told = List.of("超出限制而终止", "仍然失败", "构建已中止", "上传完成");
        List<String> says = List.of("timeoutMinutes", "the oven is cold", "Aborted by", "4.0.4");
        for (int build = 1; build <= 4; build++) {
            int hooks = chat.taken("webhook").size();
            int cards = chat.taken("dingtalk").size();
            int number = controller.start("watched");
            if (build == 3) {
                controller.awaitConsole("watched", number, "waits");
                controller.post("job/watched/3/stop", Map.of());
            }
            controller.await("watched", number, Duration.ofSeconds(90));
            JsonNode body = lastOf("webhook", hooks + 1);
            String console = controller.console("watched", build);
            assertThat(body.path("event").asText()).as(console).isEqualTo(events.get(build - 1));
            assertThat(body.path("values").toString()).as(console).contains(says.get(build - 1));
            JsonNode card = lastOf("dingtalk", cards + 1).path("actionCard");
            assertThat(card.path("text").asText())
                    .contains(told.get(build - 1), says.get(build - 1), "小程序：tea (" + MiniProgramSite.APP + ")");
            assertThat(card.path("btns").findValuesAsText("actionURL"))
                    .contains(controller.url() + "job/watched/" + build + "/");
            Thread.sleep(2_500);
            assertThat(chat.taken("webhook")).as("one message a build").hasSize(hooks + 1);
            assertThat(chat.taken("dingtalk")).hasSize(cards + 1);
        }
        assertThat(script("print jenkins.model.Jenkins.get().getItemByFullName('watched')"
                        + ".getProperty(io.jenkins.plugins.minibuild.notify.NotifyJobConfiguration).events"))
                .isEqualTo("failed,aborted,success");
    }

    @Test
    @Order(14)
    void aWantedReviewReachesItsReviewersInAPipelineWithoutAProfile() throws Exception {
        int messages = chat.taken("wecom").size();
        controller.createPipeline("reviewed", """
                properties([miniBuildNotifications(channels: 'team')])
                node {
                  deleteDir()
                  sh 'git init -q -b main . && echo one > a.txt && git add . && git -c user.name=a -c user.email=a@b.c commit -qm first && git switch -q -c feature && echo two >> a.txt && git -c user.name=a -c user.email=a@b.c commit -qam second'
                  humanReview(base: 'main', head: 'feature', url: pwd(), reviewers: 'admin', fourEyes: false, message: 'Is two right?')
                }
                """);
        controller.start("reviewed");
        controller.awaitConsole("reviewed", 1, "Waiting for");
        String wanted = lastOf("wecom", messages + 1).at("/markdown/content").asText();
        String page = "job/reviewed/1/mini-build-approval/1/";
        assertThat(wanted)
                .contains("等待人工评审", "Is two right?", "评审人：admin", "<@boss>", "[评审页面](" + controller.url() + page + ")");
        String sha = controller.json(page + "state").path("diffSha256").asText();
        assertThat(controller
                        .post(page + "verdict", Map.of("verdict", "approve", "diffSha256", sha, "opened", "true"))
                        .statusCode())
                .isLessThan(400);
        controller.await("reviewed", 1, Duration.ofSeconds(60));
        assertThat(lastOf("wecom", messages + 2).at("/markdown/content").asText())
                .contains("评审已有结论", page);
    }

    @Test
    @Order(15)
    void twoProgramsOfOneBuildAreToldApart() throws Exception {
        String other = "wxfedcba9876543210";
        site.weChat.registerApp(other, site.key.publicKey());
        int hooks = chat.taken("webhook").size();
        controller.createPipeline("both", """
                properties([miniBuildNotifications(channels: 'hook', events: 'uploaded,previewReady,success')])
                node {
                  giteeCheckout url: env.GITEE_URL, branch: 'main', credentialsId: 'gitee-token'
                  miniprogramUpload appId: '%s', privateKeyCredentialsId: 'miniprogram-key', version: '7.1.0'
                  sh "sed -i s/%s/%s/ project.config.json"
                  miniprogramPreview appId: '%s', privateKeyCredentialsId: 'miniprogram-key'
                }
                """.formatted(MiniProgramSite.APP, MiniProgramSite.APP, other, other));
        assertThat(controller.build("both")).as(controller.console("both", 1)).isEqualTo("SUCCESS");
        await("webhook", hooks + 3);
        JsonNode uploaded = chat.taken("webhook").get(hooks).body();
        JsonNode preview = chat.taken("webhook").get(hooks + 1).body();
        JsonNode end = chat.taken("webhook").get(hooks + 2).body();
        assertThat(uploaded.at("/values/appId").asText()).isEqualTo(MiniProgramSite.APP);
        assertThat(uploaded.at("/values/version").asText()).isEqualTo("7.1.0");
        assertThat(uploaded.at("/values/qrUrl").isMissingNode()).isTrue();
        assertThat(preview.at("/values/appId").asText()).isEqualTo(other);
        assertThat(preview.at("/values/version").isMissingNode()).isTrue();
        assertThat(end.path("event").asText()).isEqualTo("success");
        assertThat(end.at("/values/version").isMissingNode()).isTrue();
        assertThat(end.at("/values/appId").isMissingNode()).isTrue();
        assertThat(end.at("/values/programs").asText())
                .contains(MiniProgramSite.APP + ": Upload 7.1.0", other + ": Preview");
        assertThat(controller
                        .get("job/both/miniprogram/lastPreview?app=" + other)
                        .body())
                .contains("qrcode?n=1", other);
        assertThat(controller
                        .get("job/both/miniprogram/lastPreview?app=" + MiniProgramSite.APP)
                        .body())
                .doesNotContain("qrcode?n=");
    }

    @Test
    @Order(16)
    void aChannelThatDoesNotExistFailsTheStepAndIsRefusedByTheForms() throws Exception {
        int hooks = chat.taken("webhook").size();
        controller.createPipeline("typo", "miniBuildNotify channels: 'hook, taem'");
        assertThat(controller.build("typo")).isEqualTo("FAILURE");
        assertThat(controller.console("typo", 1)).contains("There is no channel 'taem'", "team");
        await("webhook", hooks + 1);
        assertThat(controller
                        .post(
                                "job/typo/descriptorByName/" + PACKAGE + "NotifyJobConfiguration/checkChannels",
                                Map.of("value", "taem"))
                        .body())
                .contains("There is no channel &#039;taem&#039;");
        assumeTrue(Browser.isInstalled(), "skipped: no Chromium");
        try (Browser browser = Browser.open(controller, folder.resolve("pictures"), "en")) {
            browser.go("job/watched/configure");
            browser.one("[name=\"_.mentionReviewers\"]");
            browser.picture("job-notifications");
            browser.script(
                    "document.querySelectorAll('[name=\"_.channels\"]').forEach(e => { if (e.value === 'hook') e.value = 'taem' })");
            browser.assertRefused("There is no channel 'taem'");
            browser.go("job/division/configure");
            browser.one("[name=\"_.name\"]");
            assertThat(browser.text()).contains("Notifications of the jobs");
            browser.script(
                    "document.querySelectorAll('[name$=\"specified\"]').forEach(e => { if (!e.checked) e.click() })");
            Thread.sleep(1_000);
            browser.script("document.querySelectorAll('[name=\"_.channels\"]').forEach(e => { e.value = 'hook' });"
                    + "document.querySelectorAll('[name=\"_.events\"]').forEach(e => { e.value = 'success' })");
            browser.picture("folder-notifications");
            browser.script("document.querySelector('button[name=\"Submit\"]').click()");
            Thread.sleep(3_000);
            assertThat(browser.scriptErrors()).isEmpty();
        }
        assertThat(script("print jenkins.model.Jenkins.get().getItemByFullName('division').properties"
                        + ".get(io.jenkins.plugins.minibuild.notify.NotifyFolderConfiguration).notifications.events"))
                .isEqualTo("success");
        int before = chat.taken("webhook").size();
        script("""
                def folder = jenkins.model.Jenkins.get().getItemByFullName('division')
                def job = folder.createProject(org.jenkinsci.plugins.workflow.job.WorkflowJob, 'heir')
                job.definition = new org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition("echo 'done'", true)
                job.scheduleBuild2(0)
                """);
        assertThat(lastOf("webhook", before + 1).path("project").asText()).isEqualTo("division/heir");
    }

    @Test
    @Order(17)
    void everyIconIsOneThatJenkinsHas() throws Exception {
        try (var files = Files.walk(Path.of("src/main"))) {
            for (Path file :
                    files.filter(f -> f.toString().matches(".*\\.(java|jelly)")).toList()) {
                java.util.regex.Matcher symbol =
                        java.util.regex.Pattern.compile("\"symbol-([a-z-]+)\"").matcher(Files.readString(file));
                while (symbol.find()) {
                    assertThat(script("print jenkins.model.Jenkins.classLoader.getResource('images/symbols/"
                                    + symbol.group(1) + ".svg') != null"))
                            .as(symbol.group() + " in " + file)
                            .isEqualTo("true");
                }
            }
        }
    }

    private static void click(Browser browser, String label) {
        assertThat(browser.script(
                        "const b = [...document.querySelectorAll('button')].find(e => e.textContent.trim() === arguments[0]);"
                                + "if (b) b.click(); return !!b",
                        label))
                .as(label)
                .isEqualTo(true);
    }

    @Test
    @Order(99)
    void noSecretIsInJenkinsHomeNorInTheLog() throws Exception {
        for (String secret : ChatService.secrets()) {
            assertThat(RealController.filesWith(secret, controller.home()))
                    .as(secret)
                    .isEmpty();
            assertThat(controller.log()).doesNotContain(secret);
            assertThat(exported()).doesNotContain(secret);
        }
        assertThat(controller.log().lines().filter(line -> line.contains("SEVERE") && line.contains("minibuild")))
                .isEmpty();
    }
}
