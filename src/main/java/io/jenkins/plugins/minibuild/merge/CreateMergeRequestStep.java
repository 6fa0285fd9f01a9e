package io.jenkins.plugins.minibuild.merge;

import com.cloudbees.plugins.credentials.CredentialsMatchers;
import com.cloudbees.plugins.credentials.common.StandardUsernamePasswordCredentials;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.Extension;
import hudson.Util;
import hudson.model.Item;
import hudson.model.Run;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.minibuild.checkout.RefName;
import io.jenkins.plugins.minibuild.checkout.RepositoryUrl;
import io.jenkins.plugins.minibuild.step.BuildTask;
import io.jenkins.plugins.minibuild.step.FormAdapter;
import io.jenkins.plugins.minibuild.step.TaskStep;
import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import org.jenkinsci.Symbol;
import org.jenkinsci.plugins.plaincredentials.StringCredentials;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** The step {@code createMergeRequest}. */
public final class CreateMergeRequestStep extends TaskStep<MergeResult> {
    private String url;
    private String source;
    private String target;
    private String title;
    private String description;
    private String labels;
    private String reviewers;
    private boolean draft;
    private boolean removeSourceBranch;
    private String credentialsId;
    /** Null: when people were asked about the branch. */
    private Boolean requireApproval;

    /** Everything but the credential has a default. */
    @DataBoundConstructor
    public CreateMergeRequestStep() {}

    /** The repository; null for that of claudeCodegen, or of the workspace. */
    @CheckForNull
    public String getUrl() {
        return url;
    }

    @DataBoundSetter
    public void setUrl(@CheckForNull String value) {
        url = Util.fixEmptyAndTrim(value);
    }

    /** The branch to merge; null for that of claudeCodegen. */
    @CheckForNull
    public String getSource() {
        return source;
    }

    @DataBoundSetter
    public void setSource(@CheckForNull String value) {
        source = checkedBranch(value);
    }

    /** Null for the remote's default branch. */
    @CheckForNull
    public String getTarget() {
        return target;
    }

    @DataBoundSetter
    public void setTarget(@CheckForNull String value) {
        target = checkedBranch(value);
    }

    /** Null for the requirement's. */
    @CheckForNull
    public String getTitle() {
        return title;
    }

    @DataBoundSetter
    public void setTitle(@CheckForNull String value) {
        title = Util.fixEmptyAndTrim(value);
    }

    /** Markdown; null for what the build knows. */
    @CheckForNull
    public String getDescription() {
        return description;
    }

    @DataBoundSetter
    public void setDescription(@CheckForNull String value) {
        description = Util.fixEmptyAndTrim(value);
    }

    /** Separated by commas; null for none. */
    @CheckForNull
    public String getLabels() {
        return labels;
    }

    @DataBoundSetter
    public void setLabels(@CheckForNull String value) {
        labels = Util.fixEmptyAndTrim(value);
    }

    /** Names of accounts of the service, separated by commas; null for none. */
    @CheckForNull
    public String getReviewers() {
        return reviewers;
    }

    @DataBoundSetter
    public void setReviewers(@CheckForNull String value) {
        reviewers = Util.fixEmptyAndTrim(value);
    }

    /** Whether it is opened as a draft. */
    public boolean isDraft() {
        return draft;
    }

    @DataBoundSetter
    public void setDraft(boolean value) {
        draft = value;
    }

    /** Whether the service deletes the branch when it is merged. */
    public boolean isRemoveSourceBranch() {
        return removeSourceBranch;
    }

    @DataBoundSetter
    public void setRemoveSourceBranch(boolean value) {
        removeSourceBranch = value;
    }

    /** The token of the service. */
    @CheckForNull
    public String getCredentialsId() {
        return credentialsId;
    }

    @DataBoundSetter
    public void setCredentialsId(@CheckForNull String value) {
        credentialsId = Util.fixEmptyAndTrim(value);
    }

    /** Whether people must have approved the commit, a boolean; null: if people were asked about the branch, in this build or an earlier one of the job. */
    @CheckForNull
    public Object getRequireApproval() {
        return requireApproval;
    }

    /** Takes a boolean, or its text as a form sends it; empty for the default. */
    @DataBoundSetter
    public void setRequireApproval(@CheckForNull Object value) {
        String text = value == null ? "" : value.toString().trim();
        if (!text.isEmpty() && !text.equals("true") && !text.equals("false")) {
            throw new IllegalArgumentException(Messages.CreateMergeRequestStep_notBoolean(text));
        }
        requireApproval = text.isEmpty() ? null : (Boolean) Boolean.parseBoolean(text);
    }

    @CheckForNull
    private static String checkedBranch(@CheckForNull String value) {
        String name = Util.fixEmptyAndTrim(value);
        if (name != null && !FormAdapter.isVariable(name) && !RefName.isValid(name)) {
            throw new IllegalArgumentException(Messages.MergeRequestTask_badBranch(name));
        }
        return name;
    }

    @Override
    public BuildTask<MergeResult> task() {
        MergeRequestTask task = new MergeRequestTask(new MergeOptions(
                new MergeOptions.Repository(url, credentialsId),
                source,
                target,
                new MergeOptions.Content(
                        title,
                        description,
                        FormAdapter.names(labels),
                        FormAdapter.names(reviewers),
                        draft,
                        removeSourceBranch),
                requireApproval));
        return context -> {
            try {
                return task.run(context);
            } catch (IllegalArgumentException e) {
                throw new AbortException(e.getMessage());
            }
        };
    }

    @Override
    public Map<String, Object> toReturnValue(MergeResult result) {
        return result.toMap();
    }

    @Override
    protected void attach(Run<?, ?> run, MergeResult result) throws IOException {
        MergeRequestAction.add(run, result, Objects.requireNonNull(credentialsId));
    }

    @Extension
    @Symbol("createMergeRequest")
    public static final class DescriptorImpl extends TaskStepDescriptor {
        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.CreateMergeRequestStep_displayName();
        }

        @Override
        public String argumentsToString(@NonNull Map<String, Object> namedArgs) {
            return Objects.toString(namedArgs.get("source"), null);
        }

        @POST
        public ListBoxModel doFillRequireApprovalItems(@CheckForNull @AncestorInPath Item item) {
            ListBoxModel items = new ListBoxModel();
            items.add(Messages.CreateMergeRequestStep_approvalIfAsked(), "");
            if (FormAdapter.mayConfigure(item)) {
                items.add(Messages.CreateMergeRequestStep_approvalAlways(), "true");
                items.add(Messages.CreateMergeRequestStep_approvalNever(), "false");
            }
            return items;
        }

        @POST
        public ListBoxModel doFillCredentialsIdItems(
                @CheckForNull @AncestorInPath Item item,
                @QueryParameter String url,
                @QueryParameter String credentialsId) {
            return FormAdapter.credentials(
                    item,
                    url,
                    credentialsId,
                    CredentialsMatchers.anyOf(
                            CredentialsMatchers.instanceOf(StringCredentials.class),
                            CredentialsMatchers.instanceOf(StandardUsernamePasswordCredentials.class)));
        }

        @POST
        public FormValidation doCheckUrl(@CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return Util.fixEmptyAndTrim(value) == null
                    ? FormValidation.ok()
                    : FormAdapter.check(item, value, () -> RepositoryUrl.parse(value));
        }

        @POST
        public FormValidation doCheckSource(@CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, value, () -> checkedBranch(value));
        }

        @POST
        public FormValidation doCheckTarget(@CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, value, () -> checkedBranch(value));
        }

        @POST
        public FormValidation doCheckCredentialsId(
                @CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, value, () -> {
                if (Util.fixEmptyAndTrim(value) == null) {
                    throw new IllegalArgumentException(Messages.MergeRequestTask_noCredential());
                }
            });
        }
    }
}
