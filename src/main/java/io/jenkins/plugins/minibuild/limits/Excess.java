package io.jenkins.plugins.minibuild.limits;

import jenkins.model.CauseOfInterruption;

/** The cause of a build's end: the limit, its value, where the value was set, and by how much it was exceeded. */
public final class Excess extends CauseOfInterruption {
    private static final long serialVersionUID = 1L;

    private final Limit limit;
    private final double value;
    private final Limits.Origin origin;
    /** The measured value, for people. */
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
