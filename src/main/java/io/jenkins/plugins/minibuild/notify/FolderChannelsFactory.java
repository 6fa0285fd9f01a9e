package io.jenkins.plugins.minibuild.notify;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.ExtensionPoint;
import hudson.model.ItemGroup;
import java.util.List;
import java.util.Set;

/** Finds the channels of folders. It has an implementation only if the Folders plugin is installed. */
public abstract class FolderChannelsFactory implements ExtensionPoint {
    /** The full names of all folders that have channels. The caller may see every folder. */
    abstract Set<String> folders();

    /** The folder's own channels; empty for any other group. */
    abstract List<ChannelConfiguration> of(ItemGroup<?> group);

    /** The notifications that a folder has for its jobs; null for none, and for any other group. */
    @CheckForNull
    abstract NotifyJobConfiguration notificationsOf(ItemGroup<?> group);
}
