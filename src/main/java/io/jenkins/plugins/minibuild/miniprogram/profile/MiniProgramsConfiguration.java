package io.jenkins.plugins.minibuild.miniprogram.profile;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.model.Job;
import hudson.util.FormValidation;
import io.jenkins.plugins.minibuild.step.FormAdapter;
import io.jenkins.plugins.minibuild.step.SectionConfiguration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jenkinsci.Symbol;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** The global configuration "Mini programs": the profiles of all jobs, and the free disk space that agents need. */
@Extension
@Symbol("miniPrograms")
public final class MiniProgramsConfiguration extends SectionConfiguration {

    /** Null before the first profile is stored. */
    private List<ProfileConfiguration> profiles;
    /** Null for the default. */
    private Double freeDiskGb;

    /** Reads what was stored. */
    public MiniProgramsConfiguration() {
        super("profiles");
        load();
    }

    /** The configuration of this controller. */
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

    /** The profiles that the builds of a job may use, the job's own first. They are not checked. */
    public static List<ProfileConfiguration> of(Job<?, ?> job) {
        List<ProfileConfiguration> all =
                new ArrayList<>(ProfileConfiguration.usableBy(job.getFullName(), get().getProfiles()));
        MiniProgramJobConfiguration own = job.getProperty(MiniProgramJobConfiguration.class);
        if (own != null) {
            all.add(0, own.getProfile());
        }
        return all;
    }

    /**
     * Replaces the profiles. The versions and builds of a profile that is removed stay: they are stored elsewhere.
     *
     * @throws IllegalArgumentException when a profile is not complete, or two have the same name or AppID; then nothing changes
     */
    @DataBoundSetter
    public synchronized void setProfiles(@CheckForNull List<ProfileConfiguration> given) {
        List<ProfileConfiguration> fresh = given == null ? List.of() : given;
        List<Profile> checked = new ArrayList<>();
        for (ProfileConfiguration each : fresh) {
            checked.add(each.checked());
        }
        Profile.checkUnique(checked);
        identify(fresh, getProfiles());
        profiles = new ArrayList<>(fresh);
        save();
    }

    /**
     * Says which profile of before each one is. The form says it. Configuration as Code and scripts do not: there the one of the same name is meant, else the one
     * of the same AppID. What is none of before gets an id that nothing ever had, so that nothing of a deleted profile comes back to life.
     */
    static void identify(List<ProfileConfiguration> fresh, List<ProfileConfiguration> before) {
        Set<String> free = before.stream().map(ProfileConfiguration::identity).collect(Collectors.toSet());
        List<ProfileConfiguration> open = new ArrayList<>();
        List<ProfileConfiguration> unsaid = new ArrayList<>();
        for (ProfileConfiguration each : fresh) {
            if (!each.saysId()) {
                unsaid.add(each);
            } else if (!free.remove(each.identity())) {
                open.add(each);
            }
        }
        List<Function<ProfileConfiguration, String>> signs =
                List.of(ProfileConfiguration::getName, ProfileConfiguration::getAppId);
        for (Function<ProfileConfiguration, String> sign : signs) {
            unsaid.removeIf(each -> {
                String known = before.stream()
                        .filter(old -> sign.apply(old).equals(sign.apply(each)))
                        .map(ProfileConfiguration::identity)
                        .filter(free::contains)
                        .findFirst()
                        .orElse(null);
                if (known != null) {
                    free.remove(known);
                    each.identify(known);
                }
                return known != null;
            });
        }
        open.addAll(unsaid);
        open.forEach(each -> each.identify(UUID.randomUUID().toString()));
    }

    /** The free disk space in GB that an agent needs before a build begins; 0 for any. */
    public synchronized double getFreeDiskGb() {
        return freeDiskGb == null ? FreeDisk.DEFAULT.gigabytes() : freeDiskGb;
    }

    @DataBoundSetter
    public synchronized void setFreeDiskGb(double gigabytes) {
        double checked = FreeDisk.check(gigabytes);
        freeDiskGb = Double.compare(checked, FreeDisk.DEFAULT.gigabytes()) == 0 ? null : (Double) checked;
        save();
    }

    @POST
    public FormValidation doCheckFreeDiskGb(@QueryParameter String value) {
        return FormAdapter.check(null, () -> FreeDisk.check(ProfileConfiguration.DescriptorImpl.decimal(value)));
    }
}
