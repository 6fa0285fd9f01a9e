package io.jenkins.plugins.minibuild.notify;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.minibuild.http.Http;
import io.jenkins.plugins.minibuild.standin.ChatService;
import java.net.http.HttpClient;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;

/** Channels to the stand-ins, notices, and a clock that stands until it is told to go. */
public final class Fixture {
    static final Http HTTP = Http.over(HttpClient.newBuilder(), Duration.ofSeconds(5), 1 << 20);

    private Fixture() {}

    /** A clock for tests. */
    static final class Hands extends Clock {
        private final AtomicLong now = new AtomicLong(1_790_000_000_000L);

        void go(long millis) {
            now.addAndGet(millis);
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return Instant.ofEpochMilli(now.get());
        }
    }

    /** What a sender gets for a channel of an administrator, who has listed the hosts of some addresses. */
    static Secrets secrets(Clock clock, String... listed) {
        return secrets(clock, true, HTTP, listed);
    }

    static Secrets secrets(Clock clock, boolean global, Http http, String... listed) {
        Set<String> hosts = new HashSet<>();
        for (String each : listed) {
            hosts.addAll(Destinations.parse(each.replaceFirst("(://[^/]+)/.*", "$1")));
        }
        return new Secrets() {
            @Override
            public String require(String credentialsId) {
                return credentialsId;
            }

            @Override
            public Http http() {
                return http;
            }

            @Override
            public Destinations destinations() {
                return new Destinations(hosts, global, HTTP);
            }

            @Override
            public Clock clock() {
                return clock;
            }
        };
    }

    static Channel weCom(ChatService service, Clock clock) {
        return channel(
                "we",
                Markup.WECOM,
                WeComSender.MOST_BYTES,
                WeComSender.RATES,
                true,
                new WeComSender(secrets(clock, service.weComUrl()), service.weComUrl()));
    }

    static Channel dingTalk(ChatService service, Clock clock) {
        return dingTalk(service, clock, null);
    }

    static Channel dingTalk(ChatService service, Clock clock, @CheckForNull DingTalkSender.App app) {
        return channel(
                "ding",
                Markup.DINGTALK,
                DingTalkSender.MOST_BYTES,
                DingTalkSender.RATES,
                false,
                new DingTalkSender(
                        secrets(clock, service.weComUrl()), service.dingTalkUrl(), ChatService.DINGTALK_SECRET, app));
    }

    static Channel feishu(ChatService service, Clock clock, @CheckForNull FeishuSender.App app) {
        return channel(
                "fei",
                Markup.FEISHU,
                FeishuSender.MOST_BYTES,
                FeishuSender.RATES,
                false,
                new FeishuSender(
                        secrets(clock, service.weComUrl()), service.feishuUrl(), ChatService.FEISHU_SECRET, app));
    }

    static Channel webhook(ChatService service, Clock clock) {
        return channel(
                "hook",
                Markup.PLAIN,
                WebhookSender.MOST_BYTES,
                WebhookSender.RATES,
                false,
                new WebhookSender(
                        secrets(clock, service.weComUrl()), service.webhookUrl(), ChatService.WEBHOOK_SECRET));
    }

    static Channel channel(String name, Markup markup, int most, List<Rate> rates, boolean apart, Sender sender) {
        PictureStyle style = markup == Markup.DINGTALK ? PictureStyle.BY_URL : PictureStyle.INSIDE;
        return new Channel(
                new Channel.Id("", name),
                new Channel.Format(markup, most, Locale.ENGLISH, Map.of()),
                rates,
                apart ? PictureStyle.APART : style,
                sender);
    }

    static Notice notice(Event event, String job, int number, String... more) {
        Map<String, String> values = new TreeMap<>();
        values.put("build", "#" + number);
        values.put("url", "http://ci.example.com/job/" + job + "/" + number + "/");
        values.put("logUrl", "http://ci.example.com/job/" + job + "/" + number + "/console");
        for (int i = 0; i < more.length; i += 2) {
            values.put(more[i], more[i + 1]);
        }
        return new Notice(event, job, number, values);
    }

    static Message message(Channel channel, Notice notice, Contact... people) {
        return composed(channel, notice, null, people).get(0);
    }

    static List<Message> composed(Channel channel, Notice notice, @CheckForNull String picture, Contact... people) {
        AtomicLong ids = new AtomicLong();
        return new Composer(() -> "id-" + ids.incrementAndGet())
                .compose(
                        notice,
                        channel,
                        List.of(people),
                        null,
                        picture,
                        picture == null ? "" : "https://ci.example.com/p?name=" + picture,
                        1_790_000_000_000L);
    }
}
