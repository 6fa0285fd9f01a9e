package io.jenkins.plugins.minibuild.approval;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.model.Cause;
import hudson.model.Run;
import hudson.model.User;
import io.jenkins.plugins.minibuild.access.PermissionsAdapter;
import io.jenkins.plugins.minibuild.diff.UnifiedDiff;
import io.jenkins.plugins.minibuild.diff.UnreadableDiffException;
import io.jenkins.plugins.minibuild.review.ReviewReport;
import io.jenkins.plugins.minibuild.review.ReviewStore;
import io.jenkins.plugins.minibuild.step.BuildEvent;
import io.jenkins.plugins.minibuild.step.BuildNewsListener;
import io.jenkins.plugins.minibuild.step.Fact;
import io.jenkins.plugins.minibuild.step.RetryCause;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
        String unseen = verdict == Verdict.APPROVE ? view(run, store(run).get(number)).objection(opened) : null;
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
        String given = Messages.HumanReview_given(person.name(), verdict.title(), comment.strip());
        BuildNewsListener.fire(run, BuildEvent.VERDICT_GIVEN, Map.of(Fact.DETAILS, given));
        if (!changed.isWaiting()) {
            tell(run, changed);
        }
        return changed;
    }

    /** Ends a review without a decision. A decided one stays as it is. */
    HumanReview end(Run<?, ?> run, int number, HumanReview.Outcome how) throws IOException {
        HumanReview now = store(run).update(number, review -> review.isWaiting() ? review.ended(how) : review);
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
        return review.change().review() == 0
                ? Optional.empty()
                : new ReviewStore(folder(run)).find(review.change().review());
    }

    /** Ids of the users who started the build, or the build that started it, or the one that it retries. */
    static Set<String> requesters(Run<?, ?> run) {
        Set<String> ids = new LinkedHashSet<>();
        collect(run, run.getCauses(), ids, 0);
        return ids;
    }

    private static void collect(@CheckForNull Run<?, ?> run, List<Cause> causes, Set<String> ids, int depth) {
        if (depth > DEEPEST) {
            return;
        }
        for (Cause cause : causes) {
            if (cause instanceof Cause.UserIdCause user) {
                // Without logins all users are one.
                ids.add(user.getUserId() == null ? ANONYMOUS : user.getUserId());
            } else if (cause instanceof Cause.UpstreamCause upstream) {
                collect(null, upstream.getUpstreamCauses(), ids, depth + 1);
            } else if (cause instanceof RetryCause retry && run != null) {
                Run<?, ?> earlier = run.getParent().getBuildByNumber(retry.getNumber());
                if (earlier != null) {
                    collect(earlier, earlier.getCauses(), ids, depth + 1);
                }
            }
        }
    }
}
