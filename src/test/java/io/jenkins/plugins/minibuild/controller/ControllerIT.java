package io.jenkins.plugins.minibuild.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.zxing.BinaryBitmap;
import com.google.zxing.common.HybridBinarizer;
import com.google.zxing.qrcode.QRCodeReader;
import io.jenkins.plugins.minibuild.process.Deadline;
import io.jenkins.plugins.minibuild.standin.GiteeService;
import io.jenkins.plugins.minibuild.standin.WeChatService;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The plugin on a real controller. Skipped, and it says so, unless -Djenkins.war and -Djenkins.plugins name one. */
@Timeout(600)
@NeedsController
class ControllerIT {
    private static final String TOKEN = "gitee-token-8d2f64b1a7";
    private static final String APP = MiniProgramSite.APP;
    private static final Path EXAMPLE = Path.of("docs/examples/native-miniprogram");

    private static Path folder;
    private static RealController controller;
    private static MiniProgramSite site;
    private static WeChatService weChat;
    private static GiteeService gitee;
    private static Process agent;

    @BeforeAll
    static void boot() throws Exception {
        folder = Path.of("target/controller").toAbsolutePath();
        controller = RealController.start(folder);
        agent = controller.startAgent();
        site = new MiniProgramSite(controller, folder, TOKEN, "feat: show <b>the time</b> & more");
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

    @AfterEach
    void recover() {
        if (weChat != null) {
            weChat.recover();
        }
    }

    private static String jenkinsfile() throws IOException {
        return Files.readString(EXAMPLE.resolve("Jenkinsfile"));
    }

    private static String freestyle(String label, String builders) {
        return """
                <project>
                  <assignedNode>%s</assignedNode>
                  <canRoam>false</canRoam>
                  <builders>%s</builders>
                </project>
                """.formatted(label, builders);
    }

    private static String uploadBuilder(String keyId, String version) {
        return """
                <io.jenkins.plugins.minibuild.miniprogram.MiniprogramUploadBuilder>
                  <step>
                    <appId>%s</appId>
                    <privateKeyCredentialsId>%s</privateKeyCredentialsId>
                    <version>%s</version>
                    <robot>3</robot>
                  </step>
                </io.jenkins.plugins.minibuild.miniprogram.MiniprogramUploadBuilder>
                """.formatted(APP, keyId, version);
    }

    private static String checkoutBuilder() {
        return """
                <io.jenkins.plugins.minibuild.checkout.GiteeCheckoutBuilder>
                  <step>
                    <url>${GITEE_URL}</url>
                    <credentialsId>gitee-token</credentialsId>
                  </step>
                </io.jenkins.plugins.minibuild.checkout.GiteeCheckoutBuilder>
                """;
    }

    private static String uploadOnAgent(String arguments) {
        return """
                node('remote') {
                    giteeCheckout url: env.GITEE_URL, credentialsId: 'gitee-token'
                    miniprogramUpload appId: '%s', privateKeyCredentialsId: 'miniprogram-key', version: '9.0.0'%s
                }
                """.formatted(APP, arguments);
    }

    @Test
    void startsWithoutAWarningAboutThePlugin() throws Exception {
        assertThat(controller.json("pluginManager/api/json?depth=1").findParents("shortName"))
                .filteredOn(plugin -> plugin.get("shortName").asText().equals("mini-build"))
                .singleElement()
                .satisfies(
                        plugin -> assertThat(plugin.get("active").asBoolean()).isTrue());
        List<String> warnings = new ArrayList<>();
        // one entry and the lines that belong to it, such as a stack trace
        for (String entry : controller.log().split("(?m)^(?=\\d{4}-\\d\\d-\\d\\d )")) {
            if (entry.matches(
                            "(?s)[^\\n]*\\b(SEVERE|WARNING)\\b.*") // an address that nobody may call without a crumb is
                    // named as well
                    && !entry.contains("CrumbFilter")
                    && entry.matches("(?si).*mini-?build.*")) {
                warnings.add(entry);
            }
        }
        assertThat(warnings).isEmpty();
        assertThat(controller
                        .json("pluginManager/api/json?tree=failedPlugins[*]")
                        .findValues("failedPlugins"))
                .allSatisfy(failed -> assertThat(failed).isEmpty());
    }

    @Test
    void theSnippetGeneratorWritesEachStep() throws Exception {
        controller.createPipeline("snippets", "echo 'x'");
        assertThat(snippet(
                        "checkout.GiteeCheckoutStep",
                        "\"url\": \"https://gitee.com/team/shop.git\", \"depth\": \"1\","
                                + " \"retries\": \"3\", \"mirror\": true, \"verify\": true"))
                .isEqualTo("giteeCheckout 'https://gitee.com/team/shop.git'");
        assertThat(snippet(
                        "miniprogram.MiniprogramUploadStep",
                        "\"appId\": \"%s\", \"privateKeyCredentialsId\": \"miniprogram-key\", \"version\": \"1.0.0\", \"robot\": \"7\""
                                .formatted(APP)))
                .startsWith("miniprogramUpload ")
                .contains("appId: '" + APP + "'", "robot: 7", "version: '1.0.0'");
        assertThat(snippet(
                        "miniprogram.MiniprogramPreviewStep",
                        "\"appId\": \"%s\", \"privateKeyCredentialsId\": \"miniprogram-key\"".formatted(APP)))
                .startsWith("miniprogramPreview ");
        String reference = controller.get("job/snippets/pipeline-syntax/html").body();
        assertThat(reference).contains("giteeCheckout", "miniprogramUpload", "miniprogramPreview");
    }

    private static String snippet(String step, String fields) throws Exception {
        String type = "io.jenkins.plugins.minibuild." + step;
        HttpResponse<String> answer = controller.post(
                "job/snippets/pipeline-syntax/generateSnippet",
                Map.of("json", "{\"stapler-class\": \"%s\", \"$class\": \"%s\", %s}".formatted(type, type, fields)));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.body().strip();
    }

    @Test
    void aPipelineChecksOutUploadsAndPreviewsOnAnAgent() throws Exception {
        controller.createPipeline("shop", jenkinsfile().replace("agent any", "agent { label 'remote' }"));
        String result = controller.build("shop");
        String console = controller.console("shop", 1);
        assertThat(result).as(console).isEqualTo("SUCCESS");
        assertThat(console)
                .contains("miniprogram-ci")
                .doesNotContain("Exception")
                .doesNotContain("\tat ");
        assertThat(weChat.uploads())
                .anyMatch(upload -> !upload.isPreview() && upload.version().equals("1.0.1"));

        qrCodeIsServed("shop", 1);
        assertThat(controller.get("job/shop/").body()).as("the job's page").contains("miniprogram/qrcode");
        secretsAreNowhere(console);

        assertThat(controller.build("shop")).isEqualTo("SUCCESS");
        assertThat(controller.console("shop", 2)).as("the second checkout").doesNotContain("Exception");
    }

    private static void qrCodeIsServed(String job, int number) throws Exception {
        String path = controller
                .json("job/" + job + "/" + number + "/api/json?tree=artifacts[relativePath]")
                .findValuesAsText("relativePath")
                .stream()
                .filter(artifact -> artifact.endsWith(".jpg"))
                .findFirst()
                .orElseThrow();
        byte[] picture = controller
                .getBytes("job/" + job + "/" + number + "/artifact/" + path)
                .body();
        BufferedImage image = ImageIO.read(new ByteArrayInputStream(picture));
        int[] pixels = image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
        String text = new QRCodeReader()
                .decode(new BinaryBitmap(new HybridBinarizer(
                        new com.google.zxing.RGBLuminanceSource(image.getWidth(), image.getHeight(), pixels))))
                .getText();
        assertThat(text).contains(APP);
    }

    private static void secretsAreNowhere(String console) throws Exception {
        for (String secret : new String[] {TOKEN, site.key.aLine()}) {
            assertThat(console).doesNotContain(secret);
            assertThat(RealController.filesWith(secret, controller.home(), controller.agentHome()))
                    .as("files that hold a secret in plain text")
                    .isEmpty();
            assertThat(controller.log()).doesNotContain(secret);
        }
        assertThat(driverFiles()).isEmpty();
    }

    private static List<String> driverFiles() throws IOException {
        try (var files = Files.walk(controller.agentHome())) {
            return files.map(Path::toString)
                    .filter(name -> name.contains("@tmp/miniprogram"))
                    .toList();
        }
    }

    @Test
    void aFreestyleJobDoesTheSameFromItsForm() throws Exception {
        String preview = uploadBuilder("key-as-text", "1")
                .replace("MiniprogramUploadBuilder", "MiniprogramPreviewBuilder")
                .replace("<version>1</version>", "<pagePath>pages/about/about</pagePath>");
        controller.createJob(
                "classic",
                freestyle(
                        "remote",
                        checkoutBuilder() + uploadBuilder("miniprogram-key", "2.0.${BUILD_NUMBER}") + preview));
        String result = controller.build("classic");
        String console = controller.console("classic", 1);
        assertThat(result).as(console).isEqualTo("SUCCESS");
        assertThat(weChat.uploads())
                .anyMatch(upload ->
                        upload.version().equals("2.0.1") && upload.robot().equals("3"));
        qrCodeIsServed("classic", 1);
        secretsAreNowhere(console);
    }

    @Test
    void theFormKeepsWhatItWasGiven() throws Exception {
        assumeTrue(Browser.isInstalled(), "skipped: no Chromium with its driver in /usr/bin");
        controller.createJob(
                "form", freestyle("remote", checkoutBuilder() + uploadBuilder("miniprogram-key", "3.0.0")));
        String before = controller.get("job/form/config.xml").body();
        try (Browser browser = Browser.open(controller, pictures(), "en")) {
            browser.go("job/form/configure");
            browser.one("select[name='_.privateKeyCredentialsId'] option[value='miniprogram-key']");
            browser.picture("freestyle-form");
            browser.one("button[name='Submit'],button.jenkins-submit-button").click();
            Deadline deadline = Deadline.after(Duration.ofSeconds(20));
            while (steps(controller.get("job/form/config.xml").body()).equals(steps(before))
                    && !deadline.expired()
                    && browser.all("form[name='config']").size() > 0) {
                Thread.sleep(100);
            }
            assertThat(browser.scriptErrors()).isEmpty();
        }
        String after = controller.get("job/form/config.xml").body();
        for (String value : new String[] {
            "<appId>" + APP + "</appId>",
            "<privateKeyCredentialsId>miniprogram-key</privateKeyCredentialsId>",
            "<version>3.0.0</version>",
            "<robot>3</robot>",
            "<url>${GITEE_URL}</url>",
            "<credentialsId>gitee-token</credentialsId>"
        }) {
            assertThat(after).contains(value);
        }
    }

    private static String steps(String config) {
        return config.substring(Math.max(0, config.indexOf("<builders>")));
    }

    @Test
    void pagesShowWithoutScriptErrorsInBothLanguages() throws Exception {
        assumeTrue(Browser.isInstalled(), "skipped: no Chromium with its driver in /usr/bin");
        controller.createPipeline("pages", jenkinsfile());
        assertThat(controller.build("pages")).isEqualTo("SUCCESS");
        for (String language : new String[] {"en", "zh-CN"}) {
            try (Browser browser = Browser.open(controller, pictures(), language)) {
                browser.go("job/pages/1/").picture("build-" + language);
                assertThat(browser.text()).contains("1.0.1");
                assertThat(browser.all("img[src*='qr']")).isNotEmpty();
                assertThat((Boolean)
                                browser.script("return document.querySelector(\"img[src*='qr']\").naturalWidth > 100"))
                        .isTrue();
                browser.go("job/pages/").picture("job-" + language);
                assertThat(browser.all("img[src*='qr']")).isNotEmpty();
                browser.go("manage/configureTools/").picture("tools-" + language);
                browser.go("job/pages/pipeline-syntax/");
                browser.script("const s = document.querySelector('.dropdownList,select.dropdownList');"
                        + "s.value = [...s.options].find(o => o.text.startsWith('miniprogramUpload')).value;"
                        + "s.dispatchEvent(new Event('change'));");
                browser.one("select[name='_.privateKeyCredentialsId']");
                browser.picture("snippet-" + language);
                assertThat(browser.scriptErrors()).isEmpty();
            }
        }
    }

    private static Path pictures() {
        return folder.resolve("pictures");
    }

    @Test
    void aUsersMistakeIsOneLineWithoutAStackTrace() throws Exception {
        controller.createPipeline("mistake", uploadOnAgent(", robot: 31"));
        assertThat(controller.build("mistake")).isEqualTo("FAILURE");
        assertThat(controller.console("mistake", 1))
                .contains("robot")
                .contains("1")
                .contains("30");

        controller.createPipeline("no-credential", uploadOnAgent("").replace("'miniprogram-key'", "'nobody'"));
        assertThat(controller.build("no-credential")).isEqualTo("FAILURE");
        assertThat(controller.console("no-credential", 1))
                .contains("ERROR: There is no credential 'nobody'")
                .doesNotContain("\tat ");
        assertThat(controller.get("job/no-credential/1/").body())
                .contains("miniprogramUpload failed", "There is no credential ");
        assertThat(controller
                        .json("job/no-credential/1/api/json?tree=actions[errors[step,text]]")
                        .findValuesAsText("text"))
                .singleElement()
                .asString()
                .startsWith("There is no credential 'nobody'");
        controller.createJob(
                "no-credential-classic", freestyle("remote", checkoutBuilder() + uploadBuilder("nobody", "1.0.0")));
        assertThat(controller.build("no-credential-classic")).isEqualTo("FAILURE");
        assertThat(controller.get("job/no-credential-classic/1/").body()).contains("miniprogramUpload failed");
    }

    /** Neither package.json nor the lock file changes between the builds: only the folder that the project takes a package from. */
    @Test
    void aProjectWithAFolderAsDependencyIsBuiltTwiceWithAChangeBetween() throws Exception {
        controller.createPipeline("local-package", """
                node('remote') {
                    giteeCheckout url: env.GITEE_URL, credentialsId: 'gitee-token'
                    writeFile file: 'tea/package.json', text: '{"name": "tea", "version": "1.0.0"}'
                    writeFile file: 'tea/index.js', text: "tea of build ${env.BUILD_NUMBER}"
                    writeFile file: 'package.json', text: '{"name": "shop", "dependencies": {"tea": "file:tea"}}'
                    writeFile file: 'package-lock.json', text: '{"name": "shop", "lockfileVersion": 3, "packages": {"": {"name": "shop", "dependencies": {"tea": "file:tea"}}, "node_modules/tea": {"version": "1.0.0", "resolved": "file:tea"}}}'
                    writeFile file: '.npmrc', text: 'install-links=true'
                    if (env.BUILD_NUMBER == '3') {
                        writeFile file: 'tea/index.js', text: 'tea of build 2'
                    }
                    miniprogramUpload appId: '%s', privateKeyCredentialsId: 'miniprogram-key', autoVersion: true,
                            version: '8.0.0', install: true, buildCommand: 'cat node_modules/tea/index.js'
                }
                """.formatted(APP));
        for (int number = 1; number <= 3; number++) {
            assertThat(controller.build("local-package"))
                    .as(controller.console("local-package", number))
                    .isEqualTo("SUCCESS");
        }
        assertThat(controller.console("local-package", 1)).contains("tea of build 1", "are kept in the cache");
        assertThat(controller.console("local-package", 2)).contains("tea of build 2", "are kept in the cache");
        assertThat(controller.console("local-package", 3)).contains("tea of build 2", "come from the cache");
    }

    @Test
    void anAbortEndsTheUploadWithinFiveSeconds() throws Exception {
        weChat.fail(WeChatService.UPLOAD, WeChatService.Fault.hang());
        controller.createPipeline("abort", uploadOnAgent(""));
        long before = uploadCalls();
        int number = controller.start("abort");
        awaitUploadAfter(before);
        long start = System.nanoTime();
        controller.post("job/abort/" + number + "/stop", Map.of());
        assertThat(controller.await("abort", number, Duration.ofSeconds(20))).isEqualTo("ABORTED");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
        nothingIsLeft();
    }

    @Test
    void theTimeoutNamesItself() throws Exception {
        weChat.fail(WeChatService.UPLOAD, WeChatService.Fault.hang());
        controller.createPipeline("late", uploadOnAgent(", timeoutMinutes: 0.2"));
        assertThat(controller.build("late")).isEqualTo("FAILURE");
        assertThat(controller.console("late", 1))
                .contains("ERROR: ")
                .contains("0.2 minutes")
                .doesNotContain("\tat ");
        nothingIsLeft();
    }

    @Test
    void aKilledAgentIsNamedAndLeavesNothing() throws Exception {
        weChat.fail(WeChatService.UPLOAD, WeChatService.Fault.hang());
        controller.createPipeline("killed", uploadOnAgent(""));
        long before = uploadCalls();
        int number = controller.start("killed");
        awaitUploadAfter(before);
        agent.destroyForcibly().waitFor();
        try {
            assertThat(controller.await("killed", number, Duration.ofMinutes(2)))
                    .as(controller.console("killed", number))
                    .isIn("FAILURE", "ABORTED");
            assertThat(controller.console("killed", number))
                    .contains("Lost the connection to the agent while it ran miniprogram-ci")
                    .doesNotContain("\tat ");
            nothingIsLeft();
        } finally {
            agent = controller.startAgent();
        }
    }

    private static long uploadCalls() {
        return weChat.calls().stream().filter(WeChatService.UPLOAD::equals).count();
    }

    private static void awaitUploadAfter(long before) throws Exception {
        Deadline deadline = Deadline.after(Duration.ofMinutes(1));
        while (uploadCalls() <= before) {
            if (deadline.expired()) {
                throw new IOException("The upload did not begin: " + weChat.calls());
            }
            Thread.sleep(50);
        }
    }

    private static void nothingIsLeft() throws Exception {
        Deadline deadline = Deadline.after(Duration.ofSeconds(8));
        while (!markedProcesses().isEmpty() && !deadline.expired()) {
            Thread.sleep(100);
        }
        assertThat(markedProcesses()).isEmpty();
        assertThat(driverFiles()).isEmpty();
        assertThat(RealController.filesWith(site.key.aLine(), controller.agentHome()))
                .isEmpty();
    }

    /** Processes that a step of the plugin has started on behalf of this controller's agent. */
    private static List<String> markedProcesses() throws IOException {
        List<String> found = new ArrayList<>();
        try (var all = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : all) {
                try {
                    String environment = Files.readString(process.resolve("environ"), StandardCharsets.ISO_8859_1);
                    if (environment.contains("MINI_BUILD_PROCESS=")
                            && environment.contains(controller.url().replaceAll("/$", ""))) {
                        found.add(Files.readString(process.resolve("cmdline"), StandardCharsets.ISO_8859_1)
                                .replace('\0', ' '));
                    }
                } catch (IOException e) {
                    // ended meanwhile
                }
            }
        }
        return found;
    }

    @Test
    void formMethodsWantPostAndAPermission() throws Exception {
        controller.createJob("guarded", freestyle("remote", checkoutBuilder()));
        String check = "job/guarded/descriptorByName/io.jenkins.plugins.minibuild.checkout.GiteeCheckoutStep/checkUrl";
        String fill = "job/guarded/descriptorByName/io.jenkins.plugins.minibuild.miniprogram.MiniprogramUploadStep/"
                + "fillPrivateKeyCredentialsIdItems";
        gitee.forgetRequests();
        for (String method : new String[] {check, fill}) {
            assertThat(controller
                            .as(RealController.USER, RealController.PASSWORD, "GET", method)
                            .statusCode())
                    .as("GET is not answered")
                    .isIn(404, 405);
            assertThat(controller.as(null, null, "POST", method).statusCode()).isIn(401, 403, 404);
        }
        assertThat(controller.as("reader", "reader-password-11", "POST", fill).body())
                .doesNotContain("gitee-token", "miniprogram-key");
        assertThat(controller.post(fill, Map.of("privateKeyCredentialsId", "")).body())
                .contains("miniprogram-key");
        assertThat(controller.post(check, Map.of("value", "ext::sh -c id")).body())
                .contains("error");
        assertThat(gitee.requests())
                .as("no check of the form contacts a server by itself")
                .isEmpty();
    }

    @Test
    void configurationAsCodeReadsAndWritesTheTool() throws Exception {
        String exported = controller.script("""
                def out = new ByteArrayOutputStream()
                io.jenkins.plugins.casc.ConfigurationAsCode.get().export(out)
                print out.toString('UTF-8')
                """);
        assertThat(exported).contains("miniprogramCi:").contains("name: \"miniprogram-ci\"");
    }
}
