package jenkins.model;

import hudson.model.ModelObject;

/** Something with a full name for people. */
public interface FullyNamedModelObject extends ModelObject {
    String getFullDisplayName();
}
