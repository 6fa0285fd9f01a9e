package io.jenkins.plugins.minibuild.limits;

import hudson.Extension;
import hudson.Util;
import hudson.model.Describable;
import hudson.model.Descriptor;
import hudson.util.FormValidation;
import jenkins.model.Jenkins;
import org.jenkinsci.Symbol;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** A pool of slots as an admin configured it. Immutable. */
public final class SlotPoolConfiguration implements Describable<SlotPoolConfiguration> {
    /** The number of slots of a pool that is not configured. */
    static final int STANDARD = 3;

    private final String name;
    private final int maxConcurrent;

    @DataBoundConstructor
    public SlotPoolConfiguration(String name, int maxConcurrent) {
        this.name = checkName(name);
        this.maxConcurrent = checkSlots(maxConcurrent);
    }

    public String getName() {
        return name;
    }

    public int getMaxConcurrent() {
        return maxConcurrent;
    }

    private static String checkName(String name) {
        String trimmed = Util.fixEmptyAndTrim(name);
        if (trimmed == null || !trimmed.matches("[A-Za-z0-9._-]{1,64}")) {
            throw new IllegalArgumentException(Messages.SlotPoolConfiguration_name(String.valueOf(name)));
        }
        return trimmed;
    }

    private static int checkSlots(int slots) {
        if (slots < 1) {
            throw new IllegalArgumentException(Messages.SlotPoolConfiguration_slots(String.valueOf(slots)));
        }
        return slots;
    }

    @Extension
    @Symbol("slotPool")
    public static final class DescriptorImpl extends Descriptor<SlotPoolConfiguration> {
        @Override
        public String getDisplayName() {
            return Messages.SlotPoolConfiguration_displayName();
        }

        @POST
        public FormValidation doCheckName(@QueryParameter String value) {
            Jenkins.get().checkPermission(Jenkins.MANAGE);
            try {
                checkName(value);
                return FormValidation.ok();
            } catch (IllegalArgumentException e) {
                return FormValidation.error(e.getMessage());
            }
        }

        @POST
        public FormValidation doCheckMaxConcurrent(@QueryParameter String value) {
            Jenkins.get().checkPermission(Jenkins.MANAGE);
            try {
                checkSlots(Integer.parseInt(value.trim()));
                return FormValidation.ok();
            } catch (NumberFormatException e) {
                return FormValidation.error(Messages.SlotPoolConfiguration_slots(value));
            } catch (IllegalArgumentException e) {
                return FormValidation.error(e.getMessage());
            }
        }
    }
}
