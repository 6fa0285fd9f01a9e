package io.jenkins.plugins.minibuild.limits;

import jenkins.model.CauseOfInterruption;

/** Why a build was ended: the limit, its value, where it was set, and by how much it was exceeded. */
public final class Excess extends CauseOfInterruption {
    private static final long serialVersionUID = 1L;

    private final Limit limit;
    private final double value;
    private final Limits.Origin origin;
    /** What was measured, for people. */
    private final String detail;

    Excess(Limit limit, double value, Limits.Origin origin, String detail) {
        this.limit = limit;
        this.value = value;
        this.origin = origin;
        this.detail = detail;
    }

    public Limit limit() {
        return limit;
    }

    @Override
    public String getShortDescription() {
        return Messages.Excess_description(limit.argument(), Limit.number(value), origin.description(), detail);
    }
}
