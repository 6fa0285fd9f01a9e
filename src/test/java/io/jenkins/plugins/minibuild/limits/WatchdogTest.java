package io.jenkins.plugins.minibuild.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hudson.model.Result;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WatchdogTest {
    private static Limits limits(Map<Limit, Double> job, Map<Limit, Double> global) {
        return new Limits(job, global, Result.ABORTED);
    }

    @Test
    void theTimeStartsWhenTheSlotIsHeld() {
        Watchdog watchdog = new Watchdog(limits(Map.of(Limit.TIMEOUT, 0.5), Map.of()), 1_000, 1_000);
        assertThat(watchdog.nextEnd()).isEqualTo(31_000);
        assertThat(watchdog.checkTime(30_999)).isEmpty();
        assertThat(watchdog.checkTime(31_000)).hasValueSatisfying(e -> assertThat(e.getShortDescription())
                .isEqualTo("The limit timeoutMinutes = 0.5, set in the job (miniBuildLimits), was exceeded:"
                        + " the slot has been held for 30 s"));
    }

    @Test
    void everyLinePutsTheIdleTimeoutOff() {
        Watchdog watchdog = new Watchdog(limits(Map.of(), Map.of(Limit.IDLE_TIMEOUT, 0.01, Limit.TIMEOUT, 0.0)), 0, 0);
        watchdog.lineLogged(500);
        assertThat(watchdog.checkTime(1_000)).isEmpty();
        assertThat(watchdog.checkTime(1_100)).hasValueSatisfying(e -> assertThat(e.getShortDescription())
                .contains("idleTimeoutMinutes = 0.01, set under Manage Jenkins"));
    }

    @Test
    void theLargestProcessesAreNamed() {
        Watchdog watchdog = new Watchdog(limits(Map.of(), Map.of()), 0, 0);
        AgentReading reading = new AgentReading(
                3L << 30,
                List.of(
                        new AgentReading.ProcessSize(7, "node", 2L << 30),
                        new AgentReading.ProcessSize(8, "git", 1L << 30)),
                null,
                0,
                null);
        assertThat(watchdog.checkReading("agent-1", reading))
                .hasValueSatisfying(e -> assertThat(e.getShortDescription())
                        .contains("memoryGigabytes = 2, set nowhere: it is the default")
                        .contains("on agent-1 use 3.0 GB; the largest are node (7) 2.0 GB, git (8) 1.0 GB"));
    }

    @Test
    void diskAndWorkspaceAreChecked() {
        Watchdog watchdog = new Watchdog(limits(Map.of(), Map.of()), 0, 0);
        assertThat(watchdog.checkReading("a", new AgentReading(0, List.of(), 1L << 30, 0, null)))
                .hasValueSatisfying(e -> assertThat(e.limit()).isEqualTo(Limit.FREE_DISK));
        assertThat(watchdog.checkReading("a", new AgentReading(0, List.of(), null, 6L << 30, null)))
                .hasValueSatisfying(e -> assertThat(e.limit()).isEqualTo(Limit.WORKSPACE));
        assertThat(watchdog.checkReading("a", new AgentReading(0, List.of(), 3L << 30, 4L << 30, null)))
                .isEmpty();
    }

    @Test
    void zeroIsNoLimit() {
        Limits none = limits(
                Map.of(Limit.TIMEOUT, 0.0, Limit.MEMORY, 0.0, Limit.WORKSPACE, 0.0, Limit.FREE_DISK, 0.0), Map.of());
        Watchdog watchdog = new Watchdog(none, 0, 0);
        assertThat(watchdog.nextEnd()).isEqualTo(Long.MAX_VALUE);
        assertThat(watchdog.checkTime(Long.MAX_VALUE - 1)).isEmpty();
        assertThat(watchdog.checkReading("a", new AgentReading(1L << 50, List.of(), 0L, 1L << 50, null)))
                .isEmpty();
    }

    @Test
    void whatMakesNoSenseIsRefusedWithTheWayOut() {
        assertThatThrownBy(() -> Limit.TIMEOUT.check(-1))
                .hasMessage("timeoutMinutes must be 0 or more, but is -1. 0 means no limit.");
        assertThatThrownBy(() -> Limits.result("green")).hasMessageContaining("aborted, failed, unstable");
        assertThatThrownBy(() -> Priority.of("urgent")).hasMessageContaining("high, normal, low");
    }

    @Test
    void hugeLimitsAreNeverReached() {
        Map<Limit, Double> huge = new java.util.EnumMap<>(Limit.class);
        for (Limit limit : Limit.values()) {
            huge.put(limit, limit == Limit.FREE_DISK ? 0 : Double.MAX_VALUE);
        }
        long now = System.currentTimeMillis();
        Watchdog watchdog = new Watchdog(limits(huge, Map.of()), now, now);
        assertThat(watchdog.checkTime(now + 1_000_000_000L)).isEmpty();
        assertThat(watchdog.nextEnd()).isGreaterThan(now);
        assertThat(watchdog.checkReading("a", new AgentReading(1L << 50, List.of(), 0L, 1L << 50, null)))
                .isEmpty();
    }

    @Test
    void whatIsNoNumberIsRefused() {
        for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, -0.001}) {
            assertThatThrownBy(() -> Limit.LOG.check(bad))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("logMegabytes must be 0 or more");
        }
        assertThat(LimitsConfiguration.checkNumber(Limit.LOG, "1,5", true).kind)
                .isEqualTo(hudson.util.FormValidation.Kind.ERROR);
        assertThat(LimitsConfiguration.checkNumber(Limit.LOG, "1e400", true).kind)
                .isEqualTo(hudson.util.FormValidation.Kind.ERROR);
        assertThat(LimitsConfiguration.checkNumber(Limit.LOG, "", true).kind)
                .isEqualTo(hudson.util.FormValidation.Kind.OK);
    }
}
