package io.jenkins.plugins.minibuild.workflow.engine;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.Launcher;
import hudson.model.TaskListener;
import io.jenkins.plugins.minibuild.standin.AgentJvm;
import io.jenkins.plugins.minibuild.workflow.model.Retry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An agent in a JVM of its own, by Jenkins' real remoting. */
class LostAgentTest {
    @TempDir
    Path root;

    private final HeardNews news = new HeardNews();
    private final String job = "l-" + UUID.randomUUID();

    private AgentJobHost host(AgentJvm agent) {
        return new AgentJobHost(
                new AgentJobHost.Agent(
                        agent.file(root.resolve("workspace").toFile()),
                        agent.file(root.resolve("workspace@tmp").toFile()),
                        new Launcher.RemoteLauncher(TaskListener.NULL, agent.channel(), true),
                        Map.of()),
                news);
    }

    @Test
    void aJobOutlivesItsAgentAndIsFollowedByTheNextOne() throws Exception {
        AgentJvm first = AgentJvm.start();
        AgentJobHost lost = host(first);
        lost.start(new JobOrder(
                job,
                List.of(
                        AgentJobHostTest.step(0, "echo begun; echo o=1 >>\"$MINI_BUILD_OUTPUT\""),
                        AgentJobHostTest.step(1, "echo up; until [ -e go ]; do sleep 0.02; done; echo down")),
                false,
                0));
        lost.follow(job, JobHost.Known.NOTHING);
        news.awaitLog(job, 1, "up");
        first.kill();
        assertThat(news.await(job, heard -> heard.size() == 4).get(3)).startsWith("away: ");
        lost.follow(job, news.known(job));
        assertThat(news.await(job, heard -> heard.size() == 5).get(4)).startsWith("away: ");
        lost.close();
        Files.createFile(root.resolve("workspace/go"));
        try (AgentJvm second = AgentJvm.start();
                AgentJobHost host = host(second)) {
            host.follow(job, news.known(job));
            List<String> heard = news.awaitEnd(job);
            assertThat(heard.subList(5, heard.size())).containsExactly("ended 1 0", "over");
            assertThat(news.log(job, 1)).isEqualTo("up\ndown\n");
            assertThat(news.end(job, 0).outputs()).isEqualTo(Map.of("o", "1"));
            host.forget(job);
        }
    }

    @Test
    void aConnectionThatIsClosedEndsTheFollowingOnly() throws Exception {
        AgentJvm agent = AgentJvm.start();
        AgentJobHost host = host(agent);
        host.start(new JobOrder(
                job, List.of(AgentJobHostTest.step(0, "echo up; until [ -e go ]; do sleep 0.02; done")), false, 0));
        host.follow(job, JobHost.Known.NOTHING);
        news.awaitLog(job, 0, "up");
        agent.close();
        assertThat(news.await(job, heard -> heard.size() == 2).get(1)).startsWith("away: The agent is not connected");
        Files.createFile(root.resolve("workspace/go"));
        try (AgentJvm second = AgentJvm.start();
                AgentJobHost again = host(second)) {
            again.follow(job, news.known(job));
            assertThat(news.awaitEnd(job)).endsWith("ended 0 0", "over");
        }
    }

    @Test
    void whatIsFollowedTwiceOnOneConnectionIsToldOnce() throws Exception {
        try (AgentJvm agent = AgentJvm.start();
                AgentJobHost host = host(agent)) {
            for (int i = 0; i < 30; i++) {
                String each = job + "-" + i;
                // A job that is about to begin: nothing is told between the two.
                Files.createDirectories(
                        root.resolve("workspace@tmp/mini-build-workflow").resolve(each));
                host.follow(each, JobHost.Known.NOTHING);
                host.follow(each, JobHost.Known.NOTHING);
                host.start(new JobOrder(each, List.of(AgentJobHostTest.step(0, "seq 1 1000")), false, 0));
            }
            System.gc();
            for (int i = 0; i < 30; i++) {
                assertThat(news.awaitEnd(job + "-" + i)).endsWith("over");
            }
        }
    }

    @Test
    @Tag("slow")
    void agentsThatAreKilledAtAnyMomentLoseNothingAndRunNothingTwice() throws Exception {
        Random random = new Random(20261130);
        Retry thrice = new Retry(2, 10, List.of());
        JobOrder order = new JobOrder(
                job,
                List.of(
                        AgentJobHostTest.step(0, "for i in 1 2 3 4 5 6 7 8 9; do echo 0 $i; sleep 0.2; done"),
                        AgentJobHostTest.step(1, "echo try; sleep 0.5; exit 3", Map.of(), thrice),
                        AgentJobHostTest.step(2, "echo never"),
                        AgentJobHostTest.post(3, "seq 1 200000; sleep 1; seq 1 200000")),
                false,
                600_000);
        Set<String> over = new HashSet<>();
        for (int life = 0; life < 12 && over.isEmpty(); life++) {
            AgentJvm agent = AgentJvm.start();
            AgentJobHost host = host(agent);
            try {
                host.start(order);
                host.follow(job, news.known(job));
                Thread.sleep(50 + random.nextInt(900));
            } finally {
                agent.kill();
                host.close();
            }
            news.lines(job).stream().filter("over"::equals).forEach(over::add);
        }
        if (over.isEmpty()) {
            try (AgentJvm agent = AgentJvm.start();
                    AgentJobHost host = host(agent)) {
                host.follow(job, news.known(job));
                news.awaitEnd(job);
            }
        }
        assertThat(news.awaitEnd(job).stream().filter(each -> !each.startsWith("away")))
                .containsExactly(
                        "started 0",
                        "ended 0 0",
                        "started 1",
                        "ended 1 3 retry",
                        "started 1 again 2",
                        "ended 1 3 retry",
                        "started 1 again 3",
                        "ended 1 3",
                        "skipped 2",
                        "started 3",
                        "ended 3 0",
                        "over");
        assertThat(news.log(job, 0).lines()).hasSize(9);
        assertThat(news.log(job, 1)).isEqualTo("try\ntry\ntry\n");
        assertThat(news.log(job, 3).lines()).hasSize(400_000);
    }
}
