package io.jenkins.plugins.minibuild.notify;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.ExtensionPoint;
import hudson.model.Job;
import java.util.List;
import java.util.Map;

/** Finds the channels that profiles of mini programs have for themselves. Only messages about a profile's program go there. */
public abstract class ProfileChannelsFactory implements ExtensionPoint {
    /** Those of the profiles for all jobs, by the profile's name; they use credentials of Jenkins. */
    public abstract Map<String, List<ChannelConfiguration>> global();

    /** The name of the profile that a job has for itself; null for none. */
    @CheckForNull
    public abstract String ownProfile(Job<?, ?> job);

    /** The channels of that profile; they use credentials of the job's folder. */
    public abstract List<ChannelConfiguration> own(Job<?, ?> job);
}
