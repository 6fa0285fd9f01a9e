package io.jenkins.plugins.minibuild.limits;

import hudson.AbortException;
import io.jenkins.plugins.minibuild.process.Deadline;
import io.jenkins.plugins.minibuild.step.BuildContext;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The use of a resource that a step did not know before it got its slot. The wait for it is on the thread of the step. */
final class SlotTurn implements BuildContext.Turn {
    /** How often the log says again that the step waits. */
    static final Duration REPEAT = Duration.ofMinutes(1);

    private final SlotPools pools;
    private final Ticket ticket;

    private SlotTurn(SlotPools pools, Ticket ticket) {
        this.pools = pools;
        this.ticket = ticket;
    }

    /**
     * Waits until the ticket holds its resources.
     *
     * @param ticket without a slot
     * @param user says who uses them
     * @param log takes a line at once and then every minute while the step waits
     * @throws AbortException when the deadline passes first, or too many wait already
     */
    static SlotTurn take(
            SlotPools pools, String pool, Ticket ticket, Deadline deadline, Supplier<String> user, Consumer<String> log)
            throws IOException, InterruptedException {
        CountDownLatch granted = new CountDownLatch(1);
        SlotTurn turn = new SlotTurn(pools, ticket);
        boolean taken = false;
        try {
            SlotPool.Standing standing = pools.request(pool, ticket, granted::countDown);
            if (standing == SlotPool.Standing.REFUSED) {
                throw new AbortException(Messages.Slots_full(pool, SlotPool.CAPACITY));
            }
            boolean holds = standing == SlotPool.Standing.HOLDING;
            while (!holds) {
                String told = user.get();
                if (deadline.expired()) {
                    throw new AbortException(
                            Messages.Slots_resourceTimeout(String.join(", ", ticket.resources()), told));
                }
                if (!told.isEmpty()) {
                    log.accept(told);
                }
                long millis = Math.max(1, deadline.remaining().toMillis());
                holds = granted.await(Math.min(REPEAT.toMillis(), millis), TimeUnit.MILLISECONDS);
            }
            taken = true;
            return turn;
        } finally {
            if (!taken) {
                turn.close();
            }
        }
    }

    @Override
    public void close() {
        pools.release(ticket.id());
    }
}
