package hudson.model;

import hudson.tasks.Publisher;
import hudson.util.DescribableList;

/** A freestyle project and its kin. */
public abstract class AbstractProject<P extends AbstractProject<P, R>, R extends AbstractBuild<P, R>> extends Job<P, R>
        implements Queue.Task {
    @SuppressWarnings("rawtypes") // as declared by Jenkins
    protected AbstractProject(ItemGroup parent, String name) {
        super(parent, name);
    }

    public abstract DescribableList<Publisher, Descriptor<Publisher>> getPublishersList();
}
