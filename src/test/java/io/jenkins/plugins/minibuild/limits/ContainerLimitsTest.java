package io.jenkins.plugins.minibuild.limits;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.minibuild.process.ContainerMounts;
import io.jenkins.plugins.minibuild.process.Deadline;
import io.jenkins.plugins.minibuild.process.ProcessTreeKill;
import io.jenkins.plugins.minibuild.standin.Containers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The limits reach containers that a build starts by itself; with real containers, skipped where there is no engine. */
@Timeout(120)
class ContainerLimitsTest {
    @TempDir
    static Path folder;

    private static Containers containers;

    @TempDir
    Path workspace;

    private final List<Process> started = new ArrayList<>();
    private final List<String> names = new ArrayList<>();

    @BeforeAll
    static void engine() throws Exception {
        containers = Containers.start(folder);
    }

    @AfterAll
    static void remove() throws IOException {
        if (containers != null) {
            containers.close();
        }
    }

    @AfterEach
    void end() throws Exception {
        for (String name : names) {
            containers.end(name);
        }
        started.forEach(Process::destroyForcibly);
    }

    /** As a build would by itself: nothing tells the container whose it is. Answers its name. */
    private String container(String script, String... options) throws Exception {
        String name = "limits-test-" + System.nanoTime();
        List<String> line =
                new ArrayList<>(List.of(containers.command(), "run", "--rm", "--network=none", "--name", name));
        line.addAll(List.of(options));
        line.addAll(List.of(containers.image(), "/bin/sh", "-c", "echo up; " + script));
        Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
        started.add(process);
        names.add(name);
        assertThat(process.inputReader().readLine()).isEqualTo("up");
        return name;
    }

    private boolean isThere(String name) throws Exception {
        return containers.names(name).contains(name);
    }

    private void kill(String mark, Duration age) throws Exception {
        new ProcessTreeKill(
                        Watch.MARK + "=" + mark,
                        Duration.ofMillis(500),
                        null,
                        new ContainerMounts(List.of(workspace.toString()), age))
                .call();
    }

    private void assertGone(String name) throws Exception {
        Deadline deadline = Deadline.after(Duration.ofSeconds(10));
        while (isThere(name) && !deadline.expired()) {
            Thread.sleep(100);
        }
        assertThat(isThere(name)).isFalse();
    }

    @Test
    void aContainerThatMountsTheWorkspaceEndsWithItsBlockAndNoOther() throws Exception {
        Path src = Files.createDirectory(workspace.resolve("src"));
        String before = container("trap '' TERM; sleep 7421; sleep 7421", "-v", workspace + ":/w");
        Thread.sleep(2_000);
        long began = System.nanoTime();
        String mine = container("trap '' TERM; sleep 7422; sleep 7422", "-v", workspace + ":/w");
        String mineToo = container("trap '' TERM; sleep 7423; sleep 7423", "-v", src + ":/src:ro");
        String foreign = container("sleep 7424", "-v", folder + ":/w");
        String nothing = container("sleep 7425");

        // The block began a second before: after the first container, however long the others took to start.
        kill("nobody", Duration.ofNanos(System.nanoTime() - began).plusSeconds(1));

        assertGone(mine);
        assertGone(mineToo);
        assertThat(isThere(before)).isTrue();
        assertThat(isThere(foreign)).isTrue();
        assertThat(isThere(nothing)).isTrue();
    }

    @Test
    void aContainerThatWasGivenTheMarkEndsWhateverItMounts() throws Exception {
        String mine = container("trap '' TERM; sleep 7426; sleep 7426", "-e", Watch.MARK + "=a-block/inner");
        String other = container("sleep 7427", "-e", Watch.MARK + "=a-block-more");
        kill("a-block", Duration.ZERO);
        assertGone(mine);
        assertThat(isThere(other)).isTrue();
    }

    @Test
    void theMemoryOfAContainerCounts() throws Exception {
        container("dd if=/dev/zero of=/dev/null bs=60000000 count=1000000", "-v", workspace + ":/w");
        ContainerMounts mounts = new ContainerMounts(List.of(workspace.toString()), Duration.ofMinutes(1));
        AgentSample sample = new AgentSample(
                Watch.MARK + "=nobody-" + System.nanoTime(), List.of(workspace.toString()), mounts, true, false, false);
        Deadline deadline = Deadline.after(Duration.ofSeconds(30));
        AgentReading reading = sample.call();
        while (reading.residentBytes() < 50_000_000 && !deadline.expired()) {
            Thread.sleep(200);
            reading = sample.call();
        }
        assertThat(reading.residentBytes()).isGreaterThan(50_000_000);
        assertThat(reading.largest().get(0).name()).isEqualTo("dd");
        AgentReading without = new AgentSample(
                        Watch.MARK + "=nobody",
                        List.of(workspace.toString()),
                        ContainerMounts.none(),
                        true,
                        false,
                        false)
                .call();
        assertThat(without.residentBytes()).isZero();
    }
}
