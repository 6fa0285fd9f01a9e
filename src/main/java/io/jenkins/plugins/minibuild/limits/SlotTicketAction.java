package io.jenkins.plugins.minibuild.limits;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.InvisibleAction;
import java.util.ArrayList;
import java.util.List;

/** The ticket of a freestyle build. It is drawn when the queue item first asks to run, and handed on to the build. */
public final class SlotTicketAction extends InvisibleAction {
    private final String pool;
    private final Ticket ticket;
    /** The other pools of which the build needs a slot; null for none, as in builds of older versions. */
    private final ArrayList<String> others;
    /** The reason why the build gets no slot; the build starts only to log it. */
    private String refused;
    /** The limit that the wait exceeded; null for another reason. */
    private Excess tooLong;
    /** Whether the end of the longest wait has been scheduled since the controller started. */
    private transient boolean timed;

    /** @param pools the first one is that of the build wrapper, or of the first build step */
    SlotTicketAction(List<String> pools, Ticket ticket) {
        this.pool = pools.get(0);
        this.ticket = ticket;
        this.others = pools.size() == 1 ? null : new ArrayList<>(pools.subList(1, pools.size()));
    }

    /** All pools of which the build has a slot, or waits for one. */
    List<String> pools() {
        List<String> all = new ArrayList<>(List.of(pool));
        all.addAll(others == null ? List.of() : others);
        return all;
    }

    String pool() {
        return pool;
    }

    Ticket ticket() {
        return ticket;
    }

    /** True for the first call after each start of the controller. */
    boolean firstLook() {
        boolean first = !timed;
        timed = true;
        return first;
    }

    void refuse(String why) {
        refused = why;
    }

    void refuse(Excess waiting) {
        tooLong = waiting;
        refused = waiting.getShortDescription();
    }

    @CheckForNull
    String refused() {
        return refused;
    }

    @CheckForNull
    Excess tooLong() {
        return tooLong;
    }
}
