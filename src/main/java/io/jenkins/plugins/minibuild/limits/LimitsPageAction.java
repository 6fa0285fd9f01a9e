package io.jenkins.plugins.minibuild.limits;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.FilePath;
import hudson.Util;
import hudson.model.Computer;
import hudson.model.Node;
import hudson.model.RootAction;
import hudson.model.TaskListener;
import hudson.remoting.Future;
import hudson.remoting.VirtualChannel;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.jenkins.plugins.minibuild.files.ByteCount;
import io.jenkins.plugins.minibuild.limits.retention.RetentionPlan;
import io.jenkins.plugins.minibuild.limits.retention.RetentionWork;
import io.jenkins.plugins.minibuild.process.Deadline;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import jenkins.model.Jenkins;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.StaplerResponse2;
import org.kohsuke.stapler.interceptor.RequirePOST;

/** The page "Mini Build limits": every pool with the builds that hold a slot or wait, and the load of the agents. */
@Extension
public final class LimitsPageAction implements RootAction {
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    /** A pool on the page. */
    public record Pool(String name, int slots, boolean starting, List<Row> holders, List<Row> waiting) {}

    /** A build on the page; its link is null if the viewer may not see it. */
    public record Row(
            int position, String title, @CheckForNull String link, String priority, String duration) {}

    /** An agent on the page. */
    public record Agent(String name, String load, String memory, String disk, long held) {}

    @Override
    @CheckForNull
    public String getIconFileName() {
        return Jenkins.get().hasPermission(Jenkins.READ) ? "symbol-hourglass" : null;
    }

    @Override
    public String getDisplayName() {
        return Messages.LimitsPageAction_displayName();
    }

    @Override
    public String getUrlName() {
        return "mini-build-limits";
    }

    /** All pools. */
    public List<Pool> getPools() {
        Jenkins.get().checkPermission(Jenkins.READ);
        SlotPools slots = SlotsAdapter.get().pools();
        Set<String> names = new TreeSet<>(LimitsConfiguration.get().poolNames());
        slots.views().forEach(view -> names.add(view.name()));
        long now = System.currentTimeMillis();
        List<Pool> pools = new ArrayList<>();
        for (String name : names) {
            SlotPools.View view = slots.view(name);
            List<Row> holders = new ArrayList<>();
            for (SlotPool.Holding holding : view.holdings()) {
                holders.add(row(0, holding.ticket(), now - holding.since()));
            }
            List<Row> waiting = new ArrayList<>();
            for (Ticket ticket : view.waiting()) {
                waiting.add(row(waiting.size() + 1, ticket, now - ticket.drawnAt()));
            }
            pools.add(new Pool(name, view.size(), view.closed(), holders, waiting));
        }
        return pools;
    }

    private static Row row(int position, Ticket ticket, long millis) {
        boolean visible = SlotsAdapter.isVisible(ticket);
        return new Row(
                position,
                visible ? ticket.title() : Messages.LimitsPageAction_hidden(),
                visible ? ticket.url() : null,
                ticket.priority().word(),
                Util.getTimeSpanString(Math.max(0, millis)));
    }

    /** The connected agents. It asks all of them at the same time and waits only for a moment. */
    public List<Agent> getAgents() throws InterruptedException {
        Jenkins.get().checkPermission(Jenkins.READ);
        Map<Computer, Future<AgentFacts.Report>> asked = new LinkedHashMap<>();
        for (Computer computer : Jenkins.get().getComputers()) {
            VirtualChannel channel = computer.getChannel();
            Node node = computer.getNode();
            FilePath root = node == null ? null : node.getRootPath();
            if (channel != null && root != null) {
                try {
                    asked.put(computer, channel.callAsync(new AgentFacts(root.getRemote())));
                } catch (IOException e) {
                    // The agent has just disconnected; it is not listed.
                }
            }
        }
        Deadline deadline = Deadline.after(PATIENCE);
        List<Agent> agents = new ArrayList<>();
        for (Map.Entry<Computer, Future<AgentFacts.Report>> each : asked.entrySet()) {
            agents.add(agent(each.getKey(), each.getValue(), deadline));
        }
        return agents;
    }

    private static Agent agent(Computer computer, Future<AgentFacts.Report> answer, Deadline deadline)
            throws InterruptedException {
        String unknown = Messages.LimitsPageAction_unknown();
        long held = SlotsAdapter.get().blocksOn(computer.getName());
        try {
            AgentFacts.Report report = answer.get(deadline.remaining().toMillis(), TimeUnit.MILLISECONDS);
            return new Agent(
                    computer.getDisplayName(),
                    report.loadText(unknown),
                    report.memoryText(unknown),
                    report.diskText(unknown),
                    held);
        } catch (ExecutionException | TimeoutException e) {
            return new Agent(computer.getDisplayName(), unknown, unknown, unknown, held);
        }
    }

    /** Whether the viewer may see what the retention would delete. */
    public boolean isRetentionVisible() {
        return Jenkins.get().hasPermission(Jenkins.ADMINISTER);
    }

    /** Shows what the retention would delete now. */
    @RequirePOST
    public void doDryRun(StaplerRequest2 request, StaplerResponse2 response)
            throws IOException, InterruptedException, ServletException {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        List<String> lines = new ArrayList<>();
        try (ACLContext all = ACL.as2(ACL.SYSTEM2)) {
            for (RetentionPlan.Deletion deletion : RetentionWork.get().plan(TaskListener.NULL)) {
                lines.add(Messages.RetentionWork_wouldDelete(
                        deletion.candidate().place().path(),
                        ByteCount.text(deletion.candidate().bytes()),
                        deletion.reason()));
            }
        }
        if (lines.isEmpty()) {
            lines.add(Messages.RetentionWork_nothing());
        }
        request.setAttribute("lines", lines);
        request.getView(this, "retention.jelly").forward(request, response);
    }
}
