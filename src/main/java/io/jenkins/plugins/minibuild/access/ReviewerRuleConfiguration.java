package io.jenkins.plugins.minibuild.access;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.Describable;
import hudson.model.Descriptor;
import hudson.model.Item;
import hudson.util.FormValidation;
import io.jenkins.plugins.minibuild.step.FormAdapter;
import java.util.List;
import org.jenkinsci.Symbol;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** A row of a policy: who reviews the changes for some branches. Immutable. */
public final class ReviewerRuleConfiguration implements Describable<ReviewerRuleConfiguration> {
    private final String branches;
    private final String reviewers;

    /**
     * @param branches patterns of target branches, separated by commas
     * @param reviewers {@code user:ID} and {@code group:NAME}, separated by commas
     * @throws IllegalArgumentException with a message for users
     */
    @DataBoundConstructor
    public ReviewerRuleConfiguration(String branches, String reviewers) {
        ReviewerRule checked = new ReviewerRule(branches, FormAdapter.names(reviewers), "");
        this.branches = branches.strip();
        this.reviewers = String.join(", ", checked.reviewers());
    }

    public String getBranches() {
        return branches;
    }

    public String getReviewers() {
        return reviewers;
    }

    ReviewerRule rule(String place) {
        return new ReviewerRule(branches, FormAdapter.names(reviewers), place);
    }

    @Extension
    @Symbol("reviewerRule")
    public static final class DescriptorImpl extends Descriptor<ReviewerRuleConfiguration> {
        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.ReviewerRuleConfiguration_displayName();
        }

        @POST
        public FormValidation doCheckBranches(@AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, () -> new ReviewerRule(value, List.of("user:x"), ""));
        }

        @POST
        public FormValidation doCheckReviewers(@AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, () -> new ReviewerRule("x", FormAdapter.names(value), ""));
        }
    }
}
