package io.jenkins.plugins.minibuild.miniprogram.profile;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.Job;
import hudson.model.JobProperty;
import io.jenkins.plugins.minibuild.step.FormAdapter;
import jenkins.model.OptionalJobProperty;
import net.sf.json.JSONObject;
import org.jenkinsci.Symbol;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.StaplerRequest2;

/** The profile of a single job. Other jobs cannot use it; it comes before a profile of the same name for all jobs. */
public final class MiniProgramJobConfiguration extends OptionalJobProperty<Job<?, ?>> {

    private final ProfileConfiguration profile;

    /** @throws IllegalArgumentException when the profile is not complete */
    @DataBoundConstructor
    public MiniProgramJobConfiguration(ProfileConfiguration profile) {
        profile.checked();
        this.profile = profile;
    }

    /** The profile. */
    public ProfileConfiguration getProfile() {
        return profile;
    }

    @Extension
    @Symbol("miniProgramProfile")
    public static final class DescriptorImpl extends OptionalJobPropertyDescriptor {
        @Override
        public JobProperty<?> newInstance(@CheckForNull StaplerRequest2 req, @NonNull JSONObject formData)
                throws FormException {
            return FormAdapter.bound(() -> super.newInstance(req, formData));
        }

        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.JobProfile_displayName();
        }
    }
}
