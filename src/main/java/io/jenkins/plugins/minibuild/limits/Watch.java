package io.jenkins.plugins.minibuild.limits;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.remoting.VirtualChannel;
import io.jenkins.plugins.minibuild.language.BoundLocale;
import io.jenkins.plugins.minibuild.process.AgentAnswer;
import io.jenkins.plugins.minibuild.process.ContainerMounts;
import io.jenkins.plugins.minibuild.process.ContainerRun;
import io.jenkins.plugins.minibuild.process.ProcessRun;
import io.jenkins.plugins.minibuild.process.ProcessTreeKill;
import io.jenkins.plugins.minibuild.step.TimeLimit;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Watches one block while it holds its slot: checks the time, measures on the agents of the block, and ends the processes of the block when a
 * limit is exceeded or the build was cancelled. It holds no thread: the timer runs it four times a second. The calls to agents run on another
 * executor, one at a time.
 */
final class Watch {
    /** The variable that marks the processes of a block; the value of a nested block is {@code outer/inner}. */
    static final String MARK = ContainerRun.LIMITS_MARK;

    /** The mark of the process that waits for the script of a Pipeline's sh: it has to survive to report the exit code. */
    private static final String SPARED = "JENKINS_SERVER_COOKIE=please-do-not-kill-me";

    private static final Logger LOGGER = Logger.getLogger(Watch.class.getName());
    private static final long TICK_MILLIS = 250;
    private static final long MEMORY_MILLIS = 1_000;
    private static final long FREE_MILLIS = 5_000;
    /** The least pause between two measurements of workspaces; the pause is also {@link #SIZE_FACTOR} times as long as the measurement took. */
    private static final long SIZE_MILLIS = 10_000;

    private static final long SIZE_FACTOR = 20;
    /** How long ending processes may take besides the grace; meanwhile those on other agents are not ended again. */
    private static final Duration KILL_PATIENCE = Duration.ofMinutes(1);
    /** The time for cleaning up after a limit was exceeded; after it, every new process is ended. */
    private static final long CLEAN_UP_MILLIS = 10_000;
    /** The pause between TERM and KILL when the build was cancelled: all processes have to be gone five seconds after the click. */
    private static final Duration CANCEL_GRACE = Duration.ofMillis(1_500);

    /** The block, as the watch sees it. The methods are called on any thread. */
    interface Block {
        /** The language of the build's log; empty for that of the JVM. */
        Optional<Locale> language();

        /** Writes a line to the log of the build. */
        void say(String line);

        /** Ends the block with this cause, because a limit is exceeded. Called once. */
        void exceeded(Excess excess);

        /** The number of requests to stop the build. */
        int interruptions();
    }

    /** Gives access to the agents. */
    interface Agents {
        /** The channel of an agent; null while it is not connected. */
        @CheckForNull
        VirtualChannel channel(String agent);

        /** Whether a block that is neither around nor inside the one of that mark uses the same workspace. */
        boolean isShared(String mark, Place place);

        /** Ends the processes with those variables by Jenkins' own means, where there is no /proc. */
        void kill(String agent, Map<String, String> variables) throws IOException, InterruptedException;
    }

    private final String mark;
    private final Limits limits;
    private final Watchdog watchdog;
    private final long heldSince;
    private final LogBudget log;
    private final Set<Place> places;
    private final Block block;
    private final Agents agents;
    private final Clock clock;
    private final ScheduledExecutorService timer;
    private final Executor remote;
    private final Map<String, Readings> readings = new ConcurrentHashMap<>();
    private final AtomicBoolean ended = new AtomicBoolean();
    private final AtomicBoolean exceeded = new AtomicBoolean();
    private final AtomicBoolean killing = new AtomicBoolean();
    private final AtomicBoolean unknownSaid = new AtomicBoolean();
    private volatile long exceededAt;
    /** The number of requests to stop that have been handled. */
    private volatile int interruptions;
    /**
     * The block that is watched.
     *
     * @param mark the value of {@link #MARK} in the environment of its processes
     * @param heldSince when its time began, in milliseconds of the wall clock
     * @param places the workspaces it has used; the watch adds others
     */
    record Subject(String mark, Limits limits, long heldSince, Set<Place> places, Block block) {}

    /**
     * @param timer runs the watch four times a second
     * @param remote runs the calls to agents
     */
    Watch(Subject subject, Agents agents, Clock clock, ScheduledExecutorService timer, Executor remote) {
        this.mark = subject.mark();
        this.limits = subject.limits();
        this.heldSince = subject.heldSince();
        this.watchdog = new Watchdog(limits, heldSince, clock.millis());
        this.log = new LogBudget(limits);
        this.places = subject.places();
        this.block = subject.block();
        this.agents = agents;
        this.clock = clock;
        this.timer = timer;
        this.remote = remote;
        this.interruptions = block.interruptions();
    }

    /** Begins to watch, until {@link #end}. */
    Watch begin() {
        tick();
        return this;
    }

    /** Ends the watch. */
    void end() {
        ended.set(true);
    }

    /** The block uses this workspace. */
    void uses(Place place) {
        places.add(place);
    }

    /**
     * A step with a time of its own begins in the block.
     *
     * @param ceiling in minutes; 0 for none
     */
    void begins(TimeLimit step, double ceiling) {
        watchdog.allow(limits.with(step, Duration.ofMillis(Math.max(0, clock.millis() - heldSince)), ceiling));
    }

    void lineLogged() {
        watchdog.lineLogged(clock.millis());
    }

    LogBudget log() {
        return log;
    }

    Limits limits() {
        return limits;
    }

    /** The agents that the block has used. */
    Set<String> agentsUsed() {
        Set<String> used = new TreeSet<>();
        places.forEach(place -> used.add(place.agent()));
        return used;
    }

    private void tick() {
        if (ended.get()) {
            return;
        }
        try (BoundLocale spoken = BoundLocale.bind(block.language())) {
            if (exceededAt > 0) {
                // Once for all that ran, then time to clean up, and from there on again and again: it has to end.
                if (clock.millis() - exceededAt > CLEAN_UP_MILLIS) {
                    endProcesses();
                }
            } else if (block.interruptions() > interruptions) {
                interruptions = block.interruptions();
                endProcesses(CANCEL_GRACE);
            } else {
                watchdog.checkTime(clock.millis()).ifPresent(this::exceed);
                askAgents();
            }
        } catch (RuntimeException e) {
            LOGGER.log(Level.WARNING, "The limits of " + mark + " could not be checked", e);
        }
        long next = Math.min(TICK_MILLIS, Math.max(1, watchdog.nextEnd() - clock.millis()));
        timer.schedule(this::tick, exceededAt > 0 ? TICK_MILLIS : next, TimeUnit.MILLISECONDS);
    }

    private void exceed(Excess excess) {
        if (!exceeded.compareAndSet(false, true)) {
            return;
        }
        exceededAt = clock.millis();
        block.say(excess.getShortDescription());
        block.exceeded(excess);
        endProcesses();
    }

    private void askAgents() {
        workspaces().forEach((agent, workspaces) -> readings.computeIfAbsent(agent, name -> new Readings())
                .ask(agent, workspaces));
    }

    /** What one agent is asked. Each by itself: the limits hold on the others while one does not answer. */
    private final class Readings {
        private final AtomicBoolean busy = new AtomicBoolean();
        /** These are only used by the one task that asks. */
        private volatile long memoryRead;

        private volatile long freeRead;
        private volatile long nextSize;

        void ask(String agent, List<String> workspaces) {
            if (clock.millis() - memoryRead < MEMORY_MILLIS || !busy.compareAndSet(false, true)) {
                return;
            }
            remote.execute(() -> {
                try (BoundLocale spoken = BoundLocale.bind(block.language())) {
                    read(agent, workspaces);
                } finally {
                    busy.set(false);
                }
            });
        }

        private void read(String agent, List<String> workspaces) {
            long now = clock.millis();
            boolean free = limits.has(Limit.FREE_DISK) && now - freeRead >= FREE_MILLIS;
            boolean size = limits.has(Limit.WORKSPACE) && now >= nextSize;
            memoryRead = now;
            freeRead = free ? now : freeRead;
            VirtualChannel channel = agents.channel(agent);
            if (channel == null || ended.get()) {
                return;
            }
            try {
                AgentReading reading = AgentAnswer.call(
                        channel,
                        new AgentSample(
                                MARK + "=" + mark, workspaces, containers(agent), limits.has(Limit.MEMORY), free, size),
                        AgentReading.class);
                judge(agent, reading);
            } catch (IOException | RuntimeException e) {
                LOGGER.log(Level.FINE, "No reading of " + agent, e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
            if (size) {
                nextSize = clock.millis() + Math.max(SIZE_MILLIS, SIZE_FACTOR * (clock.millis() - now));
            }
        }
    }

    private void judge(String agent, AgentReading reading) {
        String name = agent.isEmpty() ? Messages.Watch_builtIn() : agent;
        if (reading.unknown() != null && unknownSaid.compareAndSet(false, true)) {
            block.say(Messages.Watch_unknown(name, reading.unknown()));
        }
        Optional<Excess> excess = watchdog.checkReading(name, reading);
        if (excess.isPresent() && !ended.get()) {
            exceed(excess.get());
        }
    }

    private Map<String, List<String>> workspaces() {
        Map<String, List<String>> byAgent = new TreeMap<>();
        places.forEach(place ->
                byAgent.computeIfAbsent(place.agent(), a -> new ArrayList<>()).add(place.workspace()));
        return byAgent;
    }

    /**
     * The containers of this block on an agent: containers that mount its workspace and were started since it holds its slot. A workspace that
     * another block uses too does not count, because the owner of its containers is unknown.
     */
    private ContainerMounts containers(String agent) {
        List<String> folders = places.stream()
                .filter(place -> place.agent().equals(agent) && !agents.isShared(mark, place))
                .map(Place::workspace)
                .toList();
        return new ContainerMounts(folders, Duration.ofMillis(Math.max(0, clock.millis() - heldSince)));
    }

    /** Whether the block uses this workspace. */
    boolean isIn(Place place) {
        return places.contains(place);
    }

    /** Whether one of the two blocks is around the other, or they are the same. */
    boolean isRelated(String other) {
        return (mark + "/").startsWith(other + "/") || (other + "/").startsWith(mark + "/");
    }

    /** Ends all processes of the block on all agents that it used: TERM, KILL after three seconds. Returns at once. */
    void endProcesses() {
        endProcesses(ProcessRun.GRACE);
    }

    private void endProcesses(Duration grace) {
        if (!killing.compareAndSet(false, true)) {
            return;
        }
        CompletableFuture<?>[] all = agentsUsed().stream()
                .map(agent -> CompletableFuture.runAsync(() -> endOn(agent, grace), remote))
                .toArray(CompletableFuture<?>[]::new);
        CompletableFuture.allOf(all).whenComplete((done, failure) -> killing.set(false));
    }

    private void endOn(String agent, Duration grace) {
        VirtualChannel channel = agents.channel(agent);
        if (channel == null) {
            return;
        }
        try {
            if (!AgentAnswer.call(
                    channel,
                    new ProcessTreeKill(MARK + "=" + mark, grace, SPARED, containers(agent)),
                    Boolean.class,
                    grace.plus(KILL_PATIENCE))) {
                agents.kill(agent, Map.of(MARK, mark));
            }
        } catch (IOException | RuntimeException e) {
            LOGGER.log(Level.WARNING, "The processes of " + mark + " on " + agent + " could not be ended", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
