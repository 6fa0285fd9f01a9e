package io.jenkins.plugins.minibuild;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hudson.AbortException;
import hudson.FilePath;
import hudson.remoting.VirtualChannel;
import io.jenkins.plugins.minibuild.process.AgentAnswer;
import io.jenkins.plugins.minibuild.standin.HostileAgent;
import io.jenkins.plugins.minibuild.standin.WorstValues;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import jenkins.MasterToSlaveFileCallable;
import jenkins.security.MasterToSlaveCallable;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Everything that the plugin runs on agents, found among its classes, so that what is added is covered by itself: whatever comes back in place of an answer is
 * either an answer of its type, checked by its own constructor, or an IOException that says so.
 */
class AgentAnswersTest {
    /** The largest text that an answer may hold is the output of git. */
    private static final int LONGEST = 10_000_000;

    @Test
    void allAreFound() {
        assertThat(AgentCallables.callables().map(Class::getSimpleName))
                .contains("Survey", "AgentFacts", "FetchWork", "Look", "Restore", "ReadPicture", "ToolTree")
                .hasSizeGreaterThan(30);
    }

    @TestFactory
    Stream<DynamicTest> theWorstAnswerIsAnAnswerOrAnErrorThatSaysWhatIsWrong() {
        return AgentCallables.callables()
                .map(type -> DynamicTest.dynamicTest(
                        type.getName().substring("io.jenkins.plugins.minibuild.".length()),
                        () -> attack(AgentCallables.answer(type))));
    }

    private static void attack(Type type) throws Exception {
        Class<?> raw = WorstValues.raw(type);
        int refused = 0;
        List<Object> worst = WorstValues.of(type);
        for (Object answer : worst) {
            HostileAgent agent = HostileAgent.answering(Question.class, answer);
            try {
                Object taken = AgentAnswer.call(agent.channel(), new Question<>(), raw);
                assertThat(taken).isInstanceOf(raw);
                assertThat(WorstValues.touch(taken)).isLessThanOrEqualTo(LONGEST);
                checkNothingIsMissing(taken);
            } catch (IOException e) {
                refused++;
                assertThat(e.getMessage()).startsWith("The answer of the agent cannot be used: ");
                assertThat(e.getMessage().length()).isLessThan(1000);
            }
            assertThat(agent.lies()).isEqualTo(1);
        }
        // nothing, another type, and what is thrown
        assertThat(refused).isGreaterThanOrEqualTo(6);
    }

    @Test
    void whoeverAsksAnAgentThatNeverAnswersIsToldSo() {
        HostileAgent agent = HostileAgent.silentOn(Question.class);
        HostileAgent onFiles = HostileAgent.silentOn(FileQuestion.class);
        FilePath file = onFiles.file(new File("/tmp"));
        for (ThrowingCallable each : List.<ThrowingCallable>of(
                () -> AgentAnswer.call(agent.channel(), new Question<Long>(), Long.class),
                () -> AgentAnswer.ask(agent.channel(), new Question<Long>(), Long.class)
                        .within(Duration.ofMinutes(1)),
                () -> AgentAnswer.act(file, new FileQuestion(), Long.class),
                () -> AgentAnswer.actOrNull(file, new FileQuestion(), Long.class, Duration.ofMinutes(1)))) {
            assertThatThrownBy(each)
                    .isInstanceOf(AbortException.class)
                    .hasMessageMatching("The agent did not answer within [0-9,]+ seconds. Look at the agent's log.*");
        }
    }

    @Test
    void whoeverStopsWaitingStopsTheWorkToo() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(1);
        Thread build = new Thread(() -> {
            try {
                AgentAnswer.act(new FilePath(new File("/tmp")), new Sleeper(begun, ended), Long.class);
            } catch (IOException | InterruptedException e) {
                // as it should be
            }
        });
        build.start();
        assertThat(begun.await(1, TimeUnit.MINUTES)).isTrue();
        build.interrupt();
        assertThat(ended.await(1, TimeUnit.MINUTES)).isTrue();
        build.join();
    }

    private static final class FileQuestion extends MasterToSlaveFileCallable<Long> {
        private static final long serialVersionUID = 1L;

        @Override
        public Long invoke(File file, VirtualChannel channel) {
            throw new AssertionError("the hostile agent answers");
        }
    }

    /** Waits until it is interrupted. Never sent anywhere. */
    private static final class Sleeper extends MasterToSlaveFileCallable<Long> {
        private static final long serialVersionUID = 1L;
        private final transient CountDownLatch begun;
        private final transient CountDownLatch ended;

        private Sleeper(CountDownLatch begun, CountDownLatch ended) {
            this.begun = begun;
            this.ended = ended;
        }

        @Override
        public Long invoke(File file, VirtualChannel channel) throws InterruptedException {
            begun.countDown();
            try {
                Thread.sleep(600_000);
            } catch (InterruptedException e) {
                ended.countDown();
                throw e;
            }
            return 0L;
        }
    }

    /** A value that is not there is one that the record's author has thought of. */
    private static void checkNothingIsMissing(Object answer) throws ReflectiveOperationException {
        if (answer.getClass().isRecord()) {
            for (RecordComponent component : answer.getClass().getRecordComponents()) {
                component.getAccessor().setAccessible(true);
                Object value = component.getAccessor().invoke(answer);
                if (value == null) {
                    assertThat(HouseRules.optional(answer.getClass())).contains(component.getName());
                } else {
                    checkNothingIsMissing(value);
                }
            }
        }
    }

    @Test
    void aValueThatIsNotThereIsSeen() throws Exception {
        record Loose(String name) implements java.io.Serializable {}
        Set<String> found = new TreeSet<>();
        try {
            checkNothingIsMissing(new Loose(null));
        } catch (AssertionError e) {
            found.add("name");
        }
        assertThat(found).containsExactly("name");
    }

    /** What is asked for does not matter: the agent decides what it answers. */
    private static final class Question<T> extends MasterToSlaveCallable<T, IOException> {
        private static final long serialVersionUID = 1L;

        @Override
        public T call() {
            throw new AssertionError("the hostile agent answers");
        }
    }
}
