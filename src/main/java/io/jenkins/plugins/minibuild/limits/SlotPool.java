package io.jenkins.plugins.minibuild.limits;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * One pool of slots: who holds one, who waits, in which order. It only decides; it knows neither threads nor Jenkins, and
 * every time is passed in. Not safe for several threads.
 *
 * <p>A ticket is nowhere, waiting, called or holding. Called is only a queued ticket: the slot is kept for it for
 * {@link #CALL_MILLIS} while Jenkins looks for an executor. When there is none the next ones are let past, and it is
 * called again at the next free slot, still at its place. While the pool is closed, after a start of the controller,
 * nobody is granted anything, because a build that holds a slot may not have been loaded yet.
 */
final class SlotPool {
    /** How many can wait; the next one is refused. */
    static final int CAPACITY = 200;

    /** How long a slot is kept for a ticket that still needs an executor. */
    static final long CALL_MILLIS = 6_000;

    /** What became of a request. */
    enum Standing {
        /** It holds a slot. */
        HOLDING,
        /** A slot is kept for it while it finds an executor. */
        CALLED,
        WAITING,
        /** Too many wait already. */
        REFUSED
    }

    /** A ticket with a slot; {@code since} in milliseconds of the wall clock. */
    record Holding(Ticket ticket, long since, boolean called) {}

    private final Map<String, Holding> holdings = new LinkedHashMap<>();
    private final TreeSet<Ticket> waiting = new TreeSet<>(Ticket.ORDER);
    /** Called without success: until when they are passed over, by ticket. */
    private final Map<String, Long> passedOverUntil = new LinkedHashMap<>();

    private int size;
    private boolean closed;

    SlotPool(int size, boolean closed) {
        this.size = size;
        this.closed = closed;
    }

    /** Asks for a slot; asking again with the same ticket changes nothing. The caller grants afterwards. */
    Standing request(Ticket ticket) {
        Standing known = standing(ticket.id());
        if (known != null) {
            return known;
        }
        if (waiting.size() >= CAPACITY) {
            return Standing.REFUSED;
        }
        waiting.add(ticket);
        return Standing.WAITING;
    }

    /** Where a ticket stands; null if this pool does not know it. */
    @CheckForNull
    Standing standing(String id) {
        Holding holding = holdings.get(id);
        if (holding != null) {
            return holding.called() ? Standing.CALLED : Standing.HOLDING;
        }
        return find(id) == null ? null : Standing.WAITING;
    }

    /** Gives free slots to those who are next; answers who was given one or called, in order. */
    List<Ticket> grant(long now) {
        List<Ticket> granted = new ArrayList<>();
        if (closed) {
            return granted;
        }
        holdings.values().removeIf(h -> {
            boolean missed = h.called() && now - h.since() >= CALL_MILLIS;
            if (missed) {
                waiting.add(h.ticket());
                passedOverUntil.put(h.ticket().id(), now + CALL_MILLIS);
            }
            return missed;
        });
        for (Ticket next : List.copyOf(waiting)) {
            if (holdings.size() >= size || next.narrowed() > 0 && holdings.size() >= next.narrowed()) {
                break;
            }
            if (passedOverUntil.getOrDefault(next.id(), Long.MIN_VALUE) > now) {
                continue;
            }
            waiting.remove(next);
            passedOverUntil.remove(next.id());
            holdings.put(next.id(), new Holding(next, now, next.queued()));
            granted.add(next);
        }
        return granted;
    }

    /** The called ticket has found its executor: it holds the slot now, as the build it has become. */
    void started(Ticket build, long now) {
        Ticket waiter = find(build.id());
        if (waiter != null) {
            waiting.remove(waiter);
        }
        passedOverUntil.remove(build.id());
        holdings.put(build.id(), new Holding(build, now, false));
    }

    /** Takes a ticket out, wherever it stands. */
    boolean remove(String id) {
        passedOverUntil.remove(id);
        return holdings.remove(id) != null | waiting.removeIf(t -> t.id().equals(id));
    }

    /** Takes out all tickets of those owners. */
    boolean removeOwners(Predicate<String> owners) {
        return holdings.values().removeIf(h -> owners.test(h.ticket().owner()))
                | waiting.removeIf(t -> owners.test(t.owner()));
    }

    /** After a restart: this build holds a slot, whatever the number of others. */
    void restore(Ticket holder, long since) {
        waiting.removeIf(t -> t.id().equals(holder.id()));
        holdings.put(holder.id(), new Holding(holder, since, false));
    }

    void open() {
        closed = false;
    }

    void resize(int slots) {
        size = slots;
    }

    int size() {
        return size;
    }

    boolean isClosed() {
        return closed;
    }

    boolean isIdle() {
        return holdings.isEmpty() && waiting.isEmpty();
    }

    Collection<Holding> holdings() {
        return List.copyOf(holdings.values());
    }

    /** Those who wait, the next one first. */
    List<Ticket> waiting() {
        return List.copyOf(waiting);
    }

    /** Its place among the waiting, from 1; 0 if it does not wait. */
    int position(String id) {
        int place = 0;
        for (Ticket ticket : waiting) {
            place++;
            if (ticket.id().equals(id)) {
                return place;
            }
        }
        return 0;
    }

    @CheckForNull
    private Ticket find(String id) {
        return waiting.stream().filter(t -> t.id().equals(id)).findFirst().orElse(null);
    }
}
