package hudson.model;

import hudson.tasks.BuildWrapper;
import hudson.tasks.Builder;
import hudson.tasks.Publisher;
import hudson.util.DescribableList;
import java.util.List;

/** A job with build steps. */
public abstract class Project<P extends Project<P, B>, B extends Build<P, B>> extends AbstractProject<P, B>
        implements BuildableItemWithBuildWrappers {
    @SuppressWarnings("rawtypes") // as declared by Jenkins
    protected Project(ItemGroup parent, String name) {
        super(parent, name);
    }

    public List<Builder> getBuilders() {
        return List.of();
    }

    @Override
    public DescribableList<Publisher, Descriptor<Publisher>> getPublishersList() {
        return new DescribableList<>();
    }

    @Override
    public DescribableList<BuildWrapper, Descriptor<BuildWrapper>> getBuildWrappersList() {
        return new DescribableList<>();
    }
}
