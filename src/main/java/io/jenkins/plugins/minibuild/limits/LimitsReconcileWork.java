package io.jenkins.plugins.minibuild.limits;

import hudson.Extension;
import hudson.model.PeriodicWork;

/** Compares the slots with the running builds, and releases slots that would otherwise be lost. */
@Extension
public final class LimitsReconcileWork extends PeriodicWork {
    private static final long PERIOD_MILLIS = 15_000;

    @Override
    public long getRecurrencePeriod() {
        return PERIOD_MILLIS;
    }

    @Override
    protected void doRun() {
        SlotsAdapter.get().reconcile();
    }
}
