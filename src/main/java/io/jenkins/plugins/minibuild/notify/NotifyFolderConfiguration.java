package io.jenkins.plugins.minibuild.notify;

import com.cloudbees.hudson.plugins.folder.AbstractFolder;
import com.cloudbees.hudson.plugins.folder.AbstractFolderProperty;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.ItemGroup;
import io.jenkins.plugins.minibuild.step.FolderPropertyDescriptor;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import jenkins.model.Jenkins;
import org.jenkinsci.Symbol;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/** The channels of a folder: jobs in it and in its folders may use them, with credentials of the folder. */
public final class NotifyFolderConfiguration extends AbstractFolderProperty<AbstractFolder<?>> {
    private List<ChannelConfiguration> channels = new ArrayList<>();
    private NotifyJobConfiguration notifications;

    @DataBoundConstructor
    public NotifyFolderConfiguration() {}

    /** The folder's channels. */
    public List<ChannelConfiguration> getChannels() {
        return channels == null ? List.of() : List.copyOf(channels);
    }

    /** @throws IllegalArgumentException when two have the same name */
    @DataBoundSetter
    public void setChannels(@CheckForNull List<ChannelConfiguration> channels) {
        this.channels = ChannelConfiguration.checkUnique(channels);
    }

    /** The notifications of the jobs in the folder that have none of their own; null for none. */
    @CheckForNull
    public NotifyJobConfiguration getNotifications() {
        return notifications;
    }

    @DataBoundSetter
    public void setNotifications(@CheckForNull NotifyJobConfiguration notifications) {
        this.notifications = notifications;
    }

    @Extension(optional = true)
    @Symbol("miniBuildNotify")
    public static final class DescriptorImpl extends FolderPropertyDescriptor {
        @Override
        @NonNull
        public String getDisplayName() {
            return Messages.NotifyConfiguration_displayName();
        }
    }

    @Extension(optional = true)
    public static final class Finder extends FolderChannelsFactory {
        @Override
        Set<String> folders() {
            Set<String> names = new TreeSet<>();
            for (AbstractFolder<?> folder : Jenkins.get().allItems(AbstractFolder.class)) {
                if (!of(folder).isEmpty()) {
                    names.add(folder.getFullName());
                }
            }
            return names;
        }

        @Override
        List<ChannelConfiguration> of(ItemGroup<?> group) {
            return FolderPropertyDescriptor.of(group, NotifyFolderConfiguration.class)
                    .map(NotifyFolderConfiguration::getChannels)
                    .orElse(List.of());
        }

        @Override
        @CheckForNull
        NotifyJobConfiguration notificationsOf(ItemGroup<?> group) {
            NotifyFolderConfiguration property = group instanceof AbstractFolder<?> folder
                    ? folder.getProperties().get(NotifyFolderConfiguration.class)
                    : null;
            return property == null ? null : property.getNotifications();
        }
    }
}
