package io.jenkins.plugins.minibuild.miniprogram.profile;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.model.Job;
import io.jenkins.plugins.minibuild.notify.ChannelConfiguration;
import io.jenkins.plugins.minibuild.notify.ProfileChannelsFactory;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Gives the notifications the channels of the profiles. */
@Extension
public final class OwnChannelsFactory extends ProfileChannelsFactory {
    @Override
    public Map<String, List<ChannelConfiguration>> global() {
        Map<String, List<ChannelConfiguration>> all = new LinkedHashMap<>();
        MiniProgramsConfiguration.get()
                .getProfiles()
                .forEach(each -> all.putIfAbsent(each.getName(), each.getOwnChannels()));
        return all;
    }

    @Override
    @CheckForNull
    public String ownProfile(Job<?, ?> job) {
        MiniProgramJobConfiguration own = job.getProperty(MiniProgramJobConfiguration.class);
        return own == null ? null : own.getProfile().getName();
    }

    @Override
    public List<ChannelConfiguration> own(Job<?, ?> job) {
        MiniProgramJobConfiguration own = job.getProperty(MiniProgramJobConfiguration.class);
        return own == null ? List.of() : own.getProfile().getOwnChannels();
    }
}
