package io.jenkins.plugins.minibuild.notify;

import hudson.ExtensionPoint;
import hudson.model.ItemGroup;
import java.util.List;
import java.util.Set;

/** Knows the channels of a folder; there is one only where the Folders plugin is. */
public abstract class FolderChannelsFactory implements ExtensionPoint {
    /** The full names of the folders that have channels of their own; for who may see all. */
    abstract Set<String> folders();

    /** The channels that the folder itself has; empty for what is no folder. */
    abstract List<ChannelConfiguration> of(ItemGroup<?> group);
}
