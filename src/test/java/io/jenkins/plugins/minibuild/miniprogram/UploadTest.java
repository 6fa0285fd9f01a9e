package io.jenkins.plugins.minibuild.miniprogram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hudson.AbortException;
import io.jenkins.plugins.minibuild.miniprogram.profile.CompileSettings;
import io.jenkins.plugins.minibuild.miniprogram.profile.MiniProgram;
import io.jenkins.plugins.minibuild.miniprogram.profile.ProjectType;
import io.jenkins.plugins.minibuild.miniprogram.profile.Robots;
import io.jenkins.plugins.minibuild.process.Deadline;
import io.jenkins.plugins.minibuild.standin.WeChatService;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UploadTest {

    @TempDir
    private Path root;

    private Fixture fixture;

    @BeforeEach
    void start() throws Exception {
        fixture = new Fixture(root);
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    @Test
    void uploadsTheProgramAndReportsItsSizes() throws Exception {
        UploadResult result = new Upload(
                        fixture.parameters().robots(new Robots(7, null)).desc("first snow & tea"), "1.2.3")
                .run(fixture.build);

        WeChatService.Upload upload = fixture.wechat.uploads().get(0);
        assertThat(upload.appId()).isEqualTo(Fixture.APP);
        assertThat(upload.version()).isEqualTo("1.2.3");
        assertThat(upload.desc()).isEqualTo("first snow & tea");
        assertThat(upload.robot()).isEqualTo("7");
        assertThat(upload.files()).containsKeys("/app.json", "/pages/index/index.js", "/pages/about/about.wxml");
        assertThat(result.sizes().bytes()).containsOnlyKeys("__FULL__", "__APP__");
        assertThat(result.toMap())
                .containsEntry("version", "1.2.3")
                .containsEntry("robot", 7)
                .containsEntry("size", result.sizes().whole());
        assertThat(fixture.build.log())
                .contains("miniprogram-ci 2.1.42 (PATH)")
                .contains("Uploaded " + Fixture.APP + " version 1.2.3 as robot 7")
                .contains("main package")
                .doesNotContain("BEGIN");
        // Hundreds of progress events become a few lines; phases, sizes and the largest files are the rest.
        assertThat(fixture.build.log().lines().count()).isLessThan(35);
        assertThat(fixture.leftovers()).isEmpty();
        assertThat(fixture.processes()).isEmpty();
    }

    @Test
    void uploadsExactlyWhatTheCommandLineUploads() throws Exception {
        fixture.real().upload().run(fixture.build);
        Path key = Files.writeString(root.resolve("key.pem"), fixture.key().pem());
        ProcessBuilder command = new ProcessBuilder(
                        fixture.npm()
                                .resolve("node_modules/.bin/miniprogram-ci")
                                .toString(),
                        "upload",
                        "--pp",
                        fixture.workspace.toString(),
                        "--pkp",
                        key.toString(),
                        "--appid",
                        Fixture.APP,
                        "--uv",
                        "1.2.3",
                        "--threads",
                        "0",
                        "--use-cos",
                        "false")
                .directory(Files.createDirectory(root.resolve("cwd")).toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        command.environment().putAll(fixture.wechat.environment());
        Process process = command.start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();

        List<WeChatService.Upload> uploads = fixture.wechat.uploads();
        assertThat(uploads).hasSize(2);
        assertThat(uploads.get(0).files()).isEqualTo(uploads.get(1).files());
        for (String file : uploads.get(0).files().keySet()) {
            assertThat(uploads.get(0).content(file))
                    .as(file)
                    .isEqualTo(uploads.get(1).content(file));
        }
        assertThat(uploads.get(0).query().keySet())
                .isEqualTo(uploads.get(1).query().keySet());
    }

    @Test
    void appliesTheCompileSettings() throws Exception {
        fixture.real();
        new Upload(fixture.parameters().setting(CompileSettings.read(Map.of("es6", true, "minify", true))), "1.2.4")
                .run(fixture.build);

        byte[] script = fixture.wechat.uploads().get(0).content("/pages/index/index.js");
        assertThat(Files.readString(fixture.workspace.resolve("miniprogram/pages/index/index.js")))
                .contains("const {");
        assertThat(new String(script, StandardCharsets.UTF_8))
                .doesNotContain("const {")
                .contains("require(");
    }

    @Test
    void keepsTheKeyInAFileThatOnlyItsOwnerReadsAndDeletesItAtOnce() throws Exception {
        fixture.wechat.fail(WeChatService.RANDOM_STRING, WeChatService.Fault.slow(Duration.ofSeconds(1)));
        List<String> modes = new CopyOnWriteArrayList<>();
        AtomicBoolean done = new AtomicBoolean();
        Thread watcher = new Thread(() -> {
            while (!done.get()) {
                try (Stream<Path> files = Files.walk(fixture.build.root().resolve("workspace@tmp"))) {
                    files.filter(file -> file.endsWith("key")).forEach(key -> {
                        try {
                            modes.add(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)) + " "
                                    + PosixFilePermissions.toString(Files.getPosixFilePermissions(key.getParent())));
                        } catch (IOException e) {
                            // deleted in between
                        }
                    });
                    Thread.sleep(2);
                } catch (IOException | UncheckedIOException e) {
                    // deleted in between
                } catch (InterruptedException e) {
                    return;
                }
            }
        });
        watcher.start();
        Thread upload = new Thread(() -> {
            try {
                fixture.upload().run(fixture.build);
            } catch (Exception e) {
                modes.add(e.toString());
            }
        });
        upload.start();
        while (!fixture.wechat.calls().contains(WeChatService.RANDOM_STRING) && upload.isAlive()) {
            Thread.sleep(20);
        }
        List<Path> keysDuringTheUpload = new ArrayList<>();
        try (Stream<Path> files = Files.walk(fixture.build.root().resolve("workspace@tmp"))) {
            files.filter(file -> file.endsWith("key")).forEach(keysDuringTheUpload::add);
        }
        upload.join();
        done.set(true);
        watcher.join();

        assertThat(keysDuringTheUpload).isEmpty();
        assertThat(modes).isNotEmpty().containsOnly("rw------- rwx------");
    }

    @Test
    void compilesWhatTheBuildCommandMade() throws Exception {
        Path sources = Files.createDirectories(fixture.workspace.resolve("shop"));
        Files.move(fixture.workspace.resolve("miniprogram"), sources.resolve("src"));
        Files.delete(fixture.workspace.resolve("project.config.json"));
        TaskParameters parameters = new TaskParameters(
                        new MiniProgram(Fixture.APP, ProjectType.MINI_PROGRAM, "shop"), Fixture.KEY_ID)
                .build(Fixture.commands(
                        false, "echo installed > installed.txt", "mkdir -p dist && cp -r src dist/mp", "dist/mp"));

        new Upload(parameters, "2.0.0").run(fixture.build);

        assertThat(sources.resolve("installed.txt")).exists();
        assertThat(fixture.wechat.uploads().get(0).files()).containsKey("/app.json");
        assertThat(fixture.build.log()).contains("cp -r src dist/mp");
    }

    @Test
    void takesTheToolInstallationThenThePath() throws Exception {
        assertThat(found(null)).contains("miniprogram-ci 2.1.42 (PATH)");

        fixture.build.with(MiniprogramCiInstallation.class, "ci", fixture.npm());
        assertThat(found(null)).contains("miniprogram-ci 2.1.42 (tool installation)");
        assertThat(found("ci")).contains("miniprogram-ci 2.1.42 (tool installation)");
    }

    @Test
    void theProjectsOwnMiniprogramCiIsTakenOnlyWhereTheJobSaysSoAndTheLogWarns() throws Exception {
        assertThatThrownBy(() -> found("project"))
                .isInstanceOf(AbortException.class)
                .hasMessageContaining("node_modules/miniprogram-ci")
                .hasMessageContaining("ciTool: 'project'");

        Path modules = Files.createDirectory(fixture.workspace.resolve("node_modules"));
        Fixture.copy(fixture.npm().resolve("node_modules/miniprogram-ci"), modules.resolve("miniprogram-ci"));
        assertThat(found("project")).contains("miniprogram-ci 2.1.42 (of the project)");
        assertThat(fixture.build.log()).contains("is given the upload key");
        assertThat(found(null)).contains("miniprogram-ci 2.1.42 (PATH)");
    }

    /** Anybody who can push, and any package that the project depends on, can put a module of that name there. */
    @Test
    void aProjectThatShipsAMiniprogramCiDoesNotGetTheKey() throws Exception {
        Path stolen = thief(fixture.workspace.resolve("node_modules"));
        fixture.build.with(MiniprogramCiInstallation.class, "ci", fixture.npm());
        fixture.upload().run(fixture.build);
        assertThat(stolen).doesNotExist();
        assertThat(fixture.wechat.uploads()).hasSize(1);
    }

    @Test
    void aProjectThatShipsAMiniprogramCiDoesNotGetTheKeyWhereTheAdminHasNone() throws Exception {
        Path stolen = thief(fixture.workspace.resolve("node_modules"));
        fixture.upload().run(fixture.build);
        assertThat(stolen).doesNotExist();
        assertThat(fixture.wechat.uploads()).hasSize(1);
    }

    /** As a Jenkinsfile does that calls the project's own commands: the PATH leads into the workspace. */
    @Test
    void aPathThatLeadsIntoTheWorkspaceDoesNotGetTheKeyThere() throws Exception {
        Path modules = fixture.workspace.resolve("node_modules");
        Path stolen = thief(modules);
        Path outside = Files.createDirectory(root.resolve("outside"));
        Files.createSymbolicLink(outside.resolve("bin"), modules.resolve(".bin"));
        String honest = fixture.build.environment().get("PATH");
        for (String folder : List.of(modules.resolve(".bin").toString(), "node_modules/.bin", outside + "/bin")) {
            fixture.build.env("PATH", folder + ":" + honest);
            fixture.upload().run(fixture.build);
            assertThat(stolen).doesNotExist();
        }
        assertThat(fixture.wechat.uploads()).hasSize(3);
    }

    /** A miniprogram-ci that keeps the key; where it writes it. */
    private Path thief(Path modules) throws IOException {
        Path stolen = root.resolve("stolen");
        Path module = Files.createDirectories(modules.resolve("miniprogram-ci"));
        Files.writeString(module.resolve("package.json"), "{\"name\": \"miniprogram-ci\", \"version\": \"2.1.42\"}");
        Files.writeString(module.resolve("index.js"), """
                exports.Project = function (options) { require('fs').writeFileSync('%s', options.privateKey); };
                exports.upload = function () { return Promise.resolve({}); };
                """.formatted(stolen));
        Path command = Files.createDirectories(module.resolve("bin")).resolve("miniprogram-ci.js");
        Files.writeString(command, "");
        assertThat(command.toFile().setExecutable(true)).isTrue();
        Files.createSymbolicLink(
                Files.createDirectories(modules.resolve(".bin")).resolve("miniprogram-ci"), command);
        return stolen;
    }

    /** What the log says last about the search. */
    private String found(String tool) throws Exception {
        CiLocation.find(fixture.build, "miniprogram/pages", tool, Deadline.after(Duration.ofMinutes(1)));
        return fixture.build.log().lines().reduce((first, second) -> second).orElse("");
    }
}
