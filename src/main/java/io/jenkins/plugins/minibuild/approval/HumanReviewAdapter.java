package io.jenkins.plugins.minibuild.approval;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.model.Cause;
import hudson.model.Run;
import hudson.model.User;
import io.jenkins.plugins.minibuild.access.PermissionsAdapter;
import io.jenkins.plugins.minibuild.access.ReviewLedger;
import io.jenkins.plugins.minibuild.access.ReviewedChange;
import io.jenkins.plugins.minibuild.diff.UnifiedDiff;
import io.jenkins.plugins.minibuild.diff.UnreadableDiffException;
import io.jenkins.plugins.minibuild.notify.Contact;
import io.jenkins.plugins.minibuild.review.ReviewReport;
import io.jenkins.plugins.minibuild.review.ReviewStore;
import io.jenkins.plugins.minibuild.step.BuildEvent;
import io.jenkins.plugins.minibuild.step.BuildNewsListener;
import io.jenkins.plugins.minibuild.step.Fact;
import io.jenkins.plugins.minibuild.step.RetryCause;
import io.jenkins.plugins.minibuild.step.ServicesAdapter;
import io.jenkins.plugins.minibuild.step.SourceCause;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;

/** Takes verdicts from the page, REST and the command line, stores them, and then notifies the step that waits. */
@Extension
public final class HumanReviewAdapter {
    /** How deep a chain of builds that start builds is followed. */
    private static final int DEEPEST = 20;

    private static final String ANONYMOUS = "anonymous";

    /** A step that waits. */
    interface Waiter {
        /** The review was decided or ended. May be called more than once. */
        void decided(HumanReview review);
    }

    private final Map<String, Waiter> waiting = new ConcurrentHashMap<>();

    static HumanReviewAdapter get() {
        return ExtensionList.lookupSingleton(HumanReviewAdapter.class);
    }

    /** Where the human reviews of a build are kept. */
    static HumanReviewStore store(Run<?, ?> run) {
        return new HumanReviewStore(folder(run));
    }

    static Path folder(Run<?, ?> run) {
        return run.getRootDir().toPath().resolve("mini-build");
    }

    private static String key(Run<?, ?> run, int number) {
        return run.getExternalizableId() + "/" + number;
    }

    /** Registers a step that waits. A review that is decided already, as while Jenkins was starting, notifies it at once. */
    void await(Run<?, ?> run, int number, Waiter waiter) throws IOException {
        waiting.put(key(run, number), waiter);
        HumanReview now = store(run).get(number);
        if (!now.isWaiting()) {
            tell(run, now);
        }
    }

    private void tell(Run<?, ?> run, HumanReview review) {
        Waiter waiter = waiting.remove(key(run, review.number()));
        if (waiter != null) {
            waiter.decided(review);
        } else {
            // The job may have another name than when the step began to wait.
            StepExecution.acceptAll(HumanReviewStep.Execution.class, HumanReviewStep.Execution::look);
        }
    }

    /** The current user as a reviewer. */
    static HumanReview.Person viewer() {
        Authentication authentication = Jenkins.getAuthentication2();
        User user = User.current();
        return new HumanReview.Person(
                user == null ? authentication.getName() : user.getId(),
                user == null ? authentication.getName() : user.getFullName(),
                authentication.getAuthorities().stream()
                        .map(GrantedAuthority::getAuthority)
                        .toList());
    }

    /**
     * Takes the verdict of the current user.
     *
     * @param opened whether they also looked at what the page does not show at first, or not at all
     * @throws org.springframework.security.access.AccessDeniedException without the permission
     * @throws IllegalArgumentException when they may not give it, or not this one; the message is for people
     * @throws java.util.NoSuchElementException if the build has no such review
     */
    HumanReview vote(
            Run<?, ?> run, int number, Verdict verdict, String comment, String diffSha256, String by, boolean opened)
            throws IOException {
        run.checkPermission(PermissionsAdapter.REVIEW);
        String unseen =
                verdict == Verdict.APPROVE ? view(run, store(run).get(number)).objection(opened) : null;
        if (unseen != null) {
            throw new IllegalArgumentException(unseen);
        }
        HumanReview.Person person = viewer();
        HumanReview changed = store(run).update(number, review -> {
            if (review.isWaiting() && !run.isBuilding()) {
                throw new IllegalArgumentException(Messages.HumanReview_buildEnded());
            }
            return review.vote(person, verdict, comment, diffSha256, System.currentTimeMillis(), by);
        });
        keep(run, changed);
        String given = Messages.HumanReview_given(person.name(), verdict.title(), comment.strip());
        BuildNewsListener.fire(
                run,
                BuildEvent.VERDICT_GIVEN,
                Map.of(Fact.DETAILS, given, Fact.PAGE_URL, HumanReviewAction.URL + "/" + number + "/"));
        if (!changed.isWaiting()) {
            tell(run, changed);
        }
        return changed;
    }

    /** Ends a review without a decision. A decided one stays as it is. */
    HumanReview end(Run<?, ?> run, int number, HumanReview.Outcome how) throws IOException {
        HumanReview now = store(run).update(number, review -> review.isWaiting() ? review.ended(how) : review);
        keep(run, now);
        tell(run, now);
        return now;
    }

    /** The change of a review as the page shows it. */
    static DiffView view(Run<?, ?> run, HumanReview review) throws IOException {
        try {
            return DiffView.of(
                    UnifiedDiff.parse(store(run).diff(review.number())),
                    report(run, review).map(ReviewReport::findings).orElse(List.of()));
        } catch (UnreadableDiffException e) {
            return DiffView.unreadable(e.getMessage());
        }
    }

    /** The build's review by a model of exactly the same change; empty if there is none. */
    static Optional<ReviewReport> report(Run<?, ?> run, HumanReview review) throws IOException {
        return review.review() == 0 ? Optional.empty() : new ReviewStore(folder(run)).find(review.review());
    }

    /** Who started the build, the build that started it, or the one that it repeats; and who made the change. */
    static Askers askers(Run<?, ?> run, ReviewedChange change) {
        return askers(run, change, ServicesAdapter.of(run).settings().all(Contact.class));
    }

    static Askers askers(Run<?, ?> run, ReviewedChange change, List<Contact> map) {
        Askers askers = new Askers(map);
        collect(run, run.getCauses(), HumanReview.Reason.STARTED, askers, 0);
        change.authors().forEach(each -> askers.person(each, HumanReview.Reason.COMMITTED));
        return askers;
    }

    private static void collect(
            @CheckForNull Run<?, ?> run, List<Cause> causes, HumanReview.Reason reason, Askers askers, int depth) {
        if (depth > DEEPEST || causes.isEmpty()) {
            askers.unknownStart();
            return;
        }
        for (Cause cause : causes) {
            if (cause instanceof Cause.UserIdCause user) {
                // Without logins all users are one.
                askers.user(user.getUserId() == null ? ANONYMOUS : user.getUserId(), reason);
            } else if (cause instanceof Cause.UpstreamCause upstream) {
                collect(null, upstream.getUpstreamCauses(), HumanReview.Reason.STARTED_UPSTREAM, askers, depth + 1);
            } else {
                Run<?, ?> earlier = earlier(run, cause);
                if (earlier != null) {
                    collect(earlier, earlier.getCauses(), HumanReview.Reason.STARTED_EARLIER, askers, depth + 1);
                } else {
                    askers.unknownStart();
                }
                if (cause instanceof SourceCause source) {
                    source.people().forEach(each -> askers.person(each, HumanReview.Reason.PUSHED));
                }
            }
        }
    }

    /** The build that a cause repeats; null for none, and for one that is gone. */
    @CheckForNull
    private static Run<?, ?> earlier(@CheckForNull Run<?, ?> run, Cause cause) {
        if (cause instanceof RetryCause retry) {
            return run == null ? null : run.getParent().getBuildByNumber(retry.getNumber());
        }
        try {
            // As the causes of a replay and of "Restart from Stage" have it, which are of plugins that need not be
            // there.
            Object original = cause.getClass().getMethod("getOriginal").invoke(cause);
            return original instanceof Run<?, ?> found ? found : null;
        } catch (ReflectiveOperationException e) {
            return null;
        }
    }

    /** Keeps a review where later builds of the job find it. */
    static void keep(Run<?, ?> run, HumanReview review) throws IOException {
        new ReviewLedger(run.getParent().getRootDir().toPath().resolve("mini-build"))
                .put(review.record(run.getNumber()));
    }
}
