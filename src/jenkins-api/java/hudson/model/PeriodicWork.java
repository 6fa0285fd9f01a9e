package hudson.model;

import hudson.ExtensionPoint;

/** Work that Jenkins does again and again. */
public abstract class PeriodicWork implements ExtensionPoint {
    protected static final long HOUR = 60L * 60 * 1000;
    protected static final long DAY = 24L * 60 * 60 * 1000;

    public abstract long getRecurrencePeriod();

    protected abstract void doRun() throws Exception;
}
