package io.jenkins.plugins.minibuild.limits;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.FilePath;
import hudson.Util;
import hudson.model.Computer;
import hudson.model.Node;
import hudson.model.RootAction;
import hudson.model.TaskListener;
import hudson.remoting.VirtualChannel;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.jenkins.plugins.minibuild.files.ByteCount;
import io.jenkins.plugins.minibuild.limits.retention.RetentionPlan;
import io.jenkins.plugins.minibuild.limits.retention.RetentionWork;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import jenkins.model.Jenkins;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.StaplerResponse2;
import org.kohsuke.stapler.interceptor.RequirePOST;

/** The page "Mini Build: limits": every pool with the builds that hold a slot or wait, and the load of the agents. */
@Extension
public final class LimitsPageAction implements RootAction {
    private final AgentLoads loads = new AgentLoads();

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
                ticket.priority().title(),
                Util.getTimeSpanString(Math.max(0, millis)));
    }

    /** The connected agents. */
    public List<Agent> getAgents() throws InterruptedException {
        Jenkins.get().checkPermission(Jenkins.READ);
        Map<String, AgentLoads.Connection> connected = new LinkedHashMap<>();
        Map<String, String> titles = new LinkedHashMap<>();
        for (Computer computer : Jenkins.get().getComputers()) {
            VirtualChannel channel = computer.getChannel();
            Node node = computer.getNode();
            FilePath root = node == null ? null : node.getRootPath();
            if (channel != null && root != null) {
                connected.put(computer.getName(), new AgentLoads.Connection(channel, root.getRemote()));
                titles.put(computer.getName(), computer.getDisplayName());
            }
        }
        Map<String, AgentFacts.Report> told = loads.of(connected, System.currentTimeMillis());
        List<Agent> agents = new ArrayList<>();
        titles.forEach((name, title) -> agents.add(agent(name, title, told.get(name))));
        return agents;
    }

    private static Agent agent(String name, String title, @CheckForNull AgentFacts.Report report) {
        String unknown = Messages.LimitsPageAction_unknown();
        long held = SlotsAdapter.get().blocksOn(name);
        return report == null
                ? new Agent(title, unknown, unknown, unknown, held)
                : new Agent(
                        title, report.loadText(unknown), report.memoryText(unknown), report.diskText(unknown), held);
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
