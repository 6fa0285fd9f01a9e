package io.jenkins.plugins.minibuild.limits;

import hudson.remoting.VirtualChannel;
import io.jenkins.plugins.minibuild.process.AgentAnswer;
import io.jenkins.plugins.minibuild.process.Deadline;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The load of the agents as they last told it. All viewers of the page together ask an agent once in ten seconds: anybody who may see Jenkins may see the page. Safe
 * for several threads; while one asks, the others wait for its answers.
 */
final class AgentLoads {
    private static final Logger LOGGER = Logger.getLogger(AgentLoads.class.getName());
    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final long FRESH_MILLIS = 10_000;

    private final Map<String, AgentFacts.Report> told = new HashMap<>();
    private long asked = Long.MIN_VALUE;

    /** An agent's channel and folder. */
    record Connection(VirtualChannel channel, String root) {}

    /**
     * What the agents say. One that says nothing in time, or nonsense, is left out.
     *
     * @param agents by name
     * @param now in milliseconds of the wall clock
     */
    synchronized Map<String, AgentFacts.Report> of(Map<String, Connection> agents, long now)
            throws InterruptedException {
        if (asked == Long.MIN_VALUE || now - asked >= FRESH_MILLIS || now < asked) {
            Map<String, AgentFacts.Report> answers = ask(agents);
            told.clear();
            told.putAll(answers);
            asked = now;
        }
        Map<String, AgentFacts.Report> known = new HashMap<>(told);
        known.keySet().retainAll(agents.keySet());
        return known;
    }

    /** All at the same time. */
    private static Map<String, AgentFacts.Report> ask(Map<String, Connection> agents) throws InterruptedException {
        Map<String, AgentAnswer.Pending<AgentFacts.Report>> pending = new LinkedHashMap<>();
        agents.forEach((name, agent) -> {
            try {
                pending.put(
                        name, AgentAnswer.ask(agent.channel(), new AgentFacts(agent.root()), AgentFacts.Report.class));
            } catch (IOException e) {
                LOGGER.log(Level.FINE, "The agent " + name + " has just disconnected", e);
            }
        });
        Deadline deadline = Deadline.after(PATIENCE);
        Map<String, AgentFacts.Report> answers = new HashMap<>();
        for (Map.Entry<String, AgentAnswer.Pending<AgentFacts.Report>> each : pending.entrySet()) {
            try {
                answers.put(each.getKey(), each.getValue().within(deadline.remaining()));
            } catch (IOException e) {
                LOGGER.log(Level.FINE, "No load of the agent " + each.getKey(), e);
            }
        }
        return answers;
    }
}
