package hudson.model;

import jenkins.model.Loadable;

/** A descriptor that is loaded when it is made. */
public interface PersistentDescriptor extends Loadable, Saveable {
    @Override
    void load();
}
