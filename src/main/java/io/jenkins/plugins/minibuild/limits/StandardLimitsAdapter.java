package io.jenkins.plugins.minibuild.limits;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import hudson.Extension;
import hudson.Launcher;
import hudson.model.Job;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.util.StreamTaskListener;
import io.jenkins.plugins.minibuild.language.BoundLocale;
import io.jenkins.plugins.minibuild.language.LanguageAdapter;
import io.jenkins.plugins.minibuild.process.Deadline;
import io.jenkins.plugins.minibuild.step.BuildContext;
import io.jenkins.plugins.minibuild.step.SlotProviderAdapter;
import io.jenkins.plugins.minibuild.step.TimeLimit;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import jenkins.util.Timer;

/**
 * Gives slots, and the default limits, to the steps that name a pool, and the resources that a step has to use alone. A step inside a block or a
 * build that holds a slot of that pool takes no second slot; the limits of that block or build apply to it.
 */
@Extension
public final class StandardLimitsAdapter extends SlotProviderAdapter {
    @Override
    @CheckForNull
    public String fullPool(Job<?, ?> job) {
        return SlotsAdapter.get()
                .pools()
                .full(LimitsQueueAdapter.poolsOf(job), owner -> owner.startsWith(job.getFullName() + "#"));
    }

    @Override
    public SlotRequest request(Need need, Requester requester) throws IOException {
        String pool = need.wanted().pool();
        TimeLimit time = need.wanted().time();
        if (time != null && time.given()) {
            String refusal = refusal(time.time());
            if (refusal != null) {
                throw new AbortException(refusal);
            }
        }
        Run<?, ?> run = need.run();
        SlotsAdapter slots = SlotsAdapter.get();
        String outer = need.environment().get(Watch.MARK);
        boolean nested = slots.isNested(pool, outer, run);
        SlotTicketAction queued = run.getAction(SlotTicketAction.class);
        boolean held = queued != null
                && queued.refused() == null
                && queued.pools().contains(pool)
                && slots.pools().standing(pool, queued.ticket().id()) == SlotPool.Standing.HOLDING;
        if (!nested && !held && queued != null && queued.refused() != null) {
            throw new AbortException(queued.refused());
        }
        String build = held ? queued.ticket().id() : "";
        Set<String> missing = new TreeSet<>(need.wanted().resources());
        missing.removeIf(resource -> slots.isUsedBy(resource, build));
        Ticket ticket = slots.draw(run, Priority.NORMAL, 0).with(missing);
        boolean inside = nested || held;
        StandardRequest step = new StandardRequest(
                need,
                inside ? ticket.withoutSlot() : ticket,
                limits(pool, time),
                new Around(outer, nested, build),
                requester);
        if (inside && missing.isEmpty()) {
            step.granted();
        } else {
            step.request();
        }
        return step;
    }

    private static Limits limits(String pool, @CheckForNull TimeLimit time) {
        return MiniBuildLimitsStep.of(pool)
                .resolved()
                .of(time)
                .within(LimitsConfiguration.get().getMaxTimeoutMinutes());
    }

    @Override
    @CheckForNull
    public String refusal(Duration time) {
        try {
            LimitsConfiguration.checkTime(Limits.minutes(time));
            return null;
        } catch (IllegalArgumentException e) {
            return e.getMessage();
        }
    }

    /**
     * What is around a step.
     *
     * @param mark of the blocks around it; null for none
     * @param nested whether one of them holds the slot; its limits apply then
     * @param build the ticket of its freestyle build, which holds the slot; empty for none
     */
    private record Around(@CheckForNull String mark, boolean nested, String build) {}

    /** The request of one step. */
    private static final class StandardRequest implements SlotRequest, SlotPools.Waiter, Watch.Block {
        private static final long serialVersionUID = 1L;

        private final String pool;
        private final Ticket ticket;
        private final Limits limits;
        private final String mark;
        private final Place place;
        /** Whether the limits of a block around the step apply, and not these. */
        private final boolean nested;
        /** The ticket of the freestyle build that holds the slot; empty for none. */
        private final String build;
        /** What the step has to use alone. */
        private final ArrayList<String> resources;
        /** The time that was given to the step; null for none. */
        private final Duration time;
        /** What the step may need after that. */
        private final Duration afterwards;
        /** This field and the next two are set again after a restart. */
        private transient volatile Run<?, ?> run;

        private transient volatile TaskListener listener;
        private transient volatile Requester requester;
        private transient ScheduledFuture<?> queueTimeout;
        private transient ScheduledFuture<?> reminder;
        private transient boolean begun;
        private transient boolean left;

        StandardRequest(Need need, Ticket ticket, Limits limits, Around around, Requester requester) {
            this.pool = need.wanted().pool();
            this.ticket = ticket;
            this.limits = limits;
            this.mark = around.mark() == null ? ticket.id() : around.mark() + "/" + ticket.id();
            this.nested = around.nested();
            this.build = around.build();
            this.resources = new ArrayList<>(need.wanted().resources());
            TimeLimit time = need.wanted().time();
            this.time = time != null && time.given() ? time.time() : null;
            this.afterwards = time == null ? Duration.ZERO : time.afterwards();
            this.place = new Place(SlotsAdapter.agentOf(need.agent()), need.workspace());
            this.run = need.run();
            this.listener = need.listener();
            this.requester = requester;
        }

        @Override
        public void repeat(Run<?, ?> resumed, TaskListener log, Requester step) throws AbortException {
            if (SlotsAdapter.get().pools().standing(pool, ticket.id()) == null) {
                run = resumed;
                listener = log;
                requester = step;
                request();
            }
        }

        void request() throws AbortException {
            try (BoundLocale spoken = LanguageAdapter.bind(run)) {
                requestSpoken();
            }
        }

        private void requestSpoken() throws AbortException {
            SlotsAdapter slots = SlotsAdapter.get();
            SlotPool.Standing standing = slots.pools().request(pool, ticket, this);
            if (standing == SlotPool.Standing.REFUSED) {
                throw new AbortException(Messages.Slots_full(pool, SlotPool.CAPACITY));
            }
            if (standing == SlotPool.Standing.WAITING) {
                say(slots.describeWait(pool, ticket));
                if (ticket.slotless()) {
                    // The block around it may have a limit of time without a line of log.
                    long repeat = SlotTurn.REPEAT.toMillis();
                    ScheduledFuture<?> again = Timer.get()
                            .scheduleAtFixedRate(
                                    LanguageAdapter.speaking(run, () -> say(slots.describeWait(pool, ticket))),
                                    repeat,
                                    repeat,
                                    TimeUnit.MILLISECONDS);
                    synchronized (this) {
                        reminder = again;
                        if (begun || left) {
                            cancelTimers();
                        }
                    }
                }
                if (limits.has(Limit.QUEUE_TIMEOUT)) {
                    // The wait counts from the moment the ticket was drawn, so a restart does not make it longer.
                    long left = ticket.drawnAt() + limits.most(Limit.QUEUE_TIMEOUT) - System.currentTimeMillis();
                    ScheduledFuture<?> timeout = Timer.get()
                            .schedule(
                                    LanguageAdapter.speaking(run, this::waitedTooLong),
                                    Math.max(0, left),
                                    TimeUnit.MILLISECONDS);
                    synchronized (this) {
                        queueTimeout = timeout;
                    }
                }
            }
        }

        private void waitedTooLong() {
            synchronized (this) {
                if (begun || left) {
                    return;
                }
            }
            Excess tooLong =
                    limits.exceeded(Limit.QUEUE_TIMEOUT, SlotsAdapter.get().describeWait(pool, ticket));
            say(tooLong.getShortDescription());
            release();
            requester.end(SlotsAdapter.end(run, limits, tooLong));
        }

        @Override
        public void granted() {
            Set<Place> places = ConcurrentHashMap.newKeySet();
            places.add(place);
            boolean runs;
            synchronized (this) {
                runs = !left;
                cancelTimers();
                if (runs) {
                    begun = true;
                }
                if (runs && !nested) {
                    SlotsAdapter.get().limitLog(run, limits);
                    SlotsAdapter.get()
                            .watch(
                                    ticket.id(),
                                    new Watch.Subject(mark, limits, System.currentTimeMillis(), places, this));
                }
            }
            if (runs && time != null) {
                SlotsAdapter.get().begins(mark, new TimeLimit(time, true, afterwards));
            }
            if (runs && nested) {
                requester.granted(Map.of(), listener);
            } else if (runs) {
                requester.granted(
                        Map.of(Watch.MARK, mark),
                        new StreamTaskListener(
                                LimitsLogAdapter.ofBlock(listener.getLogger(), ticket.id()), StandardCharsets.UTF_8));
            } else {
                SlotsAdapter.get().pools().release(ticket.id());
            }
        }

        @Override
        public void release() {
            synchronized (this) {
                left = true;
                cancelTimers();
            }
            SlotsAdapter slots = SlotsAdapter.get();
            slots.endWatch(ticket.id(), listener);
            slots.pools().release(ticket.id());
            if (!build.isEmpty()) {
                slots.pools().release(build, resources);
            }
        }

        private void cancelTimers() {
            for (ScheduledFuture<?> each : Arrays.asList(queueTimeout, reminder)) {
                if (each != null) {
                    each.cancel(false);
                }
            }
        }

        @Override
        public BuildContext.Turn take(String resource, Deadline deadline) throws IOException, InterruptedException {
            SlotsAdapter slots = SlotsAdapter.get();
            if (slots.isUsedBy(resource, ticket.id()) || slots.isUsedBy(resource, build)) {
                return () -> {};
            }
            slots.pools().release(ticket.id(), resources);
            slots.pools().release(build, resources);
            Ticket more =
                    slots.draw(run, Priority.NORMAL, 0).with(Set.of(resource)).withoutSlot();
            return SlotTurn.take(slots.pools(), pool, more, deadline, () -> slots.describeWait(pool, more), this::say);
        }

        @Override
        public Launcher limited(Launcher launcher) {
            // The block around the step has done it.
            return nested ? launcher : new CommandLimitsAdapter(limits).decorate(launcher, place.agent());
        }

        @Override
        public String status() {
            if (ticket.slotless()) {
                return "waits for " + String.join(", ", ticket.resources());
            }
            return "waits for a slot of the pool " + pool + " at place "
                    + SlotsAdapter.get().pools().position(pool, ticket.id());
        }

        @Override
        public Optional<Locale> language() {
            return LanguageAdapter.of(run.getParent());
        }

        @Override
        public void say(String line) {
            listener.getLogger().println("[miniBuildLimits] " + line);
        }

        @Override
        public void exceeded(Excess excess) {
            requester.end(SlotsAdapter.end(run, limits, excess));
        }

        @Override
        public int interruptions() {
            return SlotsAdapter.interruptions(run);
        }
    }
}
