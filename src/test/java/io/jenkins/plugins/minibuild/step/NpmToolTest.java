package io.jenkins.plugins.minibuild.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hudson.AbortException;
import hudson.EnvVars;
import hudson.FilePath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a npm that only pretends: the real one takes a minute, and src/test/npm/install runs it at every build. */
class NpmToolTest {

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
        npm("mkdir -p \"$3/node_modules/miniprogram-ci\" && echo '{\"version\":\"2.1.42\"}'"
                + " > \"$3/node_modules/miniprogram-ci/package.json\"; echo $* >> " + root + "/calls");

        install("2.1.42");
        install("2.1.42");

        assertThat(root.resolve("tools/ci/node_modules/miniprogram-ci/package.json"))
                .exists();
        assertThat(Files.readAllLines(root.resolve("calls")))
                .hasSize(1)
                .allMatch(line -> line.contains("--ignore-scripts") && line.endsWith("miniprogram-ci@2.1.42"));
        install("2.1.41");
        assertThat(Files.readAllLines(root.resolve("calls"))).hasSize(2);
        assertThat(siblings()).containsExactly("ci");
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
            assertThatThrownBy(() -> new NpmTool("miniprogram-ci", version))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    private void npm(String script) throws IOException {
        Files.writeString(npm, "#!/bin/sh\n" + script + "\n");
        assertThat(npm.toFile().setExecutable(true)).isTrue();
    }

    private void install(String version) throws Exception {
        EnvVars environment = new EnvVars("PATH", npm.getParent() + ":" + System.getenv("PATH"));
        new NpmTool("miniprogram-ci", version).into(home, build.launcher(), environment, build.listener(), "agent");
    }

    private String[] siblings() throws IOException {
        try (Stream<Path> files = Files.list(root.resolve("tools"))) {
            return files.map(file -> file.getFileName().toString()).toArray(String[]::new);
        }
    }
}
