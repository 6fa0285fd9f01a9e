package hudson.tasks;

import hudson.model.AbstractProject;
import hudson.model.Descriptor;

/** The form of a {@link BuildWrapper}. */
public abstract class BuildWrapperDescriptor extends Descriptor<BuildWrapper> {
    public abstract boolean isApplicable(AbstractProject<?, ?> item);
}
