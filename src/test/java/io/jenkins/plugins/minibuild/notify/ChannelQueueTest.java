package io.jenkins.plugins.minibuild.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.minibuild.standin.ChatService;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.io.TempDirFactory;

/** The outbox and the queues: limits, digests, retries, restarts. Time is the test's own. */
class ChannelQueueTest {
    /** Thousands of messages are forced to the disk one by one: in memory, where that can be had, it takes no time. */
    static final class InMemory implements TempDirFactory {
        private static final Path MEMORY = Path.of("/dev/shm");

        @Override
        public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext context) throws IOException {
            return Files.isWritable(MEMORY)
                    ? Files.createTempDirectory(MEMORY, "mini-build")
                    : Files.createTempDirectory("mini-build");
        }
    }

    @TempDir(factory = InMemory.class)
    Path home;

    private final Fixture.Hands clock = new Fixture.Hands();
    private final Map<Channel.Id, Channel> configured = new ConcurrentHashMap<>();
    private final Map<String, CompletableFuture<SendResult>> results = new HashMap<>();
    private final Map<String, SendResult> ended = new ConcurrentHashMap<>();
    private ChatService service;

    @BeforeEach
    void start() throws Exception {
        service = ChatService.start(clock);
    }

    @AfterEach
    void stop() {
        service.close();
    }

    private Outbox outbox() {
        return new Outbox(home.resolve("outbox"), 20_000, clock);
    }

    private ChannelQueues.Shared shared(Outbox outbox, Workers workers) {
        return new ChannelQueues.Shared(
                outbox,
                new MessageLog(home.resolve("log")),
                new ChannelQueues.Configuration() {
                    @Override
                    public Channel find(Channel.Id id) {
                        return configured.get(id);
                    }

                    @Override
                    public int digestAbove() {
                        return 5;
                    }
                },
                clock,
                new Random(1),
                workers,
                (message, result) -> {
                    message.joined().forEach(each -> ended.put(each.id(), result));
                    ended.put(message.id(), result);
                });
    }

    /** A queue without threads: the test itself calls {@link ChannelQueue#step}. */
    private ChannelQueue queue(Channel channel, Outbox outbox) {
        configured.put(channel.id(), channel);
        return new ChannelQueue(channel.id(), shared(outbox, new Workers(work -> {}, null)));
    }

    private Message message(Channel channel, Outbox outbox, Notice notice) {
        return new Composer(outbox::newId)
                .compose(notice, channel, List.of(), null, null, "", clock.millis())
                .get(0);
    }

    private Message put(ChannelQueue queue, Outbox outbox, Channel channel, Notice notice) throws IOException {
        Message message = message(channel, outbox, notice);
        results.put(message.id(), queue.put(message));
        return message;
    }

    /** Steps until nothing waits, letting the time go; answers how long it took. */
    private Duration drain(ChannelQueue queue, Duration most) throws InterruptedException {
        long began = clock.millis();
        while (clock.millis() - began < most.toMillis()) {
            long wait = queue.step();
            if (wait == ChannelQueue.NEVER) {
                break;
            }
            clock.go(wait);
        }
        return Duration.ofMillis(clock.millis() - began);
    }

    @Test
    void messagesOfOneJobAboveTheLimitAreJoinedAndNothingIsLost() throws Exception {
        Channel channel = Fixture.dingTalk(service, clock);
        Outbox outbox = outbox();
        ChannelQueue queue = queue(channel, outbox);
        for (int i = 1; i <= 300; i++) {
            put(queue, outbox, channel, Fixture.notice(Event.FAILED, "shop", i));
        }
        drain(queue, Duration.ofHours(1));
        assertThat(service.violations()).isZero();
        assertThat(service.calls()).hasSizeLessThan(20);
        assertThat(builds(service, "dingtalk")).hasSize(300);
        assertThat(outbox.count()).isZero();
        assertThat(ended.values()).allMatch(SendResult::isSent);
    }

    @Test
    void messagesOfDifferentJobsWaitForTheLimit() throws Exception {
        Channel channel = Fixture.weCom(service, clock);
        Outbox outbox = outbox();
        ChannelQueue queue = queue(channel, outbox);
        for (int i = 1; i <= 50; i++) {
            put(queue, outbox, channel, Fixture.notice(Event.FAILED, "job" + i, i));
        }
        Duration took = drain(queue, Duration.ofHours(1));
        assertThat(service.violations()).isZero();
        assertThat(service.taken("wecom")).hasSize(50);
        assertThat(took).isBetween(Duration.ofMinutes(2), Duration.ofMinutes(3));
    }

    /** The issue's own number, with two restarts in the middle; the stand-in counts. */
    @Test
    void aThousandBuildsWithinAMinuteOnThreeChannelsWithARestartLoseNothingAndExceedNoLimit() throws Exception {
        Outbox outbox = outbox();
        List<Channel> channels = List.of(
                Fixture.weCom(service, clock), Fixture.dingTalk(service, clock), Fixture.feishu(service, clock, null));
        Map<Channel.Id, ChannelQueue> queues = new HashMap<>();
        for (Channel each : channels) {
            queues.put(each.id(), queue(each, outbox));
        }
        Map<Channel.Id, Long> due = new HashMap<>();
        long end = clock.millis() + 60_000;
        int built = 0;
        int restarts = 0;
        long most = 0;
        while (built < 1_000 || outbox.count() > 0) {
            for (int i = 0; i < 17 && built < 1_000; i++) {
                built++;
                for (Channel each : channels) {
                    put(queues.get(each.id()), outbox, each, Fixture.notice(Event.FAILED, "job" + built % 20, built));
                    due.put(each.id(), 0L);
                }
            }
            for (Channel each : channels) {
                long wait = due.getOrDefault(each.id(), 0L) <= clock.millis() ? 0 : 1;
                while (wait == 0) {
                    wait = queues.get(each.id()).step();
                    due.put(each.id(), wait == ChannelQueue.NEVER ? wait : clock.millis() + wait);
                }
            }
            most = Math.max(most, outbox.count());
            clock.go(1_000);
            if (built == 510 && restarts == 0 || built == 1_000 && restarts == 1) {
                restarts++;
                outbox = outbox();
                queues.clear();
                List<Message> left = outbox.load();
                for (Channel each : channels) {
                    ChannelQueue fresh = queue(each, outbox);
                    fresh.restore(left.stream()
                            .filter(one -> one.channel().equals(each.id()))
                            .toList());
                    queues.put(each.id(), fresh);
                    due.put(each.id(), 0L);
                }
            }
            assertThat(clock.millis()).isLessThan(end + Duration.ofHours(1).toMillis());
        }
        System.out.println("1000 builds on 3 channels: " + service.calls().size() + " calls, at most " + most
                + " messages waited, done " + (clock.millis() - end) / 1000 + " s after the minute");
        assertThat(restarts).isEqualTo(2);
        assertThat(service.violations()).isZero();
        assertThat(service.calls()).allMatch(call -> call.code() == 0);
        for (String each : List.of("wecom", "dingtalk", "feishu")) {
            assertThat(builds(service, each)).as(each).hasSize(1_000);
        }
    }

    /** The numbers of the builds that a service was told of. */
    private static Set<Integer> builds(ChatService service, String name) {
        Pattern number = Pattern.compile("/job/[a-z0-9]+/(\\d+)/");
        Set<Integer> all = new TreeSet<>();
        for (ChatService.Call call : service.taken(name)) {
            Matcher found = number.matcher(call.body().toString());
            while (found.find()) {
                all.add(Integer.parseInt(found.group(1)));
            }
        }
        return all;
    }

    @Test
    void theBanOfDingTalkIsWaitedOut() throws Exception {
        Channel channel = Fixture.dingTalk(service, clock);
        Outbox outbox = outbox();
        ChannelQueue queue = queue(channel, outbox);
        service.next("200||{\"errcode\":130101,\"errmsg\":\"send too fast\"}");
        put(queue, outbox, channel, Fixture.notice(Event.FAILED, "shop", 1));
        queue.step();
        assertThat(queue.state()).isEqualTo(ChannelQueue.State.LIMITED);
        queue.tryAgain();
        assertThat(queue.step()).isGreaterThan(Duration.ofMinutes(10).toMillis());
        assertThat(service.calls()).hasSize(1);
        drain(queue, Duration.ofHours(1));
        assertThat(service.taken("dingtalk")).hasSize(1);
        assertThat(queue.state()).isEqualTo(ChannelQueue.State.OK);
    }

    @Test
    void aServiceThatIsDownIsTriedWithMoreAndMoreTimeThenOnlyProbedAndAllArriveWhenItIsBack() throws Exception {
        Channel channel = Fixture.webhook(service, clock);
        Outbox outbox = outbox();
        ChannelQueue queue = queue(channel, outbox);
        for (int i = 0; i < 12; i++) {
            service.next(i % 2 == 0 ? "drop" : "502||bad gateway");
        }
        for (int i = 1; i <= 4; i++) {
            put(queue, outbox, channel, Fixture.notice(Event.FAILED, "job" + i, i));
        }
        List<Long> waits = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            queue.step();
            long wait = queue.step();
            waits.add(wait);
            clock.go(wait);
        }
        System.out.println("waits in ms: " + waits);
        assertThat(waits.get(0)).isBetween(1_000L, 2_000L);
        assertThat(waits.get(3)).isBetween(8_000L, 16_000L);
        assertThat(waits.get(4)).isBetween(30_000L, 60_000L);
        assertThat(waits).allMatch(wait -> wait <= Duration.ofMinutes(15).toMillis());
        assertThat(queue.state()).isEqualTo(ChannelQueue.State.PAUSED);
        assertThat(queue.problem()).contains("JSON webhook");
        drain(queue, Duration.ofHours(1));
        assertThat(service.taken("webhook")).hasSize(4);
        assertThat(queue.state()).isEqualTo(ChannelQueue.State.OK);
    }

    @Test
    void retryAfterIsHonoured() throws Exception {
        Channel channel = Fixture.webhook(service, clock);
        Outbox outbox = outbox();
        ChannelQueue queue = queue(channel, outbox);
        service.next("503|Retry-After=300|");
        put(queue, outbox, channel, Fixture.notice(Event.FAILED, "shop", 1));
        queue.step();
        assertThat(queue.step()).isEqualTo(300_000L);
    }

    @Test
    void aRemovedRobotStopsAtOnceAndEveryMessageGoesWhenItIsThereAgain() throws Exception {
        Channel good = Fixture.weCom(service, clock);
        Channel bad = Fixture.channel(
                "we",
                Markup.WECOM,
                WeComSender.MOST_BYTES,
                WeComSender.RATES,
                true,
                new WeComSender(Fixture.secrets(clock, service.weComUrl()), service.weComUrl() + "x"));
        Outbox outbox = outbox();
        ChannelQueue queue = queue(bad, outbox);
        Message first = put(queue, outbox, bad, Fixture.notice(Event.FAILED, "a", 1));
        Message second = put(queue, outbox, bad, Fixture.notice(Event.FAILED, "b", 2));
        queue.step();
        assertThat(queue.state()).isEqualTo(ChannelQueue.State.BROKEN);
        assertThat(queue.step()).isGreaterThan(60_000);
        assertThat(service.calls()).hasSize(1);
        // A build that waits for the result learns the reason at once.
        assertThat(results.get(first.id()).getNow(null).text()).contains("93000", "robot was removed");
        assertThat(ended.get(first.id()).text()).contains("93000", "robot was removed");
        assertThat(results.get(second.id())).isNotDone();
        // Each probe is made with the same message, and loses none.
        drain(queue, Duration.ofHours(1));
        assertThat(service.calls()).hasSize(6);
        assertThat(outbox.count()).isEqualTo(2);
        assertThat(outbox.read(bad.id(), first.id()).attempts().count()).isEqualTo(6);
        assertThat(outbox.read(bad.id(), second.id()).attempts().count()).isZero();
        configured.put(good.id(), good);
        queue.tryAgain();
        drain(queue, Duration.ofMinutes(1));
        assertThat(builds(service, "wecom")).containsExactly(1, 2);
        assertThat(ended.get(first.id()).isSent()).isTrue();
    }

    @Test
    void aProbeOfABrokenChannelLosesNoMessageWhateverTheServiceAnswers() throws Exception {
        Channel channel = Fixture.feishu(service, clock, null);
        Outbox outbox = outbox();
        ChannelQueue queue = queue(channel, outbox);
        Message met = put(queue, outbox, channel, Fixture.notice(Event.FAILED, "shop", 1));
        for (String answer : List.of(
                "400||{\"code\":19001,\"msg\":\"param invalid: incoming webhook access token invalid\"}",
                "400||",
                "400||{\"code\":9499,\"msg\":\"Bad Request\"}",
                "200||{\"code\":4711,\"msg\":\"something new\"}")) {
            service.next(answer);
            assertThat(queue.step()).isZero();
            assertThat(queue.count()).as(answer).isEqualTo(1);
            assertThat(ended.get(met.id()).isSent()).isFalse();
            clock.go(Duration.ofMinutes(20).toMillis());
        }
        // A restart in between changes nothing.
        ChannelQueue again = queue(channel, outbox());
        again.restore(outbox().load());
        service.next("400||");
        again.step();
        assertThat(again.count()).isEqualTo(1);
        // A later message goes first and shows that the channel works: then a refusal is about the message.
        clock.go(Duration.ofMinutes(20).toMillis());
        Outbox later = outbox();
        Message second = put(again, later, channel, Fixture.notice(Event.FAILED, "tools", 2));
        again.step();
        assertThat(ended.get(second.id()).isSent()).isTrue();
        service.next("400||{\"code\":9499,\"msg\":\"Bad Request\"}");
        again.step();
        assertThat(again.count()).isZero();
        assertThat(ended.get(met.id()).kind()).isEqualTo(SendResult.Kind.REFUSED);
    }

    @Test
    void aMessageThatMetABrokenChannelIsKeptForADay() throws Exception {
        Channel channel = Fixture.feishu(service, clock, null);
        Outbox outbox = outbox();
        ChannelQueue queue = queue(channel, outbox);
        put(queue, outbox, channel, Fixture.notice(Event.FAILED, "shop", 1));
        String broken = "400||{\"code\":19007,\"msg\":\"Bot Not Enabled\"}";
        int probes = 0;
        long end = clock.millis() + Duration.ofHours(24).toMillis();
        while (clock.millis() < end) {
            service.next(probes % 2 == 0 ? broken : "400||");
            queue.step();
            probes++;
            assertThat(queue.count()).isEqualTo(1);
            clock.go(Math.min(Duration.ofMinutes(16).toMillis(), end - clock.millis()));
        }
        assertThat(probes).isGreaterThan(80);
        clock.go(1);
        assertThat(queue.step()).isEqualTo(ChannelQueue.NEVER);
        assertThat(queue.count()).isZero();
    }

    @Test
    void aChannelWithoutItsCredentialKeepsTheMessageForTheRest() throws Exception {
        Channel channel = Fixture.channel("we", Markup.WECOM, 4096, List.of(), false, (message, picture) -> {
            throw new MissingSecretException("no secret text 'robot'");
        });
        Outbox outbox = outbox();
        ChannelQueue queue = queue(channel, outbox);
        put(queue, outbox, channel, Fixture.notice(Event.FAILED, "a", 1));
        queue.step();
        assertThat(queue.state()).isEqualTo(ChannelQueue.State.BROKEN);
        assertThat(queue.problem()).contains("no secret text 'robot'");
        assertThat(outbox.count()).isEqualTo(1);
        drain(queue, Duration.ofHours(25));
        assertThat(ended.values()).singleElement().satisfies(each -> assertThat(each.text())
                .contains("Given up after 24 hours", "no secret text 'robot'"));
        assertThat(outbox.count()).isZero();
    }

    @Test
    void oneMessageThatNeverPassesHoldsUpNoOther() throws Exception {
        Channel channel = Fixture.channel(
                "x",
                Markup.PLAIN,
                4096,
                List.of(),
                false,
                (message, picture) ->
                        message.origin().job().equals("poison") ? SendResult.failed("500") : SendResult.sent("ok"));
        Outbox outbox = outbox();
        ChannelQueue queue = queue(channel, outbox);
        Message poison = put(queue, outbox, channel, Fixture.notice(Event.FAILED, "poison", 1));
        Message fine = put(queue, outbox, channel, Fixture.notice(Event.FAILED, "fine", 2));
        drain(queue, Duration.ofHours(30));
        assertThat(ended.get(fine.id()).isSent()).isTrue();
        assertThat(ended.get(poison.id()).text()).contains("Given up after 24 hours", "500");
        assertThat(outbox.count()).isZero();
    }

    @Test
    void aSenderThatBreaksIsAnAnswerNotAnEnd() throws Exception {
        Channel channel = Fixture.channel("x", Markup.PLAIN, 4096, List.of(), false, (message, picture) -> {
            throw new IllegalStateException("https://secret.example.com/key");
        });
        Outbox outbox = outbox();
        ChannelQueue queue = queue(channel, outbox);
        Message message = put(queue, outbox, channel, Fixture.notice(Event.FAILED, "a", 1));
        assertThat(queue.step()).isEqualTo(ChannelQueue.NEVER);
        assertThat(ended.get(message.id()).text()).doesNotContain("secret");
    }

    /** A kill leaves what is on disk at that moment: every state between two moves of files is tried. */
    @Test
    void aKillAtAnyPointLosesNothing() throws Exception {
        Channel channel = Fixture.dingTalk(service, clock);
        Outbox outbox = outbox();
        List<Message> all = new ArrayList<>();
        for (int i = 1; i <= 8; i++) {
            Message message = message(channel, outbox, Fixture.notice(Event.FAILED, "shop", i));
            outbox.put(message);
            all.add(message);
        }
        Path folder = home.resolve("outbox").resolve(channel.id().key());
        // While a message is written: half of a temporary file.
        Files.writeString(folder.resolve("x.json.1.tmp"), "{\"id\":");
        assertThat(outbox().load()).hasSize(8);
        assertThat(folder.resolve("x.json.1.tmp")).doesNotExist();
        // After the digest was written, with any number of the joined ones deleted.
        Message digest = new Composer(outbox::newId).digest(all, channel.format());
        outbox.put(digest);
        for (int deleted = 0; deleted <= 8; deleted++) {
            for (int i = 0; i < deleted; i++) {
                outbox.delete(channel.id(), all.get(i).id());
            }
            List<Message> left = outbox().load();
            assertThat(left).extracting(Message::id).containsExactly(digest.id());
            for (Message each : all) {
                outbox.put(each);
            }
        }
        // After the service took it, before the file was deleted: it goes again rather than not at all.
        ChannelQueue queue = queue(channel, outbox);
        queue.restore(outbox().load());
        drain(queue, Duration.ofMinutes(1));
        assertThat(builds(service, "dingtalk")).hasSize(8);
        // A file that something else broke is put aside, the others go.
        outbox.put(all.get(0));
        Files.writeString(folder.resolve("0.json"), "not json");
        assertThat(outbox().load()).extracting(Message::id).contains(all.get(0).id());
        assertThat(folder).isDirectoryContaining("glob:**/0.json.broken-*");
    }

    @Test
    void theOutboxIsBounded() throws Exception {
        Outbox small = new Outbox(home.resolve("small"), 3, clock);
        Channel channel = Fixture.weCom(service, clock);
        Composer composer = new Composer(small::newId);
        for (int i = 1; i <= 3; i++) {
            small.put(composer.compose(Fixture.notice(Event.FAILED, "a", i), channel, List.of(), null, null, "", 1)
                    .get(0));
        }
        Message more = composer.compose(Fixture.notice(Event.FAILED, "a", 4), channel, List.of(), null, null, "", 1)
                .get(0);
        assertThatThrownBy(() -> small.put(more))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("3 messages wait");
        assertThat(new Outbox(home.resolve("small"), 3, clock).load()).hasSize(3);
    }

    @Test
    void picturesAreKeptForAWhileAndNothingElseIsServed() throws Exception {
        Pictures pictures = outbox().pictures();
        String name = pictures.put(new byte[] {1, 2, 3});
        assertThat(pictures.read(name)).containsExactly(1, 2, 3);
        assertThat(pictures.read("../../secret.key")).isEmpty();
        assertThat(pictures.read("00000000-0000-0000-0000-000000000000.img")).isEmpty();
        Files.setLastModifiedTime(
                home.resolve("outbox/pictures").resolve(name),
                java.nio.file.attribute.FileTime.from(clock.instant().minus(Duration.ofDays(8))));
        assertThat(pictures.read(name)).as("too old, and not deleted yet").isEmpty();
        pictures.clean();
        assertThat(home.resolve("outbox/pictures")).isEmptyDirectory();
    }

    @Test
    void nothingOnDiskHoldsAnAddressOrASecret() throws Exception {
        Outbox outbox = outbox();
        for (Channel channel : List.of(
                Fixture.weCom(service, clock),
                Fixture.dingTalk(service, clock),
                Fixture.feishu(service, clock, null),
                Fixture.webhook(service, clock))) {
            ChannelQueue queue = queue(channel, outbox);
            put(queue, outbox, channel, Fixture.notice(Event.FAILED, "a", 1));
            service.next("drop");
            queue.step();
            put(queue, outbox, channel, Fixture.notice(Event.FAILED, "b", 1));
        }
        StringBuilder everything = new StringBuilder();
        try (Stream<Path> files = Files.walk(home)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                everything.append(Files.readString(file, StandardCharsets.ISO_8859_1));
            }
        }
        assertThat(everything)
                .contains("\"job\":\"b\"")
                .doesNotContain(ChatService.secrets().toArray(String[]::new));
    }

    @Test
    void theLastTwoHundredAttemptsAreKeptAcrossRestarts() throws Exception {
        Channel.Id id = new Channel.Id("", "we");
        MessageLog log = new MessageLog(home.resolve("d"));
        for (int i = 0; i < 1_000; i++) {
            log.add(id, new LoggedAttempt(i, "job", i, "t", SendResult.Kind.SENT, "ok", 1));
        }
        Files.writeString(
                home.resolve("d").resolve(id.key() + ".jsonl"), "{\"time\":5", java.nio.file.StandardOpenOption.APPEND);
        List<LoggedAttempt> last = new MessageLog(home.resolve("d")).last(id);
        assertThat(last).hasSize(200);
        assertThat(last.get(0).number()).isEqualTo(999);
        assertThat(Files.size(home.resolve("d").resolve(id.key() + ".jsonl"))).isLessThan(100_000);
    }

    @Property(tries = 300)
    void noWindowHoldsMoreCallsThanTheRatesAllow(
            @ForAll @Size(min = 1, max = 200) List<@IntRange(min = 0, max = 5_000) Integer> pauses,
            @ForAll @IntRange(min = 1, max = 20) int calls) {
        List<Rate> rates = List.of(new Rate(calls, Duration.ofMillis(10_000)), new Rate(2, Duration.ofMillis(500)));
        RateLimiter limiter = new RateLimiter();
        List<Long> made = new ArrayList<>();
        long now = 0;
        for (int pause : pauses) {
            now += pause;
            long wait = limiter.delay(now, rates);
            now += wait;
            assertThat(limiter.delay(now, rates)).isZero();
            limiter.take(now);
            made.add(now);
        }
        for (long end : made) {
            assertThat(made.stream()
                            .filter(at -> at > end - 10_000 && at <= end)
                            .count())
                    .isLessThanOrEqualTo(calls);
            assertThat(made.stream().filter(at -> at > end - 500 && at <= end).count())
                    .isLessThanOrEqualTo(2);
        }
    }

    /** With threads. The clock stands: what is sent was not held up by anything, least of all by the service that hangs. */
    @Test
    void aServiceThatHangsDelaysNoOtherAndItsMessagesAreSentAfterARestart() throws Exception {
        Outbox outbox = outbox();
        CountDownLatch never = new CountDownLatch(1);
        Channel hanging = Fixture.channel("hang", Markup.PLAIN, 4096, List.of(), false, (message, picture) -> {
            never.await();
            return SendResult.sent("late");
        });
        List<Channel> all = List.of(hanging, Fixture.weCom(service, clock), Fixture.dingTalk(service, clock));
        all.forEach(each -> configured.put(each.id(), each));
        List<CompletableFuture<SendResult>> held = new ArrayList<>();
        List<CompletableFuture<SendResult>> sent = new ArrayList<>();
        ExecutorService threads = Executors.newCachedThreadPool();
        ScheduledExecutorService timer = Executors.newScheduledThreadPool(1);
        try {
            ChannelQueues queues = new ChannelQueues(shared(outbox, new Workers(threads, timer)));
            queues.load();
            for (Channel each : all) {
                for (String job : List.of("one", "two")) {
                    Notice notice = Fixture.notice(Event.FAILED, job, 1, "branch", "of-" + job);
                    (each == hanging ? held : sent).add(queues.put(message(each, outbox, notice)));
                }
            }
            for (CompletableFuture<SendResult> each : sent) {
                assertThat(each.get(1, TimeUnit.MINUTES).isSent()).isTrue();
            }
            assertThat(held).noneMatch(CompletableFuture::isDone);
            for (ChatService.Call call : service.taken("wecom")) {
                String text = call.body().at("/markdown/content").asText();
                assertThat(text.contains("job/one") && text.contains("of-one")
                                || text.contains("job/two") && text.contains("of-two"))
                        .isTrue();
            }
            queues.stop();
            threads.shutdownNow();
            assertThat(threads.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
            assertThat(outbox.count()).isEqualTo(2);

            configured.put(hanging.id(), Fixture.channel("hang", Markup.PLAIN, 4096, List.of(), false, (m, picture) -> {
                never.countDown();
                return SendResult.sent("now");
            }));
            ExecutorService others = Executors.newCachedThreadPool();
            try {
                new ChannelQueues(shared(outbox(), new Workers(others, timer))).load();
                assertThat(never.await(1, TimeUnit.MINUTES)).isTrue();
            } finally {
                others.shutdown();
                assertThat(others.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
            }
            assertThat(outbox().load()).isEmpty();
        } finally {
            threads.shutdownNow();
            timer.shutdownNow();
        }
    }

    @Test
    void theStandInDoesCountAsTheServicesDo() throws Exception {
        Channel channel = Fixture.dingTalk(service, clock);
        Message message = Fixture.message(channel, Fixture.notice(Event.FAILED, "a", 1));
        List<Integer> codes = new ArrayList<>();
        for (int i = 0; i < 22; i++) {
            channel.sender().send(message, new byte[0]);
        }
        for (ChatService.Call each : service.calls()) {
            codes.add(each.code());
        }
        assertThat(codes.subList(0, 20)).containsOnly(0);
        assertThat(codes.subList(20, 22)).containsOnly(130101);
        assertThat(service.violations()).isEqualTo(2);
        JsonNode body = service.calls().get(0).body();
        assertThat(body.path("msgtype").asText()).isEqualTo("actionCard");
    }
}
