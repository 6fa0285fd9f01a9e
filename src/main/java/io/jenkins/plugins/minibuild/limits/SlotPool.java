package io.jenkins.plugins.minibuild.limits;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One pool of slots: which tickets hold a slot, and which wait in which order. It only decides: it knows neither threads nor Jenkins, and
 * gets every time as a parameter. Not safe for several threads.
 *
 * <p>A ticket can need resources too, which only one ticket of all pools may hold. It gets slot and resources together or neither: while a
 * resource is in use, the tickets behind it may take the slot. A ticket without a slot of its own can take a resource again and again from one
 * that waits for both; after {@link #OVERTAKES} times the pool keeps its slots free for the one that waits.
 *
 * <p>A ticket is unknown, waiting, called or holding. Only a queued ticket is called: the pool keeps a slot for it for
 * {@link #CALL_MILLIS} while Jenkins looks for an executor. If Jenkins finds none, the next tickets may overtake it; it keeps its place and
 * is called again at the next free slot. After a start of the controller the pool is closed and grants nothing, because a build that holds a
 * slot may not have been loaded yet.
 */
final class SlotPool {
    /** The most tickets that can wait; the next one is refused. */
    static final int CAPACITY = 200;

    /** How long a slot is kept for a ticket that still needs an executor. */
    static final long CALL_MILLIS = 6_000;

    /** How often later tickets may take a resource from a ticket that waits for it. */
    static final int OVERTAKES = 3;

    /** The state of a ticket in the pool. */
    enum Standing {
        /** The ticket holds a slot. */
        HOLDING,
        /** The pool keeps a slot for the ticket while Jenkins looks for an executor. */
        CALLED,
        WAITING,
        /** Too many tickets wait already. */
        REFUSED
    }

    /** A ticket with a slot; {@code since} in milliseconds of the wall clock. */
    record Holding(Ticket ticket, long since, boolean called) {}

    private final Map<String, Holding> holdings = new LinkedHashMap<>();
    private final TreeSet<Ticket> waiting = new TreeSet<>(Ticket.ORDER);
    /** Tickets that were called without success: until when others may overtake each. */
    private final Map<String, Long> passedOverUntil = new LinkedHashMap<>();

    /** How often later tickets took a resource from each waiting ticket. */
    private final Map<String, Integer> overtaken = new HashMap<>();

    private int size;
    private boolean closed;
    /** Used while slots are granted: whether no further ticket may take one. */
    private boolean noSlots;

    SlotPool(int size, boolean closed) {
        this.size = size;
        this.closed = closed;
    }

    /** Adds a ticket to the waiting ones; a known ticket stays where it is. The caller calls {@link #grant} afterwards. */
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

    /** The state of a ticket; null if this pool does not know it. */
    @CheckForNull
    Standing standing(String id) {
        Holding holding = holdings.get(id);
        if (holding != null) {
            return holding.called() ? Standing.CALLED : Standing.HOLDING;
        }
        return find(id) == null ? null : Standing.WAITING;
    }

    /** As {@link #grant(Collection, long, Predicate)}, for tickets of this pool only. */
    List<Ticket> grant(long now, Predicate<String> usedElsewhere) {
        return grant(List.of(this), now, usedElsewhere);
    }

    /** A ticket that waits in a pool. One that needs slots of several pools waits in each of them. */
    private record Place(SlotPool pool, Ticket ticket) {}

    /**
     * Gives the free slots and resources of pools to the next tickets. A ticket that waits in several pools gets a slot of each or none: while one of
     * them is full, the tickets behind it may take the slots of the others, but only {@link #OVERTAKES} times. As all pools have the same order, the
     * first of such tickets waits only for builds that run.
     *
     * @param usedElsewhere whether a ticket of a pool that is not among these holds a resource
     * @return the tickets that were granted or called, in order, each once
     */
    static List<Ticket> grant(Collection<SlotPool> pools, long now, Predicate<String> usedElsewhere) {
        Map<Ticket, List<Place>> waiting = new TreeMap<>(Ticket.ORDER);
        for (SlotPool pool : pools) {
            if (!pool.closed) {
                pool.takeBackMissed(now);
                pool.noSlots = false;
                pool.waiting.forEach(ticket ->
                        waiting.computeIfAbsent(ticket, t -> new ArrayList<>()).add(new Place(pool, ticket)));
            }
        }
        List<Ticket> granted = new ArrayList<>();
        waiting.values().forEach(places -> {
            if (isNext(pools, places, now, usedElsewhere)) {
                places.forEach(place -> place.pool().give(place.ticket(), now));
                granted.add(places.get(0).ticket());
            }
        });
        return granted;
    }

    /** Whether a ticket gets what it needs, now that all before it have got it or wait. */
    private static boolean isNext(
            Collection<SlotPool> pools, List<Place> places, long now, Predicate<String> usedElsewhere) {
        boolean room = true;
        for (Place place : places) {
            room &= place.pool().hasRoom(place.ticket());
        }
        if (!room) {
            places.forEach(place -> place.pool().reserve(place.ticket()));
            return false;
        }
        for (Place place : places) {
            if (place.pool().passedOverUntil.getOrDefault(place.ticket().id(), Long.MIN_VALUE) > now) {
                return false;
            }
        }
        for (Place place : places) {
            List<String> resources = place.ticket().resources();
            if (resources.stream().anyMatch(usedElsewhere)
                    || pools.stream().filter(other -> other != place.pool()).anyMatch(other -> resources.stream()
                            .anyMatch(other::uses))) {
                return false;
            }
            if (resources.stream().anyMatch(place.pool()::uses)) {
                place.pool().reserve(place.ticket());
                return false;
            }
        }
        return true;
    }

    private void takeBackMissed(long now) {
        holdings.values().removeIf(h -> {
            boolean missed = h.called() && now - h.since() >= CALL_MILLIS;
            if (missed) {
                waiting.add(h.ticket());
                passedOverUntil.put(h.ticket().id(), now + CALL_MILLIS);
            }
            return missed;
        });
    }

    /** Whether the ticket could take a slot. A full pool has none for the tickets behind it either. */
    private boolean hasRoom(Ticket ticket) {
        if (ticket.slotless()) {
            return true;
        }
        noSlots |= held() >= size || ticket.narrowed() > 0 && held() >= ticket.narrowed();
        return !noSlots;
    }

    /** Keeps the free slots for a ticket that was overtaken often enough. */
    private void reserve(Ticket ticket) {
        noSlots |= !ticket.slotless() && overtaken.getOrDefault(ticket.id(), 0) >= OVERTAKES;
    }

    private void give(Ticket ticket, long now) {
        noteOvertaking(ticket);
        forget(ticket.id());
        waiting.remove(ticket);
        holdings.put(ticket.id(), new Holding(ticket, now, ticket.queued()));
    }

    /** The number of slots that are in use. */
    private long held() {
        return holdings.values().stream().filter(h -> !h.ticket().slotless()).count();
    }

    /** Whether a ticket of this pool holds a resource. */
    boolean uses(String resource) {
        return user(resource) != null;
    }

    /** The ticket of this pool that holds a resource; null if none does. */
    @CheckForNull
    Holding user(String resource) {
        return holdings.values().stream()
                .filter(h -> h.ticket().resources().contains(resource))
                .findFirst()
                .orElse(null);
    }

    private void noteOvertaking(Ticket next) {
        waiting.headSet(next).stream()
                .filter(earlier -> !Collections.disjoint(earlier.resources(), next.resources())
                        || earlier.shared() && !next.slotless() && !passedOverUntil.containsKey(earlier.id()))
                .forEach(earlier -> overtaken.merge(earlier.id(), 1, Integer::sum));
    }

    private void forget(String id) {
        passedOverUntil.remove(id);
        overtaken.remove(id);
    }

    /** Takes these resources from a ticket that holds them; it keeps its slot. */
    void takeBack(String id, Collection<String> resources) {
        holdings.computeIfPresent(id, (same, h) -> {
            List<String> kept = new ArrayList<>(h.ticket().resources());
            kept.removeAll(resources);
            return new Holding(h.ticket().with(kept), h.since(), h.called());
        });
    }

    /** The queued ticket has become a build: it holds its slot now. */
    void started(Ticket build, long now) {
        Ticket waiter = find(build.id());
        if (waiter != null) {
            waiting.remove(waiter);
        }
        forget(build.id());
        holdings.put(build.id(), new Holding(build, now, false));
    }

    /** Removes a ticket in any state. Returns whether it was known. */
    boolean remove(String id) {
        forget(id);
        return holdings.remove(id) != null | waiting.removeIf(t -> t.id().equals(id));
    }

    /** Removes all tickets of those owners. */
    void removeOwners(Predicate<String> owners) {
        holdings.values().removeIf(h -> owners.test(h.ticket().owner()));
        waiting.removeIf(t -> owners.test(t.owner()));
        Set<String> known = waiting.stream().map(Ticket::id).collect(Collectors.toSet());
        passedOverUntil.keySet().retainAll(known);
        overtaken.keySet().retainAll(known);
    }

    /** After a restart: this build holds a slot, even if the pool is full. */
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

    /** The tickets that hold a slot. */
    Collection<Holding> holdings() {
        return holdings.values().stream().filter(h -> !h.ticket().slotless()).toList();
    }

    /** The tickets that wait for a slot, the next one first. */
    List<Ticket> waiting() {
        return waiting.stream().filter(t -> !t.slotless()).toList();
    }

    /** The owners of all tickets. */
    Stream<String> owners() {
        return Stream.concat(holdings.values().stream().map(Holding::ticket), waiting.stream())
                .map(Ticket::owner);
    }

    /** The place of a ticket among those that wait for a slot, from 1; 0 if it does not wait for one. */
    int position(String id) {
        int place = 0;
        for (Ticket ticket : waiting()) {
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
