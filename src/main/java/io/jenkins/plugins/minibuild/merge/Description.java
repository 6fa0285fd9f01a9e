package io.jenkins.plugins.minibuild.merge;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.minibuild.access.ReviewRecord;
import io.jenkins.plugins.minibuild.approval.HumanReview;
import io.jenkins.plugins.minibuild.codegen.Codegen;
import io.jenkins.plugins.minibuild.forge.ServiceText;
import io.jenkins.plugins.minibuild.review.ReviewReport;
import io.jenkins.plugins.minibuild.review.Severity;
import io.jenkins.plugins.minibuild.step.Fact;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The description of a merge request, in Markdown: the requirement, the change, the model's review and the verdicts. Text of others goes
 * through {@link ServiceText}.
 */
final class Description {
    /** Descriptions are for people; the services take at least 65,536 characters. */
    private static final int LONGEST_PART = 8000;

    private final StringBuilder text = new StringBuilder();

    private Description() {}

    /**
     * Writes it.
     *
     * @param facts of the build
     * @param build its name for people
     * @param report of the model; null for none
     * @param review of people; null for none
     */
    static String of(
            Map<Fact, String> facts,
            String build,
            @CheckForNull ReviewReport report,
            @CheckForNull HumanReview review) {
        Description description = new Description();
        description.requirement(facts);
        description.changes(facts);
        if (report != null) {
            description.model(report);
        }
        if (review != null) {
            description.people(review);
        }
        description
                .text
                .append("---\n")
                .append(Messages.Description_generatedBy(ServiceText.markdown(build)))
                .append('\n');
        return description.text.toString();
    }

    private void requirement(Map<Fact, String> facts) {
        String title = facts.getOrDefault(Codegen.REQUIREMENT_FACT, "");
        String link = facts.getOrDefault(Codegen.LINK_FACT, "");
        if (title.isEmpty() && link.isEmpty()) {
            return;
        }
        heading(Messages.Description_requirement());
        if (!title.isEmpty()) {
            text.append(ServiceText.markdown(title)).append("\n\n");
        }
        if (link.matches("https?://[^\\s<>\"()]{1,2000}")) {
            // As an item of a list: behind a title that ends in a closing word it would be the address of what is
            // closed.
            text.append("- <").append(link).append(">\n\n");
        }
    }

    private void changes(Map<Fact, String> facts) {
        String summary = facts.getOrDefault(Codegen.SUMMARY_FACT, "");
        if (!summary.isBlank()) {
            heading(Messages.Description_changes());
            quote(summary);
        }
    }

    private void model(ReviewReport report) {
        heading(Messages.Description_model());
        text.append(Messages.Description_score(
                        report.score(),
                        report.count(Severity.ERROR),
                        report.count(Severity.WARNING),
                        report.count(Severity.INFO)))
                .append("\n\n");
        quote(report.summary());
    }

    private void people(HumanReview review) {
        heading(Messages.Description_people());
        text.append(review.outcome().title())
                .append(" (`")
                .append(
                        review.change().diffSha256(),
                        0,
                        Math.min(12, review.change().diffSha256().length()))
                .append("`)\n\n");
        review.votes().forEach(vote -> {
            text.append("- ")
                    .append(ServiceText.markdown(vote.name()))
                    .append(": ")
                    .append(vote.verdict().title());
            if (!vote.comment().isEmpty()) {
                text.append(" — ")
                        .append(ServiceText.markdown(cut(vote.comment()).replaceAll("\\s+", " ")));
            }
            text.append('\n');
        });
        text.append('\n');
    }

    /** Who has approved what, in Markdown: the commit and the digest of its diff, so that anybody can compare them with what is merged. */
    static String approval(ReviewRecord review) {
        Description description = new Description();
        description.heading(Messages.Description_approval());
        review.approvals().forEach(each -> description
                .text
                .append("- ")
                .append(ServiceText.markdown(
                        Messages.Description_approvedBy(each.name(), each.user(), Instant.ofEpochMilli(each.at()))))
                .append('\n'));
        description
                .text
                .append("\n")
                .append(Messages.Description_approved(
                        "`" + review.change().head().commit() + "`",
                        "`" + review.change().base().commit() + "`",
                        "`" + review.change().diffSha256() + "`"))
                .append('\n');
        return description.text.toString();
    }

    private void heading(String title) {
        text.append("## ").append(title).append("\n\n");
    }

    private void quote(String words) {
        text.append(cut(words)
                        .strip()
                        .lines()
                        .map(line -> ("> " + ServiceText.markdown(line)).stripTrailing())
                        .collect(Collectors.joining("\n")))
                .append("\n\n");
    }

    private static String cut(String words) {
        return words.length() > LONGEST_PART ? words.substring(0, LONGEST_PART) + "…" : words;
    }
}
