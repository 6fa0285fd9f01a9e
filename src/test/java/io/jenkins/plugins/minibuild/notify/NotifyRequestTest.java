package io.jenkins.plugins.minibuild.notify;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.minibuild.step.Fact;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NotifyRequestTest {
    private static NotifyRequest of(String notifyOn) {
        return NotifyRequest.byProfile(Map.of(Fact.NOTIFY_ON, notifyOn, Fact.NOTIFY_CHANNELS, "team, ops"), true);
    }

    @Test
    void aProfileAsksForWhatItSays() {
        assertThat(NotifyRequest.byProfile(Map.of(), true)).isNull();
        assertThat(of("never")).isNull();
        assertThat(of("always").channels()).containsExactly("team", "ops");
        for (Event each : Event.values()) {
            assertThat(each.isWantedBy(of("always").events())).as(each.id()).isTrue();
        }
        assertThat(of("failure").events()).containsExactlyInAnyOrder(Event.FAILED, Event.UNSTABLE);
        assertThat(Event.STILL_FAILING.isWantedBy(of("failure").events())).isTrue();
        assertThat(Event.ENDED_BY_LIMIT.isWantedBy(of("failure").events())).isTrue();
        assertThat(Event.ABORTED.isWantedBy(of("failure").events())).isFalse();
        assertThat(Event.FIXED.isWantedBy(of("success").events())).isTrue();
        assertThat(Event.START.isWantedBy(of("success").events())).isFalse();
    }
}
