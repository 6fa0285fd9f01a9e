package io.jenkins.plugins.minibuild.limits;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.FilePath;
import hudson.remoting.VirtualChannel;
import io.jenkins.plugins.minibuild.standin.Forgery;
import io.jenkins.plugins.minibuild.standin.HostileAgent;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AgentLoadsTest {
    private final AgentLoads loads = new AgentLoads();

    private static AgentLoads.Connection to(VirtualChannel channel) {
        return new AgentLoads.Connection(channel, "/tmp");
    }

    @Test
    void allViewersTogetherAskAnAgentOnceInTenSeconds() throws Exception {
        HostileAgent agent = HostileAgent.answering(
                AgentFacts.class, Forgery.of(AgentFacts.Report.class, "processors", 4, "memory", 1L << 30));
        Map<String, AgentLoads.Connection> agents = Map.of("a", to(agent.channel()));
        for (int viewer = 0; viewer < 100; viewer++) {
            assertThat(loads.of(agents, 1_000 + 99L * viewer)).containsOnlyKeys("a");
        }
        assertThat(agent.lies()).isEqualTo(1);
        loads.of(agents, 11_000);
        assertThat(agent.lies()).isEqualTo(2);
    }

    /** Before, null or another object in place of the answer was an error of the page, for everybody. */
    @Test
    void anAgentThatAnswersNonsenseIsUnknownAndTheOthersAreShown() throws Exception {
        Map<String, AgentLoads.Connection> agents = new HashMap<>();
        agents.put("honest", to(FilePath.localChannel));
        agents.put("silent", to(HostileAgent.answering(null, null).channel()));
        agents.put("strange", to(HostileAgent.answering(null, "a text").channel()));
        agents.put(
                "throwing",
                to(HostileAgent.answering(null, new StackOverflowError()).channel()));
        agents.put(
                "impossible",
                to(HostileAgent.answering(null, Forgery.of(AgentFacts.Report.class, "load", Double.NaN))
                        .channel()));
        assertThat(loads.of(agents, 0)).containsOnlyKeys("honest");
        assertThat(loads.of(Map.of("silent", agents.get("silent")), 1)).isEmpty();
    }
}
