package io.jenkins.plugins.minibuild.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hudson.AbortException;
import hudson.EnvVars;
import hudson.FilePath;
import io.jenkins.plugins.minibuild.files.FileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a npm that only pretends: the real one takes a minute, and src/test/npm/install runs it at every build. */
class NpmToolTest {

    /** {@code $3} is the folder; the package's integrity is that of the file {@code integrity}. */
    private static final String WRITES_A_PACKAGE = """
            mkdir -p "$3/node_modules/miniprogram-ci" && cd "$3/node_modules" || exit 1
            echo '{"version":"2.1.42"}' > miniprogram-ci/package.json
            printf honest > miniprogram-ci/index.js
            if [ -f "$ROOT/integrity" ]; then
              echo "{\\"packages\\":{\\"node_modules/miniprogram-ci\\":{\\"integrity\\":\\"$(cat "$ROOT/integrity")\\"}}}" > .package-lock.json
            fi
            echo "$*" >> "$ROOT/calls"
            """;

    @TempDir
    private Path root;

    private LocalBuild build;
    private FilePath home;
    private Path npm;

    @BeforeEach
    void start() throws IOException {
        build = LocalBuild.in(root);
        home = new FilePath(root.resolve("tools/ci").toFile());
        npm = Files.createDirectory(root.resolve("bin")).resolve("npm");
    }

    @Test
    void installsOnceAndWholly() throws Exception {
        npm(WRITES_A_PACKAGE);

        install("2.1.42");
        install("2.1.42");

        assertThat(root.resolve("tools/ci/node_modules/miniprogram-ci/package.json"))
                .exists();
        assertThat(calls())
                .hasSize(1)
                .allMatch(line -> line.contains("--ignore-scripts") && line.endsWith("miniprogram-ci@2.1.42"));
        install("2.1.41");
        assertThat(calls()).hasSize(2);
        assertThat(siblings()).containsExactly("ci");
    }

    /** Builds of all jobs on an agent can write to its tools; the tool is given the upload key of the next one. */
    @Test
    void whatABuildChangesInAToolIsInstalledAnew() throws Exception {
        npm(WRITES_A_PACKAGE);
        Path tool = root.resolve("tools/ci/node_modules/miniprogram-ci");
        List<Change> changes = List.of(
                () -> Files.writeString(tool.resolve("index.js"), "stolen(privateKey)"),
                () -> {
                    // the same size and time
                    FileTime time = Files.getLastModifiedTime(tool.resolve("index.js"));
                    Files.writeString(tool.resolve("index.js"), "tsenoh");
                    Files.setLastModifiedTime(tool.resolve("index.js"), time);
                },
                () -> Files.writeString(tool.resolve("index.json"), "{}"),
                () -> Files.createSymbolicLink(tool.resolve("node_modules"), root),
                () -> Files.move(tool.resolve("index.js"), tool.resolve("other.js")),
                () -> {
                    Files.delete(tool.resolve("index.js"));
                    Files.createSymbolicLink(tool.resolve("index.js"), tool.resolve("package.json"));
                },
                () -> FileTree.delete(root.resolve("tools/ci")));
        install("2.1.42");
        for (Change change : changes) {
            for (Path each : List.of(tool, tool.resolve("index.js"))) {
                // what a build does that may not write there
                assertThat(each.toFile().setWritable(true)).isTrue();
            }
            change.make();
            install("2.1.42");
            assertThat(tool.resolve("index.js")).isRegularFile().hasContent("honest");
            try (Stream<Path> files = Files.list(tool)) {
                assertThat(files).hasSize(2);
            }
        }
        assertThat(calls()).hasSize(1 + changes.size());
        install("2.1.42");
        assertThat(calls()).hasSize(1 + changes.size());
    }

    @Test
    void aRegistryThatDeliversAnotherPackageThanKnownInstallsNothing() throws Exception {
        String known = "sha512-" + "A".repeat(86) + "==";
        npm(WRITES_A_PACKAGE);
        Files.writeString(root.resolve("integrity"), "sha512-" + "B".repeat(86) + "==");
        EnvVars environment = environment();
        assertThatThrownBy(() ->
                        tool("2.1.42", known).into(home, build.launcher(), environment, build.listener(), "agent"))
                .isInstanceOf(AbortException.class)
                .hasMessageContaining("another miniprogram-ci@2.1.42")
                .hasMessageContaining(known);
        assertThat(siblings()).isEmpty();
        Files.writeString(root.resolve("integrity"), known);
        tool("2.1.42", known).into(home, build.launcher(), environment, build.listener(), "agent");
        assertThat(siblings()).containsExactly("ci");
    }

    /** For a version of which the plugin knows nothing, the first agent that installs it decides. */
    @Test
    void anotherAgentThatGetsAnotherPackageInstallsNothing() throws Exception {
        npm(WRITES_A_PACKAGE);
        Files.writeString(root.resolve("integrity"), "sha512-" + "A".repeat(86) + "==");
        install("2.1.40");
        Files.writeString(root.resolve("integrity"), "sha512-" + "B".repeat(86) + "==");
        FilePath other = new FilePath(root.resolve("tools/other").toFile());
        EnvVars environment = environment();
        assertThatThrownBy(() ->
                        tool("2.1.40", null).into(other, build.launcher(), environment, build.listener(), "other"))
                .hasMessageContaining("another miniprogram-ci@2.1.40");
        assertThat(siblings()).containsExactly("ci");
    }

    @Test
    void whatIsInstalledIsReadOnly() throws Exception {
        npm(WRITES_A_PACKAGE);
        install("2.1.42");
        for (String each : List.of("node_modules", "node_modules/miniprogram-ci/index.js")) {
            assertThat(Files.getPosixFilePermissions(root.resolve("tools/ci").resolve(each)))
                    .doesNotContain(PosixFilePermission.OWNER_WRITE, PosixFilePermission.GROUP_WRITE);
        }
    }

    @Test
    void keepsWhatWasThereWhenNpmFails() throws Exception {
        Files.createDirectories(root.resolve("tools/ci"));
        Files.writeString(root.resolve("tools/ci/old"), "");
        npm("mkdir -p \"$3/node_modules\"; echo registry not reachable >&2; exit 1");

        assertThatThrownBy(() -> install("2.1.42"))
                .isInstanceOf(AbortException.class)
                .hasMessageContaining("npm install miniprogram-ci@2.1.42")
                .hasMessageContaining("registry not reachable");
        assertThat(root.resolve("tools/ci/old")).exists();
        assertThat(siblings()).containsExactly("ci");
    }

    @Test
    void doesNotTrustAnNpmThatInstalledNothing() throws Exception {
        npm("exit 0");

        assertThatThrownBy(() -> install("2.1.42"))
                .isInstanceOf(AbortException.class)
                .hasMessageContaining("did not install miniprogram-ci 2.1.42");
        assertThat(siblings()).isEmpty();
    }

    @Test
    void takesExactVersionsOnly() {
        for (String version : new String[] {"latest", "^2.1.0", "2.1", "2.1.42 && x", "", "2.1.42;"}) {
            assertThatThrownBy(() -> tool(version, null)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    private NpmTool tool(String version, String integrity) {
        return new NpmTool("miniprogram-ci", version, integrity, new InstalledTools(root.resolve("controller/tools")));
    }

    private interface Change {
        void make() throws IOException;
    }

    private List<String> calls() throws IOException {
        return Files.readAllLines(root.resolve("calls"));
    }

    private void npm(String script) throws IOException {
        Files.writeString(npm, "#!/bin/sh\n" + script + "\n");
        assertThat(npm.toFile().setExecutable(true)).isTrue();
    }

    private void install(String version) throws Exception {
        tool(version, null).into(home, build.launcher(), environment(), build.listener(), "agent");
    }

    private EnvVars environment() {
        return new EnvVars("PATH", npm.getParent() + ":" + System.getenv("PATH"), "ROOT", root.toString());
    }

    private String[] siblings() throws IOException {
        try (Stream<Path> files = Files.list(root.resolve("tools"))) {
            return files.map(file -> file.getFileName().toString()).toArray(String[]::new);
        }
    }
}
