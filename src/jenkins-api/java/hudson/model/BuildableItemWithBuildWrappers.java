package hudson.model;

import hudson.tasks.BuildWrapper;
import hudson.util.DescribableList;

/** A job with build wrappers. */
public interface BuildableItemWithBuildWrappers extends Item {
    DescribableList<BuildWrapper, Descriptor<BuildWrapper>> getBuildWrappersList();
}
