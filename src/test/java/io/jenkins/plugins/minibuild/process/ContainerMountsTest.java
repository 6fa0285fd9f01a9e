package io.jenkins.plugins.minibuild.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.minibuild.process.ContainerMounts.Mount;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContainerMountsTest {
    private static final List<Mount> OURS = List.of(
            new Mount("8:1", "/", "/"),
            new Mount("8:2", "/", "/data"),
            new Mount("8:2", "/jenkins", "/var/jenkins"),
            new Mount("0:9", "/", "/proc"));

    @Test
    void aFolderIsKnownByItsDeviceAndItsPlaceThere() {
        assertThat(ContainerMounts.source("/var/jenkins/ws/a", OURS))
                .isEqualTo(new Mount("8:2", "/jenkins/ws/a", "/var/jenkins/ws/a"));
        assertThat(ContainerMounts.source("/data", OURS)).isEqualTo(new Mount("8:2", "", "/data"));
        assertThat(ContainerMounts.source("/database/x", OURS))
                .isEqualTo(new Mount("8:1", "/database/x", "/database/x"));
    }

    @Test
    void onlyTheFolderOrWhatIsInItCounts() {
        Mount workspace = ContainerMounts.source("/var/jenkins/ws/a", OURS);
        assertThat(new Mount("8:2", "/jenkins/ws/a", "/w").isIn(workspace)).isTrue();
        assertThat(new Mount("8:2", "/jenkins/ws/a/src", "/w").isIn(workspace)).isTrue();
        assertThat(new Mount("8:2", "/jenkins/ws/a2", "/w").isIn(workspace)).isFalse();
        assertThat(new Mount("8:2", "/jenkins/ws", "/w").isIn(workspace)).isFalse();
        assertThat(new Mount("8:1", "/jenkins/ws/a", "/w").isIn(workspace)).isFalse();
    }

    @Test
    void mountinfoIsReadWithItsEscapes(@TempDir Path process) throws Exception {
        Files.writeString(
                process.resolve("mountinfo"),
                "36 35 98:0 /my\\040ws /mnt/a\\134b rw,noatime master:1 - ext3 /dev/root rw\nbroken\n");
        assertThat(ContainerMounts.mounts(process)).containsExactly(new Mount("98:0", "/my ws", "/mnt/a\\b"));
        assertThat(ContainerMounts.mounts(process.resolve("gone"))).isEmpty();
    }
}
