package io.jenkins.plugins.minibuild.notify;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.minibuild.standin.ChatService;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every robot against a stand-in that checks what the service checks. */
class SendersTest {
    private static final byte[] NO_PICTURE = new byte[0];
    private static final byte[] PICTURE = {(byte) 0xff, (byte) 0xd8, 1, 2, 3, 13, 10, 45, 45};
    private static final Contact ADA =
            new Contact("ada", "13800000001", "adalove", "ding01", "ou_ada", "ada@example.com");
    private static final Contact NOBODY = new Contact("null", null, "null", null, null, null);

    private final Fixture.Hands clock = new Fixture.Hands();
    private ChatService service;

    @BeforeEach
    void start() throws Exception {
        service = ChatService.start(clock);
    }

    @AfterEach
    void stop() {
        service.close();
    }

    @Test
    void weComTakesTheMarkdownWithMentionsAndThePictureAsAnImage() throws Exception {
        Channel channel = Fixture.weCom(service, clock);
        List<Message> both = Fixture.composed(
                channel, Fixture.notice(Event.PREVIEW_READY, "shop", 7, "branch", "main"), "a.img", ADA, NOBODY);
        assertThat(both).hasSize(2);
        assertThat(channel.sender().send(both.get(0), NO_PICTURE)).matches(SendResult::isSent);
        assertThat(channel.sender().send(both.get(1), PICTURE)).matches(SendResult::isSent);
        String content =
                service.taken("wecom").get(0).body().at("/markdown/content").asText();
        assertThat(content)
                .contains("<font color=\"info\">Preview is ready</font>", "shop #7", "Branch: main", "<@adalove>")
                .contains("[Build](http://ci.example.com/job/shop/7/)")
                .doesNotContain("null", "@>", "<@>");
        assertThat(service.taken("wecom").get(1).body().path("msgtype").asText())
                .isEqualTo("image");
    }

    @Test
    void dingTalkTakesTheSignedMarkdownWithThePictureInItsText() throws Exception {
        Channel channel = Fixture.dingTalk(service, clock);
        Message message = Fixture.composed(
                        channel, Fixture.notice(Event.FAILED, "shop", 8, "error", "no"), "a.img", ADA)
                .get(0);
        assertThat(channel.sender().send(message, PICTURE)).matches(SendResult::isSent);
        JsonNode body = service.taken("dingtalk").get(0).body();
        assertThat(body.at("/markdown/text").asText())
                .contains(
                        "![QR](https://ci.example.com/p?name=a.img)",
                        "@13800000001",
                        "Failed",
                        "<font color=\"#D32F2F\">");
        assertThat(body.at("/at/atMobiles/0").asText()).isEqualTo("13800000001");
    }

    @Test
    void dingTalkTakesACardWithButtonsWhereNobodyIsMentioned() throws Exception {
        Channel channel = Fixture.dingTalk(service, clock);
        Notice notice = Fixture.notice(
                Event.PREVIEW_READY, "shop", 9, "qrUrl", "https://ci.example.com/job/shop/9/miniprogram/qrcode?n=0");
        Message message = Fixture.message(channel, notice);
        assertThat(channel.sender().send(message, NO_PICTURE)).matches(SendResult::isSent);
        JsonNode body = service.taken("dingtalk").get(0).body();
        assertThat(body.path("msgtype").asText()).isEqualTo("actionCard");
        JsonNode card = body.path("actionCard");
        assertThat(card.path("text").asText()).contains("Preview is ready").doesNotContain("[Build]");
        assertThat(card.path("btns").findValuesAsText("title"))
                .containsExactly("Open the QR code", "Open the build", "Open the log");
        assertThat(card.path("btns").findValuesAsText("actionURL"))
                .containsExactly(
                        "https://ci.example.com/job/shop/9/miniprogram/qrcode?n=0",
                        "http://ci.example.com/job/shop/9/",
                        "http://ci.example.com/job/shop/9/console");
        // A person of whom DingTalk knows nothing takes no card away.
        assertThat(Fixture.message(channel, notice, NOBODY).content().links()).hasSize(3);
        // Without an address of Jenkins there is nothing to open.
        Notice bare = new Notice(Event.FAILED, "shop", 9, java.util.Map.of("build", "#9"));
        assertThat(channel.sender().send(Fixture.message(channel, bare), NO_PICTURE))
                .matches(SendResult::isSent);
        assertThat(service.taken("dingtalk").get(1).body().path("msgtype").asText())
                .isEqualTo("markdown");
    }

    @Test
    void dingTalkShowsThePictureThatAnAppUploadedToPhonesThatCannotReachJenkins() throws Exception {
        Channel channel = Fixture.dingTalk(service, clock, new DingTalkSender.App("ding_1", ChatService.APP_SECRET));
        Message message = Fixture.message(channel, Fixture.notice(Event.PREVIEW_READY, "shop", 9));
        assertThat(channel.sender().send(message, PICTURE)).matches(SendResult::isSent);
        assertThat(service.taken("dingtalk")
                        .get(0)
                        .body()
                        .at("/actionCard/text")
                        .asText())
                .endsWith("![QR](@lADPstandIn-1_2)");
        assertThat(service.uploads()).singleElement().isEqualTo(PICTURE);
        Channel wrong = Fixture.dingTalk(service, clock, new DingTalkSender.App("ding_1", "wrong-secret-123"));
        SendResult without = wrong.sender().send(message, PICTURE);
        assertThat(without.isSent()).isTrue();
        assertThat(without.text()).contains("could not be uploaded", "clientSecret");
    }

    @Test
    void aTestMessageSaysThatItIsOneAndLinksToNoBuild() throws Exception {
        for (Channel channel : List.of(
                Fixture.weCom(service, clock),
                Fixture.dingTalk(service, clock),
                Fixture.feishu(service, clock, null),
                Fixture.webhook(service, clock))) {
            Message message = new Composer(() -> "id").test(channel, "https://ci.example.com/", "Ada", 1);
            assertThat(channel.sender().send(message, NO_PICTURE))
                    .as(channel.id().name())
                    .matches(SendResult::isSent);
            assertThat(message.content().title()).contains("Test", channel.id().name());
            assertThat(message.content().body())
                    .contains("test message", "Ada")
                    .doesNotContain("job/", "Succeeded", "#42");
            assertThat(message.origin().job()).isEmpty();
        }
        assertThat(service.taken("webhook").get(0).body().path("event").asText())
                .isEqualTo("test");
    }

    @Test
    void feishuTakesTheSignedCardAndShowsThePictureThatAnAppUploaded() throws Exception {
        Channel channel = Fixture.feishu(service, clock, new FeishuSender.App("cli_1", ChatService.APP_SECRET));
        Message message =
                Fixture.message(channel, Fixture.notice(Event.PREVIEW_READY, "shop", 9, "branch", "a_b*c"), ADA);
        assertThat(channel.sender().send(message, PICTURE)).matches(SendResult::isSent);
        JsonNode card = service.taken("feishu").get(0).body().path("card");
        assertThat(card.at("/header/template").asText()).isEqualTo("green");
        assertThat(card.at("/elements/0/text/content").asText()).contains("a&#95;b&#42;c", "<at id=ou_ada></at>");
        assertThat(card.at("/elements/1/img_key").asText()).isEqualTo("img_v2_stand-in");
        assertThat(service.uploads()).singleElement().isEqualTo(PICTURE);
    }

    @Test
    void feishuGoesWithoutThePictureWhenItCannotBeUploaded() throws Exception {
        Channel channel = Fixture.feishu(service, clock, new FeishuSender.App("cli_1", "wrong-secret-123"));
        SendResult answer =
                channel.sender().send(Fixture.message(channel, Fixture.notice(Event.SUCCESS, "shop", 1)), PICTURE);
        assertThat(answer.isSent()).isTrue();
        assertThat(answer.text()).contains("could not be uploaded", "app secret invalid");
    }

    @Test
    void theWebhookIsSignedOverItsBytes() throws Exception {
        Channel channel = Fixture.webhook(service, clock);
        Message message = Fixture.message(channel, Fixture.notice(Event.FIXED, "商店", 3, "branch", "特性/购物车 😀"), ADA);
        assertThat(channel.sender().send(message, PICTURE)).matches(SendResult::isSent);
        ChatService.Call call = service.taken("webhook").get(0);
        assertThat(call.headers())
                .containsEntry("x-minibuild-event", "fixed")
                .containsEntry("x-minibuild-delivery", message.id());
        assertThat(call.body().at("/values/branch").asText()).isEqualTo("特性/购物车 😀");
        assertThat(call.body().path("people").toString()).isEqualTo("[\"ada\"]");
    }

    @Test
    void aRetryAfterMoreThanAnHourIsSignedAnew() throws Exception {
        for (Channel channel : List.of(
                Fixture.dingTalk(service, clock),
                Fixture.feishu(service, clock, null),
                Fixture.webhook(service, clock))) {
            Message message = Fixture.message(channel, Fixture.notice(Event.FAILED, "shop", 1));
            service.next("500");
            assertThat(channel.sender().send(message, NO_PICTURE).kind()).isEqualTo(SendResult.Kind.FAILED);
            clock.go(Duration.ofHours(2).toMillis());
            assertThat(channel.sender().send(message, NO_PICTURE))
                    .as(channel.id().name())
                    .matches(SendResult::isSent);
        }
    }

    @Test
    void longMessagesAreCutByBytesAndKeepTheirLinks() throws Exception {
        String longError = "购物车😀é".repeat(2_000);
        for (Channel channel : List.of(
                Fixture.weCom(service, clock),
                Fixture.dingTalk(service, clock),
                Fixture.feishu(service, clock, null))) {
            Message message = Fixture.message(
                    channel,
                    Fixture.notice(
                            Event.FAILED,
                            "shop",
                            4,
                            "error",
                            longError,
                            "details",
                            longError,
                            "commitMessage",
                            longError),
                    ADA);
            assertThat(channel.sender().send(message, NO_PICTURE))
                    .as(channel.id().name())
                    .matches(SendResult::isSent);
            assertThat(message.content().body())
                    .contains("http://ci.example.com/job/shop/4/console")
                    .doesNotContain("\ufffd");
        }
    }

    @Test
    void everyCodeSaysWhatItMeans() throws Exception {
        Channel we = Fixture.weCom(service, clock);
        Message message = Fixture.message(we, Fixture.notice(Event.FAILED, "shop", 1));
        assertAnswer(we, message, "200||{\"errcode\":45009,\"errmsg\":\"freq\"}", SendResult.Kind.LIMITED, "45009");
        assertAnswer(
                we,
                message,
                "200||{\"errcode\":93000,\"errmsg\":\"invalid webhook url\"}",
                SendResult.Kind.BROKEN,
                "robot was removed");
        assertAnswer(we, message, "200||{\"errcode\":-1,\"errmsg\":\"busy\"}", SendResult.Kind.FAILED, "-1");
        assertAnswer(
                we, message, "200||{\"errcode\":40058,\"errmsg\":\"too long\"}", SendResult.Kind.REFUSED, "template");
        assertAnswer(we, message, "200||<html>login</html>", SendResult.Kind.BROKEN, "not its JSON");
        assertAnswer(we, message, "200||[]", SendResult.Kind.BROKEN, "credential");
        assertAnswer(we, message, "503|Retry-After=120|", SendResult.Kind.FAILED, "503");
        assertAnswer(we, message, "404||gone", SendResult.Kind.BROKEN, "credential");
        assertAnswer(we, message, "302|Location=http://127.0.0.1:1/|", SendResult.Kind.BROKEN, "302");
        service.next("429|Retry-After=77|{}");
        assertThat(we.sender().send(message, NO_PICTURE).retryAfter()).isEqualTo(Duration.ofSeconds(77));
        Channel ding = Fixture.dingTalk(service, clock);
        assertAnswer(
                ding,
                message,
                "200||{\"errcode\":310000,\"errmsg\":\"keywords not in content\"}",
                SendResult.Kind.BROKEN,
                "key words");
        service.next("200||{\"errcode\":130101,\"errmsg\":\"send too fast\"}");
        SendResult ban = ding.sender().send(message, NO_PICTURE);
        assertThat(ban.kind()).isEqualTo(SendResult.Kind.LIMITED);
        assertThat(ban.retryAfter()).isGreaterThanOrEqualTo(Duration.ofMinutes(10));
        Channel fei = Fixture.feishu(service, clock, null);
        assertAnswer(
                fei,
                message,
                "200||{\"code\":19021,\"msg\":\"sign match fail\"}",
                SendResult.Kind.BROKEN,
                "signing secret");
        assertAnswer(fei, message, "200||{\"code\":11232,\"msg\":\"limited\"}", SendResult.Kind.LIMITED, "11232");
        assertAnswer(fei, message, "200||{\"StatusCode\":0,\"StatusMessage\":\"success\"}", SendResult.Kind.SENT, "0");
    }

    private void assertAnswer(Channel channel, Message message, String plan, SendResult.Kind kind, String words)
            throws Exception {
        service.next(plan);
        SendResult answer = channel.sender().send(message, NO_PICTURE);
        assertThat(answer.kind()).as(plan).isEqualTo(kind);
        assertThat(answer.text()).as(plan).contains(words);
    }

    @Test
    void noAnswerShowsTheAddressOrASecret() throws Exception {
        String echo = String.join(" ", ChatService.secrets());
        for (Channel channel : List.of(
                Fixture.weCom(service, clock),
                Fixture.dingTalk(service, clock),
                Fixture.feishu(service, clock, null),
                Fixture.webhook(service, clock))) {
            Message message = Fixture.message(channel, Fixture.notice(Event.FAILED, "shop", 1));
            for (String plan : List.of(
                    "drop",
                    "500||URL",
                    "404||URL",
                    "400||URL",
                    "200||{\"errcode\":99,\"code\":99,\"errmsg\":\"URL\",\"msg\":\"URL\"}")) {
                String own =
                        switch (channel.id().name()) {
                            case "we" -> service.weComUrl();
                            case "ding" -> service.dingTalkUrl() + " " + ChatService.DINGTALK_SECRET;
                            case "fei" -> service.feishuUrl() + " " + ChatService.FEISHU_SECRET;
                            default -> service.webhookUrl() + " " + ChatService.WEBHOOK_SECRET;
                        };
                service.next(plan.replace("URL", own));
                SendResult answer = channel.sender().send(message, NO_PICTURE);
                assertThat(echo).isNotEmpty();
                for (String secret : ChatService.secrets()) {
                    assertThat(answer.text())
                            .as(channel.id().name() + " " + plan)
                            .doesNotContain(secret);
                }
            }
        }
        service.close();
        Channel gone = Fixture.feishu(service, clock, null);
        SendResult answer =
                gone.sender().send(Fixture.message(gone, Fixture.notice(Event.FAILED, "shop", 1)), NO_PICTURE);
        assertThat(answer.kind()).isEqualTo(SendResult.Kind.FAILED);
        assertThat(answer.text()).contains("127.0.0.1").doesNotContain(ChatService.FEISHU_HOOK);
    }

    @Test
    void aSecretThatIsNoAddressIsSaidWithoutShowingIt() {
        for (String bad : List.of("not an address", "ftp://example.com/x", "https://u:p@example.com/")) {
            Sender sender = new WeComSender(Fixture.secrets(clock), bad);
            Channel channel = Fixture.weCom(service, clock);
            Message message = Fixture.message(channel, Fixture.notice(Event.FAILED, "shop", 1));
            org.assertj.core.api.Assertions.assertThatThrownBy(() -> sender.send(message, NO_PICTURE))
                    .isInstanceOf(MissingSecretException.class)
                    .hasMessageContaining("whole https address")
                    .hasMessageNotContaining(bad);
        }
    }

    @Test
    void anotherKindOfChannelIsOneClass() throws Exception {
        Secrets secrets = new Secrets() {
            @Override
            public String require(String credentialsId) {
                return service.webhookUrl();
            }

            @Override
            public io.jenkins.plugins.minibuild.http.Http http() {
                return Fixture.HTTP;
            }

            @Override
            public Destinations destinations() {
                return Fixture.secrets(clock).destinations();
            }

            @Override
            public java.time.Clock clock() {
                return clock;
            }
        };
        ChannelConfiguration configured =
                new io.jenkins.plugins.minibuild.example.SmsChannelConfiguration("sms", "gateway");
        Channel sms = configured.channel("", secrets);
        Message message = Fixture.message(sms, Fixture.notice(Event.FAILED, "shop", 1, "error", "x".repeat(500)), ADA);
        assertThat(message.content().body().length()).isLessThanOrEqualTo(200);
        service.next("202");
        assertThat(sms.sender().send(message, NO_PICTURE)).matches(SendResult::isSent);
        assertThat(service.calls().get(0).body().at("/to/0").asText()).isEqualTo("13800000001");
    }
}
