package io.jenkins.plugins.minibuild.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Which channels a job may use. */
class ChannelsOfJobsTest {
    private static ChannelConfiguration channel(String name, String allowedJobs) {
        ChannelConfiguration channel = new WeComChannelConfiguration(name, "url");
        channel.setAllowedJobs(allowedJobs);
        return channel;
    }

    private static List<String> usable(String job, ChannelsAdapter.Place... places) {
        return ChannelsAdapter.usable(job, List.of(places)).values().stream()
                .map(each -> each.id().toString())
                .toList();
    }

    private static ChannelsAdapter.Place place(String scope, ChannelConfiguration... channels) {
        return new ChannelsAdapter.Place(scope, List.of(channels), ChannelsAdapter.secrets(null));
    }

    @Test
    void aJobCannotWriteToAChannelThatNamesOthers() {
        ChannelsAdapter.Place global = place(
                "", channel("everybody", null), channel("release", "release/**, tools"), channel("shop", " shop/* "));

        assertThat(usable("team/feature", global)).containsExactly("everybody");
        assertThat(usable("release/a/main", global)).containsExactly("everybody", "release");
        assertThat(usable("shop/build", global)).containsExactly("everybody", "shop");
        assertThat(usable("shop/deep/build", global)).containsExactly("everybody");
    }

    @Test
    void aFoldersChannelCanNameJobsToo() {
        ChannelsAdapter.Place folder = place("team", channel("ops", "team/deploy"), channel("chat", null));
        ChannelsAdapter.Place global = place("", channel("chat", null));

        assertThat(usable("team/deploy", folder, global)).containsExactly("team » ops", "team » chat");
        assertThat(usable("team/other", folder, global)).containsExactly("team » chat");
    }

    @Test
    void aPatternThatIsNoneIsRefused() {
        assertThatThrownBy(() -> channel("ops", "a\\b")).isInstanceOf(IllegalArgumentException.class);
        assertThat(channel("ops", " ").getAllowedJobs()).isNull();
    }
}
