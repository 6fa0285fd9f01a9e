package io.jenkins.plugins.minibuild.limits;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * All pools. Safe for several threads. A waiter is notified on the executor, never under the lock, so a wait needs no thread.
 */
final class SlotPools {
    /** Knows the number of slots of a pool. It is asked each time, so that a changed configuration counts at once. */
    interface Sizes {
        int of(String pool);
    }

    /** Is notified once when its ticket gets a slot; the waiter of a queued ticket each time the ticket is called. */
    interface Waiter {
        void granted();
    }

    /** A pool at one moment. */
    record View(String name, int size, boolean closed, List<SlotPool.Holding> holdings, List<Ticket> waiting) {}

    private final Clock clock;
    private final Sizes sizes;
    private final Executor executor;
    private final Map<String, SlotPool> pools = new TreeMap<>();
    private final Map<String, Waiter> waiters = new HashMap<>();
    private volatile boolean closed;
    private long lastSequence;

    /** @param closed until {@link #open}: nobody is granted anything before the builds have been loaded */
    SlotPools(Clock clock, Sizes sizes, Executor executor, boolean closed) {
        this.clock = clock;
        this.sizes = sizes;
        this.executor = executor;
        this.closed = closed;
    }

    /** The number of a new ticket. */
    synchronized long nextSequence() {
        lastSequence = Math.max(lastSequence + 1, clock.millis() * 1000);
        return lastSequence;
    }

    /** Asks for what a ticket needs. The waiter is notified when it is granted, perhaps before this method returns. */
    SlotPool.Standing request(String pool, Ticket ticket, Waiter waiter) {
        return request(List.of(pool), ticket, waiter);
    }

    /**
     * Asks for a slot of each of these pools.
     *
     * @param names the first one is the pool that the ticket belongs to
     */
    SlotPool.Standing request(List<String> names, Ticket ticket, Waiter waiter) {
        SlotPool.Standing standing;
        List<Waiter> next;
        synchronized (this) {
            SlotPool slots = pool(names.get(0));
            lastSequence = Math.max(lastSequence, ticket.sequence());
            SlotPool.Standing before = slots.standing(ticket.id());
            standing = requestAll(names, ticket);
            // A full queue refuses only tickets that would have to wait.
            if (standing != SlotPool.Standing.REFUSED && before != SlotPool.Standing.HOLDING) {
                waiters.put(ticket.id(), waiter);
            }
            next = grant();
            if (standing != SlotPool.Standing.REFUSED) {
                standing = slots.standing(ticket.id());
            }
        }
        notifyWaiters(next);
        return standing;
    }

    private SlotPool.Standing requestAll(List<String> names, Ticket ticket) {
        if (names.size() == 1) {
            return pool(names.get(0)).request(ticket);
        }
        Map<String, Ticket> tickets = tickets(names, ticket);
        for (Map.Entry<String, Ticket> each : tickets.entrySet()) {
            if (pool(each.getKey()).request(each.getValue()) == SlotPool.Standing.REFUSED) {
                tickets.keySet().forEach(name -> pool(name).remove(ticket.id()));
                return SlotPool.Standing.REFUSED;
            }
        }
        return SlotPool.Standing.WAITING;
    }

    /** What of a ticket is known to each pool. */
    private static Map<String, Ticket> tickets(List<String> names, Ticket ticket) {
        if (names.size() == 1) {
            return Map.of(names.get(0), ticket);
        }
        Map<String, Ticket> tickets = new LinkedHashMap<>();
        names.forEach(name -> tickets.put(name, tickets.isEmpty() ? ticket.sharing() : ticket.elsewhere()));
        return tickets;
    }

    /** A queued ticket has become a build. */
    synchronized void started(List<String> names, Ticket build) {
        tickets(names, build).forEach((name, ticket) -> pool(name).started(ticket, clock.millis()));
        waiters.remove(build.id());
    }

    /** After a restart: this build runs and holds a slot. */
    synchronized void restore(String pool, Ticket holder, long since) {
        lastSequence = Math.max(lastSequence, holder.sequence());
        pool(pool).restore(holder, since);
        waiters.remove(holder.id());
    }

    /** Gives the slot and the resources back, or the place in the queue. */
    void release(String id) {
        changed(() -> {
            waiters.remove(id);
            pools.values().forEach(pool -> pool.remove(id));
        });
    }

    /** Gives resources back that a ticket holds; it keeps its slot. */
    void release(String id, Collection<String> resources) {
        changed(() -> pools.values().forEach(pool -> pool.takeBack(id, resources)));
    }

    /** Releases everything of those owners: builds that do not run and items that are not queued any more. */
    void releaseOwners(Predicate<String> owners) {
        changed(() -> {
            pools.values().forEach(pool -> pool.removeOwners(owners));
            waiters.keySet().removeIf(id -> pools.values().stream().allMatch(p -> p.standing(id) == null));
        });
    }

    /** Opens the pools: from now on slots are granted. */
    void open() {
        changed(() -> {
            closed = false;
            pools.values().forEach(SlotPool::open);
        });
    }

    /** Grants slots again: tickets may overtake a called one that found no executor, and pools may have grown. */
    void review() {
        changed(() -> pools.forEach((name, pool) -> pool.resize(sizes.of(name))));
        synchronized (this) {
            pools.values().removeIf(SlotPool::isIdle);
        }
    }

    /** Changes the pools, then grants what has become free. A resource that one pool gave back may be what another pool waits for. */
    private void changed(Runnable change) {
        List<Waiter> next = new ArrayList<>();
        synchronized (this) {
            change.run();
            next.addAll(grant());
        }
        notifyWaiters(next);
    }

    @CheckForNull
    synchronized SlotPool.Standing standing(String pool, String id) {
        SlotPool known = pools.get(pool);
        return known == null ? null : known.standing(id);
    }

    /** Whether one of these tickets holds a slot of the pool for that owner: a block around a nested one. */
    synchronized boolean holdsAny(String pool, Set<String> ids, String owner) {
        SlotPool known = pools.get(pool);
        return known != null
                && known.holdings().stream()
                        .map(SlotPool.Holding::ticket)
                        .anyMatch(t -> ids.contains(t.id()) && t.owner().equals(owner));
    }

    synchronized int position(String pool, String id) {
        SlotPool known = pools.get(pool);
        return known == null ? 0 : known.position(id);
    }

    /** The ticket that holds a resource; null if none does. */
    @CheckForNull
    synchronized SlotPool.Holding user(String resource) {
        return pools.values().stream()
                .map(pool -> pool.user(resource))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    /** The owners of all tickets. */
    synchronized Set<String> owners() {
        return pools.values().stream().flatMap(SlotPool::owners).collect(Collectors.toCollection(HashSet::new));
    }

    /** The pool at this moment. */
    synchronized View view(String pool) {
        SlotPool known = pool(pool);
        return new View(pool, known.size(), closed, List.copyOf(known.holdings()), known.waiting());
    }

    /** All pools that hold a ticket. */
    synchronized List<View> views() {
        return pools.keySet().stream().map(this::view).toList();
    }

    /**
     * A pool for which as many wait as can.
     *
     * @param wanted names of pools that count
     * @param owners whose tickets make a pool count, too
     * @return null for none
     */
    @CheckForNull
    synchronized String full(List<String> wanted, Predicate<String> owners) {
        return pools.keySet().stream()
                .map(this::view)
                .filter(view -> view.waiting().size() >= SlotPool.CAPACITY)
                .filter(view -> wanted.contains(view.name())
                        || Stream.concat(
                                        view.waiting().stream(),
                                        view.holdings().stream().map(SlotPool.Holding::ticket))
                                .anyMatch(ticket -> owners.test(ticket.owner())))
                .map(View::name)
                .findFirst()
                .orElse(null);
    }

    private SlotPool pool(String name) {
        SlotPool pool = pools.computeIfAbsent(name, n -> new SlotPool(sizes.of(n), closed));
        pool.resize(sizes.of(name));
        return pool;
    }

    private List<Waiter> grant() {
        List<Waiter> next = new ArrayList<>();
        for (Ticket ticket : SlotPool.grant(pools.values(), clock.millis(), resource -> false)) {
            Waiter waiter = ticket.queued() ? waiters.get(ticket.id()) : waiters.remove(ticket.id());
            if (waiter != null) {
                next.add(waiter);
            }
        }
        return next;
    }

    private void notifyWaiters(List<Waiter> next) {
        next.forEach(waiter -> executor.execute(waiter::granted));
    }
}
