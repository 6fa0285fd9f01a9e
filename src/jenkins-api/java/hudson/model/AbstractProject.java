package hudson.model;

import hudson.tasks.Publisher;
import hudson.util.DescribableList;

/** A freestyle project and its kin. */
public abstract class AbstractProject<P extends AbstractProject<P, R>, R extends AbstractBuild<P, R>>
        extends Job<P, R> {
    public abstract DescribableList<Publisher, Descriptor<Publisher>> getPublishersList();
}
