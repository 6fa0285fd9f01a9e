package io.jenkins.plugins.minibuild.review;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.Extension;
import hudson.Util;
import hudson.model.Item;
import hudson.model.Run;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.minibuild.claude.Caps;
import io.jenkins.plugins.minibuild.claude.WorkspacePath;
import io.jenkins.plugins.minibuild.files.Glob;
import io.jenkins.plugins.minibuild.step.BuildContext;
import io.jenkins.plugins.minibuild.step.BuildTask;
import io.jenkins.plugins.minibuild.step.FormAdapter;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jenkinsci.Symbol;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** The step {@code aiReview}. */
public final class AiReviewStep extends ReviewingStep<ReviewReport> {
    private static final int LARGEST_DIFF = 5000;
    private static final Pattern LANGUAGE = Pattern.compile("\\p{L}[\\p{L}\\p{M} ()（）_-]{1,39}");

    private String base;
    private String head;
    private String paths;
    private String language;
    /** Null for none, as the next. */
    private Integer minScore;

    private String failOn;
    private boolean incremental;
    private boolean comment;
    private Integer mergeRequest;
    private String commentCredentialsId;
    /** Null for the default. */
    private Integer maxDiffKb;

    /** Everything is optional. */
    @DataBoundConstructor
    public AiReviewStep() {
        // nothing is required
    }

    @Override
    protected Caps defaults() {
        return ReviewRequest.CAPS;
    }

    /** The branch, tag or commit that is compared with; null for the target of the merge request, or the default branch. */
    @CheckForNull
    public String getBase() {
        return base;
    }

    @DataBoundSetter
    public void setBase(@CheckForNull String value) {
        base = checkedRef(value);
    }

    /** The branch, tag or commit that is reviewed; null for the files of the workspace. */
    @CheckForNull
    public String getHead() {
        return head;
    }

    @DataBoundSetter
    public void setHead(@CheckForNull String value) {
        head = checkedRef(value);
    }

    /** Patterns of paths, separated by commas; null for all. */
    @CheckForNull
    public String getPaths() {
        return paths;
    }

    @DataBoundSetter
    public void setPaths(@CheckForNull String value) {
        paths = checkedPaths(value);
    }

    /** The language that the report is written in, by its name in English or in itself; null for the controller's. */
    @CheckForNull
    public String getLanguage() {
        return language;
    }

    @DataBoundSetter
    public void setLanguage(@CheckForNull String value) {
        language = checkedLanguage(value);
    }

    /** A lower score sets the build Unstable; null for none. */
    @CheckForNull
    public Integer getMinScore() {
        return minScore;
    }

    @DataBoundSetter
    public void setMinScore(@CheckForNull Integer value) {
        minScore = new ReviewGate(value, null).minScore();
    }

    /** A finding of this severity, or worse, fails the build; null for none. */
    @CheckForNull
    public String getFailOn() {
        return failOn;
    }

    @DataBoundSetter
    public void setFailOn(@CheckForNull String value) {
        String word = Util.fixEmptyAndTrim(value);
        if (word != null && !FormAdapter.isVariable(word)) {
            word = Severity.of(word.toLowerCase(Locale.ROOT)).word();
        }
        failOn = word;
    }

    /** Whether only what changed since the last review is looked at. */
    public boolean isIncremental() {
        return incremental;
    }

    @DataBoundSetter
    public void setIncremental(boolean value) {
        incremental = value;
    }

    /** Whether the review is written to the merge request. */
    public boolean isComment() {
        return comment;
    }

    @DataBoundSetter
    public void setComment(boolean value) {
        comment = value;
    }

    /** Its number; null for the one that is built. */
    @CheckForNull
    public Integer getMergeRequest() {
        return mergeRequest;
    }

    @DataBoundSetter
    public void setMergeRequest(@CheckForNull Integer value) {
        mergeRequest = checkedNumber(value);
    }

    /** A token that may comment; null for {@link #getGitCredentialsId}. */
    @CheckForNull
    public String getCommentCredentialsId() {
        return commentCredentialsId;
    }

    @DataBoundSetter
    public void setCommentCredentialsId(@CheckForNull String value) {
        commentCredentialsId = Util.fixEmptyAndTrim(value);
    }

    /** Kilobytes of the change that are reviewed. */
    public int getMaxDiffKb() {
        return maxDiffKb == null ? ReviewRequest.LARGEST : maxDiffKb;
    }

    @DataBoundSetter
    public void setMaxDiffKb(int value) {
        int checked = checkedDiff(value);
        maxDiffKb = checked == ReviewRequest.LARGEST ? null : (Integer) checked;
    }

    @CheckForNull
    private static String checkedLanguage(@CheckForNull String value) {
        String name = Util.fixEmptyAndTrim(value);
        if (name != null
                && !FormAdapter.isVariable(name)
                && !LANGUAGE.matcher(name).matches()) {
            throw new IllegalArgumentException(Messages.AiReviewStep_language(name));
        }
        return name;
    }

    @CheckForNull
    private static Integer checkedNumber(@CheckForNull Integer value) {
        if (value != null && value < 1) {
            throw new IllegalArgumentException(Messages.AiReviewStep_mergeRequest(value));
        }
        return value;
    }

    private static int checkedDiff(int value) {
        if (value < 1 || value > LARGEST_DIFF) {
            throw new IllegalArgumentException(Messages.AiReviewStep_diff(value, LARGEST_DIFF));
        }
        return value;
    }

    @Override
    public BuildTask<ReviewReport> task() {
        return build -> {
            try {
                return review(build);
            } catch (IllegalArgumentException e) {
                throw new AbortException(e.getMessage());
            }
        };
    }

    private ReviewReport review(BuildContext build) throws IOException, InterruptedException {
        String directory = checkedDirectory(getDirectory());
        // The controller knows the address that claudeCodegen used; the address in the workspace is not trusted.
        String address = getUrl() == null ? build.record().facts().get(Review.URL_FACT) : getUrl();
        ReviewPosting posting = comment ? posting(build, address) : null;
        ReviewRequest.Source source = new ReviewRequest.Source(
                WorkspacePath.folder(build.workspace(), directory),
                directory,
                address,
                getGitCredentialsId(),
                base,
                head);
        ReviewRequest request = new ReviewRequest(
                source,
                Glob.paths(Util.fixNull(paths)),
                ReviewRequest.language(language),
                incremental,
                getMaxDiffKb(),
                new ReviewGate(minScore, failOn == null ? null : Severity.of(failOn)));
        ReviewReport report = review(build, request, options());
        if (posting != null) {
            posting.post(
                    report,
                    new ReviewStore(build.record().folder())
                            .diff(report.number())
                            .orElseThrow());
        }
        return report;
    }

    private ReviewPosting posting(BuildContext build, @CheckForNull String address) throws AbortException {
        return ReviewPosting.of(
                build,
                address,
                commentCredentialsId == null ? getGitCredentialsId() : commentCredentialsId,
                mergeRequest);
    }

    @Override
    public Map<String, Object> toReturnValue(ReviewReport report) {
        return report.toMap();
    }

    @Override
    protected void attach(Run<?, ?> run, ReviewReport report) throws IOException {
        conclude(run, report);
    }

    @Extension
    @Symbol("aiReview")
    public static final class DescriptorImpl extends ClaudeGitStepDescriptor {
        @Override
        protected Caps defaults() {
            return ReviewRequest.CAPS;
        }

        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.AiReviewStep_displayName();
        }

        @Override
        public String argumentsToString(@NonNull Map<String, Object> namedArgs) {
            return Objects.toString(namedArgs.get("head"), Objects.toString(namedArgs.get("base"), null));
        }

        @POST
        public ListBoxModel doFillCommentCredentialsIdItems(
                @CheckForNull @AncestorInPath Item item, @QueryParameter String commentCredentialsId) {
            return gitCredentials(item, commentCredentialsId);
        }

        @POST
        public FormValidation doCheckMergeRequest(
                @CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, value, () -> {
                if (Util.fixEmptyAndTrim(value) != null) {
                    checkedNumber(FormAdapter.number(value));
                }
            });
        }

        /** None, or how bad a finding has to be. */
        @POST
        public ListBoxModel doFillFailOnItems(@CheckForNull @AncestorInPath Item item) {
            ListBoxModel items = new ListBoxModel();
            items.add(Messages.AiReviewStep_never(), "");
            if (FormAdapter.mayConfigure(item)) {
                for (Severity each : Severity.values()) {
                    items.add(each.title(), each.word());
                }
            }
            return items;
        }

        @POST
        public FormValidation doCheckBase(@CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, value, () -> checkedRef(value));
        }

        @POST
        public FormValidation doCheckHead(@CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, value, () -> checkedRef(value));
        }

        @POST
        public FormValidation doCheckPaths(@CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, value, () -> checkedPaths(value));
        }

        @POST
        public FormValidation doCheckLanguage(@CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, value, () -> checkedLanguage(value));
        }

        @POST
        public FormValidation doCheckMinScore(@CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, value, () -> {
                if (Util.fixEmptyAndTrim(value) != null) {
                    new ReviewGate(FormAdapter.number(value), null);
                }
            });
        }

        @POST
        public FormValidation doCheckMaxDiffKb(@CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, value, () -> checkedDiff(FormAdapter.number(value)));
        }
    }
}
