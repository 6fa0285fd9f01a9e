package io.jenkins.plugins.minibuild.miniprogram.profile;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.util.FormValidation;
import io.jenkins.plugins.minibuild.miniprogram.Preflight;
import io.jenkins.plugins.minibuild.step.SectionConfiguration;
import java.util.ArrayList;
import java.util.List;
import jenkins.model.Jenkins;
import org.jenkinsci.Symbol;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** The global configuration "Mini programs": the profiles of all jobs, and what agents have to have. */
@Extension
@Symbol("miniPrograms")
public final class MiniProgramsConfiguration extends SectionConfiguration {

    /** Null until one is stored. */
    private List<ProfileConfiguration> profiles;
    /** Null for the default. */
    private Double freeDiskGb;

    /** Reads what was stored. */
    public MiniProgramsConfiguration() {
        super("profiles");
        load();
    }

    /** The one of this controller. */
    public static MiniProgramsConfiguration get() {
        return ExtensionList.lookupSingleton(MiniProgramsConfiguration.class);
    }

    @NonNull
    @Override
    public String getDisplayName() {
        return Messages.MiniPrograms_displayName();
    }

    /** The profiles in the order of the page. */
    public synchronized List<ProfileConfiguration> getProfiles() {
        return profiles == null ? List.of() : List.copyOf(profiles);
    }

    /**
     * Replaces the profiles. What a profile has shipped is kept with the builds and the versions, not here, so that it outlives it.
     *
     * @throws IllegalArgumentException when one is not complete, or two have the same name or app; nothing is changed then
     */
    @DataBoundSetter
    public synchronized void setProfiles(@CheckForNull List<ProfileConfiguration> given) {
        List<ProfileConfiguration> fresh = given == null ? List.of() : given;
        List<Profile> checked = new ArrayList<>();
        for (ProfileConfiguration each : fresh) {
            try {
                checked.add(each.toProfile());
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(Messages.Profile_broken(each.getName(), e.getMessage()), e);
            }
        }
        Profile.checkUnique(checked);
        profiles = new ArrayList<>(fresh);
        save();
    }

    /** How much of an agent's disk has to be free before a build begins, in GB; 0 for any. */
    public synchronized double getFreeDiskGb() {
        return freeDiskGb == null ? Preflight.FreeDisk.DEFAULT.gigabytes() : freeDiskGb;
    }

    /** See {@link #getFreeDiskGb}. */
    @DataBoundSetter
    public synchronized void setFreeDiskGb(double gigabytes) {
        double checked = Preflight.FreeDisk.check(gigabytes);
        freeDiskGb = Double.compare(checked, Preflight.FreeDisk.DEFAULT.gigabytes()) == 0 ? null : (Double) checked;
        save();
    }

    /** Checks the number. */
    @POST
    public FormValidation doCheckFreeDiskGb(@QueryParameter String value) {
        if (!Jenkins.get().hasPermission(Jenkins.ADMINISTER)) {
            return FormValidation.ok();
        }
        try {
            Preflight.FreeDisk.check(Double.parseDouble(value.trim()));
            return FormValidation.ok();
        } catch (IllegalArgumentException e) {
            return FormValidation.error(e.getMessage());
        }
    }
}
