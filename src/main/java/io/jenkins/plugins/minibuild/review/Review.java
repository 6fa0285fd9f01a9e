package io.jenkins.plugins.minibuild.review;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import hudson.FilePath;
import io.jenkins.plugins.minibuild.access.ReviewedChange;
import io.jenkins.plugins.minibuild.diff.MaskedDiff;
import io.jenkins.plugins.minibuild.diff.PrintedChange;
import io.jenkins.plugins.minibuild.diff.UnifiedDiff;
import io.jenkins.plugins.minibuild.files.Digest;
import io.jenkins.plugins.minibuild.files.NewestFiles;
import io.jenkins.plugins.minibuild.process.Redactor;
import io.jenkins.plugins.minibuild.process.ScratchFolder;
import io.jenkins.plugins.minibuild.review.ReviewReport.NotReviewed;
import io.jenkins.plugins.minibuild.step.BuildContext;
import io.jenkins.plugins.minibuild.step.BuildTask;
import io.jenkins.plugins.minibuild.step.Fact;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A review of a change by a {@link Reviewer}: its diff in parts, each answer checked, at most two attempts to mend one, what is not true of the change left
 * out. The report is stored with the build, and as SARIF among its artifacts.
 */
public final class Review implements BuildTask<ReviewReport> {
    /** The file of the base branch with the project's own rules. */
    public static final String RULES = "REVIEW.md";

    /** Of the build: the score of its last review. */
    public static final Fact SCORE_FACT = new Fact("reviewScore");

    /** Of the build: the address of the repository in which code was generated. */
    public static final Fact URL_FACT = new Fact("codegenUrl");

    private static final int REPAIRS = 2;
    private static final int REMEMBERED = 500;
    private static final int MOST_LISTED = 50;
    private static final int LONGEST_SUMMARY = 8000;

    private final ReviewRequest request;
    private final Reviewer reviewer;

    /** Sets it up. */
    public Review(ReviewRequest request, Reviewer reviewer) {
        this.request = request;
        this.reviewer = reviewer;
    }

    @Override
    public ReviewReport run(BuildContext context) throws IOException, InterruptedException {
        long start = System.nanoTime();
        try (GitChange change = GitChange.of(context, request.source())) {
            PrintedChange printed = change.printed(this::isWanted);
            UnifiedDiff diff = printed.diff();
            NewestFiles memory = new NewestFiles(context.controllerFolder().resolve("reviews"), REMEMBERED);
            String key = Digest.ofParts(
                    context.record().jobName(),
                    request.source().directory(),
                    change.baseName(),
                    branch(context, change));
            ReviewReport before = request.incremental() ? before(memory, key, change) : null;
            Outcome outcome = review(context, change, diff, before);
            ReviewReport report = report(context, change, change.reviewed(printed), before, outcome, start);
            ReviewReport stored = new ReviewStore(context.record().folder())
                    .add(report, MaskedDiff.of(printed.patch(), context.redactor()));
            archive(context, stored);
            context.record().remember(SCORE_FACT, String.valueOf(stored.score()));
            if (!change.isUncommitted() && outcome.shortfall == null) {
                memory.put(key, stored.toJson());
            }
            tell(context.listener().getLogger(), stored);
            return stored;
        }
    }

    private boolean isWanted(String path) {
        return request.paths().isEmpty() || request.paths().matches(path);
    }

    /** What tells the reviews of one branch apart from those of another; a checkout has no branch, its build may. */
    private static String branch(BuildContext context, GitChange change) {
        if (!change.headName().isEmpty()) {
            return change.headName();
        }
        for (String variable : List.of("MINIBUILD_MR", "CHANGE_ID", "MINIBUILD_BRANCH", "BRANCH_NAME")) {
            String value = context.environment().getOrDefault(variable, "");
            if (!value.isEmpty()) {
                return variable + "=" + value;
            }
        }
        return "";
    }

    /** The review that this one continues; null if there is none, or history was rewritten since. */
    @CheckForNull
    private static ReviewReport before(NewestFiles memory, String key, GitChange change)
            throws IOException, InterruptedException {
        if (change.isUncommitted()) {
            return null;
        }
        Optional<ReviewReport> before = memory.find(key, ReviewReport::parse);
        return before.isPresent() && change.follows(before.get().change().headCommit()) ? before.get() : null;
    }

    /** Collects the results of all parts. */
    private static final class Outcome {
        private final Places places;
        private final List<NotReviewed> notReviewed = new ArrayList<>();
        private final Map<Category, ReviewReport.Verdict> verdicts = new EnumMap<>(Category.class);
        private final List<String> summaries = new ArrayList<>();
        private int score = 100;
        private int resolved;
        /** Why some parts were not looked at; null when all were. */
        private String shortfall;

        Outcome(Places places) {
            this.places = places;
        }

        void take(ReviewAnswer answer, DiffParts.Part part, boolean alone) {
            answer.findings().forEach(places::take);
            // The worst part counts: a good file does not make up for a bad one.
            score = Math.min(score, answer.score());
            summaries.add(alone ? answer.summary() : String.join(", ", part.files()) + ":\n" + answer.summary());
            answer.verdicts().forEach((category, verdict) -> verdicts.merge(category, verdict, Outcome::worse));
        }

        private static ReviewReport.Verdict worse(ReviewReport.Verdict one, ReviewReport.Verdict other) {
            return one.passed() == other.passed()
                    ? new ReviewReport.Verdict(one.category(), one.passed(), joined(one.comment(), other.comment()))
                    : one.passed() ? other : one;
        }

        private static String joined(String one, String other) {
            return one.isEmpty() || other.isEmpty() ? one + other : one + "\n" + other;
        }
    }

    private Outcome review(BuildContext context, GitChange change, UnifiedDiff diff, @CheckForNull ReviewReport before)
            throws IOException, InterruptedException {
        Outcome outcome = new Outcome(new Places(diff));
        UnifiedDiff shown = before == null
                ? diff
                : change.since(before.change().headCommit(), this::isWanted).diff();
        Set<String> changed = names(diff);
        // Commits that came from the base meanwhile are no part of the change.
        shown = new UnifiedDiff(
                shown.files().stream()
                        .filter(each -> changed.contains(each.name()))
                        .toList(),
                shown.sha256());
        DiffParts parts = DiffParts.of(shown, request.paths(), request.largest() * 1000, change.leftOut());
        outcome.notReviewed.addAll(parts.notReviewed());
        Places probe = new Places(diff);
        List<Finding> open = before == null
                ? List.of()
                : before.findings().stream().filter(probe::carry).toList();
        if (before != null) {
            // A file that the review before left out, and that has not changed since, is still left out.
            Set<String> now = names(shown);
            before.notReviewed().stream()
                    .filter(each -> !now.contains(each.file()) && changed.contains(each.file()))
                    .forEach(outcome.notReviewed::add);
        }
        if (parts.parts().isEmpty()) {
            nothing(context, outcome, before, open);
            return outcome;
        }
        ask(context, change, diff, outcome, parts, open, before);
        return outcome;
    }

    private static Set<String> names(UnifiedDiff diff) {
        return diff.files().stream().map(UnifiedDiff.File::name).collect(Collectors.toSet());
    }

    /** There is nothing to review: the model is not asked. */
    private static void nothing(
            BuildContext context, Outcome outcome, @CheckForNull ReviewReport before, List<Finding> open) {
        context.listener()
                .getLogger()
                .println(before == null ? Messages.Review_nothing() : Messages.Review_nothingNew());
        outcome.summaries.add(before == null ? Messages.Review_nothing() : before.summary());
        if (before != null) {
            open.forEach(outcome.places::carry);
            before.verdicts().forEach(each -> outcome.verdicts.put(each.category(), each));
            outcome.score = before.score();
            outcome.resolved = before.findings().size() - open.size();
        }
    }

    private void ask(
            BuildContext context,
            GitChange change,
            UnifiedDiff diff,
            Outcome outcome,
            DiffParts parts,
            List<Finding> open,
            @CheckForNull ReviewReport before)
            throws IOException, InterruptedException {
        PrintStream log = context.listener().getLogger();
        log.println(Messages.Review_begins(
                parts.parts().stream().mapToInt(each -> each.files().size()).sum(),
                parts.parts().size(),
                change.baseName().isEmpty() ? change.baseCommit() : change.baseName()));
        String rules = change.baseFile(RULES);
        if (!rules.isBlank()) {
            log.println(Messages.Review_rules(RULES));
        }
        ReviewPrompt prompt = new ReviewPrompt(context.random(), request.language(), rules);
        FilePath folder = change.snapshot();
        List<String> names =
                diff.files().stream().map(UnifiedDiff.File::name).distinct().toList();
        Map<DiffParts.Part, ReviewAnswer> answers = new LinkedHashMap<>();
        for (DiffParts.Part part : parts.parts()) {
            if (outcome.shortfall == null) {
                Set<String> asked = Set.copyOf(part.files());
                List<String> others =
                        names.stream().filter(name -> !asked.contains(name)).toList();
                Attempt attempt = attempt(context, folder, prompt, prompt.ask(part, others, open, before != null));
                if (attempt.answer() != null) {
                    answers.put(part, attempt.answer());
                    continue;
                }
                outcome.shortfall = attempt.shortfall();
                if (answers.isEmpty()) {
                    throw new AbortException(Messages.Review_failed(outcome.shortfall));
                }
                log.println(Messages.Review_cutShort(outcome.shortfall));
            }
            part.files().forEach(file -> outcome.notReviewed.add(new NotReviewed(file, outcome.shortfall, true)));
        }
        Set<String> resolved = answers.values().stream()
                .flatMap(each -> each.resolved().stream())
                .collect(Collectors.toSet());
        List<Finding> still = open.stream()
                .filter(each -> !resolved.contains(each.fingerprint()))
                .toList();
        // Before the new ones: a finding that is found again keeps its words and its comment.
        still.forEach(outcome.places::carry);
        outcome.resolved = before == null ? 0 : before.findings().size() - still.size();
        answers.forEach(
                (part, answer) -> outcome.take(answer, part, parts.parts().size() == 1));
    }

    /** An answer in the right form, or why there is none. */
    private record Attempt(
            @CheckForNull ReviewAnswer answer, @CheckForNull String shortfall) {}

    private Attempt attempt(BuildContext context, FilePath folder, ReviewPrompt prompt, String question)
            throws IOException, InterruptedException {
        String words = question;
        for (int repair = 0; ; repair++) {
            Reviewer.Reply given = reviewer.ask(folder, words, ReviewAnswer.SCHEMA);
            if (given.shortfall() != null) {
                return new Attempt(null, given.shortfall());
            }
            try {
                return new Attempt(ReviewAnswer.read(given.report()), null);
            } catch (ReviewAnswer.InvalidException e) {
                if (repair == REPAIRS) {
                    return new Attempt(null, Messages.Review_invalid(e.getMessage()));
                }
                context.listener().getLogger().println(Messages.Review_repair(e.getMessage(), repair + 1, REPAIRS));
                words = prompt.again(question, given.report(), e.getMessage());
            }
        }
    }

    private ReviewReport report(
            BuildContext context,
            GitChange change,
            ReviewedChange what,
            @CheckForNull ReviewReport before,
            Outcome outcome,
            long start) {
        List<Finding> findings = outcome.places.findings().stream()
                .map(each -> masked(each, context.redactor()))
                .toList();
        String summary = String.join("\n\n", outcome.summaries);
        ReviewReport.Cost cost = reviewer.cost();
        return new ReviewReport(
                0,
                new ReviewReport.Assessment(
                        outcome.score,
                        summary.length() > LONGEST_SUMMARY ? summary.substring(0, LONGEST_SUMMARY) + "…" : summary,
                        findings,
                        List.copyOf(outcome.verdicts.values())),
                new ReviewReport.Coverage(outcome.places.dropped(), outcome.notReviewed, outcome.resolved),
                new ReviewReport.Change(
                        what,
                        change.isUncommitted(),
                        before == null ? "" : before.change().headCommit()),
                new ReviewReport.Cost(
                        cost.dollars(), cost.turns(), (System.nanoTime() - start) / 1_000_000, cost.model()),
                request.gate().judge(outcome.score, findings, outcome.notReviewed),
                context.clock().instant().truncatedTo(ChronoUnit.SECONDS).toString());
    }

    /** Masks the lines of the change; the model's words are masked already. */
    private static Finding masked(Finding finding, Redactor redactor) {
        return new Finding(
                finding.remark().at(finding.fromLine(), finding.toLine(), redactor.redact(finding.snippet())),
                finding.fingerprint(),
                finding.carried());
    }

    private static void archive(BuildContext context, ReviewReport report) throws IOException, InterruptedException {
        try (ScratchFolder scratch = ScratchFolder.in(context.temp(), "sarif")) {
            FilePath file = scratch.path().child("review.sarif");
            file.write(new String(Sarif.of(report), StandardCharsets.UTF_8), "UTF-8");
            context.record().archive(report.artifact(), file);
        }
    }

    private static void tell(PrintStream log, ReviewReport report) {
        log.println(Messages.Review_done(
                report.score(),
                report.count(Severity.ERROR),
                report.count(Severity.WARNING),
                report.count(Severity.INFO)));
        for (Finding each : report.findings()) {
            log.println("  " + each.severity().word() + " " + each.place() + ": "
                    + each.problem().lines().findFirst().orElse(""));
        }
        if (report.dropped().total() > 0) {
            log.println(Messages.Review_dropped(
                    report.dropped().total(),
                    report.dropped().place(),
                    report.dropped().snippet(),
                    report.dropped().repeated(),
                    report.dropped().excess()));
        }
        if (!report.notReviewed().isEmpty()) {
            log.println(Messages.Review_notReviewed(report.notReviewed().size()));
            report.notReviewed().stream()
                    .limit(MOST_LISTED)
                    .forEach(each -> log.println("  " + each.file() + ": " + each.reason()));
        }
        if (!report.gate().isOpen()) {
            log.println(report.gate().reason());
        }
    }
}
