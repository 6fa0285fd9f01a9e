package io.jenkins.plugins.minibuild.workflow.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hudson.FilePath;
import hudson.Launcher;
import hudson.model.TaskListener;
import hudson.remoting.Callable;
import hudson.remoting.VirtualChannel;
import io.jenkins.plugins.minibuild.standin.HostileAgent;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An agent that tells whatever it likes. */
class HostileNewsTest {
    @TempDir
    Path root;

    private final HeardNews news = new HeardNews();
    private final List<Object> asked = new ArrayList<>();
    private AgentJobHost host;
    private JobPush push;

    @BeforeEach
    void begin() {
        VirtualChannel channel = (VirtualChannel) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {VirtualChannel.class}, (proxy, method, arguments) -> {
                    switch (method.getName()) {
                        case "export":
                            push = (JobPush) arguments[1];
                            return push;
                        case "callAsync":
                            asked.add(HostileAgent.carried((Callable<?, ?>) arguments[0]));
                            return yes(method.getReturnType());
                        case "equals":
                            return proxy == arguments[0];
                        case "hashCode":
                            return System.identityHashCode(proxy);
                        default:
                            throw new UnsupportedOperationException(method.getName());
                    }
                });
        host = new AgentJobHost(
                new AgentJobHost.Agent(
                        new FilePath(channel, root.toString()),
                        new FilePath(channel, root + "@tmp"),
                        new Launcher.LocalLauncher(TaskListener.NULL),
                        Map.of()),
                news);
        host.follow("a", JobHost.Known.NOTHING);
        host.follow("b", new JobHost.Known(4, Map.of(1, 100L)));
    }

    private static Object yes(Class<?> future) {
        return Proxy.newProxyInstance(
                HostileNewsTest.class.getClassLoader(),
                new Class<?>[] {future},
                (proxy, method, arguments) -> method.getName().equals("get") ? (Object) true : null);
    }

    @Test
    void anAgentThatDoesNotFollowIsAway() {
        host.close();
        HostileAgent silent = HostileAgent.answering(FollowJob.class, "no");
        FilePath there = silent.file(root.toFile());
        try (AgentJobHost deaf = new AgentJobHost(
                new AgentJobHost.Agent(there, there, new Launcher.LocalLauncher(TaskListener.NULL), Map.of()), news)) {
            deaf.follow("deaf", JobHost.Known.NOTHING);
        }
        assertThat(news.lines("deaf")).hasSize(1);
        assertThat(news.lines("deaf").get(0)).startsWith("away: ");
    }

    private static JobNews.Event event(int number) {
        return new JobNews.Event(number, 1);
    }

    private boolean tell(java.util.function.Consumer<JobNewsFormat.Writer> what) {
        JobNewsFormat.Writer writer = new JobNewsFormat.Writer();
        what.accept(writer);
        return push.take(writer.take());
    }

    private static JobNewsFormat.StepResult result(int step, int attempt, int code, StepOutputs outputs) {
        return new JobNewsFormat.StepResult(step, attempt, code, true, outputs);
    }

    @Test
    void whatIsInOrderIsTold() {
        assertThat(tell(writer -> {
                    writer.started("a", 1, event(1), 0, 1);
                    writer.log("a", 1, 0, 0, new byte[] {'x', 'y'}, 2);
                    writer.log("b", 2, 1, 100, new byte[] {'z'}, 1);
                    writer.stepEnded(
                            "a",
                            1,
                            event(2),
                            result(0, 1, 0, new StepOutputs(Map.of("k", "v"), JobNewsFormat.OutputProblem.LINE, 3)));
                    writer.ended("a", 1, event(3));
                    // nothing comes after the end
                    writer.lost("a", 1, JobNewsFormat.Loss.DIED);
                    writer.started("a", 1, event(4), 1, 1);
                }))
                .isTrue();
        assertThat(news.lines("a")).containsExactly("started 0", "ended 0 0", "over");
        assertThat(news.end("a", 0).outputs()).isEqualTo(Map.of("k", "v"));
        assertThat(news.end("a", 0).problem()).startsWith("Line 3 of");
    }

    @Test
    void newsOfOtherJobsAndOfAnEarlierFollowingAreNoNews() {
        host.follow("b", new JobHost.Known(7, Map.of()));
        assertThat(tell(writer -> {
                    writer.started("stranger", 1, event(1), 0, 1);
                    writer.started("b", 2, event(5), 0, 1);
                    writer.started("b", 3, event(8), 0, 1);
                    writer.lost("a", 3, JobNewsFormat.Loss.KILLED);
                }))
                .isTrue();
        assertThat(news.lines("stranger")).isEmpty();
        assertThat(news.lines("a")).isEmpty();
        assertThat(news.lines("b")).containsExactly("started 0");
    }

    @Test
    void whatCannotFollowWhatWasToldEndsThisJobOnly() {
        List<java.util.function.Consumer<JobNewsFormat.Writer>> lies = List.of(
                writer -> writer.started("a", 1, event(2), 0, 1),
                writer -> writer.started("a", 1, event(0), 0, 1),
                writer -> writer.ended("a", 1, event(-1)),
                writer -> writer.log("a", 1, 0, 1, new byte[1], 1),
                writer -> {
                    writer.log("a", 1, 0, 0, new byte[9], 9);
                    writer.log("a", 1, 0, 0, new byte[9], 9);
                },
                writer -> {
                    writer.started("a", 1, event(1), 0, 1);
                    writer.stepEnded("a", 1, event(2), result(1, 1, 0, StepOutputs.NONE));
                },
                writer -> {
                    writer.started("a", 1, event(1), 0, 1);
                    writer.stepEnded("a", 1, event(2), result(0, 2, 0, StepOutputs.NONE));
                });
        for (int i = 0; i < lies.size(); i++) {
            begin();
            int before = asked.size();
            java.util.function.Consumer<JobNewsFormat.Writer> lie = lies.get(i);
            // A number that is none at all ends all of its host.
            boolean onlyThis = i != 1 && i != 2;
            assertThat(tell(lie)).as("lie " + i).isEqualTo(onlyThis);
            List<String> heard = news.lines("a");
            assertThat(heard.get(heard.size() - 1))
                    .as("lie " + i)
                    .startsWith("lost: The agent told something that cannot be: ");
            assertThat(asked.get(before)).as("it is ended there").isInstanceOf(EndJob.There.class);
            if (onlyThis) {
                assertThat(tell(writer -> writer.skipped("b", 2, event(5), 1))).isTrue();
            }
        }
    }

    @Test
    void noLengthIsBelieved() throws IOException {
        for (int length : new int[] {-1, 0, JobNewsFormat.PIECE + 1, Integer.MAX_VALUE}) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            DataOutputStream out = new DataOutputStream(bytes);
            out.writeByte(JobNewsFormat.Kind.LOG.ordinal());
            out.writeUTF("a");
            out.writeInt(1);
            out.writeInt(0);
            out.writeLong(0);
            out.writeInt(length);
            out.write(new byte[100]);
            begin();
            assertThat(push.take(bytes.toByteArray())).isFalse();
        }
        for (Map<String, String> outputs : List.of(
                Map.of("bad name", "x"), Map.of("", "x"), Map.of("../x", "x"), Map.of("n", "v".repeat(70_000)))) {
            begin();
            assertThat(tell(writer -> {
                        writer.started("a", 1, event(1), 0, 1);
                        writer.stepEnded(
                                "a",
                                1,
                                event(2),
                                result(0, 1, 0, new StepOutputs(outputs, JobNewsFormat.OutputProblem.NONE, 0)));
                    }))
                    .isFalse();
        }
        assertThat(news.end("a", 0)).isNull();
    }

    @Test
    void anyBytesAreNewsOrAnErrorOfTheFormat() {
        Random random = new Random(7);
        JobNewsFormat.Writer writer = new JobNewsFormat.Writer();
        writer.started("a", 1, event(1), 0, 1);
        writer.log("a", 1, 0, 0, new byte[50], 50);
        writer.stepEnded(
                "a",
                1,
                event(2),
                result(0, 1, 0, new StepOutputs(Map.of("k", "v"), JobNewsFormat.OutputProblem.NONE, 0)));
        writer.skipped("a", 1, event(3), 1);
        writer.ended("a", 1, event(4));
        writer.lost("a", 1, JobNewsFormat.Loss.DIED);
        byte[] good = writer.take();
        for (int i = 0; i < 200_000; i++) {
            byte[] bad = java.util.Arrays.copyOf(good, random.nextInt(good.length) + 1);
            for (int k = random.nextInt(4); k >= 0; k--) {
                bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
            }
            JobNewsFormat.Reader reader = new JobNewsFormat.Reader(bad);
            try {
                while (reader.next() != null) {
                    // what it says does not matter
                }
            } catch (IllegalArgumentException e) {
                assertThat(String.valueOf(e.getMessage()).length()).isLessThan(500);
            }
        }
    }

    @Test
    void whatCannotBeKeptIsAway() {
        AgentJobHost full = new AgentJobHost(
                new AgentJobHost.Agent(
                        new FilePath(root.toFile()),
                        new FilePath(root.toFile()),
                        new Launcher.LocalLauncher(TaskListener.NULL),
                        Map.of()),
                (JobNews) Proxy.newProxyInstance(
                        getClass().getClassLoader(), new Class<?>[] {JobNews.class}, (proxy, method, arguments) -> {
                            if (!method.getName().equals("away")) {
                                throw new IllegalStateException("the disk is full");
                            }
                            news.away((String) arguments[0], (String) arguments[1]);
                            return null;
                        }));
        assertThatThrownBy(() -> full.start(new JobOrder("x y", List.of(AgentJobHostTest.step(0, "true")), false, 0)))
                .hasMessageContaining("'x y'");
        try (full) {
            full.start(new JobOrder("full", List.of(AgentJobHostTest.step(0, "true")), false, 0));
            full.follow("full", JobHost.Known.NOTHING);
            assertThat(news.await("full", heard -> heard.size() == 1))
                    .containsExactly("away: What the job tells could not be stored: the disk is full");
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
