package io.jenkins.plugins.minibuild.miniprogram.dependencies;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hudson.AbortException;
import io.jenkins.plugins.minibuild.cache.AgentCache;
import io.jenkins.plugins.minibuild.miniprogram.Fixture;
import io.jenkins.plugins.minibuild.miniprogram.profile.MiniProgram;
import io.jenkins.plugins.minibuild.miniprogram.profile.ProjectType;
import io.jenkins.plugins.minibuild.process.Deadline;
import io.jenkins.plugins.minibuild.step.LocalBuild;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Dependencies are installed once for each state of the lock file, and what a build does to them stays its own. */
class DependencyCacheTest {

    @TempDir
    private Path root;

    private LocalBuild build;
    private Path workspace;
    private Path store;

    /** The stand-in of npm says its version, or installs a few files and counts. */
    @BeforeEach
    void start() throws IOException {
        build = LocalBuild.in(root.resolve("build"));
        workspace = build.root().resolve("workspace");
        store = build.root().resolve("agent/mini-build/dependencies");
        Files.writeString(workspace.resolve("app.json"), "{}");
        Files.writeString(workspace.resolve("package.json"), "{\"name\": \"shop\"}");
        Files.writeString(workspace.resolve("package-lock.json"), "{\"lockfileVersion\": 3}");
        npm("mkdir -p node_modules/tea/lib node_modules/.bin\n"
                + "echo green > node_modules/tea/index.js\n"
                + "echo leaf > node_modules/tea/lib/leaf.js\n"
                + "printf '#!/bin/sh\\n' > node_modules/tea/cli.sh; chmod 755 node_modules/tea/cli.sh\n"
                + "ln -sf ../tea/cli.sh node_modules/.bin/tea\n");
    }

    @AfterEach
    void settle() throws Exception {
        AgentCache.settle();
    }

    @Test
    void installsOnceAndThenRestores() throws Exception {
        build(true, null, null);
        assertThat(installs()).isEqualTo(1);
        assertThat(build.log()).contains("are kept in the cache");

        for (int i = 0; i < 3; i++) {
            AgentCache.settle();
            Files.writeString(workspace.resolve("node_modules/left-over.js"), "old");
            build = build.next();
            path();
            build(true, null, null);

            assertThat(installs()).isEqualTo(1);
            assertThat(build.log()).contains("come from the cache of this agent");
            assertThat(workspace.resolve("node_modules/left-over.js")).doesNotExist();
            assertThat(workspace.resolve("node_modules/tea/index.js")).hasContent("green");
            assertThat(Files.isExecutable(workspace.resolve("node_modules/tea/cli.sh")))
                    .isTrue();
            assertThat(Files.readSymbolicLink(workspace.resolve("node_modules/.bin/tea")))
                    .isEqualTo(Path.of("../tea/cli.sh"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "echo black > node_modules/tea/index.js",
                "printf black >> node_modules/tea/index.js",
                "chmod 600 node_modules/tea/cli.sh",
                "rm -r node_modules/tea/lib",
                "echo new > node_modules/tea/new.js",
                "touch -d 2001-01-01 node_modules/tea/index.js",
                "ln -sf ../elsewhere node_modules/.bin/tea"
            })
    void aBuildThatWritesIntoNodeModulesDoesNotChangeTheCache(String line) throws Exception {
        build(true, null, line);
        AgentCache.settle();
        List<String> before = copies();

        // twice: what is changed is once the copy that was installed, once one that came from the cache
        build(true, null, line);
        AgentCache.settle();

        assertThat(before).hasSize(18);
        assertThat(copies()).isEqualTo(before);
        build(true, null, null);
        assertThat(workspace.resolve("node_modules/tea/index.js")).hasContent("green");
        assertThat(workspace.resolve("node_modules/tea/lib/leaf.js")).hasContent("leaf");
        assertThat(Files.isExecutable(workspace.resolve("node_modules/tea/cli.sh")))
                .isTrue();
        assertThat(installs()).isEqualTo(1);
    }

    @Test
    void noFileOfTheCacheIsSharedWithABuild() throws Exception {
        build(true, null, null);
        AgentCache.settle();
        build(true, null, null);
        AgentCache.settle();

        try (Stream<Path> files = Files.walk(store)) {
            assertThat(files.filter(Files::isRegularFile))
                    .allSatisfy(file ->
                            assertThat(Files.getAttribute(file, "unix:nlink")).isEqualTo(1));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "package-lock.json | {\"lockfileVersion\": 2}",
                "package.json | {\"name\": \"other\"}",
                ".npmrc | omit=dev"
            })
    void anotherLockFileOrConfigurationIsInstalledAnew(String file, String text) throws Exception {
        build(true, null, null);
        Files.writeString(workspace.resolve(file), text);

        build(true, null, null);

        assertThat(installs()).isEqualTo(2);
    }

    @Test
    void anotherVersionOfTheToolsOrAnotherEnvironmentIsInstalledAnew() throws Exception {
        build(true, null, null);
        command("npm", Files.readString(root.resolve("bin/npm")).replace("9.9.9", "9.9.10"));
        build(true, null, null);
        assertThat(installs()).isEqualTo(2);

        command("node", "echo v99.0.0\n");
        build(true, null, null);
        assertThat(installs()).isEqualTo(3);

        build.env("NODE_ENV", "production");
        build(true, null, null);
        assertThat(installs()).isEqualTo(4);

        build(false, "npm ci --omit=dev", null);
        assertThat(installs()).isEqualTo(5);
        build(false, "npm ci --omit=dev", null);
        assertThat(installs()).isEqualTo(5);
    }

    /** What is in the cache of a release build lies beside the upload key. */
    @Test
    void aJobWithAnNpmOfItsOwnPlantsNothingInTheBuildsOfAnotherJob() throws Exception {
        LocalBuild honest = build;
        build = honest.of("thief");
        thief();
        build(true, null, null);
        assertThat(workspace.resolve("node_modules/tea/index.js")).hasContent("stolen");

        build = honest;
        build(true, null, null);
        assertThat(workspace.resolve("node_modules/tea/index.js")).hasContent("green");
    }

    /** The PATH of a build is not that of the next one: a branch can set it. */
    @Test
    void anotherNpmOnThePathPlantsNothing() throws Exception {
        thief();
        build(true, null, null);
        path();
        build(true, null, null);
        assertThat(workspace.resolve("node_modules/tea/index.js")).hasContent("green");
    }

    /** A preview is made of branches that nobody has looked at. */
    @Test
    void anUploadTakesNothingThatAPreviewKept() throws Exception {
        install("preview");
        assertThat(installs()).isEqualTo(1);
        install("upload");
        assertThat(installs()).isEqualTo(2);
        install("upload");
        install("preview");
        assertThat(installs()).isEqualTo(2);
    }

    private void install(String purpose) throws Exception {
        DependencyCache cache = Fixture.plan(true, null, null, null)
                .install(
                        build,
                        new MiniProgram(Fixture.APP, ProjectType.MINI_PROGRAM, ""),
                        purpose,
                        Deadline.after(Duration.ofMinutes(1)));
        assertThat(cache).isNotNull();
    }

    /** Puts an npm of its own, of the same version, before the real one. */
    private void thief() throws IOException {
        Path bin = Files.createDirectory(root.resolve("thief"));
        Files.writeString(
                bin.resolve("npm"),
                "#!/bin/sh\nif [ \"$1\" = --version ]; then echo 9.9.9; exit; fi\n"
                        + "mkdir -p node_modules/tea; echo stolen > node_modules/tea/index.js\n");
        assertThat(bin.resolve("npm").toFile().setExecutable(true)).isTrue();
        build.env("PATH", bin + ":" + root.resolve("bin") + ":" + System.getenv("PATH"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"scripts\": {\"postinstall\": \"patch-package\"}} | npm ci | scripts that run",
                "{\"workspaces\": [\"a\"]} | npm ci | workspaces",
                "{} | npm ci && make | not one call",
                "{} | npm install tea | not one call",
                "{} | npm run setup | not one call",
                "{} | yarn | without a lock file"
            })
    void whatIsNotDeterminedByTheLockFileIsNotKept(String packageJson, String line, String why) throws Exception {
        Files.writeString(workspace.resolve("package.json"), packageJson);
        Files.writeString(workspace.resolve("Makefile"), "all:\n");
        command("yarn", Files.readString(root.resolve("bin/npm")));

        build(false, line, null);
        build(false, line, null);

        assertThat(installs()).isEqualTo(2);
        assertThat(build.log()).contains("The dependencies are not cached").contains(why);
        assertThat(store.resolve("entries")).doesNotExist();
    }

    /** As Yarn does: it finds node_modules up to date as long as package.json and yarn.lock are. The second build is in the same workspace. */
    @ParameterizedTest
    @CsvSource({"'', 2", "0, 3"})
    void aFolderOfTheProjectThatChangesIsInstalledAnew(String megabytes, int installs) throws Exception {
        Files.writeString(workspace.resolve("package.json"), "{\"dependencies\": {\"tea\": \"file:./tea\"}}");
        Files.delete(workspace.resolve("package-lock.json"));
        Files.writeString(workspace.resolve("yarn.lock"), "\"tea@file:./tea\":\n  version \"1.0.0\"\n");
        Files.writeString(Files.createDirectory(workspace.resolve("tea")).resolve("index.js"), "green");
        command(
                "yarn",
                "if [ \"$1\" = --version ]; then echo 1.22.22; exit; fi\necho x >> ../installs\n"
                        + "[ -d node_modules ] || { mkdir node_modules; cp -r tea node_modules/tea; }\n");
        build.env(DependencyCache.LIMIT_VARIABLE, megabytes);
        build(true, null, null);

        Files.writeString(workspace.resolve("tea/index.js"), "black");
        build(true, null, null);
        assertThat(workspace.resolve("node_modules/tea/index.js")).hasContent("black");

        build(true, null, null);
        assertThat(workspace.resolve("node_modules/tea/index.js")).hasContent("black");
        assertThat(installs()).isEqualTo(installs);
    }

    @Test
    void scriptsThatAreLeftOutDoNotMatter() throws Exception {
        Files.writeString(workspace.resolve("package.json"), "{\"scripts\": {\"prepare\": \"husky\"}}");

        build(false, "npm ci --ignore-scripts", null);
        build(false, "npm ci --ignore-scripts", null);

        assertThat(installs()).isEqualTo(1);
    }

    @Test
    void linksThatLeadOutAreNotKept() throws Exception {
        npm("mkdir -p node_modules\nln -s ../../elsewhere node_modules/local\n");

        build(true, null, null);

        assertThat(build.log()).contains("links to folders outside");
        assertThat(store.resolve("entries")).isEmptyDirectory();
    }

    @ParameterizedTest
    @ValueSource(strings = {"cut", "longer", "missing", "added", "mode", "manifest", "noManifest", "noPristine"})
    void aDamagedEntryIsDroppedAndInstalledAnew(String damage) throws Exception {
        build(true, null, null);
        AgentCache.settle();
        Path entry = entry();
        for (Path copy : List.of(entry.resolve("pristine"), entry.resolve("ready"))) {
            Path file = copy.resolve("0-node_modules/tea/index.js");
            switch (damage) {
                case "cut" -> Files.writeString(file, "");
                case "longer" -> Files.writeString(file, "green tea with milk");
                case "missing" -> Files.delete(file);
                case "added" -> Files.writeString(file.resolveSibling("more.js"), "");
                case "mode" -> Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxrwxrwx"));
                case "manifest" -> Files.writeString(entry.resolve("manifest.json"), "{\"files\": 3");
                case "noManifest" -> Files.deleteIfExists(entry.resolve("manifest.json"));
                default -> Fixture.delete(copy);
            }
        }

        build = build.next();
        path();
        build(true, null, null);

        assertThat(installs()).isEqualTo(2);
        assertThat(build.log()).contains("were damaged").contains("are kept in the cache");
        assertThat(workspace.resolve("node_modules/tea/index.js")).hasContent("green");
        build(true, null, null);
        assertThat(installs()).isEqualTo(2);
    }

    @Test
    void aDamagedReadyCopyIsNotUsed() throws Exception {
        build(true, null, null);
        AgentCache.settle();
        Files.writeString(entry().resolve("ready/0-node_modules/tea/index.js"), "black");

        build(true, null, null);

        assertThat(workspace.resolve("node_modules/tea/index.js")).hasContent("green");
        assertThat(installs()).isEqualTo(1);
    }

    @Test
    void aFailedInstallationIsTriedOnceMoreFromScratch() throws Exception {
        npm("[ -e ../failed ] || { mkdir node_modules; touch node_modules/half ../failed; exit 1; }\n"
                + "mkdir node_modules\necho green > node_modules/tea.js\n");

        build(true, null, null);

        assertThat(installs()).isEqualTo(2);
        assertThat(build.log()).contains("trying once more without the cache");
        assertThat(workspace.resolve("node_modules/half")).doesNotExist();
        assertThat(workspace.resolve("node_modules/tea.js")).exists();
    }

    @Test
    void anInstallationThatFailsTwiceIsTheBuildsErrorAndKeepsNothing() throws Exception {
        npm("echo no such package >&2\nexit 1\n");

        assertThatThrownBy(() -> build(true, null, null))
                .isInstanceOf(AbortException.class)
                .hasMessageContaining("npm ci")
                .hasMessageContaining("no such package");
        assertThat(installs()).isEqualTo(2);
        assertThat(store.resolve("entries")).isEmptyDirectory();
    }

    @Test
    void aLineThatDoesMoreThanInstallIsNotRunTwice() {
        assertThatThrownBy(() -> build(false, "echo once >> lines; exit 3", null))
                .isInstanceOf(AbortException.class);

        assertThat(workspace.resolve("lines")).hasContent("once");
    }

    @Test
    void theEnvironmentSetsTheLimitOrSwitchesItOff() throws Exception {
        build.env(DependencyCache.LIMIT_VARIABLE, "0");
        build(true, null, null);
        build(true, null, null);
        assertThat(installs()).isEqualTo(2);
        assertThat(store).doesNotExist();

        build.env(DependencyCache.LIMIT_VARIABLE, "much");
        build(true, null, null);
        assertThat(build.log()).contains("MINI_BUILD_DEPENDENCY_CACHE_MB is \"much\"");
        build(true, null, null);
        assertThat(installs()).isEqualTo(3);
    }

    @Test
    void troubleWithTheCacheDoesNotFailTheBuild() throws Exception {
        Files.createDirectories(store.getParent());
        Files.writeString(store, "a file where the folder should be");

        build(true, null, null);

        assertThat(installs()).isEqualTo(1);
        assertThat(build.log()).contains("The cache of dependencies could not be used");
    }

    // ---- how

    private void build(boolean install, String installCommand, String buildCommand) throws Exception {
        Fixture.plan(install, installCommand, buildCommand, null)
                .carryOut(
                        build,
                        new MiniProgram(Fixture.APP, ProjectType.MINI_PROGRAM, ""),
                        Deadline.after(Duration.ofMinutes(1)));
    }

    private int installs() throws IOException {
        Path count = root.resolve("build/installs");
        return Files.exists(count) ? Files.readAllLines(count).size() : 0;
    }

    private void npm(String install) throws IOException {
        command("npm", "if [ \"$1\" = --version ]; then echo 9.9.9; exit; fi\necho x >> ../installs\n" + install);
        path();
    }

    private void path() {
        build.env("PATH", root.resolve("bin") + ":" + System.getenv("PATH"));
    }

    private void command(String name, String script) throws IOException {
        Path file = Files.createDirectories(root.resolve("bin")).resolve(name);
        Files.writeString(file, "#!/bin/sh\n" + script);
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    private Path entry() throws IOException {
        try (Stream<Path> entries = Files.list(store.resolve("entries"))) {
            return entries.findFirst().orElseThrow();
        }
    }

    /** What is in the cache: names, sizes, times, permissions and targets of links of both copies. */
    private List<String> copies() throws IOException {
        List<String> copies = new ArrayList<>();
        for (String copy : List.of("pristine", "ready")) {
            Path folder = entry().resolve(copy);
            try (Stream<Path> all = Files.walk(folder)) {
                for (Path each : all.sorted().toList()) {
                    String name = copy + "/" + folder.relativize(each);
                    if (Files.isSymbolicLink(each)) {
                        copies.add(name + " " + Files.readSymbolicLink(each));
                    } else {
                        copies.add(name + " " + Files.getPosixFilePermissions(each)
                                + (Files.isDirectory(each)
                                        ? ""
                                        : Files.size(each) + " " + Files.getLastModifiedTime(each)));
                    }
                }
            }
        }
        return copies;
    }
}
