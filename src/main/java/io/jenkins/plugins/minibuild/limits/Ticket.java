package io.jenkins.plugins.minibuild.limits;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;

/**
 * The request of one build for a slot of one pool and for resources that it has to use alone, or for such resources only. Immutable. It is stored
 * with the build, so that it keeps its place after a restart.
 */
public final class Ticket implements Serializable {
    private static final long serialVersionUID = 1L;

    /** The order in which tickets are served: by priority, then by age. */
    static final Comparator<Ticket> ORDER = Comparator.comparing(Ticket::priority)
            .thenComparingLong(Ticket::sequence)
            .thenComparing(Ticket::id);

    /** A random id. */
    private final String id;
    /** The build or the item of Jenkins' queue that it belongs to. */
    private final String owner;
    /** The name of the owner for people. */
    private final String title;
    /** The page of the owner, relative to Jenkins' root. */
    private final String url;

    private final Priority priority;
    /** Grows from ticket to ticket, also over a restart: the wall clock in microseconds, increased where two tickets would be equal. */
    private final long sequence;
    /** The build starts only while fewer tickets than this hold the pool; 0 if only the size of the pool counts. */
    private final int narrowed;
    /** Whether the owner is an item of Jenkins' queue, which needs an executor before it can start. */
    private final boolean queued;
    /** What no other ticket may hold at the same time, by name. */
    private final ArrayList<String> resources;
    /** Whether it takes no slot, because a block around it or its build holds one: it waits for its resources only. */
    private final boolean slotless;
    /** Whether it needs slots of several pools, of each or none. */
    private final boolean shared;

    /**
     * The build, or the item of Jenkins' queue, that a ticket belongs to.
     *
     * @param id as {@link SlotsAdapter} finds it again
     * @param title its name for people
     * @param url its page, relative to Jenkins' root
     */
    record Owner(String id, String title, String url) {}

    Ticket(String id, Owner owner, Priority priority, long sequence, int narrowed, boolean queued) {
        this.id = id;
        this.owner = owner.id();
        this.title = owner.title();
        this.url = owner.url();
        this.priority = priority;
        this.sequence = sequence;
        this.narrowed = narrowed;
        this.queued = queued;
        this.resources = new ArrayList<>();
        this.slotless = false;
        this.shared = false;
    }

    /** What a ticket is for. */
    private record Kind(int narrowed, boolean slotless, boolean shared) {}

    private Ticket(Ticket other, Owner owner, boolean queued, Collection<String> resources, Kind kind) {
        this.id = other.id;
        this.owner = owner.id();
        this.title = owner.title();
        this.url = owner.url();
        this.priority = other.priority;
        this.sequence = other.sequence;
        this.narrowed = kind.narrowed();
        this.queued = queued;
        this.resources = new ArrayList<>(new TreeSet<>(resources));
        this.slotless = kind.slotless();
        this.shared = kind.shared();
    }

    /** The same ticket once its item of the queue has become a build. */
    Ticket startedAs(Owner build) {
        return new Ticket(this, build, false, resources, kind());
    }

    /** The same ticket for exactly these resources. */
    Ticket with(Collection<String> names) {
        return new Ticket(this, new Owner(owner, title, url), queued, names, kind());
    }

    /** The same ticket for its resources only. */
    Ticket withoutSlot() {
        return new Ticket(this, new Owner(owner, title, url), queued, resources, new Kind(narrowed, true, shared));
    }

    /** The same ticket, which needs slots of other pools too. */
    Ticket sharing() {
        return new Ticket(this, new Owner(owner, title, url), queued, resources, new Kind(narrowed, slotless, true));
    }

    /** The same ticket for a slot of another pool: what it has to use alone and its own number of builds belong to the first one. */
    Ticket elsewhere() {
        return new Ticket(this, new Owner(owner, title, url), queued, List.of(), new Kind(0, slotless, true));
    }

    private Kind kind() {
        return new Kind(narrowed, slotless, shared);
    }

    public String id() {
        return id;
    }

    public String owner() {
        return owner;
    }

    public String title() {
        return title;
    }

    public String url() {
        return url;
    }

    public Priority priority() {
        return priority;
    }

    public long sequence() {
        return sequence;
    }

    public int narrowed() {
        return narrowed;
    }

    public boolean queued() {
        return queued;
    }

    /** What no other ticket may hold at the same time, by name. */
    List<String> resources() {
        return List.copyOf(resources);
    }

    /** Whether it waits for its resources only and takes no slot. */
    boolean slotless() {
        return slotless;
    }

    /** Whether it needs slots of several pools, of each or none. */
    boolean shared() {
        return shared;
    }

    /** When it was drawn, in milliseconds of the wall clock. */
    public long drawnAt() {
        return sequence / 1000;
    }

    @Override
    public String toString() {
        return title + "/" + id;
    }
}
