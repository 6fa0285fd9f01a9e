package io.jenkins.plugins.minibuild.limits;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.InvisibleAction;

/** The ticket of a freestyle build. It is drawn when the queue item first asks to run, and handed on to the build. */
public final class SlotTicketAction extends InvisibleAction {
    private final String pool;
    private final Ticket ticket;
    /** The reason why the build gets no slot; the build starts only to log it. */
    private String refused;
    /** The limit that the wait exceeded; null for another reason. */
    private Excess tooLong;
    /** Whether the end of the longest wait has been scheduled since the controller started. */
    private transient boolean timed;

    SlotTicketAction(String pool, Ticket ticket) {
        this.pool = pool;
        this.ticket = ticket;
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
