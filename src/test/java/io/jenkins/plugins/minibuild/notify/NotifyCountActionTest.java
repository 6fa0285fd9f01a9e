package io.jenkins.plugins.minibuild.notify;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** A step, profiles and the settings of a job may ask for the same message: it goes out once. */
class NotifyCountActionTest {
    private static final Channel.Id TEAM = new Channel.Id("", "team");

    private boolean isFirst(Map<String, Integer> run, Asker asker, String program, Event event) {
        return NotifyCountAction.isFirst(run, of(asker, program), event, TEAM);
    }

    private static NotifyRequest of(Asker asker, String program) {
        return new NotifyRequest(
                asker, program, List.of(), NotifyRequest.Filter.of(EnumSet.noneOf(Event.class)), null, List.of(), true);
    }

    @Test
    void whoeverAsksFirstIsTheOneThatTells() {
        for (Asker first : Asker.values()) {
            Map<String, Integer> run = new TreeMap<>();
            assertThat(isFirst(run, first, "", Event.FAILED)).isTrue();
            for (Asker each : Asker.values()) {
                if (each != first) {
                    assertThat(isFirst(run, each, "", Event.FAILED))
                            .as(each + " after " + first)
                            .isFalse();
                }
            }
        }
    }

    @Test
    void theSecondPreviewOfABuildIsNewsAgain() {
        Map<String, Integer> run = new TreeMap<>();
        for (int preview = 1; preview <= 3; preview++) {
            assertThat(isFirst(run, Asker.PROFILE, "shop", Event.PREVIEW_READY)).isTrue();
            assertThat(isFirst(run, Asker.SETTING, "", Event.PREVIEW_READY)).isFalse();
            assertThat(isFirst(run, Asker.STEP, "", Event.PREVIEW_READY)).isFalse();
        }
    }

    @Test
    void eachProfileTellsOfTheEndOfItsProgramAndTheJobAddsNothing() {
        Map<String, Integer> run = new TreeMap<>();
        assertThat(isFirst(run, Asker.PROFILE, "shop", Event.SUCCESS)).isTrue();
        assertThat(isFirst(run, Asker.PROFILE, "tools", Event.SUCCESS)).isTrue();
        assertThat(isFirst(run, Asker.SETTING, "", Event.SUCCESS)).isFalse();
        // The other way round the step has told of the whole build.
        Map<String, Integer> other = new TreeMap<>();
        assertThat(isFirst(other, Asker.STEP, "", Event.SUCCESS)).isTrue();
        assertThat(isFirst(other, Asker.PROFILE, "shop", Event.SUCCESS)).isFalse();
        assertThat(isFirst(other, Asker.PROFILE, "tools", Event.SUCCESS)).isFalse();
    }

    @Test
    void whatOneProfileHasToldIsNotWhatAnotherHas() {
        Map<String, Integer> run = new TreeMap<>();
        assertThat(isFirst(run, Asker.PROFILE, "shop (test)", Event.UPLOADED)).isTrue();
        assertThat(NotifyCountAction.isAskedFor(run, of(Asker.PROFILE, "shop (test)"), Event.UPLOADED))
                .isTrue();
        assertThat(NotifyCountAction.isAskedFor(run, of(Asker.PROFILE, "shop"), Event.UPLOADED))
                .isFalse();
        assertThat(NotifyCountAction.isAskedFor(run, of(Asker.SETTING, ""), Event.UPLOADED))
                .isFalse();
    }

    @Test
    void aBuildStartsOnceHoweverManyStepsNameAProfile() {
        Map<String, Integer> run = new TreeMap<>();
        assertThat(isFirst(run, Asker.PROFILE, "shop", Event.START)).isTrue();
        assertThat(isFirst(run, Asker.PROFILE, "shop", Event.START)).isFalse();
        assertThat(isFirst(run, Asker.PROFILE, "tools", Event.START)).isFalse();
    }
}
