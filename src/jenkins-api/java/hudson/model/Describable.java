package hudson.model;

import jenkins.model.Jenkins;

/** Is configured by a form that its descriptor knows. */
public interface Describable<T extends Describable<T>> {
    @SuppressWarnings("unchecked")
    default Descriptor<T> getDescriptor() {
        return Jenkins.get().getDescriptorOrDie(getClass());
    }
}
