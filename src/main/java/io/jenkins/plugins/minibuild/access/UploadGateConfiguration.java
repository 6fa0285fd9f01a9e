package io.jenkins.plugins.minibuild.access;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.Describable;
import hudson.model.Descriptor;
import hudson.model.Item;
import hudson.util.FormValidation;
import io.jenkins.plugins.minibuild.step.FormAdapter;
import org.jenkinsci.Symbol;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** A row of a policy: uploads that need a human approval of their commit. Immutable. */
public final class UploadGateConfiguration implements Describable<UploadGateConfiguration> {
    private final String profiles;
    private final String branches;

    /**
     * @param profiles patterns of names of profiles, separated by commas
     * @param branches patterns of branches, separated by commas
     * @throws IllegalArgumentException with a message for users
     */
    @DataBoundConstructor
    public UploadGateConfiguration(String profiles, String branches) {
        UploadGate checked = new UploadGate(profiles, branches, "");
        this.profiles = checked.profiles().strip();
        this.branches = checked.branches().strip();
    }

    public String getProfiles() {
        return profiles;
    }

    public String getBranches() {
        return branches;
    }

    UploadGate gate(String place) {
        return new UploadGate(profiles, branches, place);
    }

    @Extension
    @Symbol("uploadGate")
    public static final class DescriptorImpl extends Descriptor<UploadGateConfiguration> {
        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.UploadGateConfiguration_displayName();
        }

        @POST
        public FormValidation doCheckProfiles(@AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, () -> new UploadGate(value, "x", ""));
        }

        @POST
        public FormValidation doCheckBranches(@AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, () -> new UploadGate("x", value, ""));
        }
    }
}
