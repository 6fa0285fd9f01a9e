package io.jenkins.plugins.minibuild.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.jenkins.plugins.minibuild.http.Http;
import io.jenkins.plugins.minibuild.notify.Destinations.Vendor;
import io.jenkins.plugins.minibuild.standin.Eavesdropper;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DestinationsTest {
    private static final byte[] PICTURE = {(byte) 0xff, (byte) 0xd8, 1};
    private static final String APP_SECRET = "app-secret-of-the-team-1";

    private final Fixture.Hands clock = new Fixture.Hands();
    private Eavesdropper evil;

    @BeforeEach
    void start() throws Exception {
        evil = Eavesdropper.start();
    }

    @AfterEach
    void stop() {
        evil.close();
    }

    private Map<String, Sender> senders(boolean global, String url) {
        Http http = global ? Fixture.HTTP : Fixture.HTTP.toPublicAddresses();
        Secrets secrets = Fixture.secrets(clock, global, http);
        Map<String, Sender> all = new HashMap<>();
        all.put("WeCom", new WeComSender(secrets, url));
        all.put(
                "DingTalk",
                new DingTalkSender(secrets, url, "signing-secret-1", new DingTalkSender.App("ding_1", APP_SECRET)));
        all.put("Feishu", new FeishuSender(secrets, url, null, new FeishuSender.App("cli_1", APP_SECRET)));
        all.put("webhook", new WebhookSender(secrets, url, null));
        return all;
    }

    private Message message() {
        Channel channel = Fixture.channel("x", Markup.PLAIN, 4000, List.of(), false, (each, picture) -> null);
        return Fixture.message(channel, Fixture.notice(Event.FAILED, "shop", 1));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void noSecretGoesToAnAddressThatIsNotTheVendors(boolean global) {
        senders(global, evil.address() + "/hook").forEach((name, sender) -> {
            if (!name.equals("webhook")) {
                Throwable refusal = catchThrowable(() -> sender.send(message(), PICTURE));
                assertThat(evil.heard()).as(name).isEmpty();
                assertThat(refusal)
                        .as(name)
                        .isInstanceOf(MissingSecretException.class)
                        .hasMessageContaining("127.0.0.1");
            }
        });
    }

    @Test
    void aFoldersWebhookReachesNeitherThisMachineNorItsNetwork() throws Exception {
        for (String url : List.of(
                evil.address() + "/x",
                "http://169.254.169.254/latest",
                "https://127.0.0.1:1/",
                "https://localhost:1/",
                "https://[::ffff:10.0.0.1]/",
                "https://[64:ff9b::a00:1]/")) {
            Sender sender = senders(false, url).get("webhook");
            String said;
            try {
                SendResult result = sender.send(message(), PICTURE);
                assertThat(result.isSent()).as(url).isFalse();
                said = result.text();
            } catch (MissingSecretException e) {
                said = e.getMessage();
            }
            assertThat(evil.heard()).as(url).isEmpty();
            assertThat(said).as(url).doesNotContain("of the inner network", "refused:", "Connection");
        }
    }

    @Test
    void ofAnAnswerOnlyTheStatusIsShown() throws Exception {
        SendResult result = senders(true, evil.address() + "/x").get("webhook").send(message(), PICTURE);
        assertThat(evil.heard()).hasSize(1);
        assertThat(result.text()).contains("401").doesNotContain("of the inner network");
    }

    @Test
    void whatTheAdministratorListsIsReached() throws Exception {
        Secrets secrets = Fixture.secrets(clock, false, Fixture.HTTP.toPublicAddresses(), evil.address());
        assertThat(new WebhookSender(secrets, evil.address() + "/x", null)
                        .send(message(), PICTURE)
                        .text())
                .contains("401");
        assertThat(new WeComSender(secrets, evil.address() + "/x")
                        .send(message(), PICTURE)
                        .text())
                .contains("401")
                .doesNotContain("of the inner network");
    }

    @Test
    void aVendorsHostIsItsExactNameAndEncrypted() {
        Destinations none = Fixture.secrets(clock).destinations();
        assertThat(none.allows(Vendor.WECOM, URI.create("https://qyapi.weixin.qq.com/x?key=1")))
                .isTrue();
        assertThat(none.allows(Vendor.FEISHU, URI.create("https://OPEN.feishu.cn/x")))
                .isTrue();
        assertThat(none.allows(Vendor.FEISHU, URI.create("https://open.larksuite.com:443/x")))
                .isTrue();
        for (String bad : List.of(
                "http://qyapi.weixin.qq.com/x",
                "https://qyapi.weixin.qq.com.evil.example/x",
                "https://evil.qyapi.weixin.qq.com/x",
                "https://qyapi.weixin.qq.com:8443/x",
                "https://oapi.dingtalk.com/x")) {
            assertThat(none.allows(Vendor.WECOM, URI.create(bad))).as(bad).isFalse();
        }
    }

    @Test
    void theListHasHostsOnly() {
        assertThat(Destinations.parse(" https://Chat.example.com/ ,http://10.0.0.5:8080\nhttps://a.example:443"))
                .containsExactly("https://chat.example.com", "http://10.0.0.5:8080", "https://a.example");
        for (String bad :
                List.of("chat.example.com", "ftp://a.example", "https://a.example/x", "https://u@a.example", "*")) {
            assertThatThrownBy(() -> Destinations.parse(bad))
                    .as(bad)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(bad);
        }
    }
}
