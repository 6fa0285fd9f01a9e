package io.jenkins.plugins.minibuild.limits;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.InvisibleAction;

/** The ticket of a freestyle build: drawn when its item of Jenkins' queue first asked to run, handed on to the build. */
public final class SlotTicketAction extends InvisibleAction {
    private final String pool;
    private final Ticket ticket;
    /** Why it will not get a slot; the build starts only to say so. */
    private String refused;
    /** The limit that was exceeded by waiting; null if something else is in the way. */
    private Excess tooLong;
    /** Whether somebody looks when it has waited too long. */
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

    /** Answers true once after each start of the controller. */
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
