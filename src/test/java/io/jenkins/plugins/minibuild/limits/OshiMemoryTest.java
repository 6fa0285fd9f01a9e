package io.jenkins.plugins.minibuild.limits;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.Functions;
import io.jenkins.plugins.minibuild.process.ContainerMounts;
import io.jenkins.plugins.minibuild.process.Deadline;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What agents without /proc do. OSHI does it on every system, so it is asked here though there is a /proc. */
@Timeout(60)
class OshiMemoryTest {
    private static List<AgentReading.ProcessSize> read(String id, boolean proc) throws IOException {
        return AgentSample.processes(Watch.MARK + "=" + id, ContainerMounts.none(), proc);
    }

    private static Process start(String mark, String script) throws IOException {
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", script);
        builder.environment().put(Watch.MARK, mark);
        return builder.start();
    }

    private static long sum(List<AgentReading.ProcessSize> processes) {
        return processes.stream()
                .mapToLong(AgentReading.ProcessSize::residentBytes)
                .sum();
    }

    @Test
    void findsTheMarkedProcessesAndTheirDescendantsAndNobodyElse() throws Exception {
        Assumptions.assumeFalse(Functions.isWindows(), "skipped: these commands need a Unix shell");
        String id = "oshi-" + System.nanoTime();
        // The second child has cleared its environment.
        Process marked = start(id + "/inner", "sleep 61 & env -i sleep 62 & wait");
        Process other = start(id + "-more", "exec sleep 63");
        try {
            Deadline deadline = Deadline.after(Duration.ofSeconds(20));
            List<AgentReading.ProcessSize> found = read(id, false);
            while (found.stream().filter(p -> p.name().equals("sleep")).count() < 2 && !deadline.expired()) {
                Thread.sleep(100);
                found = read(id, false);
            }
            assertThat(found)
                    .hasSize(3)
                    .allSatisfy(p -> assertThat(p.residentBytes()).isBetween(100_000L, 50_000_000L))
                    .isSortedAccordingTo((a, b) -> Long.compare(b.residentBytes(), a.residentBytes()))
                    .extracting(AgentReading.ProcessSize::pid)
                    .contains(marked.pid())
                    .doesNotContain(other.pid());
            assertThat(found).extracting(AgentReading.ProcessSize::name).contains("sleep", "sh");
        } finally {
            marked.descendants().forEach(ProcessHandle::destroyForcibly);
            marked.destroyForcibly();
            other.destroyForcibly();
        }
    }

    @Test
    void measuresWhatProcSays() throws Exception {
        Assumptions.assumeTrue(ProcessMemory.isMeasurable(), "skipped: there is no /proc to compare with");
        String id = "oshi-same-" + System.nanoTime();
        Process process = start(id, "exec dd if=/dev/zero of=/dev/null bs=30000000 count=100000000");
        try {
            Deadline deadline = Deadline.after(Duration.ofSeconds(20));
            while (sum(read(id, true)) < 25_000_000 && !deadline.expired()) {
                Thread.sleep(100);
            }
            long proc = sum(read(id, true));
            assertThat(proc).isGreaterThan(25_000_000);
            assertThat(sum(read(id, false))).isCloseTo(proc, Percentage.withPercentage(20));
        } finally {
            process.destroyForcibly();
        }
    }
}
