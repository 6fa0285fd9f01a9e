package io.jenkins.plugins.minibuild.limits;

import hudson.AbortException;
import hudson.EnvVars;
import hudson.Extension;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.util.StreamTaskListener;
import io.jenkins.plugins.minibuild.step.StepGateAdapter;
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
 * The limits around a step that names a pool, by default. Where a block or a build around it holds a slot of that pool,
 * that one's limits hold and nothing is added.
 */
@Extension
public final class StandardLimitsAdapter extends StepGateAdapter {
    @Override
    public Pass enter(
            String pool,
            Run<?, ?> run,
            EnvVars environment,
            String agent,
            String workspace,
            TaskListener listener,
            Visitor visitor)
            throws IOException {
        SlotsAdapter slots = SlotsAdapter.get();
        String outer = environment.get(Watch.MARK);
        if (slots.isNested(pool, outer, run)) {
            visitor.admitted(Map.of(), listener);
            return new Inside();
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
        StepAtGate step = new StepAtGate(
                pool,
                slots.draw(run, Priority.NORMAL, 0),
                standard.resolved(),
                outer,
                new Place(SlotsAdapter.agentOf(agent), workspace),
                run,
                listener,
                visitor);
        if (held) {
            step.granted();
        } else {
            step.request();
        }
        return step;
    }

    /** The pass of a step that is inside already. */
    private static final class Inside implements Pass {
        private static final long serialVersionUID = 1L;

        @Override
        public void rejoin(Run<?, ?> run, TaskListener listener, Visitor visitor) {
            // It never waited.
        }

        @Override
        public void leave() {
            // It took nothing.
        }

        @Override
        public String status() {
            return "inside a block that holds the slot";
        }
    }

    /** A step that waits or runs. */
    private static final class StepAtGate implements Pass, SlotPools.Waiter, Watch.Block {
        private static final long serialVersionUID = 1L;

        private final String pool;
        private final Ticket ticket;
        private final Limits limits;
        private final String mark;
        private final Place place;
        /** These three are given again after a restart. */
        private transient volatile Run<?, ?> run;

        private transient volatile TaskListener listener;
        private transient volatile Visitor visitor;
        private transient ScheduledFuture<?> queueTimeout;
        private transient boolean begun;
        private transient boolean left;

        StepAtGate(
                String pool,
                Ticket ticket,
                Limits limits,
                String outer,
                Place place,
                Run<?, ?> run,
                TaskListener listener,
                Visitor visitor) {
            this.pool = pool;
            this.ticket = ticket;
            this.limits = limits;
            this.mark = outer == null ? ticket.id() : outer + "/" + ticket.id();
            this.place = place;
            this.run = run;
            this.listener = listener;
            this.visitor = visitor;
        }

        @Override
        public void rejoin(Run<?, ?> build, TaskListener log, Visitor step) throws AbortException {
            if (SlotsAdapter.get().pools().standing(pool, ticket.id()) == null) {
                run = build;
                listener = log;
                visitor = step;
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
                    // From the moment the ticket was drawn: a restart does not make the wait longer.
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
            leave();
            visitor.ended(new FlowInterruptedException(limits.onExpiry(), false, tooLong));
        }

        @Override
        public void granted() {
            Set<Place> places = ConcurrentHashMap.newKeySet();
            places.add(place);
            boolean admitted;
            synchronized (this) {
                admitted = !left;
                if (admitted) {
                    begun = true;
                    SlotsAdapter.get().watch(ticket.id(), mark, limits, System.currentTimeMillis(), places, this);
                }
            }
            if (admitted) {
                visitor.admitted(
                        Map.of(Watch.MARK, mark),
                        new StreamTaskListener(
                                LimitsLogAdapter.ofBlock(listener.getLogger(), ticket.id()), StandardCharsets.UTF_8));
            } else {
                SlotsAdapter.get().pools().release(ticket.id());
            }
        }

        @Override
        public void leave() {
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
            visitor.ended(new FlowInterruptedException(limits.onExpiry(), false, excess));
        }

        @Override
        public int interruptions() {
            return SlotsAdapter.interruptions(run);
        }

        @Override
        public void processesEnded() {
            // The step waits for its processes itself.
        }
    }
}
