package io.jenkins.plugins.minibuild.approval;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.Extension;
import hudson.Util;
import hudson.model.Computer;
import hudson.model.Item;
import hudson.model.Result;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.security.ACL;
import hudson.security.ACLContext;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.minibuild.access.PoliciesAdapter;
import io.jenkins.plugins.minibuild.access.ReviewPolicy;
import io.jenkins.plugins.minibuild.checkout.RepositoryUrl;
import io.jenkins.plugins.minibuild.language.BoundLocale;
import io.jenkins.plugins.minibuild.language.LanguageAdapter;
import io.jenkins.plugins.minibuild.step.BuildEvent;
import io.jenkins.plugins.minibuild.step.BuildFactsAction;
import io.jenkins.plugins.minibuild.step.BuildNewsListener;
import io.jenkins.plugins.minibuild.step.Fact;
import io.jenkins.plugins.minibuild.step.FormAdapter;
import io.jenkins.plugins.minibuild.step.JenkinsBuildAdapter;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import jenkins.model.Jenkins;
import jenkins.util.Timer;
import net.sf.json.JSONObject;
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepDescriptor;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.verb.POST;
import org.springframework.security.core.Authentication;

/** The step {@code humanReview}: holds the build until people have decided about its change. */
public final class HumanReviewStep extends Step {
    static final int DEFAULT_TIMEOUT_HOURS = 168;
    private static final int MOST_APPROVALS = 20;
    private static final int MOST_HOURS = 24 * 365;

    private String base;
    private String head;
    private String url;
    private String gitCredentialsId;
    private String directory;
    private String reviewers;
    /** Null for the default, as those below: a stored job that lacks one gets the default, not a zero. */
    private Integer minApprovals;

    private Integer timeoutHours;
    private String message;
    private Boolean fourEyes;
    private String requester;

    /** Everything has a default. */
    @DataBoundConstructor
    public HumanReviewStep() {}

    /** The branch or commit that the change is to be merged into; null for what the build itself knows of its change. */
    @CheckForNull
    public String getBase() {
        return base;
    }

    @DataBoundSetter
    public void setBase(@CheckForNull String value) {
        base = Util.fixEmptyAndTrim(value);
    }

    /** The branch or commit that holds the change; null for what the build itself knows of its change. */
    @CheckForNull
    public String getHead() {
        return head;
    }

    @DataBoundSetter
    public void setHead(@CheckForNull String value) {
        head = Util.fixEmptyAndTrim(value);
    }

    /** The repository from which branches that the checkout lacks are fetched; null for none. */
    @CheckForNull
    public String getUrl() {
        return url;
    }

    @DataBoundSetter
    public void setUrl(@CheckForNull String value) {
        url = Util.fixEmptyAndTrim(value);
    }

    /** For the url; null for none. */
    @CheckForNull
    public String getGitCredentialsId() {
        return gitCredentialsId;
    }

    @DataBoundSetter
    public void setGitCredentialsId(@CheckForNull String value) {
        gitCredentialsId = Util.fixEmptyAndTrim(value);
    }

    /** The checkout, a folder below the workspace; null for the workspace itself. */
    @CheckForNull
    public String getDirectory() {
        return directory;
    }

    @DataBoundSetter
    public void setDirectory(@CheckForNull String value) {
        directory = Util.fixEmptyAndTrim(value);
    }

    /** Ids of users and names of groups, separated by commas; null for everybody with the permission. */
    @CheckForNull
    public String getReviewers() {
        return reviewers;
    }

    @DataBoundSetter
    public void setReviewers(@CheckForNull String value) {
        reviewers = Util.fixEmptyAndTrim(value);
    }

    /** How many have to approve. */
    public int getMinApprovals() {
        return minApprovals == null ? 1 : minApprovals;
    }

    @DataBoundSetter
    public void setMinApprovals(int value) {
        minApprovals = checkedApprovals(value) == 1 ? null : (Integer) value;
    }

    /** Hours without a decision after which the build is aborted; 0 for never. */
    public int getTimeoutHours() {
        return timeoutHours == null ? DEFAULT_TIMEOUT_HOURS : timeoutHours;
    }

    @DataBoundSetter
    public void setTimeoutHours(int value) {
        timeoutHours = checkedHours(value) == DEFAULT_TIMEOUT_HOURS ? null : (Integer) value;
    }

    /** For the reviewers; null for none. */
    @CheckForNull
    public String getMessage() {
        return message;
    }

    @DataBoundSetter
    public void setMessage(@CheckForNull String value) {
        message = Util.fixEmptyAndTrim(value);
    }

    /** Whether those who asked for the change cannot approve it. */
    public boolean isFourEyes() {
        return fourEyes == null || fourEyes;
    }

    @DataBoundSetter
    public void setFourEyes(boolean value) {
        fourEyes = value ? null : Boolean.FALSE;
    }

    /** Ids of users who asked for the change, besides the one who started the build; separated by commas, null for none. */
    @CheckForNull
    public String getRequester() {
        return requester;
    }

    @DataBoundSetter
    public void setRequester(@CheckForNull String value) {
        requester = Util.fixEmptyAndTrim(value);
    }

    /**
     * Who has to approve: as the step asks, or more where a policy or unknown askers demand it.
     *
     * @param target the branch that the change is for; null if it is not known
     * @throws AbortException when the step asks for less than a policy, with the policy's name
     */
    HumanReview.Rules rules(ReviewPolicy policy, @CheckForNull String target, Askers askers) throws AbortException {
        policy.fourEyes().demand(isFourEyes());
        int least = policy.minApprovals().atLeast(minApprovals, 1);
        List<List<String>> all = new ArrayList<>();
        all.add(FormAdapter.names(reviewers));
        policy.reviewersOf(target).forEach(each -> all.add(each.reviewers()));
        // One of the approvers may be the author.
        boolean two = least < 2 && isFourEyes() && askers.areUnknown();
        return new HumanReview.Rules(
                all, two ? 2 : least, two ? Messages.HumanReviewStep_nobodyKnown() : "", isFourEyes());
    }

    private static int checkedApprovals(int value) {
        if (value < 1 || value > MOST_APPROVALS) {
            throw new IllegalArgumentException(Messages.HumanReviewStep_minApprovals(MOST_APPROVALS));
        }
        return value;
    }

    private static int checkedHours(int value) {
        if (value < 0 || value > MOST_HOURS) {
            throw new IllegalArgumentException(Messages.HumanReviewStep_timeoutHours(MOST_HOURS));
        }
        return value;
    }

    @Override
    public StepExecution start(StepContext context) {
        return new Execution(context, this);
    }

    /**
     * Reads the change in a thread, then waits for people without one. The program holds only the number of the review and its end; the rest is in
     * the build's folder. After a restart the step looks whether the review was decided, and the time goes on.
     */
    static final class Execution extends StepExecution implements HumanReviewAdapter.Waiter {
        private static final long serialVersionUID = 1L;

        private static final Logger LOGGER = Logger.getLogger(Execution.class.getName());
        private static final int STORE_MINUTES = 1;

        /** The number of the review in its build; 0 while the change is read. */
        private volatile int number;
        /** When it ends undecided, in milliseconds; 0 for never. */
        private volatile long until;

        @SuppressWarnings("serial") // needed only until the review is stored
        private final transient HumanReviewStep step;

        private final transient Authentication user;
        private transient Future<?> reading;
        private transient ScheduledFuture<?> expiry;
        private transient boolean over;

        Execution(StepContext context, HumanReviewStep step) {
            super(context);
            this.step = step;
            this.user = Jenkins.getAuthentication2();
        }

        @Override
        public synchronized boolean start() {
            reading = Computer.threadPoolForRemoting.submit(this::begin);
            return false;
        }

        private void begin() {
            try (ACLContext as = ACL.as2(user);
                    BoundLocale spoken = language()) {
                Run<?, ?> run = getContext().get(Run.class);
                HumanReview stored = ask(run);
                HumanReview.Question question = stored.question();
                getContext().saveState().get(STORE_MINUTES, TimeUnit.MINUTES);
                String page = run.getUrl() + HumanReviewAction.URL + "/" + number + "/";
                log(Messages.HumanReviewStep_waiting(
                        question.rules().minApprovals(),
                        question.rules().reviewers().isEmpty()
                                ? Messages.HumanReviewStep_everybody()
                                : question.rules().reviewers().stream()
                                        .map(each -> String.join(", ", each))
                                        .collect(Collectors.joining("; "))));
                if (!question.rules().why().isEmpty()) {
                    log(question.rules().why());
                }
                String root = Jenkins.get().getRootUrl();
                getContext().get(TaskListener.class).hyperlink("/" + page, Messages.HumanReviewStep_look());
                log(root == null ? "" : " " + root + page);
                BuildNewsListener.fire(
                        run,
                        BuildEvent.REVIEW_WANTED,
                        Map.of(
                                Fact.DETAILS,
                                question.message().isEmpty() ? stored.extent() : question.message(),
                                Fact.PAGE_URL,
                                HumanReviewAction.URL + "/" + number + "/",
                                Fact.REVIEWERS,
                                question.rules().named()));
                await(run);
            } catch (InterruptedException e) {
                // stop() has ended the step, or Jenkins goes down: then the step fails after the restart.
                LOGGER.log(Level.FINE, "Interrupted while a change was read", e);
            } catch (ExecutionException | TimeoutException e) {
                fail(new AbortException(Messages.HumanReviewStep_notStored(String.valueOf(e.getMessage()))));
            } catch (IllegalArgumentException e) {
                fail(new AbortException(e.getMessage()));
            } catch (IOException | RuntimeException e) {
                fail(e);
            }
        }

        private HumanReview ask(Run<?, ?> run) throws IOException, InterruptedException {
            ChangeInQuestion change = ChangeInQuestion.of(
                    new ChangeInQuestion.Wanted(step.base, step.head, step.url, step.gitCredentialsId, step.directory),
                    BuildFactsAction.of(run),
                    HumanReviewAdapter.folder(run),
                    JenkinsBuildAdapter.of(getContext()));
            Askers askers = HumanReviewAdapter.askers(run, change.change());
            FormAdapter.names(step.requester).forEach(each -> askers.user(each, HumanReview.Reason.NAMED));
            long now = System.currentTimeMillis();
            int hours = step.getTimeoutHours();
            HumanReview asked = new HumanReview(
                    0,
                    new HumanReview.Question(
                            step.message,
                            step.rules(
                                    PoliciesAdapter.of(run.getParent()).review(),
                                    change.change().target(),
                                    askers),
                            askers.all(),
                            now,
                            hours == 0 ? 0 : now + TimeUnit.HOURS.toMillis(hours)),
                    change.change(),
                    change.review(),
                    List.of(),
                    HumanReview.Outcome.WAITING);
            synchronized (this) {
                if (over) {
                    throw new InterruptedException();
                }
                HumanReview stored = HumanReviewAdapter.store(run).add(asked, change.masked());
                HumanReviewAdapter.keep(run, stored);
                number = stored.number();
                until = stored.question().until();
                return stored;
            }
        }

        private void await(Run<?, ?> run) throws IOException {
            synchronized (this) {
                if (over) {
                    return;
                }
                if (until > 0) {
                    expiry = Timer.get()
                            .schedule(
                                    this::expired,
                                    Math.max(0, until - System.currentTimeMillis()),
                                    TimeUnit.MILLISECONDS);
                }
            }
            HumanReviewAdapter.get().await(run, number, this);
        }

        /** Ends the step if the review is decided. */
        void look() {
            try {
                HumanReview now = number == 0
                        ? null
                        : HumanReviewAdapter.store(getContext().get(Run.class)).get(number);
                if (now != null && !now.isWaiting()) {
                    decided(now);
                }
            } catch (IOException | RuntimeException e) {
                LOGGER.log(Level.WARNING, "A human review cannot be read", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private void expired() {
            // It may have to read the build from disk: not on the thread of all timers.
            Computer.threadPoolForRemoting.execute(() -> end(HumanReview.Outcome.EXPIRED));
        }

        private void end(HumanReview.Outcome how) {
            try {
                HumanReviewAdapter.get().end(getContext().get(Run.class), number, how);
            } catch (IOException | RuntimeException e) {
                fail(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void onResume() {
            if (number == 0) {
                try (BoundLocale spoken = language()) {
                    fail(new AbortException(Messages.HumanReviewStep_restarted()));
                } catch (IOException e) {
                    fail(e);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                return;
            }
            try {
                await(getContext().get(Run.class));
            } catch (IOException | RuntimeException e) {
                fail(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        /** Whether this is the first time that the step ends. */
        private synchronized boolean endsNow() {
            boolean first = !over;
            over = true;
            if (expiry != null) {
                expiry.cancel(false);
            }
            return first;
        }

        @Override
        public void decided(HumanReview review) {
            if (!endsNow()) {
                return;
            }
            // The thread may be that of a person's request: the log is not written in that person's language.
            try (BoundLocale spoken = language()) {
                end(review);
            } catch (IOException | InterruptedException e) {
                getContext().onFailure(e);
            }
        }

        private BoundLocale language() throws IOException, InterruptedException {
            return LanguageAdapter.bind(getContext().get(Run.class));
        }

        private void end(HumanReview review) {
            for (Vote vote : review.votes()) {
                log(Messages.HumanReview_given(vote.name(), vote.verdict().title(), vote.comment()));
            }
            switch (review.outcome()) {
                case APPROVED, NEEDS_REVISION -> getContext().onSuccess(review.toMap());
                case REJECTED ->
                    getContext()
                            .onFailure(new FlowInterruptedException(
                                    Result.FAILURE,
                                    false,
                                    new ReviewCause(Messages.HumanReviewStep_rejected(review.comments()))));
                case EXPIRED ->
                    getContext()
                            .onFailure(new FlowInterruptedException(
                                    Result.ABORTED, false, new ReviewCause(Messages.HumanReviewStep_expired())));
                default ->
                    getContext()
                            .onFailure(new FlowInterruptedException(
                                    Result.ABORTED, false, new ReviewCause(Messages.Outcome_aborted())));
            }
        }

        private void fail(Throwable cause) {
            if (endsNow()) {
                getContext().onFailure(cause);
            }
        }

        @Override
        public void stop(@NonNull Throwable cause) {
            boolean first = endsNow();
            synchronized (this) {
                if (reading != null) {
                    reading.cancel(true);
                }
            }
            if (number > 0) {
                // The page shows the end of the review; the step ends by its cause.
                end(HumanReview.Outcome.ABORTED);
            }
            if (first) {
                getContext().onFailure(cause);
            }
        }

        private void log(String line) {
            try {
                PrintStream log = getContext().get(TaskListener.class).getLogger();
                log.println(line);
            } catch (IOException e) {
                LOGGER.log(Level.FINE, "No log for: " + line, e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public String getStatus() {
            return number == 0 ? "reads the change" : "waits for a verdict on review " + number;
        }
    }

    @Extension
    public static final class DescriptorImpl extends StepDescriptor {
        @Override
        public Step newInstance(@CheckForNull StaplerRequest2 req, @NonNull JSONObject formData) throws FormException {
            return FormAdapter.boundStep(() -> super.newInstance(req, formData));
        }

        @Override
        public String getFunctionName() {
            return "humanReview";
        }

        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.HumanReviewStep_displayName();
        }

        @Override
        public Set<? extends Class<?>> getRequiredContext() {
            return Set.of(Run.class, TaskListener.class);
        }

        @Override
        public String argumentsToString(@NonNull Map<String, Object> namedArgs) {
            return Objects.toString(namedArgs.get("message"), null);
        }

        @POST
        public ListBoxModel doFillGitCredentialsIdItems(
                @CheckForNull @AncestorInPath Item item,
                @QueryParameter String url,
                @QueryParameter String gitCredentialsId) {
            return FormAdapter.credentials(item, url, gitCredentialsId, FormAdapter.repositoryLogins());
        }

        @POST
        public FormValidation doCheckUrl(@CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return Util.fixEmptyAndTrim(value) == null
                    ? FormValidation.ok()
                    : FormAdapter.check(item, value, () -> RepositoryUrl.parse(value));
        }

        @POST
        public FormValidation doCheckMinApprovals(
                @CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, value, () -> checkedApprovals(FormAdapter.number(value)));
        }

        @POST
        public FormValidation doCheckTimeoutHours(
                @CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, value, () -> checkedHours(FormAdapter.number(value)));
        }
    }
}
