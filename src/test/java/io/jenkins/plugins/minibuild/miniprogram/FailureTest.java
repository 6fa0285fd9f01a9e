package io.jenkins.plugins.minibuild.miniprogram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import hudson.AbortException;
import io.jenkins.plugins.minibuild.miniprogram.profile.BuildCommands;
import io.jenkins.plugins.minibuild.miniprogram.profile.CompileSettings;
import io.jenkins.plugins.minibuild.miniprogram.profile.MiniProgram;
import io.jenkins.plugins.minibuild.miniprogram.profile.ProjectType;
import io.jenkins.plugins.minibuild.standin.UploadKey;
import io.jenkins.plugins.minibuild.standin.WeChatService;
import io.jenkins.plugins.minibuild.standin.WeChatService.Fault;
import io.jenkins.plugins.minibuild.step.BuildTask;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every way to fail that a user or an agent has: one clear message each, no stack trace, nothing left behind. */
class FailureTest {

    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir
    private Path root;

    private Fixture fixture;

    @BeforeEach
    void start() throws Exception {
        fixture = new Fixture(root);
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        assertThat(fixture.leftovers()).isEmpty();
        await(() -> fixture.processes().isEmpty());
        assertThat(fixture.build.log()).doesNotContain(fixture.key().pem().substring(100, 164));
        fixture.close();
    }

    @Test
    void aKeyThatIsNotTheAppsNamesCredentialAndApp() throws Exception {
        fixture.build.with(Fixture.secret(Fixture.KEY_ID, UploadKey.generate().pem()));

        assertThat(failure(fixture.upload()))
                .contains("\"miniprogram-key\" is not the current upload key of " + Fixture.APP)
                .contains("mp.weixin.qq.com")
                .contains("(-10006)");
    }

    @Test
    void theKeyOfAnotherAppNamesCredentialAndApp() throws Exception {
        String other = "wxfedcba9876543210";
        fixture.wechat.registerApp(other, UploadKey.generate().publicKey());
        replaceInConfig(Fixture.APP, "");
        TaskParameters parameters =
                new TaskParameters(new MiniProgram(other, ProjectType.MINI_PROGRAM, null), Fixture.KEY_ID);

        assertThat(failure(new Upload(parameters, "1.0.0")))
                .contains("\"miniprogram-key\" is not the current upload key of " + other);
        assertThat(fixture.wechat.uploads()).isEmpty();
    }

    @Test
    void anAddressThatIsNotAllowedIsNamedWithThePlaceToAllowIt() throws Exception {
        fixture.wechat.fail(
                Fixture.APP,
                WeChatService.UPLOAD,
                Fault.error(-10008, "invalid ip: 203.0.113.9, reference: https://developers.weixin.qq.com/"));

        assertThat(failure(fixture.upload()))
                .contains("address 203.0.113.9")
                .contains("IP allowlist of " + Fixture.APP)
                .doesNotContain("IPv6");
    }

    @Test
    void aPackageThatIsTooLargeIsListedWithItsLargestFiles() throws Exception {
        fixture.real();
        byte[] photo = new byte[3 * 1024 * 1024];
        new Random(1).nextBytes(photo);
        Files.write(fixture.workspace.resolve("miniprogram/pages/photo.png"), photo);

        String message = failure(fixture.upload());

        assertThat(message).contains("WeChat allows 2 MB for the main package").contains("(80200)");
        assertThat(message.lines())
                .anyMatch(
                        line -> line.contains("main package") && line.contains("3.00 MB") && line.contains("TOO LARGE"))
                .anyMatch(line -> line.contains("3.00 MB") && line.contains("pages/photo.png"));
    }

    @Test
    void aGameThatIsTooLargeIsListedByTheSubpackagesOfItsGameJson() throws Exception {
        fixture.real();
        Path game = Files.createDirectories(fixture.workspace.resolve("game/levels"));
        byte[] picture = new byte[3 * 1024 * 1024];
        new Random(2).nextBytes(picture);
        Files.write(game.resolve("a.png"), picture);
        Files.writeString(game.resolve("game.js"), "GameGlobal.levels = 1");
        Files.writeString(game.resolveSibling("game.js"), "wx.loadSubpackage({ name: 'levels' })");
        Files.writeString(game.resolveSibling("boss.js"), "GameGlobal.boss = 1");
        Files.writeString(
                game.resolveSibling("game.json"),
                "{\"deviceOrientation\": \"portrait\", \"subpackages\": [{\"name\": \"levels\", \"root\": \"levels/\"}, "
                        + "{\"name\": \"boss\", \"root\": \"boss.js\"}]}");
        Files.writeString(
                game.resolveSibling("project.config.json"),
                "{\"appid\": \"" + Fixture.APP + "\", \"compileType\": \"game\", \"setting\": {}}");
        fixture.wechat.fail(Fixture.APP, WeChatService.UPLOAD, Fault.error(80200, "source size exceed max limit 4MB"));
        TaskParameters parameters =
                new TaskParameters(new MiniProgram(Fixture.APP, ProjectType.MINI_GAME, "game"), Fixture.KEY_ID);

        assertThat(failure(new Upload(parameters, "1.0.0")).lines())
                .anyMatch(line -> line.contains("levels") && line.contains("3.00 MB") && line.contains("TOO LARGE"))
                .anyMatch(line -> line.contains("/boss.js") && line.contains("19 B"))
                .anyMatch(line -> line.contains("main package") && !line.contains("MB  of"));
    }

    @Test
    void aFileThatAppJsonNamesAndThatIsMissingIsNamed() throws Exception {
        fixture.real();
        Path app = fixture.workspace.resolve("miniprogram/app.json");
        Files.writeString(
                app,
                Files.readString(app).replaceFirst("\\{", "{\"themeLocation\": \"theme.json\", \"darkmode\": true,"));

        assertThat(failure(fixture.upload()))
                .contains("app.json names \"miniprogram/theme.json\", and there is no such file")
                .doesNotContain("app.json was not found");
    }

    /** Envelopes as people report them of miniprogram-ci: a number in a text, JSON in a text in JSON, and the other way round. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "-1 | inner upload fail with errcode: -10002, errmsg: invalid ip: 203.0.113.9 | address 203.0.113.9",
                "-1 | inner upload fail with errcode: 80082, errmsg: no permission rid: 1 | may not use a plugin",
                "-1 | inner upload fail with errcode: 80200, errmsg: source size exceed max limit | 2 MB for the main package",
                "-1 | inner upload fail with errcode: -80057, errmsg: x | not compiled yet",
                "-1 | get new ticket fail innerCode: 40013 | does not know the AppID",
                "-1 | {\"errcode\":80082,\"errmsg\":\"inner\"} | may not use a plugin",
                "-1 | upload fail, body: {\"errCode\":-1,\"errMsg\":\"inner upload fail with errcode: 800059\"} | app.json was not found in",
                "-1 | system error | WeChat refused: system error (-1)"
            })
    void theInnermostNumberOfAnAnswerCounts(int code, String message, String says) throws Exception {
        fixture.wechat.fail(Fixture.APP, WeChatService.UPLOAD, Fault.error(code, message));

        assertThat(failure(fixture.upload())).contains(says);
    }

    @Test
    void aMissingAppJsonSaysWhereItLookedAndWhatIsThere() throws Exception {
        Files.delete(fixture.workspace.resolve("miniprogram/app.json"));

        assertThat(failure(fixture.upload()))
                .contains("There is no app.json in miniprogram.")
                .contains("There are: app.js, app.wxss, pages/")
                .contains("miniprogramRoot in project.config.json");
        assertThat(fixture.wechat.calls()).isEmpty();
    }

    @Test
    void aMissingComponentIsNamed() throws Exception {
        fixture.real();
        Files.writeString(
                fixture.workspace.resolve("miniprogram/pages/index/index.json"),
                "{\"usingComponents\": {\"tea-cup\": \"/components/tea-cup\"}}");

        assertThat(failure(fixture.upload()))
                .contains(
                        "The component \"tea-cup\" that usingComponents names does not exist at \"/components/tea-cup\"");
    }

    @Test
    void aScriptThatDoesNotCompileIsNamed() throws Exception {
        fixture.real();
        Files.writeString(fixture.workspace.resolve("miniprogram/pages/index/index.js"), "Page({ broken");

        TaskParameters parameters = fixture.parameters().setting(CompileSettings.read("es6=true"));

        assertThat(failure(new Upload(parameters, "1.0.0")))
                .contains("The program does not compile")
                .contains("index.js");
    }

    @Test
    void aMissingNodeSaysWhatToInstall() throws Exception {
        fixture.build.with(MiniprogramCiInstallation.class, "ci", fixture.npm());
        fixture.build.env("PATH", Files.createDirectory(root.resolve("empty")).toString());

        assertThat(failure(fixture.upload()))
                .contains("There is no command \"node\" on this agent's PATH")
                .contains("Node.js 16 or newer");
    }

    @Test
    void aMissingNpmSaysWhatToInstallWhenItIsNeeded() throws Exception {
        Path bin = Files.createDirectory(root.resolve("bin"));
        Files.createSymbolicLink(bin.resolve("node"), command("node"));
        fixture.build.with(MiniprogramCiInstallation.class, "ci", fixture.npm());
        fixture.build.env("PATH", bin.toString());
        fixture.upload().run(fixture.build);

        Files.writeString(fixture.workspace.resolve("package.json"), "{}");
        TaskParameters parameters = fixture.parameters().build(Fixture.commands(true, null, null, null));

        assertThat(failure(new Upload(parameters, "1.0.0")))
                .contains("There is no command \"npm\" on this agent's PATH")
                .contains("npm comes with Node.js");
    }

    @Test
    void aMissingMiniprogramCiListsTheWaysToGetIt() throws Exception {
        Path bin = Files.createDirectory(root.resolve("bin"));
        Files.createSymbolicLink(bin.resolve("node"), command("node"));
        fixture.build.env("PATH", bin.toString());

        assertThat(failure(fixture.upload()))
                .contains("miniprogram-ci was not found on this agent")
                .contains("npm install --save-dev miniprogram-ci")
                .contains("Manage Jenkins, Tools")
                .contains("npm install -g miniprogram-ci");
    }

    @Test
    void aBrokenInstallationSaysSo() throws Exception {
        Path module = Files.createDirectories(fixture.workspace.resolve("node_modules/miniprogram-ci"));
        Files.writeString(module.resolve("package.json"), "{\"name\":\"miniprogram-ci\",\"version\":\"2.1.0\"}");

        assertThat(failure(new Upload(fixture.parameters().tool("project"), "1.2.3")))
                .contains("miniprogram-ci could not be loaded")
                .contains("Install it again");
        assertThat(fixture.build.log()).contains("miniprogram-ci 2.1.0 is older than 2.1.39");
    }

    @Test
    void anOldNodeSaysWhichOneIsNeeded() throws Exception {
        Path bin = Files.createDirectory(root.resolve("bin"));
        Path node = bin.resolve("node");
        Files.writeString(node, "#!/bin/sh\nexec " + command("node") + " -r " + bin.resolve("old.js") + " \"$@\"\n");
        Files.writeString(
                bin.resolve("old.js"),
                "Object.defineProperty(process, 'versions', {value: Object.assign({}, process.versions, {node: '14.2.0'})})");
        assertThat(node.toFile().setExecutable(true)).isTrue();
        fixture.build.env("PATH", bin + ":" + fixture.npm().resolve("node_modules/.bin") + ":" + System.getenv("PATH"));

        assertThat(failure(fixture.upload())).contains("Node.js 14.2.0 on this agent is too old");
    }

    @Test
    void aFullDiskSaysSoWhenTheKeyIsWritten() throws Exception {
        fullDisk(2, () -> assertThat(failure(fixture.upload())).contains("The disk of the agent is full"));
    }

    @Test
    void aFullDiskSaysSoWhenThePictureIsWritten() throws Exception {
        // room for script, request and key, but not for the picture
        fullDisk(driverPages() + 3, () -> assertThat(failure(fixture.preview()))
                .contains("The disk of the agent is full"));
    }

    @Test
    void aKilledProcessSaysSo() throws Exception {
        fixture.wechat.fail(WeChatService.RANDOM_STRING, Fault.hang());
        AtomicReference<String> message = new AtomicReference<>();
        Thread build = new Thread(() -> message.set(failure(fixture.upload())));
        build.start();
        await(() -> fixture.wechat.calls().contains(WeChatService.RANDOM_STRING));

        ProcessHandle.allProcesses()
                .filter(process -> process.info().command().orElse("").endsWith("node"))
                .filter(process -> process.info()
                        .commandLine()
                        .orElse("")
                        .contains(fixture.build.root().toString()))
                .forEach(ProcessHandle::destroyForcibly);
        build.join();

        assertThat(message.get())
                .contains("was killed on the agent (exit code 137)")
                .contains("too little memory");
    }

    @Test
    void theDriverEndsAndLeavesNoKeyWhenItsParentIsGone() throws Exception {
        fixture.wechat.fail(WeChatService.RANDOM_STRING, Fault.hang());
        Path folder = Files.createDirectory(root.resolve("run"));
        Path driver = folder.resolve("driver.js");
        try (InputStream script = CiDriver.class.getResourceAsStream("driver.js")) {
            Files.copy(script, driver);
        }
        Files.writeString(folder.resolve("key"), fixture.key().pem());
        Files.writeString(
                folder.resolve("request.json"),
                String.format(
                        "{\"marker\":\"@\",\"action\":\"upload\",\"module\":\"%s\",\"keyFile\":\"%s\",\"appId\":\"%s\","
                                + "\"type\":\"miniProgram\",\"projectPath\":\"%s\",\"version\":\"1.0.0\"}",
                        fixture.npm().resolve("node_modules/miniprogram-ci"),
                        folder.resolve("key"),
                        Fixture.APP,
                        fixture.workspace));
        ProcessBuilder shell = new ProcessBuilder(
                        "sh", "-c", "node " + driver + " " + folder.resolve("request.json") + "; echo")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .directory(folder.toFile());
        shell.environment().putAll(fixture.wechat.environment());
        Process parent = shell.start();
        await(() -> fixture.wechat.calls().contains(WeChatService.RANDOM_STRING));
        assertThat(parent.descendants()).isNotEmpty();
        assertThat(folder.resolve("key")).doesNotExist();

        parent.destroyForcibly().waitFor();

        await(() -> ProcessHandle.allProcesses()
                .noneMatch(process -> process.info().commandLine().orElse("").contains(driver.toString())));
    }

    @Test
    void aTimeoutNamesTheTimeAndTheWayOut() throws Exception {
        fixture.wechat.fail(WeChatService.RANDOM_STRING, Fault.hang());
        TaskParameters parameters = fixture.parameters().build(Fixture.within(0.1));

        assertThat(failure(new Upload(parameters, "1.0.0")))
                .contains("The time of 0.1 minutes was used up")
                .contains("raise timeoutMinutes")
                .contains("servicewechat.com");
    }

    @Test
    void aBuildCommandThatHangsIsEndedAndSaysHowToGiveItMoreTime() {
        TaskParameters parameters =
                fixture.parameters().build(new BuildCommands(null, false, null, "sleep 600", null, null, 0.01));

        assertThat(failure(new Upload(parameters, "1.0.0")))
                .contains("sleep 600")
                .contains("Raise timeoutMinutes");
    }

    /** An abort and a crash of Jenkins are the same for the service: what it has is not known, and the build says so. */
    @Test
    void anUploadThatIsBrokenOffIsRememberedUntilTheServiceHasAnswered() throws Exception {
        fixture.wechat.fail(WeChatService.UPLOAD, Fault.hang());
        Thread build = new Thread(() -> catchThrowable(() -> fixture.upload().run(fixture.build)));
        build.start();
        await(() -> fixture.wechat.calls().contains(WeChatService.UPLOAD));

        assertThat(OpenUpload.in(fixture.build.facts())).hasSize(1);
        build.interrupt();
        build.join(SOON.toMillis());

        assertThat(OpenUpload.in(fixture.build.facts())).singleElement().satisfies(open -> assertThat(open.shown())
                .contains(open.version(), Fixture.APP, "robot 1", "may have it or not", "mp.weixin.qq.com"));

        fixture.wechat.recover();
        fixture.upload().run(fixture.build);
        assertThat(OpenUpload.in(fixture.build.facts())).isEmpty();
        fixture.wechat.fail(WeChatService.UPLOAD, Fault.error(-10006, "signature error"));
        assertThat(failure(fixture.upload())).contains("-10006");
        assertThat(OpenUpload.in(fixture.build.facts())).isEmpty();
    }

    @Test
    void anAbortLeavesNothing() throws Exception {
        fixture.wechat.fail(WeChatService.RANDOM_STRING, Fault.hang());
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread build = new Thread(
                () -> thrown.set(catchThrowable(() -> fixture.upload().run(fixture.build))));
        build.start();
        await(() -> fixture.wechat.calls().contains(WeChatService.RANDOM_STRING));

        build.interrupt();
        build.join(SOON.toMillis());

        assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
    }

    @Test
    void anUnreachableServiceNamesHostAndProxyButNotItsPassword() throws Exception {
        String proxy = fixture.wechat.proxyUrl().replace("http://", "http://user:proxy-password@");
        fixture.close();
        fixture.build.env("HTTPS_PROXY", proxy).env("https_proxy", proxy);

        assertThat(failure(fixture.upload()))
                .contains("servicewechat.com could not be reached from this agent")
                .contains("through the proxy " + fixture.wechat.proxyUrl())
                .contains("ECONNREFUSED")
                .doesNotContain("proxy-password");
        assertThat(fixture.build.log()).doesNotContain("proxy-password");
    }

    @Test
    void aConnectionThatIsCutInTheUploadIsANetworkError() throws Exception {
        fixture.wechat.fail(WeChatService.UPLOAD, Fault.cut());

        assertThat(failure(fixture.upload())).contains("servicewechat.com could not be reached");
    }

    @Test
    void anAnswerOfSomethingElseThanWeChatIsNotTakenForOne() throws Exception {
        fixture.wechat.fail(WeChatService.UPLOAD, Fault.answer("<html>Please log in</html>"));

        assertThat(failure(fixture.upload()))
                .contains("gave an answer that is not one of WeChat")
                .contains("login page");
    }

    @Test
    void aCertificateThatIsNotTrustedSaysHowToTrustIt() throws Exception {
        fixture.build.env("NODE_EXTRA_CA_CERTS", "");

        assertThat(failure(fixture.upload())).contains("is not trusted").contains("NODE_EXTRA_CA_CERTS");
    }

    @Test
    void aCredentialThatDoesNotExistOrIsNoKeyIsNamedBeforeAnythingRuns() throws Exception {
        fixture.build.with(Fixture.secret("text", "hello"));
        MiniProgram program = new MiniProgram(Fixture.APP, ProjectType.MINI_PROGRAM, "");

        assertThat(failure(new Upload(new TaskParameters(program, "nowhere"), "1.0.0")))
                .contains("'nowhere'");
        assertThat(failure(new Upload(new TaskParameters(program, "text"), "1.0.0")))
                .contains("\"text\" holds no key in PEM format");
        assertThat(fixture.wechat.calls()).isEmpty();
    }

    // ---- how

    private String failure(BuildTask<?> task) {
        Throwable thrown = catchThrowable(() -> task.run(fixture.build));
        assertThat(thrown).isInstanceOf(AbortException.class);
        assertThat(thrown.getMessage())
                .doesNotContain("\tat ")
                .doesNotContain("at Object.")
                .doesNotContain("{\"");
        return thrown.getMessage();
    }

    private static int driverPages() throws IOException {
        try (InputStream script = CiDriver.class.getResourceAsStream("driver.js")) {
            return script.readAllBytes().length / 4096 + 1;
        }
    }

    private void fullDisk(int pages, ThrowingRunnable body) throws Exception {
        Path temp = fixture.build.root().resolve("workspace@tmp");
        assumeTrue(
                sudo("mount", "-t", "tmpfs", "-o", "size=" + pages * 4 + "k", "tmpfs", temp.toString()), "needs root");
        try {
            body.run();
            assertThat(fixture.leftovers()).isEmpty();
        } finally {
            assertThat(sudo("umount", "-l", temp.toString())).isTrue();
        }
    }

    private static boolean sudo(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getInputStream().readAllBytes();
        return process.waitFor() == 0;
    }

    private void replaceInConfig(String text, String by) throws IOException {
        Path config = fixture.workspace.resolve("project.config.json");
        Files.writeString(
                config, Files.readString(config, StandardCharsets.UTF_8).replace(text, by));
    }

    private static Path command(String name) {
        for (String folder : System.getenv("PATH").split(":")) {
            if (Files.isExecutable(Path.of(folder, name))) {
                return Path.of(folder, name);
            }
        }
        throw new IllegalStateException("no " + name);
    }

    private static void await(Condition condition) throws Exception {
        long end = System.nanoTime() + SOON.toNanos();
        while (!condition.holds()) {
            assertThat(System.nanoTime()).as("waited " + SOON).isLessThan(end);
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    @FunctionalInterface
    private interface Condition {
        boolean holds() throws Exception;
    }

    @FunctionalInterface
    private interface ThrowingRunnable {
        void run() throws Exception;
    }
}
