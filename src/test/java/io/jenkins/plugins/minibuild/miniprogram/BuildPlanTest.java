package io.jenkins.plugins.minibuild.miniprogram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hudson.AbortException;
import io.jenkins.plugins.minibuild.miniprogram.profile.BuildCommands;
import io.jenkins.plugins.minibuild.miniprogram.profile.CompileSettings;
import io.jenkins.plugins.minibuild.miniprogram.profile.MiniProgram;
import io.jenkins.plugins.minibuild.miniprogram.profile.PreviewSettings;
import io.jenkins.plugins.minibuild.miniprogram.profile.ProjectType;
import io.jenkins.plugins.minibuild.miniprogram.profile.Robots;
import io.jenkins.plugins.minibuild.process.CommandFailedException;
import io.jenkins.plugins.minibuild.process.Deadline;
import io.jenkins.plugins.minibuild.step.LocalBuild;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BuildPlanTest {

    private static final String APP = "wx0123456789abcdef";

    @TempDir
    private Path root;

    private LocalBuild build;
    private Path workspace;

    @BeforeEach
    void start() throws IOException {
        build = LocalBuild.in(root);
        build.env("PATH", System.getenv("PATH"));
        workspace = build.root().resolve("workspace");
        Files.writeString(workspace.resolve("app.json"), "{}");
    }

    @ParameterizedTest
    @CsvSource({
        "package-lock.json, npm ci",
        "npm-shrinkwrap.json, npm ci",
        "yarn.lock, yarn install --frozen-lockfile",
        "pnpm-lock.yaml, pnpm install --frozen-lockfile",
        "package.json, npm install"
    })
    void installsWithThePackageManagerOfTheLockFile(String file, String command) throws Exception {
        Files.writeString(workspace.resolve("package.json"), "{}");
        Files.writeString(workspace.resolve(file), "{}");
        Path bin = Files.createDirectory(root.resolve("bin"));
        for (String name : List.of("npm", "yarn", "pnpm")) {
            Path script = bin.resolve(name);
            Files.writeString(script, "#!/bin/sh\necho \"$(basename \"$0\") $*\" > ran\n");
            assertThat(script.toFile().setExecutable(true)).isTrue();
        }
        build.env("PATH", bin + ":" + System.getenv("PATH"));

        carryOut(Fixture.plan(true, null, null, null), "");

        assertThat(Files.readString(workspace.resolve("ran"))).startsWith(command);
    }

    /** A project of a monorepo has its lock file above. The first row is a public report: `npm install` ended with EUNSUPPORTEDPROTOCOL workspace:. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "pnpm-workspace.yaml | packages: [apps/*, packages/*] | pnpm-lock.yaml | . | pnpm install --frozen-lockfile",
                "pnpm-workspace.yaml | packages:;  - 'packages/*' # shared;  - \"apps/**\" | pnpm-lock.yaml | . | pnpm install --frozen-lockfile",
                "pnpm-workspace.yaml | catalog:;  tea: 1.0.0;packages:;- ./apps/shop | pnpm-lock.yaml | . | pnpm install --frozen-lockfile",
                "pnpm-workspace.yaml | packages:;  - apps/* | none | . | pnpm install",
                "package.json | {'workspaces': ['apps/*']} | yarn.lock | . | yarn install --frozen-lockfile",
                "package.json | {'workspaces': {'packages': ['apps/shop/']}} | package-lock.json | . | npm ci",
                "apps/package.json | {'workspaces': ['shop']} | apps/package-lock.json | apps | npm ci",
                "pnpm-workspace.yaml | packages: ['packages/*'] | pnpm-lock.yaml | apps/shop | npm install",
                "pnpm-workspace.yaml | packages: ['apps/*', '!apps/shop'] | pnpm-lock.yaml | apps/shop | npm install",
                "package.json | {'name': 'all'} | yarn.lock | apps/shop | npm install",
                "apps/shop/yarn.lock | # own | pnpm-lock.yaml | apps/shop | yarn install --frozen-lockfile"
            })
    void installsWhereTheMonorepoHasItsLockFile(String file, String text, String lock, String where, String command)
            throws Exception {
        Path shop = Files.createDirectories(workspace.resolve("apps/shop"));
        Files.writeString(shop.resolve("package.json"), "{\"dependencies\": {\"@acme/util\": \"workspace:*\"}}");
        Files.writeString(shop.resolve("app.json"), "{}");
        Files.writeString(
                workspace.resolve(file), text.replace(';', '\n').replace('\'', file.endsWith("json") ? '"' : '\''));
        if (!lock.equals("none")) {
            Files.writeString(workspace.resolve(lock), "{}");
        }
        commands("echo \"$(basename \"$0\") $*\" > ran\n");

        carryOut(Fixture.plan(true, null, null, null), "apps/shop");

        assertThat(Files.readString(workspace.resolve(where).resolve("ran"))).startsWith(command);
        boolean strange = command.equals("npm install");
        assertThat(build.log().contains("set installCommand")).isEqualTo(strange);
        assertThat(build.log().contains("part of the monorepo")).isEqualTo(!strange && !where.equals("apps/shop"));
    }

    @Test
    void aFailureBelowAStrangeLockFileSaysInstallCommand() throws Exception {
        Path shop = Files.createDirectories(workspace.resolve("apps/shop"));
        Files.writeString(shop.resolve("package.json"), "{}");
        Files.writeString(workspace.resolve("pnpm-lock.yaml"), "{}");
        commands("echo 'npm error code EUNSUPPORTEDPROTOCOL' >&2; exit 1\n");

        assertThatThrownBy(() -> carryOut(Fixture.plan(true, null, null, null), "apps/shop"))
                .isInstanceOf(AbortException.class)
                .hasMessageContaining("EUNSUPPORTEDPROTOCOL")
                .hasMessageContaining("pnpm-lock.yaml")
                .hasMessageContaining("set installCommand");
    }

    private void commands(String script) throws IOException {
        Path bin = Files.createDirectory(root.resolve("bin"));
        for (String name : List.of("npm", "yarn", "pnpm")) {
            Path file = bin.resolve(name);
            Files.writeString(file, "#!/bin/sh\nif [ \"$1\" = --version ]; then echo 9.9.9; exit; fi\n" + script);
            assertThat(file.toFile().setExecutable(true)).isTrue();
        }
        build.env("PATH", bin + ":" + System.getenv("PATH"));
    }

    @Test
    void installsNothingUnlessAsked() throws Exception {
        Files.writeString(workspace.resolve("package.json"), "{}");
        build.env("PATH", "/nowhere");

        carryOut(Fixture.plan(false, null, null, null), "");
    }

    @Test
    void installWithoutPackageJsonSaysWhatIsThere() {
        assertThatThrownBy(() -> carryOut(Fixture.plan(true, null, null, null), ""))
                .isInstanceOf(AbortException.class)
                .hasMessageContaining("no package.json in the workspace")
                .hasMessageContaining("app.json");
    }

    @Test
    void aBuildThatFailsShowsItsLastLines() {
        assertThatThrownBy(() -> carryOut(Fixture.plan(false, null, "echo no such page; exit 3", null), ""))
                .isInstanceOf(CommandFailedException.class)
                .hasMessageContaining("exit code 3")
                .hasMessageContaining("no such page");
    }

    @Test
    void aBuildThatFillsTheDiskSaysSo() {
        assertThatThrownBy(() ->
                        carryOut(Fixture.plan(false, null, "echo 'ENOSPC: no space left on device'; exit 1", null), ""))
                .isInstanceOf(AbortException.class)
                .hasMessageContaining("The disk of the agent is full");
    }

    @Test
    void anotherAppIdInTheProjectNamesBoth() throws Exception {
        Files.writeString(workspace.resolve("project.config.json"), "{\"appid\":\"wx1111111111111111\"}");

        assertThatThrownBy(() -> carryOut(Fixture.plan(false, null, null, null), ""))
                .isInstanceOf(AbortException.class)
                .hasMessageContaining(APP)
                .hasMessageContaining("wx1111111111111111")
                .hasMessageContaining("project.config.json");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{\"appid\":\"touristappid\"}", "{\"appid\":\"\"}", "{}", "\uFEFF{\"miniprogramRoot\":\"./\"}"})
    void aProjectWithoutAnAppIdIsTaken(String config) throws Exception {
        Files.writeString(workspace.resolve("project.config.json"), config);

        assertThat(carryOut(Fixture.plan(false, null, null, null), "").path()).isEqualTo("the workspace");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "[]", "nonsense", "{\"appid\":}"})
    void aBrokenProjectConfigIsNamed(String config) throws Exception {
        Files.writeString(workspace.resolve("project.config.json"), config);

        assertThatThrownBy(() -> carryOut(Fixture.plan(false, null, null, null), ""))
                .isInstanceOf(AbortException.class)
                .hasMessageContaining("project.config.json is not valid JSON");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../other", "/etc", "a/../../b", "C:\\windows", "..\\other"})
    void noPathLeavesTheWorkspace(String path) {
        assertThatThrownBy(() -> new MiniProgram(APP, ProjectType.MINI_PROGRAM, path))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("projectPath");
        assertThatThrownBy(() -> Fixture.plan(false, null, null, path))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("outputPath");
    }

    @Test
    void noLinkLeavesTheWorkspace() throws Exception {
        Path outside = Files.createDirectory(root.resolve("outside"));
        Files.writeString(outside.resolve("app.json"), "{}");
        Files.createSymbolicLink(workspace.resolve("link"), outside);

        assertThatThrownBy(() -> carryOut(Fixture.plan(false, null, null, null), "link"))
                .isInstanceOf(AbortException.class)
                .hasMessageContaining("projectPath \"link\" leads out of the workspace");
        assertThatThrownBy(() -> carryOut(Fixture.plan(false, null, null, "link"), ""))
                .isInstanceOf(AbortException.class)
                .hasMessageContaining("outputPath \"link\" leads out of the workspace");
        Files.writeString(workspace.resolve("project.config.json"), "{\"miniprogramRoot\":\"link/\"}");
        assertThatThrownBy(() -> carryOut(Fixture.plan(false, null, null, null), ""))
                .isInstanceOf(AbortException.class)
                .hasMessageContaining("miniprogramRoot \"link\" leads out of the workspace");
    }

    @Test
    void aFolderThatIsNotThereIsNamedWithWhatIs() {
        assertThatThrownBy(() -> carryOut(Fixture.plan(false, null, null, "dist"), ""))
                .isInstanceOf(AbortException.class)
                .hasMessageContaining("outputPath \"dist\" is not a folder")
                .hasMessageContaining("app.json");
    }

    @ParameterizedTest
    @CsvSource({"miniGame, game.json", "miniProgramPlugin, plugin.json", "minigameplugin, plugin.json"})
    void everyTypeHasItsOwnFile(String type, String file) {
        MiniProgram program = new MiniProgram(APP, ProjectType.of(type), "");

        assertThatThrownBy(() -> Fixture.plan(false, null, null, null).carryOut(build, program, deadline()))
                .isInstanceOf(AbortException.class)
                .hasMessageContaining("There is no " + file);
    }

    @Test
    void parametersThatCannotBeAreRefusedWithTheGoodOnes() {
        assertThatThrownBy(() -> ProjectType.of("miniApp"))
                .hasMessageContaining("miniProgram, miniProgramPlugin, miniGame");
        assertThatThrownBy(() -> MiniProgram.checkAppId("wx123")).hasMessageContaining("\"wx123\" is not an AppID");
        assertThatThrownBy(() -> MiniProgram.checkAppId(" ")).hasMessageContaining("appId is missing");
        assertThatThrownBy(() -> Robots.check(31)).hasMessageContaining("1 to 30");
        assertThatThrownBy(() -> BuildCommands.timeout(0)).hasMessageContaining("more than 0");
        assertThatThrownBy(() -> BuildCommands.timeout(Double.NaN)).hasMessageContaining("more than 0");
        assertThatThrownBy(() -> Upload.checkVersion("")).hasMessageContaining("version is missing");
        assertThatThrownBy(() -> Upload.checkVersion("1.0\n2")).hasMessageContaining("is not a version");
        assertThatThrownBy(() -> PreviewSettings.checkScene(1)).hasMessageContaining("1000 to 9999");
        assertThatThrownBy(() -> CompileSettings.read("es9=true")).hasMessageContaining("useProjectConfig, es6");
        assertThatThrownBy(() -> CompileSettings.read("es6=yes")).hasMessageContaining("true or false");
        assertThatThrownBy(() -> CompileSettings.read("{")).hasMessageContaining("not valid JSON");
        assertThat(CompileSettings.read("{\"es6\": true}")).isEqualTo(CompileSettings.read("es6 = true\n"));
        assertThat(CompileSettings.read("es6=true\nminify=false").text()).isEqualTo("es6=true\nminify=false");
    }

    @ParameterizedTest
    @CsvSource({"2.1.38, true", "2.1.39, false", "2.1.40-beta.1, false", "3.0, false", "2.1, true", "?, false"})
    void comparesVersionsByNumbers(String version, boolean older) {
        assertThat(CiLocation.isOlder(version, CiLocation.RECOMMENDED)).isEqualTo(older);
    }

    private BuildPlan.Prepared carryOut(BuildPlan plan, String path) throws IOException, InterruptedException {
        return plan.carryOut(build, new MiniProgram(APP, ProjectType.MINI_PROGRAM, path), deadline());
    }

    private static Deadline deadline() {
        return Deadline.after(Duration.ofSeconds(30));
    }
}
