package hudson.model;

import hudson.ExtensionPoint;

/** What a job is configured with besides its kind's own. */
public abstract class JobProperty<J extends Job<?, ?>> implements Describable<JobProperty<?>>, ExtensionPoint {
    protected transient J owner;

    protected void setOwner(J owner) {
        this.owner = owner;
    }

    @Override
    public JobPropertyDescriptor getDescriptor() {
        return (JobPropertyDescriptor) Describable.super.getDescriptor();
    }
}
