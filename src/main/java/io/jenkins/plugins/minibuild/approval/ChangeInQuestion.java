package io.jenkins.plugins.minibuild.approval;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import hudson.FilePath;
import io.jenkins.plugins.minibuild.access.ReviewedChange;
import io.jenkins.plugins.minibuild.checkout.CheckoutOptions;
import io.jenkins.plugins.minibuild.codegen.Codegen;
import io.jenkins.plugins.minibuild.diff.MaskedDiff;
import io.jenkins.plugins.minibuild.diff.PrintedChange;
import io.jenkins.plugins.minibuild.review.ChangeStore;
import io.jenkins.plugins.minibuild.review.GitChange;
import io.jenkins.plugins.minibuild.review.ReviewReport;
import io.jenkins.plugins.minibuild.review.ReviewRequest;
import io.jenkins.plugins.minibuild.review.ReviewStore;
import io.jenkins.plugins.minibuild.step.BuildContext;
import io.jenkins.plugins.minibuild.step.Fact;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * The change that people decide about: the one that the step names, else the last one that this build reviewed or generated, as the controller has kept it. Artifacts and
 * the names of a workspace decide nothing.
 *
 * @param review the number of the build's review by a model of the same diff; 0 for none
 * @param masked the diff to look at, secrets masked
 */
record ChangeInQuestion(ReviewedChange change, int review, byte[] masked) {
    /**
     * The change that the step names; null for what it does not name.
     *
     * @param directory of the checkout below the workspace
     */
    record Wanted(
            @CheckForNull String base,
            @CheckForNull String head,
            @CheckForNull String url,
            @CheckForNull String gitCredentialsId,
            @CheckForNull String directory) {
        boolean isNothing() {
            return base == null && head == null;
        }
    }

    /**
     * Finds it.
     *
     * @param facts of the build
     * @param folder the plugin's own among the build's files
     * @param context null outside of a node block
     * @throws AbortException when there is nothing to look at; the message says what to do
     */
    static ChangeInQuestion of(Wanted wanted, Map<Fact, String> facts, Path folder, @CheckForNull BuildContext context)
            throws IOException, InterruptedException {
        if (!wanted.isNothing()) {
            if (context == null) {
                throw new AbortException(Messages.ChangeInQuestion_noNode());
            }
            return ofGit(wanted, context, folder);
        }
        String generated = facts.getOrDefault(Codegen.COMMIT_FACT, "");
        Optional<ReviewReport> report = new ReviewStore(folder).latest();
        if (report.isPresent()
                && (generated.isEmpty() || report.get().change().headCommit().equals(generated))) {
            return ofReport(report.get(), folder);
        }
        if (generated.isEmpty()) {
            throw new AbortException(Messages.ChangeInQuestion_nothing());
        }
        ChangeStore made = new ChangeStore(folder);
        AbortException missing = new AbortException(Messages.ChangeInQuestion_notKept(generated));
        return new ChangeInQuestion(
                checked(made.find(generated).orElseThrow(() -> missing)),
                0,
                made.diff(generated).orElseThrow(() -> missing));
    }

    private static ChangeInQuestion ofReport(ReviewReport report, Path folder) throws IOException {
        ReviewedChange what = report.change().what();
        return new ChangeInQuestion(
                checked(report.change().workspace() ? inNoCommit(what) : what),
                report.number(),
                Files.readAllBytes(folder.resolve("review-" + report.number() + ".diff")));
    }

    private static ChangeInQuestion ofGit(Wanted wanted, BuildContext context, Path folder)
            throws IOException, InterruptedException {
        String directory = CheckoutOptions.checkedDirectory(wanted.directory());
        FilePath checkout =
                directory.isEmpty() ? context.workspace() : context.workspace().child(directory);
        ReviewRequest.Source source = new ReviewRequest.Source(
                checkout, directory, wanted.url(), wanted.gitCredentialsId(), wanted.base(), wanted.head());
        try (GitChange git = GitChange.of(context, source)) {
            PrintedChange printed = git.printed();
            ReviewedChange what = git.reviewed(printed);
            // The model may have reviewed the same diff.
            int review = new ReviewStore(folder)
                    .latest()
                    .filter(report -> report.change().diffSha256().equals(what.diffSha256()))
                    .map(ReviewReport::number)
                    .orElse(0);
            return new ChangeInQuestion(
                    checked(git.isUncommitted() ? inNoCommit(what) : what),
                    review,
                    MaskedDiff.of(printed.patch(), context.redactor()));
        }
    }

    /** A change in no commit cannot be found again on a server. */
    private static ReviewedChange inNoCommit(ReviewedChange what) {
        return new ReviewedChange(
                what.base(),
                new ReviewedChange.Side(what.head().name(), ""),
                what.url(),
                what.diffSha256(),
                what.size(),
                what.hidden(),
                what.authors());
    }

    private static ReviewedChange checked(ReviewedChange what) throws AbortException {
        if (what.size().files() == 0) {
            throw new AbortException(Messages.ChangeInQuestion_empty());
        }
        return what;
    }
}
