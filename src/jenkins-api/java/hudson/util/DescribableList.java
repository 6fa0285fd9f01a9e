package hudson.util;

import hudson.model.Describable;
import hudson.model.Descriptor;

/** Configured things, one of each kind. */
public class DescribableList<T extends Describable<T>, D extends Descriptor<T>> extends PersistedList<T> {
    public DescribableList() {}
}
