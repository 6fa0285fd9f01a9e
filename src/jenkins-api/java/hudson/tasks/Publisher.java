package hudson.tasks;

import hudson.model.Describable;
import hudson.model.Descriptor;

/** A step after a freestyle build. */
@SuppressWarnings("deprecation") // as Jenkins declares it
public abstract class Publisher extends BuildStepCompatibilityLayer implements Describable<Publisher> {
    @Deprecated
    protected Publisher() {}

    public boolean needsToRunAfterFinalized() {
        return false;
    }

    @Override
    public Descriptor<Publisher> getDescriptor() {
        return Describable.super.getDescriptor();
    }
}
