package io.jenkins.plugins.minibuild.access;

import hudson.ExtensionPoint;
import hudson.model.ItemGroup;
import java.util.Optional;

/** Finds the policies of folders. It has an implementation only if the Folders plugin is installed. */
public abstract class FolderPoliciesFactory implements ExtensionPoint {
    /** The folder's own policy; empty if it has none, and for any other group. */
    abstract Optional<Policy> of(ItemGroup<?> group);
}
