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
import io.jenkins.plugins.minibuild.access.Forks;
import io.jenkins.plugins.minibuild.checkout.RepositoryUrl;
import io.jenkins.plugins.minibuild.files.Glob;
import io.jenkins.plugins.minibuild.step.FormAdapter;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import net.sf.json.JSONObject;
import org.jenkinsci.Symbol;
import org.jenkinsci.plugins.plaincredentials.StringCredentials;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.verb.POST;

/** The trigger {@code miniBuildWebhook}: which deliveries start a job, and how. Without the trigger every push at the job's endpoint starts it. */
public final class WebhookTrigger extends Trigger<Job<?, ?>> {
    /** The triggers of all jobs, from {@link #start} to {@link #stop}. */
    private static final Set<WebhookTrigger> RUNNING = ConcurrentHashMap.newKeySet();

    private static final int LONGEST_QUIET_PERIOD = 86_400;
    private static final String MEMBERS = "members";
    private static final String ALL = "all";

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
    /** Null for the default. */
    private Forks forks;

    private String commentAuthors;

    /** A trigger with the defaults. */
    @DataBoundConstructor
    public WebhookTrigger() {}

    /** Whether pushes to branches start the job. */
    public boolean isPush() {
        return push == null || push;
    }

    @DataBoundSetter
    public void setPush(boolean value) {
        push = value ? null : Boolean.FALSE;
    }

    /** Whether new tags start the job. */
    public boolean isTag() {
        return tag != null && tag;
    }

    @DataBoundSetter
    public void setTag(boolean value) {
        tag = value ? Boolean.TRUE : null;
    }

    /** Whether merge requests start the job when they are opened, reopened or no longer drafts. */
    public boolean isOpened() {
        return opened != null && opened;
    }

    @DataBoundSetter
    public void setOpened(boolean value) {
        opened = value ? Boolean.TRUE : null;
    }

    /** Whether new commits in merge requests start the job. */
    public boolean isUpdated() {
        return updated != null && updated;
    }

    @DataBoundSetter
    public void setUpdated(boolean value) {
        updated = value ? Boolean.TRUE : null;
    }

    /** Whether merge requests start the job when they are merged. */
    public boolean isMerged() {
        return merged != null && merged;
    }

    @DataBoundSetter
    public void setMerged(boolean value) {
        merged = value ? Boolean.TRUE : null;
    }

    /** Whether drafts of merge requests start nothing. */
    public boolean isSkipDrafts() {
        return skipDrafts == null || skipDrafts;
    }

    @DataBoundSetter
    public void setSkipDrafts(boolean value) {
        skipDrafts = value ? null : Boolean.FALSE;
    }

    /** Whether markers in the message of the head commit skip the build. */
    public boolean isSkipCi() {
        return skipCi == null || skipCi;
    }

    @DataBoundSetter
    public void setSkipCi(boolean value) {
        skipCi = value ? null : Boolean.FALSE;
    }

    /** Whether a newer delivery cancels running builds of the same branch or merge request. */
    public boolean isCancelSuperseded() {
        return cancelSuperseded != null && cancelSuperseded;
    }

    @DataBoundSetter
    public void setCancelSuperseded(boolean value) {
        cancelSuperseded = value ? Boolean.TRUE : null;
    }

    /** Branches whose pushes start the job, and into which merge requests start it; null for all. */
    @CheckForNull
    public String getBranches() {
        return branches;
    }

    /** @throws IllegalArgumentException naming the text that is no pattern */
    @DataBoundSetter
    public void setBranches(@CheckForNull String value) {
        branches = refs(value);
    }

    /** Branches that start nothing; null for none. */
    @CheckForNull
    public String getExcludedBranches() {
        return excludedBranches;
    }

    /** @throws IllegalArgumentException naming the text that is no pattern */
    @DataBoundSetter
    public void setExcludedBranches(@CheckForNull String value) {
        excludedBranches = refs(value);
    }

    /** Tags that start the job; null for all. */
    @CheckForNull
    public String getTags() {
        return tags;
    }

    /** @throws IllegalArgumentException naming the text that is no pattern */
    @DataBoundSetter
    public void setTags(@CheckForNull String value) {
        tags = refs(value);
    }

    /** A push starts the job if it changes one of these files; null for any file. */
    @CheckForNull
    public String getPaths() {
        return paths;
    }

    /** @throws IllegalArgumentException naming the text that is no pattern */
    @DataBoundSetter
    public void setPaths(@CheckForNull String value) {
        paths = names(value);
    }

    /** Changed files that do not count; null for none. */
    @CheckForNull
    public String getExcludedPaths() {
        return excludedPaths;
    }

    /** @throws IllegalArgumentException naming the text that is no pattern */
    @DataBoundSetter
    public void setExcludedPaths(@CheckForNull String value) {
        excludedPaths = names(value);
    }

    /** Authors whose deliveries start the job; null for all. */
    @CheckForNull
    public String getAuthors() {
        return authors;
    }

    /** @throws IllegalArgumentException naming the text that is no pattern */
    @DataBoundSetter
    public void setAuthors(@CheckForNull String value) {
        authors = names(value);
    }

    /** Authors whose deliveries start nothing; null for none. */
    @CheckForNull
    public String getExcludedAuthors() {
        return excludedAuthors;
    }

    /** @throws IllegalArgumentException naming the text that is no pattern */
    @DataBoundSetter
    public void setExcludedAuthors(@CheckForNull String value) {
        excludedAuthors = names(value);
    }

    /** A merge request starts the job if it has one of these labels; null if it needs none. */
    @CheckForNull
    public String getLabels() {
        return labels;
    }

    /** @throws IllegalArgumentException naming the text that is no pattern */
    @DataBoundSetter
    public void setLabels(@CheckForNull String value) {
        labels = names(value);
    }

    /** A comment on a merge request starts the job if it contains this text; null if comments start nothing. */
    @CheckForNull
    public String getCommentPhrase() {
        return commentPhrase;
    }

    @DataBoundSetter
    public void setCommentPhrase(@CheckForNull String value) {
        commentPhrase = Util.fixEmptyAndTrim(value);
    }

    /** The credential with the service's secret; null for none. */
    @CheckForNull
    public String getSecretCredentialsId() {
        return secretCredentialsId;
    }

    @DataBoundSetter
    public void setSecretCredentialsId(@CheckForNull String value) {
        secretCredentialsId = Util.fixEmptyAndTrim(value);
    }

    /** The credential with the token that shows the state of builds at their commits; null for none. */
    @CheckForNull
    public String getStatusCredentialsId() {
        return statusCredentialsId;
    }

    @DataBoundSetter
    public void setStatusCredentialsId(@CheckForNull String value) {
        statusCredentialsId = Util.fixEmptyAndTrim(value);
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

    /** The address of the repository, for the shared address and for the state at the commit; null for none. */
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

    /** Whose merge requests of forks start the job: never, members, always. */
    public String getForks() {
        return (forks == null ? Forks.NEVER : forks).word();
    }

    /** @throws IllegalArgumentException naming the good words */
    @DataBoundSetter
    public void setForks(@CheckForNull String value) {
        Forks given = Forks.of(value);
        forks = given == Forks.NEVER ? null : given;
    }

    /** Whose comments start the job: members, all. */
    public String getCommentAuthors() {
        return commentAuthors == null ? MEMBERS : commentAuthors;
    }

    /** @throws IllegalArgumentException naming the good words */
    @DataBoundSetter
    public void setCommentAuthors(@CheckForNull String value) {
        String given = Util.fixNull(Util.fixEmptyAndTrim(value));
        if (!List.of("", MEMBERS, ALL).contains(given)) {
            throw new IllegalArgumentException(Messages.WebhookTrigger_commentAuthors(given));
        }
        commentAuthors = given.equals(ALL) ? ALL : null;
    }

    @CheckForNull
    private static String refs(@CheckForNull String value) {
        Glob.refs(value);
        return Util.fixEmptyAndTrim(value);
    }

    @CheckForNull
    private static String names(@CheckForNull String value) {
        Glob.names(value);
        return Util.fixEmptyAndTrim(value);
    }

    private static int checkedQuietPeriod(int value) {
        if (value < 0 || value > LONGEST_QUIET_PERIOD) {
            throw new IllegalArgumentException(
                    Messages.WebhookTrigger_quietPeriod(String.valueOf(value), String.valueOf(LONGEST_QUIET_PERIOD)));
        }
        return value;
    }

    /** Compiles the patterns, which takes some microseconds. */
    TriggerFilter filter() {
        return new TriggerFilter(
                events(),
                Util.fixNull(commentPhrase),
                new TriggerFilter.Names(
                        new TriggerFilter.Selection(Glob.refs(branches), Glob.refs(excludedBranches)),
                        Glob.refs(tags),
                        new TriggerFilter.Selection(Glob.names(paths), Glob.names(excludedPaths)),
                        new TriggerFilter.Selection(Glob.names(authors), Glob.names(excludedAuthors)),
                        Glob.names(labels)),
                isSkipDrafts(),
                isSkipCi(),
                false,
                new Admission(forks == null ? Forks.NEVER : forks, ALL.equals(commentAuthors)));
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

    @CheckForNull
    Job<?, ?> job() {
        return job;
    }

    /** The triggers of all jobs. */
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
        public ListBoxModel doFillForksItems(@CheckForNull @AncestorInPath Item item) {
            return FormAdapter.choices(
                    item, Stream.of(Forks.values()).map(Forks::word).toList());
        }

        @POST
        public ListBoxModel doFillCommentAuthorsItems(@CheckForNull @AncestorInPath Item item) {
            return FormAdapter.choices(item, List.of(MEMBERS, ALL));
        }

        @POST
        public FormValidation doCheckBranches(@CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, () -> Glob.refs(value));
        }

        @POST
        public FormValidation doCheckExcludedBranches(
                @CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, () -> Glob.refs(value));
        }

        @POST
        public FormValidation doCheckTags(@CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, () -> Glob.refs(value));
        }

        @POST
        public FormValidation doCheckPaths(@CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, () -> Glob.names(value));
        }

        @POST
        public FormValidation doCheckExcludedPaths(
                @CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, () -> Glob.names(value));
        }

        @POST
        public FormValidation doCheckAuthors(@CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, () -> Glob.names(value));
        }

        @POST
        public FormValidation doCheckExcludedAuthors(
                @CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, () -> Glob.names(value));
        }

        @POST
        public FormValidation doCheckLabels(@CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, () -> Glob.names(value));
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

        @POST
        public ListBoxModel doFillSecretCredentialsIdItems(
                @CheckForNull @AncestorInPath Item item, @QueryParameter String secretCredentialsId) {
            return WebhookTrigger.credentials(item, secretCredentialsId);
        }

        @POST
        public ListBoxModel doFillStatusCredentialsIdItems(
                @CheckForNull @AncestorInPath Item item, @QueryParameter String statusCredentialsId) {
            return WebhookTrigger.credentials(item, statusCredentialsId);
        }
    }

    /** The credentials that can hold a secret; only the current one for a user without the permission. */
    static ListBoxModel credentials(@CheckForNull Item item, @CheckForNull String current) {
        CredentialsMatcher usable = CredentialsMatchers.anyOf(
                CredentialsMatchers.instanceOf(StringCredentials.class),
                CredentialsMatchers.instanceOf(StandardUsernamePasswordCredentials.class));
        return FormAdapter.credentials(item, null, current, usable);
    }
}
