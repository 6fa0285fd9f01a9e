package io.jenkins.plugins.minibuild.notify;

import hudson.ExtensionPoint;
import hudson.model.ItemGroup;
import java.util.List;

/** Knows the channels of a folder; there is one only where the Folders plugin is. */
public abstract class FolderChannelsFactory implements ExtensionPoint {
    /** The channels that the folder itself has; empty for what is no folder. */
    abstract List<ChannelConfiguration> of(ItemGroup<?> group);
}
