package io.jenkins.plugins.minibuild.limits;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.Util;
import hudson.init.InitMilestone;
import hudson.model.AbstractBuild;
import hudson.model.Computer;
import hudson.model.Executor;
import hudson.model.Item;
import hudson.model.Node;
import hudson.model.Queue;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.model.listeners.ItemListener;
import hudson.remoting.VirtualChannel;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.jenkins.plugins.minibuild.step.BuildFactsAction;
import io.jenkins.plugins.minibuild.step.Fact;
import io.jenkins.plugins.minibuild.step.SlotProviderAdapter;
import io.jenkins.plugins.minibuild.step.TimeLimit;
import java.io.File;
import java.io.IOException;
import java.time.Clock;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import jenkins.model.InterruptedBuildAction;
import jenkins.model.Jenkins;
import jenkins.util.Timer;
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException;
import org.jenkinsci.plugins.workflow.steps.StepExecution;

/**
 * The pools and the watched blocks of this controller. After a start the pools stay closed until all running Pipelines have been loaded
 * and have repeated their requests. Only the tickets are stored, in the builds.
 */
@Extension
public final class SlotsAdapter implements Watch.Agents {
    private static final Logger LOGGER = Logger.getLogger(SlotsAdapter.class.getName());
    private static final String QUEUE = "queue:";
    private static final int NAMED_HOLDERS = 5;

    private final SlotPools pools = new SlotPools(
            Clock.systemUTC(), pool -> LimitsConfiguration.get().slotsOf(pool), Computer.threadPoolForRemoting, true);
    private final Map<String, Watch> watches = new ConcurrentHashMap<>();
    /** The logs of Pipeline builds that have held a slot, by the build. */
    private final Map<String, BuildLog> logs = new ConcurrentHashMap<>();
    /** The owners that the last check did not find. One check is not enough: an item that becomes a build is for a moment neither of them. */
    private Set<String> missing = Set.of();

    public SlotsAdapter() {
        if (Jenkins.get().getInitLevel() == InitMilestone.COMPLETED) {
            // The plugin was installed while Jenkins runs: no listener is called. Not in here: a build that is loaded
            // asks for its log, and that for this
            // object, which would have to be made for itself.
            Timer.get().submit(() -> get().recover());
        }
    }

    static SlotsAdapter get() {
        return ExtensionList.lookupSingleton(SlotsAdapter.class);
    }

    SlotPools pools() {
        return pools;
    }

    /** Has every Pipeline repeat its requests, then opens the pools. */
    private void recover() {
        StepExecution.acceptAll(StepExecution.class, SlotsAdapter::recover)
                .addListener(pools::open, Computer.threadPoolForRemoting);
    }

    /** Jenkins has loaded its jobs and its queue. An initializer after COMPLETED would keep Jenkins from completing (JENKINS-37759). */
    @Extension
    public static final class LoadListener extends ItemListener {
        @Override
        public void onLoaded() {
            SlotsAdapter.get().recover();
        }
    }

    private static void recover(StepExecution execution) {
        if (execution instanceof MiniBuildLimitsStep.Execution block) {
            block.recover();
        } else if (execution instanceof SlotProviderAdapter.ResumingStep step) {
            step.repeatRequest();
        }
    }

    /** A new ticket of a build. */
    Ticket draw(Run<?, ?> run, Priority priority, int narrowed) {
        return new Ticket(newId(), ticketOwner(run), priority, pools.nextSequence(), narrowed, false);
    }

    /** A new ticket of an item of Jenkins' queue. */
    Ticket draw(Queue.Item item, Priority priority, int narrowed) {
        return new Ticket(
                newId(),
                new Ticket.Owner(QUEUE + item.getId(), item.task.getFullDisplayName(), item.task.getUrl()),
                priority,
                pools.nextSequence(),
                narrowed,
                true);
    }

    static String newId() {
        return UUID.randomUUID().toString().substring(0, 13);
    }

    static Ticket.Owner ticketOwner(Run<?, ?> run) {
        return new Ticket.Owner(ownerOf(run), run.getFullDisplayName(), run.getUrl());
    }

    static String ownerOf(Run<?, ?> run) {
        return run.getExternalizableId();
    }

    /** Whether a block around this one holds a slot of the pool for the same build. */
    boolean isNested(String pool, @CheckForNull String mark, Run<?, ?> run) {
        return mark != null && pools.holdsAny(pool, new HashSet<>(Arrays.asList(mark.split("/"))), ownerOf(run));
    }

    /** Whether the ticket of that id holds a resource. */
    boolean isUsedBy(String resource, String id) {
        SlotPool.Holding user = pools.user(resource);
        return user != null && user.ticket().id().equals(id);
    }

    /** From now on the log of the build is limited, at least as far as these limits allow. Freestyle builds limit theirs from the beginning. */
    void limitLog(@CheckForNull Run<?, ?> run, Limits limits) {
        if (run == null || run instanceof AbstractBuild) {
            return;
        }
        BuildLog before =
                logs.putIfAbsent(ownerOf(run), new BuildLog(limits, new File(run.getRootDir(), "log").length()));
        if (before != null) {
            before.raise(limits);
        }
    }

    /** The log of a Pipeline build that has held a slot; null for another one. */
    @CheckForNull
    BuildLog logOf(String build) {
        return logs.get(build);
    }

    /** Writes the end of the build's log. */
    void endLog(Run<?, ?> run, TaskListener log) {
        BuildLog limited = logs.get(ownerOf(run));
        if (limited != null) {
            try {
                limited.finish(log.getLogger());
            } catch (IOException e) {
                LOGGER.log(Level.WARNING, "The end of the log of " + run + " is lost", e);
            }
        }
    }

    /** The build has ended. */
    void forgetLog(Run<?, ?> run) {
        logs.remove(ownerOf(run));
    }

    /** Begins to watch a block; ends an earlier watch of the same id. */
    Watch watch(String id, Watch.Subject subject) {
        Watch watch = new Watch(subject, this, Clock.systemUTC(), Timer.get(), Computer.threadPoolForRemoting);
        Watch before = watches.put(id, watch);
        if (before != null) {
            before.end();
        }
        return watch.begin();
    }

    /** Ends the watch of a block and writes the end of its log. Returns the watch; null if there was none. */
    @CheckForNull
    Watch endWatch(String id, TaskListener log) {
        Watch watch = watches.remove(id);
        if (watch != null) {
            watch.end();
            try {
                watch.log().finish(log.getLogger());
            } catch (IOException e) {
                LOGGER.log(Level.WARNING, "The end of the log of " + id + " is lost", e);
            }
        }
        return watch;
    }

    /** The watch of a block; null while it waits and after it has ended. */
    @CheckForNull
    Watch watchOf(String id) {
        return watches.get(id);
    }

    /** A step with a time of its own begins: the blocks around it to which the job gave no time wait for it. */
    void begins(String mark, TimeLimit step) {
        double ceiling = LimitsConfiguration.get().getMaxTimeoutMinutes();
        for (String id : mark.split("/")) {
            Watch around = watches.get(id);
            if (around != null) {
                around.begins(step, ceiling);
            }
        }
    }

    /** The number of blocks that use an agent now. */
    long blocksOn(String agent) {
        return watches.values().stream()
                .filter(watch -> watch.agentsUsed().contains(agent))
                .count();
    }

    /** The name of an agent in this package: empty for the built-in node. */
    static String agentOf(@CheckForNull String nodeName) {
        return nodeName == null || nodeName.equals("built-in") || nodeName.equals("master") ? "" : nodeName;
    }

    @Override
    @CheckForNull
    public VirtualChannel channel(String agent) {
        Jenkins jenkins = Jenkins.getInstanceOrNull();
        Computer computer = jenkins == null ? null : jenkins.getComputer(agent);
        return computer == null ? null : computer.getChannel();
    }

    @Override
    public boolean isShared(String mark, Place place) {
        return watches.values().stream().anyMatch(watch -> watch.isIn(place) && !watch.isRelated(mark));
    }

    @Override
    public void kill(String agent, Map<String, String> variables) throws IOException, InterruptedException {
        Computer computer = Jenkins.get().getComputer(agent);
        Node node = computer == null ? null : computer.getNode();
        if (node != null) {
            node.createLauncher(TaskListener.NULL).kill(variables);
        }
    }

    /** The number of requests to stop the build; a shutdown of Jenkins does not count. */
    static int interruptions(Run<?, ?> run) {
        Executor executor = run.getExecutor();
        int pending = executor == null ? 0 : executor.getCausesOfInterruption().size();
        return pending + run.getActions(InterruptedBuildAction.class).size();
    }

    /**
     * Records which limit ends a build or a block of it, and returns the exception that does.
     *
     * @param run null when it cannot be had any more; then only the exception says it
     */
    static FlowInterruptedException end(@CheckForNull Run<?, ?> run, Limits limits, Excess excess) {
        record(run, excess);
        return new FlowInterruptedException(limits.onExpiry(), false, excess);
    }

    /** Records which limit ends a build or a block of it. */
    static void record(@CheckForNull Run<?, ?> run, Excess excess) {
        if (run != null) {
            BuildFactsAction.add(run, Map.of(Fact.ENDED_BY_LIMIT, excess.getShortDescription()));
        }
    }

    /** Releases the slots of builds that do not run and of items that are not queued any more. */
    void reconcile() {
        Set<String> gone = pools.owners();
        gone.removeIf(SlotsAdapter::isAlive);
        Set<String> before = missing;
        missing = Set.copyOf(gone);
        gone.retainAll(before);
        if (!gone.isEmpty()) {
            LOGGER.log(Level.FINE, "Slots of {0} are given back: they do not run any more", gone);
            pools.releaseOwners(gone::contains);
        }
        pools.review();
    }

    private static boolean isAlive(String owner) {
        if (owner.startsWith(QUEUE)) {
            return Jenkins.get().getQueue().getItem(Long.parseLong(owner.substring(QUEUE.length()))) != null;
        }
        Run<?, ?> run = Run.fromExternalizableId(owner);
        return run != null && run.isBuilding();
    }

    /** The job that a ticket belongs to; null if it is gone. */
    @CheckForNull
    private static Item jobOf(Ticket ticket) {
        // The caller checks whether the user may see the job.
        try (ACLContext all = ACL.as2(ACL.SYSTEM2)) {
            if (ticket.owner().startsWith(QUEUE)) {
                Queue.Item queued = Jenkins.get()
                        .getQueue()
                        .getItem(Long.parseLong(ticket.owner().substring(QUEUE.length())));
                return queued != null && queued.task instanceof Item job ? job : null;
            }
            Run<?, ?> run = Run.fromExternalizableId(ticket.owner());
            return run == null ? null : run.getParent();
        }
    }

    /** Whether the current user may see the job of a ticket. */
    static boolean isVisible(Ticket ticket) {
        Item job = jobOf(ticket);
        return job != null && job.hasPermission(Item.READ);
    }

    /** The name of a build for the current user. */
    static String titleFor(Ticket ticket) {
        return isVisible(ticket) ? ticket.title() : Messages.LimitsPageAction_hidden();
    }

    /**
     * The name of a build for the readers of another build's log. They see it only where the two jobs have the same access control list,
     * because only then the same people may read both.
     */
    private static String titleForReadersOf(@CheckForNull Item reader, Ticket ticket) {
        Item job = jobOf(ticket);
        boolean same = job != null
                && reader != null
                && (job.equals(reader) || job.getACL().equals(reader.getACL()));
        return same ? ticket.title() : Messages.LimitsPageAction_hidden();
    }

    /** The state of a waiting ticket, for the log of its build: its place, and which builds hold the slots for how long. */
    String describeWait(String pool, Ticket ticket) {
        return describeWait(List.of(pool), ticket);
    }

    /** As {@link #describeWait(String, Ticket)}, for a ticket that waits in several pools. */
    String describeWait(List<String> names, Ticket ticket) {
        Item reader = jobOf(ticket);
        return describe(names, ticket, holder -> titleForReadersOf(reader, holder));
    }

    /** As {@link #describeWait}, for the current user. */
    String describeWaitToViewer(List<String> names, Ticket ticket) {
        return describe(names, ticket, SlotsAdapter::titleFor);
    }

    private String describe(List<String> pools, Ticket ticket, Function<Ticket, String> names) {
        String resources = describeResources(ticket, names);
        if (ticket.slotless()) {
            return resources;
        }
        String slots = pools.stream().map(pool -> describe(pool, ticket, names)).collect(Collectors.joining(". "));
        return resources.isEmpty() ? slots : slots + ". " + resources;
    }

    private String describe(String pool, Ticket ticket, Function<Ticket, String> names) {
        SlotPools.View view = pools.view(pool);
        long now = System.currentTimeMillis();
        String holders = view.holdings().stream()
                .limit(NAMED_HOLDERS)
                .map(h -> names.apply(h.ticket()) + " (" + Util.getTimeSpanString(Math.max(0, now - h.since())) + ")")
                .collect(Collectors.joining(", "));
        if (view.holdings().size() > NAMED_HOLDERS) {
            holders += ", …";
        }
        return Messages.Slots_waiting(
                pool,
                pools.position(pool, ticket.id()),
                view.waiting().size(),
                view.holdings().size(),
                view.size(),
                holders.isEmpty() ? "-" : holders,
                ticket.priority().title());
    }

    /** Which build uses what a ticket waits for; empty if nothing of it is in use. */
    private String describeResources(Ticket ticket, Function<Ticket, String> names) {
        long now = System.currentTimeMillis();
        return ticket.resources().stream()
                .flatMap(resource -> Optional.ofNullable(pools.user(resource)).stream()
                        .map(user -> Messages.Slots_resource(
                                resource,
                                names.apply(user.ticket()),
                                Util.getTimeSpanString(Math.max(0, now - user.since())))))
                .collect(Collectors.joining(". "));
    }
}
