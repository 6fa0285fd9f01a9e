package io.jenkins.plugins.minibuild.webhook;

import com.cloudbees.plugins.credentials.CredentialsMatcher;
import com.cloudbees.plugins.credentials.CredentialsMatchers;
import com.cloudbees.plugins.credentials.common.StandardUsernamePasswordCredentials;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.Util;
import hudson.model.Item;
import hudson.model.Job;
import hudson.triggers.Trigger;
import hudson.triggers.TriggerDescriptor;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.minibuild.checkout.RepositoryUrl;
import io.jenkins.plugins.minibuild.step.FormAdapter;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import net.sf.json.JSONObject;
import org.jenkinsci.Symbol;
import org.jenkinsci.plugins.plaincredentials.StringCredentials;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.verb.POST;

/**
 * The trigger {@code miniBuildWebhook}: which deliveries start a job, and how. Without it a job's own endpoint starts it for every push.
 */
public final class WebhookTrigger extends Trigger<Job<?, ?>> {
    /** All that Jenkins has started, by themselves. */
    private static final Set<WebhookTrigger> RUNNING = ConcurrentHashMap.newKeySet();

    private static final int LONGEST_QUIET_PERIOD = 86_400;

    private Boolean push;
    private Boolean tag;
    private Boolean opened;
    private Boolean updated;
    private Boolean merged;
    private Boolean skipDrafts;
    private Boolean skipCi;
    private Boolean cancelSuperseded;
    private String branches;
    private String excludedBranches;
    private String tags;
    private String paths;
    private String excludedPaths;
    private String authors;
    private String excludedAuthors;
    private String labels;
    private String commentPhrase;
    private String secretCredentialsId;
    private String statusCredentialsId;
    /** Seconds; null for the job's own. */
    private Integer quietPeriod;

    private String repository;

    private transient volatile TriggerFilter filter;

    /** A trigger with the defaults. */
    @DataBoundConstructor
    public WebhookTrigger() {}

    /** Whether pushes to branches start it. */
    public boolean isPush() {
        return push == null || push;
    }

    @DataBoundSetter
    public void setPush(boolean value) {
        push = value ? null : Boolean.FALSE;
        filter = null;
    }

    /** Whether new tags start it. */
    public boolean isTag() {
        return tag != null && tag;
    }

    @DataBoundSetter
    public void setTag(boolean value) {
        tag = value ? Boolean.TRUE : null;
        filter = null;
    }

    /** Whether merge requests start it that are opened, reopened or no longer drafts. */
    public boolean isOpened() {
        return opened != null && opened;
    }

    @DataBoundSetter
    public void setOpened(boolean value) {
        opened = value ? Boolean.TRUE : null;
        filter = null;
    }

    /** Whether new commits in merge requests start it. */
    public boolean isUpdated() {
        return updated != null && updated;
    }

    @DataBoundSetter
    public void setUpdated(boolean value) {
        updated = value ? Boolean.TRUE : null;
        filter = null;
    }

    /** Whether merged merge requests start it. */
    public boolean isMerged() {
        return merged != null && merged;
    }

    @DataBoundSetter
    public void setMerged(boolean value) {
        merged = value ? Boolean.TRUE : null;
        filter = null;
    }

    /** Whether merge requests that are drafts are left alone. */
    public boolean isSkipDrafts() {
        return skipDrafts == null || skipDrafts;
    }

    @DataBoundSetter
    public void setSkipDrafts(boolean value) {
        skipDrafts = value ? null : Boolean.FALSE;
        filter = null;
    }

    /** Whether markers in the message of the head commit stop it. */
    public boolean isSkipCi() {
        return skipCi == null || skipCi;
    }

    @DataBoundSetter
    public void setSkipCi(boolean value) {
        skipCi = value ? null : Boolean.FALSE;
        filter = null;
    }

    /** Whether running builds of the same branch or merge request are cancelled. */
    public boolean isCancelSuperseded() {
        return cancelSuperseded != null && cancelSuperseded;
    }

    @DataBoundSetter
    public void setCancelSuperseded(boolean value) {
        cancelSuperseded = value ? Boolean.TRUE : null;
        filter = null;
    }

    /** Branches whose pushes, or merge requests into which, start it; null for all. */
    @CheckForNull
    public String getBranches() {
        return branches;
    }

    /** @throws IllegalArgumentException when one is no pattern */
    @DataBoundSetter
    public void setBranches(@CheckForNull String value) {
        branches = patterns(value);
        filter = null;
    }

    /** Branches that do not. */
    @CheckForNull
    public String getExcludedBranches() {
        return excludedBranches;
    }

    /** @throws IllegalArgumentException when one is no pattern */
    @DataBoundSetter
    public void setExcludedBranches(@CheckForNull String value) {
        excludedBranches = patterns(value);
        filter = null;
    }

    /** Tags that start it; null for all. */
    @CheckForNull
    public String getTags() {
        return tags;
    }

    /** @throws IllegalArgumentException when one is no pattern */
    @DataBoundSetter
    public void setTags(@CheckForNull String value) {
        tags = patterns(value);
        filter = null;
    }

    /** Files of which a push has to change one; null for any. */
    @CheckForNull
    public String getPaths() {
        return paths;
    }

    /** @throws IllegalArgumentException when one is no pattern */
    @DataBoundSetter
    public void setPaths(@CheckForNull String value) {
        paths = patterns(value);
        filter = null;
    }

    /** Files that do not count. */
    @CheckForNull
    public String getExcludedPaths() {
        return excludedPaths;
    }

    /** @throws IllegalArgumentException when one is no pattern */
    @DataBoundSetter
    public void setExcludedPaths(@CheckForNull String value) {
        excludedPaths = patterns(value);
        filter = null;
    }

    /** Authors that start it; null for all. */
    @CheckForNull
    public String getAuthors() {
        return authors;
    }

    /** @throws IllegalArgumentException when one is no pattern */
    @DataBoundSetter
    public void setAuthors(@CheckForNull String value) {
        authors = patterns(value);
        filter = null;
    }

    /** Authors that do not. */
    @CheckForNull
    public String getExcludedAuthors() {
        return excludedAuthors;
    }

    /** @throws IllegalArgumentException when one is no pattern */
    @DataBoundSetter
    public void setExcludedAuthors(@CheckForNull String value) {
        excludedAuthors = patterns(value);
        filter = null;
    }

    /** Labels of which a merge request has to have one; null for none needed. */
    @CheckForNull
    public String getLabels() {
        return labels;
    }

    /** @throws IllegalArgumentException when one is no pattern */
    @DataBoundSetter
    public void setLabels(@CheckForNull String value) {
        labels = patterns(value);
        filter = null;
    }

    /** What a comment on a merge request has to hold to start it; null for comments that start nothing. */
    @CheckForNull
    public String getCommentPhrase() {
        return commentPhrase;
    }

    @DataBoundSetter
    public void setCommentPhrase(@CheckForNull String value) {
        commentPhrase = Util.fixEmptyAndTrim(value);
        filter = null;
    }

    /** The credential with the service's secret; null for none. */
    @CheckForNull
    public String getSecretCredentialsId() {
        return secretCredentialsId;
    }

    @DataBoundSetter
    public void setSecretCredentialsId(@CheckForNull String value) {
        secretCredentialsId = Util.fixEmptyAndTrim(value);
        filter = null;
    }

    /** The credential with the token that shows states of commits; null for none. */
    @CheckForNull
    public String getStatusCredentialsId() {
        return statusCredentialsId;
    }

    @DataBoundSetter
    public void setStatusCredentialsId(@CheckForNull String value) {
        statusCredentialsId = Util.fixEmptyAndTrim(value);
        filter = null;
    }

    /** Seconds for which a start waits in the queue; null for the job's own. */
    @CheckForNull
    public Integer getQuietPeriod() {
        return quietPeriod;
    }

    /** @throws IllegalArgumentException when it is negative or more than a day */
    @DataBoundSetter
    public void setQuietPeriod(@CheckForNull Integer value) {
        quietPeriod = value == null ? null : checkedQuietPeriod(value);
    }

    /** The repository that the shared address matches, and where states of commits are shown; null for none. */
    @CheckForNull
    public String getRepository() {
        return repository;
    }

    /** @throws IllegalArgumentException when it is no address of a repository */
    @DataBoundSetter
    public void setRepository(@CheckForNull String value) {
        String text = Util.fixEmptyAndTrim(value);
        if (text != null) {
            RepositoryUrl.parse(text);
        }
        repository = text;
    }

    @CheckForNull
    private static String patterns(@CheckForNull String value) {
        String text = Util.fixEmptyAndTrim(value);
        NamePatterns.parse(text);
        return text;
    }

    private static int checkedQuietPeriod(int value) {
        if (value < 0 || value > LONGEST_QUIET_PERIOD) {
            throw new IllegalArgumentException(
                    Messages.WebhookTrigger_quietPeriod(String.valueOf(value), String.valueOf(LONGEST_QUIET_PERIOD)));
        }
        return value;
    }

    /** What of it decides. */
    TriggerFilter filter() {
        TriggerFilter known = filter;
        if (known == null) {
            known = new TriggerFilter(
                    events(),
                    Util.fixNull(commentPhrase),
                    NamePatterns.parse(branches),
                    NamePatterns.parse(excludedBranches),
                    NamePatterns.parse(tags),
                    NamePatterns.parse(paths),
                    NamePatterns.parse(excludedPaths),
                    NamePatterns.parse(authors),
                    NamePatterns.parse(excludedAuthors),
                    NamePatterns.parse(labels),
                    isSkipDrafts(),
                    isSkipCi(),
                    false);
            filter = known;
        }
        return known;
    }

    private Set<EventKind> events() {
        Set<EventKind> events = EnumSet.noneOf(EventKind.class);
        add(events, EventKind.PUSH, isPush());
        add(events, EventKind.TAG, isTag());
        add(events, EventKind.OPENED, isOpened());
        add(events, EventKind.UPDATED, isUpdated());
        add(events, EventKind.MERGED, isMerged());
        add(events, EventKind.COMMENT, commentPhrase != null);
        return events;
    }

    private static void add(Set<EventKind> events, EventKind kind, boolean wanted) {
        if (wanted) {
            events.add(kind);
        }
    }

    StartSettings settings() {
        return new StartSettings(
                quietPeriod, isCancelSuperseded(), Util.fixNull(repository), Util.fixNull(statusCredentialsId));
    }

    /** The repository's address, if it has one. */
    Optional<RepositoryUrl> address() {
        return repository == null ? Optional.empty() : Optional.of(RepositoryUrl.parse(repository));
    }

    @CheckForNull
    Job<?, ?> job() {
        return job;
    }

    /** Those of jobs that are there. */
    static Collection<WebhookTrigger> running() {
        return RUNNING;
    }

    @Override
    public void start(Job<?, ?> project, boolean newInstance) {
        super.start(project, newInstance);
        RUNNING.add(this);
    }

    @Override
    public void stop() {
        RUNNING.remove(this);
        super.stop();
    }

    /** Describes the trigger. */
    @Extension
    @Symbol("miniBuildWebhook")
    public static final class DescriptorImpl extends TriggerDescriptor {
        @Override
        public Trigger<?> newInstance(@CheckForNull StaplerRequest2 req, @NonNull JSONObject formData)
                throws FormException {
            return FormAdapter.bound(() -> super.newInstance(req, formData));
        }

        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.WebhookTrigger_displayName();
        }

        @Override
        public boolean isApplicable(Item item) {
            return item instanceof Job;
        }

        @POST
        public FormValidation doCheckBranches(@CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, () -> NamePatterns.parse(value));
        }

        @POST
        public FormValidation doCheckExcludedBranches(
                @CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, () -> NamePatterns.parse(value));
        }

        @POST
        public FormValidation doCheckTags(@CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, () -> NamePatterns.parse(value));
        }

        @POST
        public FormValidation doCheckPaths(@CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, () -> NamePatterns.parse(value));
        }

        @POST
        public FormValidation doCheckExcludedPaths(
                @CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, () -> NamePatterns.parse(value));
        }

        @POST
        public FormValidation doCheckAuthors(@CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, () -> NamePatterns.parse(value));
        }

        @POST
        public FormValidation doCheckExcludedAuthors(
                @CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, () -> NamePatterns.parse(value));
        }

        @POST
        public FormValidation doCheckLabels(@CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, () -> NamePatterns.parse(value));
        }

        @POST
        public FormValidation doCheckRepository(
                @CheckForNull @AncestorInPath Item item,
                @QueryParameter String value,
                @QueryParameter String statusCredentialsId) {
            if (Util.fixEmptyAndTrim(value) == null) {
                return FormAdapter.mayConfigure(item) && Util.fixEmptyAndTrim(statusCredentialsId) != null
                        ? FormValidation.warning(Messages.WebhookTrigger_statusNeedsRepository())
                        : FormValidation.ok();
            }
            return FormAdapter.check(item, () -> RepositoryUrl.parse(value));
        }

        @POST
        public FormValidation doCheckQuietPeriod(
                @CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, () -> {
                String text = Util.fixEmptyAndTrim(value);
                if (text != null) {
                    checkedQuietPeriod(text.matches("[0-9]{1,6}") ? Integer.parseInt(text) : -1);
                }
            });
        }

        /** Secret texts, and logins for Azure DevOps; without permission only the current one. */
        @POST
        public ListBoxModel doFillSecretCredentialsIdItems(
                @CheckForNull @AncestorInPath Item item, @QueryParameter String secretCredentialsId) {
            return WebhookTrigger.credentials(item, secretCredentialsId);
        }

        /** Tokens; without permission only the current one. */
        @POST
        public ListBoxModel doFillStatusCredentialsIdItems(
                @CheckForNull @AncestorInPath Item item, @QueryParameter String statusCredentialsId) {
            return WebhookTrigger.credentials(item, statusCredentialsId);
        }
    }

    /** The credentials that can hold a secret; without permission only the current one. */
    static ListBoxModel credentials(@CheckForNull Item item, @CheckForNull String current) {
        CredentialsMatcher usable = CredentialsMatchers.anyOf(
                CredentialsMatchers.instanceOf(StringCredentials.class),
                CredentialsMatchers.instanceOf(StandardUsernamePasswordCredentials.class));
        return FormAdapter.credentials(item, null, current, usable);
    }
}
