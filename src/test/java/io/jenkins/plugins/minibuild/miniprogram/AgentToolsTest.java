package io.jenkins.plugins.minibuild.miniprogram;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.remoting.VirtualChannel;
import io.jenkins.plugins.minibuild.standin.HostileAgent;
import io.jenkins.plugins.minibuild.step.LocalBuild;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AgentToolsTest {
    private static final Instant NOON = Instant.parse("2026-11-29T12:00:00Z");

    @TempDir
    Path root;

    private Path bin;
    private VirtualChannel agent;

    @BeforeEach
    void tools() throws Exception {
        bin = bin("bin", "v20.1.0");
        agent = honest();
    }

    @Test
    void anAgentIsAskedOnceForEachSearchPath() throws Exception {
        assertThat(AgentTools.of(build(path(bin)), false))
                .isEqualTo(Map.of("node", "20.1.0", "npm", "10.2.3", "git", "2.39.5"));
        assertThat(asked()).isEqualTo(3);
        assertThat(AgentTools.of(build(path(bin)).env("BUILD_NUMBER", "2"), false))
                .as("another build")
                .containsEntry("node", "20.1.0");
        assertThat(asked()).isEqualTo(3);

        Path other = bin("other", "v22.0.0");
        assertThat(AgentTools.of(build(path(other)), false)).containsEntry("node", "22.0.0");
        assertThat(AgentTools.of(build(path(bin)).env("NVM_DIR", "/opt/nvm"), false))
                .as("a version manager chooses")
                .containsEntry("node", "20.1.0");
        assertThat(asked()).isEqualTo(9);
    }

    @Test
    void anAnswerHoldsForAnHourAndOneConnectionAndNotForADoctor() throws Exception {
        AgentTools.of(build(path(bin)), false);
        tool(bin, "node", "v21.0.0");
        assertThat(AgentTools.of(at(Duration.ofMinutes(59)), false)).containsEntry("node", "20.1.0");
        assertThat(AgentTools.of(at(Duration.ofMinutes(60)), false)).containsEntry("node", "21.0.0");
        tool(bin, "node", "v22.0.0");
        assertThat(AgentTools.of(at(Duration.ofMinutes(61)), true)).containsEntry("node", "22.0.0");
        tool(bin, "node", "v23.0.0");
        assertThat(AgentTools.of(at(Duration.ofMinutes(62)), false)).containsEntry("node", "22.0.0");
        agent = honest();
        assertThat(AgentTools.of(at(Duration.ofMinutes(62)), false)).containsEntry("node", "23.0.0");
        assertThat(AgentTools.of(build(path(bin)), false))
                .as("a clock that was put back")
                .containsEntry("node", "23.0.0");
    }

    @Test
    void aMissingToolIsLookedForAgain() throws Exception {
        Files.delete(bin.resolve("npm"));
        assertThat(AgentTools.of(build(path(bin)), false)).containsEntry("npm", "");
        tool(bin, "npm", "10.2.3");
        assertThat(AgentTools.of(build(path(bin)), false)).containsEntry("npm", "10.2.3");
    }

    @Test
    void oneBuildDoesNotDecideWhatAnotherIsTold() throws Exception {
        // The same search path leads to other tools where it begins in the build's own folder.
        LocalBuild first = build("own:" + path(bin));
        Path own = bin("build/workspace@tmp/own", "v99.0.0");
        assertThat(AgentTools.of(first, false)).containsEntry("node", "99.0.0");
        for (String tool : AgentTools.NAMES) {
            Files.delete(own.resolve(tool));
        }
        assertThat(AgentTools.of(build("own:" + path(bin)), false)).containsEntry("node", "20.1.0");

        // A decorated launcher may run commands in a container, whose search path is often the agent's.
        LocalBuild inside = build(path(bin));
        AgentTools.of(inside.with(inside.launcher().decorateByPrefix("env")), false);
        tool(bin, "node", "v24.0.0");
        assertThat(AgentTools.of(build(path(bin)), false)).containsEntry("node", "24.0.0");
    }

    private LocalBuild at(Duration later) throws IOException {
        return build(path(bin)).with(Clock.fixed(NOON.plus(later), ZoneOffset.UTC));
    }

    private LocalBuild build(String path) throws IOException {
        return LocalBuild.in(root.resolve("build"))
                .on(agent)
                .with(Clock.fixed(NOON, ZoneOffset.UTC))
                .env("PATH", path);
    }

    private static String path(Path folder) {
        return folder + ":/nowhere";
    }

    private static VirtualChannel honest() {
        return HostileAgent.answering(Nothing.class, null).channel();
    }

    private Path bin(String name, String node) throws IOException {
        Path folder = Files.createDirectories(root.resolve(name));
        tool(folder, "node", node);
        tool(folder, "npm", "10.2.3");
        tool(folder, "git", "git version 2.39.5");
        return folder;
    }

    private void tool(Path folder, String name, String version) throws IOException {
        Path file = folder.resolve(name);
        Files.writeString(
                file, "#!/bin/sh\necho " + name + " >> '" + root.resolve("asked") + "'\necho '" + version + "'\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private int asked() throws IOException {
        try {
            return Files.readAllLines(root.resolve("asked")).size();
        } catch (NoSuchFileException e) {
            return 0;
        }
    }

    /** No call is of this class. */
    private static final class Nothing {}
}
