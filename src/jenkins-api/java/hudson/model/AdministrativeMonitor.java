package hudson.model;

import hudson.ExtensionPoint;

/** Tells admins of what they have to mend. */
public abstract class AdministrativeMonitor extends AbstractModelObject implements ExtensionPoint {
    protected AdministrativeMonitor() {}

    @Override
    public String getDisplayName() {
        return getClass().getSimpleName();
    }

    public abstract boolean isActivated();
}
