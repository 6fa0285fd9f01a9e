package io.jenkins.plugins.minibuild.limits;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import hudson.Extension;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.util.StreamTaskListener;
import io.jenkins.plugins.minibuild.step.SlotProviderAdapter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import jenkins.util.Timer;
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException;

/**
 * Gives slots, and the default limits, to the steps that name a pool. A step inside a block or a build that holds a slot of that pool
 * takes no second slot; the limits of that block or build apply to it.
 */
@Extension
public final class StandardLimitsAdapter extends SlotProviderAdapter {
    @Override
    public SlotRequest request(Need need, Requester requester) throws IOException {
        String pool = need.pool();
        Run<?, ?> run = need.run();
        SlotsAdapter slots = SlotsAdapter.get();
        String outer = need.environment().get(Watch.MARK);
        if (slots.isNested(pool, outer, run)) {
            requester.granted(Map.of(), need.listener());
            return new NestedRequest();
        }
        MiniBuildLimitsStep standard = new MiniBuildLimitsStep();
        standard.setPool(pool);
        SlotTicketAction queued = run.getAction(SlotTicketAction.class);
        boolean held = queued != null
                && queued.refused() == null
                && queued.pool().equals(pool)
                && slots.pools().standing(pool, queued.ticket().id()) == SlotPool.Standing.HOLDING;
        if (!held && queued != null && queued.refused() != null) {
            throw new AbortException(queued.refused());
        }
        StandardRequest step =
                new StandardRequest(need, slots.draw(run, Priority.NORMAL, 0), standard.resolved(), outer, requester);
        if (held) {
            step.granted();
        } else {
            step.request();
        }
        return step;
    }

    /** The request of a step inside a block that holds a slot already. */
    private static final class NestedRequest implements SlotRequest {
        private static final long serialVersionUID = 1L;

        @Override
        public void repeat(Run<?, ?> run, TaskListener listener, Requester requester) {
            // A nested step never waits.
        }

        @Override
        public void release() {
            // A nested step holds no slot of its own.
        }

        @Override
        public String status() {
            return "inside a block that holds the slot";
        }
    }

    /** The request of a step that takes a slot of its own. */
    private static final class StandardRequest implements SlotRequest, SlotPools.Waiter, Watch.Block {
        private static final long serialVersionUID = 1L;

        private final String pool;
        private final Ticket ticket;
        private final Limits limits;
        private final String mark;
        private final Place place;
        /** This field and the next two are set again after a restart. */
        private transient volatile Run<?, ?> run;

        private transient volatile TaskListener listener;
        private transient volatile Requester requester;
        private transient ScheduledFuture<?> queueTimeout;
        private transient boolean begun;
        private transient boolean left;

        StandardRequest(Need need, Ticket ticket, Limits limits, @CheckForNull String outer, Requester requester) {
            this.pool = need.pool();
            this.ticket = ticket;
            this.limits = limits;
            this.mark = outer == null ? ticket.id() : outer + "/" + ticket.id();
            this.place = new Place(SlotsAdapter.agentOf(need.agent()), need.workspace());
            this.run = need.run();
            this.listener = need.listener();
            this.requester = requester;
        }

        @Override
        public void repeat(Run<?, ?> build, TaskListener log, Requester step) throws AbortException {
            if (SlotsAdapter.get().pools().standing(pool, ticket.id()) == null) {
                run = build;
                listener = log;
                requester = step;
                request();
            }
        }

        void request() throws AbortException {
            SlotsAdapter slots = SlotsAdapter.get();
            SlotPool.Standing standing = slots.pools().request(pool, ticket, this);
            if (standing == SlotPool.Standing.REFUSED) {
                throw new AbortException(Messages.Slots_full(pool, SlotPool.CAPACITY));
            }
            if (standing == SlotPool.Standing.WAITING) {
                say(slots.describeWait(pool, ticket));
                if (limits.has(Limit.QUEUE_TIMEOUT)) {
                    // The wait counts from the moment the ticket was drawn, so a restart does not make it longer.
                    long left = ticket.drawnAt() + limits.most(Limit.QUEUE_TIMEOUT) - System.currentTimeMillis();
                    ScheduledFuture<?> timeout =
                            Timer.get().schedule(this::waitedTooLong, Math.max(0, left), TimeUnit.MILLISECONDS);
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
                if (runs) {
                    begun = true;
                    SlotsAdapter.get()
                            .watch(
                                    ticket.id(),
                                    new Watch.Subject(mark, limits, System.currentTimeMillis(), places, this));
                }
            }
            if (runs) {
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
                if (queueTimeout != null) {
                    queueTimeout.cancel(false);
                }
            }
            SlotsAdapter slots = SlotsAdapter.get();
            slots.endWatch(ticket.id(), listener);
            slots.pools().release(ticket.id());
        }

        @Override
        public String status() {
            return "waits for a slot of the pool " + pool + " at place "
                    + SlotsAdapter.get().pools().position(pool, ticket.id());
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
