package io.jenkins.plugins.minibuild.claude;

import hudson.Extension;
import hudson.Util;
import hudson.model.Describable;
import hudson.model.Descriptor;
import hudson.util.FormValidation;
import io.jenkins.plugins.minibuild.step.FormAdapter;
import jenkins.model.Jenkins;
import org.jenkinsci.Symbol;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** The daily budget of the jobs in a folder and its subfolders. Immutable. */
public final class ClaudeFolderBudgetConfiguration implements Describable<ClaudeFolderBudgetConfiguration> {
    private final String folder;
    private final double dailyBudgetUsd;

    /**
     * @param folder its full name, {@code team/shop}
     * @param dailyBudgetUsd US dollars
     * @throws IllegalArgumentException if one of them cannot be
     */
    @DataBoundConstructor
    public ClaudeFolderBudgetConfiguration(String folder, double dailyBudgetUsd) {
        this.folder = checkFolder(folder);
        this.dailyBudgetUsd = checkDollars(dailyBudgetUsd);
    }

    /** The folder's full name. */
    public String getFolder() {
        return folder;
    }

    /** US dollars a day. */
    public double getDailyBudgetUsd() {
        return dailyBudgetUsd;
    }

    /** Whether it is the budget of a folder, or of one in it. */
    boolean isWithin(String other) {
        return folder.equals(other) || covers(other, folder);
    }

    /** The same for the folder's new name. */
    ClaudeFolderBudgetConfiguration moved(String before, String now) {
        return new ClaudeFolderBudgetConfiguration(now + folder.substring(before.length()), dailyBudgetUsd);
    }

    private static boolean covers(String outer, String item) {
        return item.startsWith(outer + "/");
    }

    /** Whether a job lies in the folder. */
    public boolean covers(String job) {
        return covers(folder, job);
    }

    private static String checkFolder(String folder) {
        String trimmed = Util.fixEmptyAndTrim(Util.fixNull(folder).replaceAll("^\\s*/+|/+\\s*$", ""));
        if (trimmed == null) {
            throw new IllegalArgumentException(Messages.ClaudeConfiguration_folder());
        }
        return trimmed;
    }

    static double checkDollars(double dollars) {
        if (!(dollars > 0) || Double.isInfinite(dollars)) {
            throw new IllegalArgumentException(Messages.Caps_dollars(dollars));
        }
        return dollars;
    }

    @Extension
    @Symbol("claudeFolderBudget")
    public static final class DescriptorImpl extends Descriptor<ClaudeFolderBudgetConfiguration> {
        @Override
        public String getDisplayName() {
            return Messages.ClaudeConfiguration_folderBudget();
        }

        @POST
        public FormValidation doCheckFolder(@QueryParameter String value) {
            Jenkins.get().checkPermission(Jenkins.ADMINISTER);
            return FormAdapter.check(null, () -> checkFolder(value));
        }

        @POST
        public FormValidation doCheckDailyBudgetUsd(@QueryParameter String value) {
            Jenkins.get().checkPermission(Jenkins.ADMINISTER);
            return FormAdapter.check(null, () -> checkDollars(FormAdapter.decimal(value)));
        }
    }
}
