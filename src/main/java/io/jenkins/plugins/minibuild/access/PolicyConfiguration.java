package io.jenkins.plugins.minibuild.access;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.Util;
import hudson.model.Describable;
import hudson.model.Descriptor;
import hudson.model.Item;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.minibuild.files.Glob;
import io.jenkins.plugins.minibuild.step.FormAdapter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jenkinsci.Symbol;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** The policy of one place: the system configuration or a folder. A value that is not set leaves the matter to the places above. */
public final class PolicyConfiguration implements Describable<PolicyConfiguration> {
    private static final int MOST = 100_000;

    private boolean fourEyes;
    private Integer minApprovals;
    private List<ReviewerRuleConfiguration> reviewers = new ArrayList<>();
    private boolean approvalBeforeMerge;
    private boolean sandboxRequired;
    private Double maxUsdPerRun;
    private Double maxUsdPerDay;
    private Integer maxTurns;
    private Integer maxMinutes;
    private String models;
    private String protectedPaths;
    private String forks;
    private List<UploadGateConfiguration> uploadGates = new ArrayList<>();

    /** Sets nothing. */
    @DataBoundConstructor
    public PolicyConfiguration() {}

    /** Whether those who asked for a change cannot approve it, whatever the step says. */
    public boolean isFourEyes() {
        return fourEyes;
    }

    @DataBoundSetter
    public void setFourEyes(boolean value) {
        fourEyes = value;
    }

    /** How many have to approve; null if it is not set. */
    @CheckForNull
    public Integer getMinApprovals() {
        return minApprovals;
    }

    /** @throws IllegalArgumentException when it is less than 1 or more than 20 */
    @DataBoundSetter
    public void setMinApprovals(@CheckForNull Integer value) {
        minApprovals = whole("minApprovals", value, 20);
    }

    /** Who reviews which branches; the first row for a branch counts. */
    public List<ReviewerRuleConfiguration> getReviewers() {
        return reviewers == null ? List.of() : List.copyOf(reviewers);
    }

    @DataBoundSetter
    public void setReviewers(@CheckForNull List<ReviewerRuleConfiguration> value) {
        reviewers = value == null ? new ArrayList<>() : new ArrayList<>(value);
    }

    /** Whether a merge request needs an approved review. */
    public boolean isApprovalBeforeMerge() {
        return approvalBeforeMerge;
    }

    @DataBoundSetter
    public void setApprovalBeforeMerge(boolean value) {
        approvalBeforeMerge = value;
    }

    /** Whether Claude's steps are refused on agents that have neither sandbox nor container. */
    public boolean isSandboxRequired() {
        return sandboxRequired;
    }

    @DataBoundSetter
    public void setSandboxRequired(boolean value) {
        sandboxRequired = value;
    }

    /** US dollars that a run of Claude may cost; null if it is not set. */
    @CheckForNull
    public Double getMaxUsdPerRun() {
        return maxUsdPerRun;
    }

    /** @throws IllegalArgumentException when it is not positive */
    @DataBoundSetter
    public void setMaxUsdPerRun(@CheckForNull Double value) {
        maxUsdPerRun = dollars("maxUsdPerRun", value);
    }

    /** US dollars that all jobs of the place may cost in a day, together; null if it is not set. */
    @CheckForNull
    public Double getMaxUsdPerDay() {
        return maxUsdPerDay;
    }

    /** @throws IllegalArgumentException when it is not positive */
    @DataBoundSetter
    public void setMaxUsdPerDay(@CheckForNull Double value) {
        maxUsdPerDay = dollars("maxUsdPerDay", value);
    }

    /** Answers of the model in a run; null if it is not set. */
    @CheckForNull
    public Integer getMaxTurns() {
        return maxTurns;
    }

    /** @throws IllegalArgumentException when it is less than 1 */
    @DataBoundSetter
    public void setMaxTurns(@CheckForNull Integer value) {
        maxTurns = whole("maxTurns", value, MOST);
    }

    /** Minutes of a run; null if it is not set. */
    @CheckForNull
    public Integer getMaxMinutes() {
        return maxMinutes;
    }

    /** @throws IllegalArgumentException when it is less than 1 */
    @DataBoundSetter
    public void setMaxMinutes(@CheckForNull Integer value) {
        maxMinutes = whole("maxMinutes", value, MOST);
    }

    /** Patterns of the models that may be used; null for all. */
    @CheckForNull
    public String getModels() {
        return models;
    }

    /** @throws IllegalArgumentException naming a pattern that is none */
    @DataBoundSetter
    public void setModels(@CheckForNull String value) {
        models = checked(value, Glob::names);
    }

    /** Patterns of paths that code generation must not change, besides the plugin's own; null for none. */
    @CheckForNull
    public String getProtectedPaths() {
        return protectedPaths;
    }

    /** @throws IllegalArgumentException naming a pattern that is none */
    @DataBoundSetter
    public void setProtectedPaths(@CheckForNull String value) {
        protectedPaths = checked(value, Glob::paths);
    }

    /** Whose merge requests out of forks may start builds: never, members or always; null if it is not set. */
    @CheckForNull
    public String getForks() {
        return forks;
    }

    /** @throws IllegalArgumentException when it is none of them */
    @DataBoundSetter
    public void setForks(@CheckForNull String value) {
        Forks chosen = Forks.of(value);
        forks = chosen == null ? null : chosen.word();
    }

    /** Uploads that need an approval of their commit. */
    public List<UploadGateConfiguration> getUploadGates() {
        return uploadGates == null ? List.of() : List.copyOf(uploadGates);
    }

    @DataBoundSetter
    public void setUploadGates(@CheckForNull List<UploadGateConfiguration> value) {
        uploadGates = value == null ? new ArrayList<>() : new ArrayList<>(value);
    }

    /**
     * The policy, without the plugin's defaults.
     *
     * @param place the full name of the folder; empty for the system configuration
     */
    public Policy policy(String place) {
        return new Policy(
                new ReviewPolicy(
                        rule("fourEyes", fourEyes ? Boolean.TRUE : null, place),
                        rule("minApprovals", minApprovals, place),
                        getReviewers().stream().map(each -> each.rule(place)).toList(),
                        rule("approvalBeforeMerge", approvalBeforeMerge ? Boolean.TRUE : null, place)),
                new ModelPolicy(
                        rule("sandboxRequired", sandboxRequired ? Boolean.TRUE : null, place),
                        Rule.silent("sandboxOffAllowed"),
                        rule("maxUsdPerRun", maxUsdPerRun, place),
                        rules("maxUsdPerDay", maxUsdPerDay, place),
                        rule("maxTurns", maxTurns, place),
                        rule("maxMinutes", maxMinutes, place),
                        rules("models", models, place)),
                new CodePolicy(
                        rules("protectedPaths", protectedPaths, place),
                        rule("forks", Forks.of(forks), place),
                        Rule.silent("builtInNodeAllowed")),
                getUploadGates().stream().map(each -> each.gate(place)).toList());
    }

    private static <T extends Comparable<? super T>> Rule<T> rule(String name, @CheckForNull T value, String place) {
        return value == null ? Rule.silent(name) : new Rule<>(name, value, place);
    }

    private static <T extends Comparable<? super T>> List<Rule<T>> rules(
            String name, @CheckForNull T value, String place) {
        return value == null ? List.of() : List.of(new Rule<>(name, value, place));
    }

    @CheckForNull
    private static Integer whole(String name, @CheckForNull Integer value, int most) {
        if (value != null && (value < 1 || value > most)) {
            throw new IllegalArgumentException(
                    Messages.PolicyConfiguration_whole(name, value.toString(), Integer.toString(most)));
        }
        return value;
    }

    @CheckForNull
    private static Double dollars(String name, @CheckForNull Double value) {
        if (value != null && (!(value > 0) || value > MOST)) {
            throw new IllegalArgumentException(
                    Messages.PolicyConfiguration_dollars(name, value.toString(), Integer.toString(MOST)));
        }
        return value;
    }

    @CheckForNull
    static String checked(@CheckForNull String value, Function<String, Glob> patterns) {
        String text = Util.fixEmptyAndTrim(value);
        return text == null || patterns.apply(text).isEmpty() ? null : text;
    }

    @Extension
    @Symbol("miniBuildPolicy")
    public static final class DescriptorImpl extends Descriptor<PolicyConfiguration> {
        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.PoliciesConfiguration_displayName();
        }

        @POST
        public FormValidation doCheckMinApprovals(@AncestorInPath Item item, @QueryParameter String value) {
            return number(item, value, () -> whole("minApprovals", FormAdapter.number(value), 20));
        }

        @POST
        public FormValidation doCheckMaxTurns(@AncestorInPath Item item, @QueryParameter String value) {
            return number(item, value, () -> whole("maxTurns", FormAdapter.number(value), MOST));
        }

        @POST
        public FormValidation doCheckMaxMinutes(@AncestorInPath Item item, @QueryParameter String value) {
            return number(item, value, () -> whole("maxMinutes", FormAdapter.number(value), MOST));
        }

        @POST
        public FormValidation doCheckMaxUsdPerRun(@AncestorInPath Item item, @QueryParameter String value) {
            return number(item, value, () -> dollars("maxUsdPerRun", FormAdapter.decimal(value)));
        }

        @POST
        public FormValidation doCheckMaxUsdPerDay(@AncestorInPath Item item, @QueryParameter String value) {
            return number(item, value, () -> dollars("maxUsdPerDay", FormAdapter.decimal(value)));
        }

        @POST
        public FormValidation doCheckModels(@AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, () -> checked(value, Glob::names));
        }

        @POST
        public FormValidation doCheckProtectedPaths(@AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, () -> checked(value, Glob::paths));
        }

        /** The words, and nothing for "not set here". */
        @POST
        public ListBoxModel doFillForksItems(@AncestorInPath Item item) {
            ListBoxModel items = new ListBoxModel();
            if (FormAdapter.mayConfigure(item)) {
                items.add(Messages.PolicyConfiguration_notSet(), "");
                items.add(Messages.Forks_never(), Forks.NEVER.word());
                items.add(Messages.Forks_members(), Forks.MEMBERS.word());
                items.add(Messages.Forks_always(), Forks.ALWAYS.word());
            }
            return items;
        }

        private static FormValidation number(Item item, String value, Runnable check) {
            return Util.fixEmptyAndTrim(value) == null ? FormValidation.ok() : FormAdapter.check(item, check);
        }
    }
}
