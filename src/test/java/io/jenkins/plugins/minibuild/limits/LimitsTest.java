package io.jenkins.plugins.minibuild.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hudson.model.Result;
import io.jenkins.plugins.minibuild.step.TimeLimit;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which time holds: that of the block, of the step, of the configuration, or the ceiling. */
class LimitsTest {
    private static final Map<Limit, Double> NOTHING = Map.of();
    private static final TimeLimit HOUR = new TimeLimit(Duration.ofMinutes(60), true);
    private static final TimeLimit STANDARD = new TimeLimit(Duration.ofMinutes(30), false);

    private static Limits limits(Map<Limit, Double> job, Map<Limit, Double> global) {
        return new Limits(job, global, Result.ABORTED);
    }

    private static Map<Limit, Double> minutes(double minutes) {
        return Map.of(Limit.TIMEOUT, minutes);
    }

    private static long millis(double minutes) {
        return Math.round(minutes * 60_000);
    }

    @Test
    void aStepGetsTheTimeThatItSetsItself() {
        for (Limits pool : new Limits[] {limits(NOTHING, NOTHING), limits(NOTHING, minutes(10))}) {
            Limits held = pool.of(HOUR).within(0);
            assertThat(held.value(Limit.TIMEOUT)).isEqualTo(60);
            // It ends itself at 60 minutes and says why; the slot is taken from it only afterwards.
            assertThat(held.most(Limit.TIMEOUT)).isEqualTo(millis(65));
            Watchdog watchdog = new Watchdog(held, 0, 0);
            assertThat(watchdog.checkTime(millis(64))).isEmpty();
            assertThat(watchdog.checkTime(millis(65))).hasValueSatisfying(e -> assertThat(e.getShortDescription())
                    .contains("timeoutMinutes = 60, set by the step itself"));
        }
        TimeLimit quick = new TimeLimit(Duration.ofMinutes(5), true);
        assertThat(limits(NOTHING, NOTHING).of(quick).value(Limit.TIMEOUT)).isEqualTo(5);
    }

    @Test
    void thePoolsTimeIsTheDefault() {
        assertThat(limits(NOTHING, NOTHING).of(null).most(Limit.TIMEOUT)).isEqualTo(millis(30));
        assertThat(limits(NOTHING, minutes(10)).of(STANDARD).most(Limit.TIMEOUT))
                .isEqualTo(millis(10));
        // The step's own message comes first, where nobody has configured a time.
        assertThat(limits(NOTHING, NOTHING).of(STANDARD).most(Limit.TIMEOUT)).isEqualTo(millis(35));
        assertThat(limits(NOTHING, NOTHING)
                        .of(new TimeLimit(Duration.ofMinutes(10), false))
                        .most(Limit.TIMEOUT))
                .isEqualTo(millis(35));
    }

    @Test
    void aLongerTimeThanTheCeilingIsRefusedAndTheCeilingNamed() {
        for (Limits tooLong : new Limits[] {
            limits(NOTHING, NOTHING).of(HOUR), limits(minutes(60), NOTHING), limits(minutes(0), NOTHING)
        }) {
            assertThatThrownBy(() -> tooLong.within(45))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("the ceiling of 45 minutes, set as maxTimeoutMinutes under Manage Jenkins");
        }
        assertThat(limits(NOTHING, NOTHING).of(HOUR).within(60).value(Limit.TIMEOUT))
                .isEqualTo(60);
    }

    @Test
    void defaultsAreLoweredToTheCeiling() {
        for (Limits standard : new Limits[] {
            limits(NOTHING, NOTHING),
            limits(NOTHING, minutes(0)),
            limits(NOTHING, NOTHING).of(STANDARD)
        }) {
            Limits held = standard.within(20);
            assertThat(held.value(Limit.TIMEOUT)).isEqualTo(20);
            assertThat(held.exceeded(Limit.TIMEOUT, "x").getShortDescription())
                    .contains("timeoutMinutes = 20, set as the ceiling maxTimeoutMinutes under Manage Jenkins");
        }
        assertThat(limits(NOTHING, NOTHING).within(0).value(Limit.TIMEOUT)).isEqualTo(30);
    }

    @Test
    void aBlockWithoutATimeOfItsOwnWaitsForItsSteps() {
        Limits block = limits(NOTHING, NOTHING);
        Watchdog watchdog = new Watchdog(block, 0, 0);
        watchdog.allow(block.with(HOUR, Duration.ofMinutes(20), 0));
        assertThat(watchdog.checkTime(millis(84))).isEmpty();
        // A shorter step beside it takes nothing away.
        watchdog.allow(block.with(new TimeLimit(Duration.ofMinutes(15), true), Duration.ofMinutes(25), 0));
        assertThat(watchdog.checkTime(millis(84))).isEmpty();
        assertThat(watchdog.checkTime(millis(85))).hasValueSatisfying(e -> assertThat(e.getShortDescription())
                .contains("timeoutMinutes = 80, set by the step itself"));
    }

    @Test
    void aBlockWithATimeOfItsOwnKeepsItAndTheCeilingHoldsForBlocksToo() {
        Limits given = limits(minutes(40), NOTHING);
        assertThat(given.with(HOUR, Duration.ofMinutes(1), 0).most(Limit.TIMEOUT))
                .isEqualTo(millis(40));
        Limits none = limits(NOTHING, minutes(0));
        assertThat(none.with(HOUR, Duration.ofMinutes(1), 0).has(Limit.TIMEOUT)).isFalse();
        Limits lowered = limits(NOTHING, NOTHING).with(HOUR, Duration.ofMinutes(20), 70);
        assertThat(lowered.value(Limit.TIMEOUT)).isEqualTo(70);
        assertThat(lowered.exceeded(Limit.TIMEOUT, "x").getShortDescription()).contains("as the ceiling");
    }
}
