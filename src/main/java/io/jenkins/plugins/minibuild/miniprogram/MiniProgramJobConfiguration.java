package io.jenkins.plugins.minibuild.miniprogram;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.Job;
import jenkins.model.OptionalJobProperty;
import org.jenkinsci.Symbol;
import org.kohsuke.stapler.DataBoundConstructor;

/** The private profile of a job: nobody else sees it, and it comes before one of the same name for all jobs. */
public final class MiniProgramJobConfiguration extends OptionalJobProperty<Job<?, ?>> {

    private final ProfileConfiguration profile;

    /** @throws IllegalArgumentException when the profile is not complete */
    @DataBoundConstructor
    public MiniProgramJobConfiguration(ProfileConfiguration profile) {
        profile.toProfile();
        this.profile = profile;
    }

    /** The profile. */
    public ProfileConfiguration getProfile() {
        return profile;
    }

    /** Describes the property. */
    @Extension
    @Symbol("miniProgramProfile")
    public static final class DescriptorImpl extends OptionalJobPropertyDescriptor {

        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.JobProfile_displayName();
        }
    }
}
