package io.jenkins.plugins.minibuild.review;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import io.jenkins.plugins.minibuild.checkout.ForgeAccess;
import io.jenkins.plugins.minibuild.checkout.RepositoryUrl;
import io.jenkins.plugins.minibuild.diff.UnifiedDiff;
import io.jenkins.plugins.minibuild.diff.UnifiedDiff.Kind;
import io.jenkins.plugins.minibuild.diff.UnifiedDiff.Line;
import io.jenkins.plugins.minibuild.files.Digest;
import io.jenkins.plugins.minibuild.forge.ReviewComments;
import io.jenkins.plugins.minibuild.forge.ReviewComments.LineComment;
import io.jenkins.plugins.minibuild.forge.ServiceText;
import io.jenkins.plugins.minibuild.step.BuildContext;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Writes a review to its merge request. Set it up before the review: then a missing token or number fails the build before the model is paid. */
public final class ReviewPosting {
    /** Comments at lines in one go; the summary has all findings. */
    private static final int MOST_COMMENTS = 50;

    private static final int LONGEST_TABLE = 100;

    private final BuildContext context;
    private final RepositoryUrl address;
    private final long number;
    private final ReviewComments comments;

    private ReviewPosting(BuildContext context, RepositoryUrl address, long number, ReviewComments comments) {
        this.context = context;
        this.address = address;
        this.number = number;
        this.comments = comments;
    }

    /**
     * @param url the repository's address, which the token is sent to; null if it is not known
     * @param credentialsId a token; null for none
     * @param number null for that of the merge request that is built
     * @throws AbortException if something is missing, or the service is not known
     */
    public static ReviewPosting of(
            BuildContext context,
            @CheckForNull String url,
            @CheckForNull String credentialsId,
            @CheckForNull Integer number)
            throws AbortException {
        if (url == null) {
            throw new AbortException(Messages.ReviewPosting_noUrl());
        }
        if (credentialsId == null) {
            throw new AbortException(Messages.ReviewPosting_noCredential());
        }
        RepositoryUrl address = RepositoryUrl.parse(url);
        ReviewComments comments = ForgeAccess.forge(context, address)
                .reviewComments(address.owner(), address.name(), ForgeAccess.session(context, address, credentialsId));
        return new ReviewPosting(context, address, number == null ? number(context) : number, comments);
    }

    private static long number(BuildContext context) throws AbortException {
        for (String variable : List.of("MINIBUILD_MR", "CHANGE_ID")) {
            String value = context.environment().getOrDefault(variable, "");
            if (value.matches("[1-9][0-9]{0,14}")) {
                return Long.parseLong(value);
            }
        }
        throw new AbortException(Messages.ReviewPosting_noNumber());
    }

    /**
     * Writes it. A failure of the service is logged and does not fail the build: the report is on the build's page.
     *
     * @param diff that was reviewed
     */
    public void post(ReviewReport report, UnifiedDiff diff) throws InterruptedException {
        PrintStream log = context.listener().getLogger();
        try {
            ReviewComments.Written written = comments.write(
                    number,
                    report.change().headCommit(),
                    // Other jobs review the same merge request in their own way.
                    Digest.ofParts("summary", context.record().jobName()).substring(0, 32),
                    summary(report),
                    report.change().workspace() ? List.of() : atLines(report, diff));
            log.println(Messages.ReviewPosting_done(
                    comments.service(),
                    address.owner() + "/" + address.name(),
                    String.valueOf(number),
                    written.written(),
                    written.known()));
            written.notes().forEach(log::println);
        } catch (IOException e) {
            log.println(Messages.ReviewPosting_failed(
                    comments.service(), context.redactor().redact(String.valueOf(e.getMessage()))));
        }
    }

    private static List<LineComment> atLines(ReviewReport report, UnifiedDiff diff) {
        List<LineComment> all = new ArrayList<>();
        for (Finding each : report.findings()) {
            int line = changedLine(each, diff);
            if (line > 0 && all.size() < MOST_COMMENTS) {
                all.add(new LineComment(each.fingerprint(), each.file(), line, comment(each)));
            }
        }
        return all;
    }

    /** The last line of the finding that was added; 0 if none was. */
    private static int changedLine(Finding finding, UnifiedDiff diff) {
        Optional<UnifiedDiff.File> file = diff.file(finding.file());
        return file.isEmpty()
                ? 0
                : file.get().hunks().stream()
                        .flatMap(hunk -> hunk.lines().stream())
                        .filter(line -> line.kind() == Kind.ADDED)
                        .mapToInt(Line::newNumber)
                        .filter(n -> n >= finding.fromLine() && n <= finding.toLine())
                        .max()
                        .orElse(0);
    }

    static String comment(Finding finding) {
        String text = "**" + finding.severity().title() + "** ("
                + finding.category().title() + ")\n\n" + quoted(finding.problem());
        return finding.suggestion().isEmpty()
                ? text
                : text + "\n\n" + Messages.ReviewPosting_suggestion() + "\n\n" + quoted(finding.suggestion());
    }

    static String summary(ReviewReport report) {
        StringBuilder text = new StringBuilder();
        text.append("### ").append(Messages.ReviewPosting_title(report.score())).append("\n\n");
        text.append(Messages.ReviewPosting_counts(
                        report.count(Severity.ERROR), report.count(Severity.WARNING), report.count(Severity.INFO)))
                .append("\n\n");
        if (!report.gate().isOpen()) {
            text.append(quoted(report.gate().reason())).append("\n\n");
        }
        text.append(quoted(report.summary())).append("\n\n");
        for (ReviewReport.Verdict each : report.verdicts()) {
            text.append("- ")
                    .append(each.category().title())
                    .append(": ")
                    .append(each.passed() ? Messages.ReviewAction_passed() : Messages.ReviewAction_failed())
                    .append('\n');
        }
        text.append('\n');
        report.findings().stream().limit(LONGEST_TABLE).forEach(each -> text.append("- **")
                .append(each.severity().title())
                .append("** ")
                .append(ServiceText.markdown(each.place()))
                .append(": ")
                .append(ServiceText.markdown(each.problem().lines().findFirst().orElse("")))
                .append('\n'));
        if (!report.notReviewed().isEmpty()) {
            text.append('\n').append(Messages.ReviewPosting_notReviewed()).append("\n\n");
            report.notReviewed().stream().limit(LONGEST_TABLE).forEach(each -> text.append("- ")
                    .append(ServiceText.markdown(each.file()))
                    .append(": ")
                    .append(ServiceText.markdown(
                            each.reason().lines().findFirst().orElse("")))
                    .append('\n'));
        }
        return text.append('\n')
                .append(Messages.ReviewPosting_by(report.change().headCommit()))
                .append('\n')
                .toString();
    }

    /**
     * Words of others in a quotation. At the beginning of a line GitLab would take {@code /approve} for an order of the token's account.
     */
    private static String quoted(String words) {
        return String.join(
                "\n",
                words.lines().map(line -> "> " + ServiceText.markdown(line)).toList());
    }
}
