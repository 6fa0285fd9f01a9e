package io.jenkins.plugins.minibuild.limits;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.Result;
import hudson.remoting.Future;
import hudson.remoting.VirtualChannel;
import io.jenkins.plugins.minibuild.process.Deadline;
import io.jenkins.plugins.minibuild.process.ProcessTreeKill;
import io.jenkins.plugins.minibuild.standin.Forgery;
import io.jenkins.plugins.minibuild.standin.HostileAgent;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One block under watch; its agent answers as it is told to. */
@Timeout(60)
class WatchTest {
    private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(4);
    private final List<String> said = new CopyOnWriteArrayList<>();
    private final List<Excess> excesses = new CopyOnWriteArrayList<>();
    private final List<Object> asked = new CopyOnWriteArrayList<>();
    private volatile int interruptions;
    private volatile AgentReading reading;

    @AfterEach
    void stop() {
        timer.shutdownNow();
    }

    private final VirtualChannel channel = (VirtualChannel) Proxy.newProxyInstance(
            getClass().getClassLoader(), new Class<?>[] {VirtualChannel.class}, (proxy, method, arguments) -> {
                if (!method.getName().equals("callAsync")) {
                    throw new UnsupportedOperationException(method.getName());
                }
                Object work = HostileAgent.carried(arguments[0]);
                asked.add(work);
                if (work instanceof AgentSample && reading == null) {
                    throw new IOException("the agent is busy");
                }
                Answer answer = new Answer();
                answer.complete(work instanceof AgentSample ? reading : true);
                return answer;
            });

    private volatile VirtualChannel lying;

    private static final class Answer extends CompletableFuture<Object> implements Future<Object> {}

    /** Which waits in vain for whoever asks, as it would for long. */
    private final VirtualChannel silent = (VirtualChannel) Proxy.newProxyInstance(
            getClass().getClassLoader(), new Class<?>[] {VirtualChannel.class}, (proxy, method, arguments) -> {
                asked.add("the silent one");
                return new Answer();
            });

    private final Watch.Block block = new Watch.Block() {
        @Override
        public Optional<Locale> language() {
            return Optional.empty();
        }

        @Override
        public void say(String line) {
            said.add(line);
        }

        @Override
        public void exceeded(Excess excess) {
            excesses.add(excess);
        }

        @Override
        public int interruptions() {
            return interruptions;
        }
    };

    /** Eight times as fast as the wall clock: what a watch does once a second it does at each of its ticks. */
    private final Clock fast = new Clock() {
        private final long start = System.currentTimeMillis();

        @Override
        public Instant instant() {
            return Instant.ofEpochMilli(start + 8 * (System.currentTimeMillis() - start));
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    };

    private final Watch.Agents agents = new Watch.Agents() {
        @Override
        public VirtualChannel channel(String agent) {
            return agent.equals("mac-0") ? silent : agent.equals("liar") ? lying : channel;
        }

        @Override
        public boolean isShared(String mark, Place place) {
            return false;
        }

        @Override
        public void kill(String agent, Map<String, String> variables) {
            throw new IllegalStateException("there is a /proc");
        }
    };

    private Watch watch(String mark, Map<Limit, Double> limits) {
        Set<Place> places = ConcurrentHashMap.newKeySet();
        places.addAll(new HashSet<>(List.of(new Place("mac-1", "/ws"), new Place("mac-2", "/ws"))));
        return new Watch(
                new Watch.Subject(
                        mark, new Limits(limits, Map.of(), Result.ABORTED), System.currentTimeMillis(), places, block),
                agents,
                fast,
                timer,
                timer);
    }

    private long count(Class<?> type) {
        return asked.stream().filter(type::isInstance).count();
    }

    private void until(java.util.function.BooleanSupplier reached) throws InterruptedException {
        Deadline deadline = Deadline.after(Duration.ofSeconds(20));
        while (!reached.getAsBoolean() && !deadline.expired()) {
            Thread.sleep(20);
        }
        assertThat(reached.getAsBoolean()).isTrue();
    }

    @Test
    void thatMemoryCannotBeMeasuredIsSaidOnceAndTheOtherLimitsHold() throws Exception {
        reading = new AgentReading(0, List.of(), 1L << 40, 0, "UnsupportedOperationException: no such system");
        Watch watch = watch("block", Map.of()).begin();
        until(() -> count(AgentSample.class) >= 5);
        assertThat(said).singleElement().satisfies(line -> assertThat(line)
                .contains("mac-")
                .contains("so it is not limited there (UnsupportedOperationException: no such system)"));
        assertThat(excesses).isEmpty();
        reading = new AgentReading(0, List.of(), 1L << 20, 0, "still not");
        until(() -> !excesses.isEmpty());
        assertThat(excesses.get(0).limit()).isEqualTo(Limit.FREE_DISK);
        watch.end();
    }

    @Test
    void anAgentThatDoesNotAnswerIsAskedAgain() throws Exception {
        Watch watch = watch("block", Map.of(Limit.MEMORY, 1.0)).begin();
        until(() -> count(AgentSample.class) >= 3);
        assertThat(excesses).isEmpty();
        reading = new AgentReading(2L << 30, List.of(new AgentReading.ProcessSize(9, "node", 2L << 30)), null, 0, null);
        until(() -> !excesses.isEmpty());
        assertThat(excesses).singleElement().satisfies(e -> assertThat(e.getShortDescription())
                .contains("memoryGigabytes = 1", "node (9) 2.0 GB"));
        until(() -> count(ProcessTreeKill.class) >= 2);
        watch.end();
    }

    /** What it says of itself can end its own block; what cannot be is no reading, and the agent is asked again. */
    @Test
    void anAgentThatLiesIsAskedAgain() throws Exception {
        for (Object lie : Arrays.asList(
                null,
                "a text",
                new StackOverflowError(),
                Forgery.of(AgentReading.class, "residentBytes", -1L, "largest", List.of()),
                Forgery.of(AgentReading.class, "residentBytes", Long.MAX_VALUE))) {
            HostileAgent agent = HostileAgent.answering(AgentSample.class, lie);
            lying = agent.channel();
            Watch watch = watch("block", Map.of(Limit.MEMORY, 1.0));
            watch.uses(new Place("liar", "/ws"));
            watch.begin();
            until(() -> agent.lies() >= 2);
            watch.end();
        }
        assertThat(excesses).isEmpty();
    }

    /** Before, all agents of a block were asked in turn. */
    @Test
    void theLimitsHoldOnOtherAgentsWhileOneNeverAnswers() throws Exception {
        Watch watch = watch("block", Map.of(Limit.MEMORY, 1.0));
        watch.uses(new Place("mac-0", "/ws"));
        watch.begin();
        until(() -> asked.contains("the silent one"));
        reading = new AgentReading(2L << 30, List.of(), null, 0, null);
        until(() -> !excesses.isEmpty());
        assertThat(excesses.get(0).getShortDescription()).contains("on mac-");
        watch.end();
        assertThat(asked.stream().filter("the silent one"::equals).count())
                .as("no second question before an answer to the first, and one to end the processes")
                .isLessThanOrEqualTo(2);
    }

    @Test
    void aCancelEndsTheProcessesOnEveryAgent() throws Exception {
        Watch watch = watch("block", Map.of(Limit.MEMORY, 0.0)).begin();
        interruptions = 1;
        until(() -> count(ProcessTreeKill.class) == 2);
        Thread.sleep(700);
        assertThat(count(ProcessTreeKill.class)).isEqualTo(2);
        watch.end();
    }

    @Test
    void blocksAreRelatedWhenOneIsAroundTheOther() {
        Watch inner = watch("outer/inner", Map.of());
        assertThat(inner.isRelated("outer")).isTrue();
        assertThat(inner.isRelated("outer/inner/more")).isTrue();
        assertThat(inner.isRelated("outer/in")).isFalse();
        assertThat(inner.isRelated("other")).isFalse();
        assertThat(inner.isIn(new Place("mac-1", "/ws"))).isTrue();
    }
}
