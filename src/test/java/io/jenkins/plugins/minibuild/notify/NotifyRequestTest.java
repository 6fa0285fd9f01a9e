package io.jenkins.plugins.minibuild.notify;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.minibuild.step.Fact;
import io.jenkins.plugins.minibuild.step.ProgramNews;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NotifyRequestTest {
    private static NotifyRequest of(String notifyOn, String events) {
        List<NotifyRequest> all = NotifyRequest.byProfiles(
                new ProgramNews("shop", "wx1", "upload", notifyOn, events, "team, ops").facts());
        return all.isEmpty() ? null : all.get(0);
    }

    @Test
    void aProfileAsksForWhatItSays() {
        assertThat(NotifyRequest.byProfiles(Map.of())).isEmpty();
        assertThat(of("never", "")).isNull();
        assertThat(of("always", "").channels()).containsExactly("team", "ops");
        for (Event each : Event.values()) {
            assertThat(each.isWantedBy(of("always", "").events())).as(each.id()).isEqualTo(each != Event.START);
        }
        assertThat(of("failure", "").events()).containsExactlyInAnyOrder(Event.FAILED, Event.UNSTABLE);
        assertThat(Event.STILL_FAILING.isWantedBy(of("failure", "").events())).isTrue();
        assertThat(Event.ENDED_BY_LIMIT.isWantedBy(of("failure", "").events())).isTrue();
        assertThat(Event.ABORTED.isWantedBy(of("failure", "").events())).isFalse();
        assertThat(Event.FIXED.isWantedBy(of("success", "").events())).isTrue();
        assertThat(Event.START.isWantedBy(of("success", "").events())).isFalse();
    }

    @Test
    void eventsThatAProfileNamesComeInsteadOfItsChoice() {
        assertThat(of("never", "start, previewReady").events())
                .containsExactlyInAnyOrder(Event.START, Event.PREVIEW_READY);
        assertThat(of("always", "failed").events()).containsExactly(Event.FAILED);
    }

    @Test
    void twoProfilesOfOneBuildAskEachForItself() {
        Map<Fact, String> facts = new HashMap<>();
        facts.putAll(new ProgramNews("shop", "wx1", "upload", "failure", "", "team").facts());
        facts.putAll(new ProgramNews("tools", "wx2", "preview", "always", "", "").facts());
        facts.putAll(ProgramNews.without("wx3", "upload").facts());
        facts.put(Fact.BRANCH, "main");
        List<NotifyRequest> all = NotifyRequest.byProfiles(facts);
        assertThat(all).extracting(NotifyRequest::program).containsExactly("shop", "tools");
        assertThat(all.get(0).channels()).containsExactly("team");
        assertThat(all.get(0).events()).containsExactlyInAnyOrder(Event.FAILED, Event.UNSTABLE);
        assertThat(all.get(1).channels()).isEmpty();
    }

    @Test
    void aNameWithALineBreakIsOneProgramStill() {
        ProgramNews odd = new ProgramNews("shop", "wx1\nx", "upload", "always", "start,\nfailed", "team\nops");
        assertThat(ProgramNews.of(odd.facts())).containsExactly(odd);
        assertThat(odd.notifyChannels()).isEqualTo("team,ops");
    }
}
