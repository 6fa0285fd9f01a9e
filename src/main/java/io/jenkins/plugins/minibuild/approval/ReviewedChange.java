package io.jenkins.plugins.minibuild.approval;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import hudson.FilePath;
import io.jenkins.plugins.minibuild.checkout.CheckoutOptions;
import io.jenkins.plugins.minibuild.codegen.Codegen;
import io.jenkins.plugins.minibuild.review.GitChange;
import io.jenkins.plugins.minibuild.review.ReviewReport;
import io.jenkins.plugins.minibuild.review.ReviewRequest;
import io.jenkins.plugins.minibuild.review.ReviewStore;
import io.jenkins.plugins.minibuild.diff.MaskedDiff;
import io.jenkins.plugins.minibuild.diff.PrintedChange;
import io.jenkins.plugins.minibuild.diff.UnifiedDiff;
import io.jenkins.plugins.minibuild.step.BuildContext;
import io.jenkins.plugins.minibuild.step.Fact;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * The change that people decide about: the one that the step names, else the last one that a model reviewed or generated.
 *
 * @param masked the diff to look at, secrets masked
 */
record ReviewedChange(HumanReview.Change change, byte[] masked) {
    /** The largest diff that is read, in bytes. */
    static final int LARGEST = 32 << 20;

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

    /** Reads the patch of the last generated change. */
    interface Patch {
        /** Empty if there is none. */
        byte[] read() throws IOException;
    }

    /**
     * Finds it.
     *
     * @param facts of the build
     * @param folder the plugin's own among the build's files
     * @param context null outside of a node block
     * @throws AbortException when there is nothing to look at; the message says what to do
     */
    static ReviewedChange of(
            Wanted wanted, Map<Fact, String> facts, Path folder, @CheckForNull BuildContext context, Patch patch)
            throws IOException, InterruptedException {
        if (!wanted.isNothing()) {
            if (context == null) {
                throw new AbortException(Messages.ReviewedChange_noNode());
            }
            return ofGit(wanted, context, folder);
        }
        String generated = facts.getOrDefault(Codegen.COMMIT_FACT, "");
        Optional<ReviewReport> report = new ReviewStore(folder).latest();
        if (report.isPresent()
                && (generated.isEmpty() || report.get().change().headCommit().equals(generated))) {
            return ofReport(report.get(), folder);
        }
        byte[] bytes = generated.isEmpty() ? new byte[0] : patch.read();
        if (bytes.length == 0) {
            throw new AbortException(Messages.ReviewedChange_nothing());
        }
        UnifiedDiff diff = checked(UnifiedDiff.parse(bytes));
        return new ReviewedChange(
                change(
                        facts.getOrDefault(Codegen.BASE_FACT, ""),
                        facts.getOrDefault(Codegen.BRANCH_FACT, ""),
                        "",
                        generated,
                        diff,
                        0),
                bytes);
    }

    private static ReviewedChange ofReport(ReviewReport report, Path folder) throws IOException {
        ReviewReport.Change reviewed = report.change();
        byte[] diff = Files.readAllBytes(folder.resolve("review-" + report.number() + ".diff"));
        return new ReviewedChange(
                new HumanReview.Change(
                        reviewed.base(),
                        reviewed.head(),
                        reviewed.baseCommit(),
                        // A change in no commit cannot be found again on a server.
                        reviewed.workspace() ? "" : reviewed.headCommit(),
                        reviewed.diffSha256(),
                        report.number(),
                        new HumanReview.Extent(
                                reviewed.size().files(),
                                reviewed.size().additions(),
                                reviewed.size().deletions())),
                diff);
    }

    private static ReviewedChange ofGit(Wanted wanted, BuildContext context, Path folder)
            throws IOException, InterruptedException {
        String directory = CheckoutOptions.checkedDirectory(wanted.directory());
        FilePath checkout =
                directory.isEmpty() ? context.workspace() : context.workspace().child(directory);
        ReviewRequest.Source source = new ReviewRequest.Source(
                checkout, directory, wanted.url(), wanted.gitCredentialsId(), wanted.base(), wanted.head());
        try (GitChange git = GitChange.of(context, source)) {
            PrintedChange printed = git.printed();
            UnifiedDiff diff = checked(printed.diff());
            // The model may have reviewed the same diff.
            int review = new ReviewStore(folder)
                    .latest()
                    .filter(report -> report.change().diffSha256().equals(diff.sha256()))
                    .map(ReviewReport::number)
                    .orElse(0);
            return new ReviewedChange(
                    change(
                            git.baseName(),
                            git.headName(),
                            git.baseCommit(),
                            git.isUncommitted() ? "" : git.headCommit(),
                            diff,
                            review),
                    MaskedDiff.of(printed.patch(), context.redactor()));
        }
    }

    private static UnifiedDiff checked(UnifiedDiff diff) throws AbortException {
        if (diff.files().isEmpty()) {
            throw new AbortException(Messages.ReviewedChange_empty());
        }
        return diff;
    }

    private static HumanReview.Change change(
            String base, String head, String baseCommit, String headCommit, UnifiedDiff diff, int review) {
        return new HumanReview.Change(
                base,
                head,
                baseCommit,
                headCommit,
                diff.sha256(),
                review,
                new HumanReview.Extent(diff.files().size(), diff.additions(), diff.deletions()));
    }
}
