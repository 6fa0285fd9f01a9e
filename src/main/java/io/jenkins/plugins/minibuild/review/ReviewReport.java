package io.jenkins.plugins.minibuild.review;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.minibuild.access.ReviewedChange;
import io.jenkins.plugins.minibuild.diff.UnifiedDiff;
import io.jenkins.plugins.minibuild.files.Json;
import io.jenkins.plugins.minibuild.step.Fact;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The result of a review. Immutable; stored as JSON in the build's folder.
 *
 * @param number of the review in its build, from 1; 0 before it is stored
 * @param gate what the review does to the build
 * @param at when the review ended: ISO 8601 in UTC
 */
public record ReviewReport(
        int number, Assessment assessment, Coverage coverage, Change change, Cost cost, Gate gate, String at) {
    private static final ObjectReader READER =
            Json.MAPPER.readerFor(ReviewReport.class).without(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    /**
     * What the model says.
     *
     * @param score 0 to 100
     * @param findings the worst first
     * @param verdicts one a category, in the order of {@link Category}
     */
    public record Assessment(int score, String summary, List<Finding> findings, List<Verdict> verdicts) {
        /** Copies the lists. */
        public Assessment {
            findings = List.copyOf(findings);
            verdicts = List.copyOf(verdicts);
        }
    }

    /**
     * What the assessment is about.
     *
     * @param dropped remarks that do not fit the change
     * @param notReviewed files of the change that were not reviewed, and why
     * @param resolved findings of the review before that no longer hold
     */
    public record Coverage(Dropped dropped, List<NotReviewed> notReviewed, int resolved) {
        /** Copies the list. */
        public Coverage {
            notReviewed = List.copyOf(notReviewed);
        }
    }

    /**
     * The model's verdict on one category.
     *
     * @param passed whether it is good enough
     * @param comment the model's words; may be empty
     */
    public record Verdict(Category category, boolean passed, String comment) {}

    /**
     * Remarks that do not fit the change, by reason.
     *
     * @param place the file or its lines are not in the diff
     * @param snippet it is not in those lines
     * @param repeated the finding is there already
     * @param excess there were more than a report holds
     */
    public record Dropped(int place, int snippet, int repeated, int excess) {
        /** All of them. */
        @JsonIgnore
        public int total() {
            return place + snippet + repeated + excess;
        }
    }

    /**
     * @param reason for people, in the language of the controller
     * @param open whether it should have been looked at: it was too large, or a cap was reached. Nothing is known of it, so no gate passes it
     */
    public record NotReviewed(String file, String reason, boolean open) {}

    /**
     * The change that was reviewed.
     *
     * @param what its base is where the new side left it; the name of its head is empty for the changes in the workspace, its commit is then the one that the
     *     workspace holds
     * @param workspace whether changes of the workspace that are in no commit are part of it
     * @param since the head of the review before, where only what changed since was reviewed; else empty
     */
    public record Change(ReviewedChange what, boolean workspace, String since) {
        /** The branch or commit that was asked for as the base. */
        public String base() {
            return what.base().name();
        }

        /** The branch or commit that was asked for as the head; empty for the changes in the workspace. */
        public String head() {
            return what.head().name();
        }

        /** The commit of the old side. */
        public String baseCommit() {
            return what.base().commit();
        }

        /** The commit of the new side. */
        public String headCommit() {
            return what.head().commit();
        }

        /** Of the whole diff as {@link UnifiedDiff} has it: 64 hexadecimal digits. */
        public String diffSha256() {
            return what.diffSha256();
        }

        /** What the change touches. */
        public ReviewedChange.Size size() {
            return what.size();
        }
    }

    /**
     * @param dollars US dollars
     * @param turns answers of the model
     * @param millis milliseconds it took
     * @param model that was used; may be empty
     */
    public record Cost(double dollars, int turns, long millis, String model) {}

    /**
     * What the review does to the build.
     *
     * @param result {@code UNSTABLE} or {@code FAILURE}; empty for nothing
     * @param reason for people; empty for nothing
     */
    public record Gate(String result, String reason) {
        /** Lets the build go on as it is. */
        public static final Gate OPEN = new Gate("", "");

        /** Whether the build goes on as it is. */
        @JsonIgnore
        public boolean isOpen() {
            return result.isEmpty();
        }
    }

    /** Checks that every part is there. */
    public ReviewReport {
        Stream.of(assessment, coverage, change, cost, gate, at).forEach(Objects::requireNonNull);
    }

    /** 0 to 100. */
    public int score() {
        return assessment.score();
    }

    /** The model's words. */
    public String summary() {
        return assessment.summary();
    }

    /** The worst first. */
    public List<Finding> findings() {
        return assessment.findings();
    }

    /** One a category. */
    public List<Verdict> verdicts() {
        return assessment.verdicts();
    }

    /** Remarks that do not fit the change. */
    public Dropped dropped() {
        return coverage.dropped();
    }

    /** Files that were not reviewed, and why. */
    public List<NotReviewed> notReviewed() {
        return coverage.notReviewed();
    }

    /** Findings of the review before that no longer hold. */
    public int resolved() {
        return coverage.resolved();
    }

    /** Where it is among the artifacts of the build, as SARIF. */
    public String artifact() {
        return "mini-build/review-" + number + ".sarif";
    }

    /** How many findings are as bad as that. */
    public int count(Severity severity) {
        return (int)
                findings().stream().filter(each -> each.severity() == severity).count();
    }

    /** The worst severity; null without findings. */
    @CheckForNull
    public Severity worst() {
        return findings().stream()
                .map(Finding::severity)
                .min(Severity::compareTo)
                .orElse(null);
    }

    /** The same as the n-th of its build. */
    ReviewReport numbered(int n) {
        return new ReviewReport(n, assessment, coverage, change, cost, gate, at);
    }

    /** Reads what {@link #toJson} wrote. */
    public static ReviewReport parse(byte[] json) throws IOException {
        return READER.readValue(json);
    }

    /** As JSON with line breaks. */
    public byte[] toJson() {
        try {
            return Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What a message about the review says. */
    public Map<Fact, String> newsFacts() {
        Map<Fact, String> facts = new LinkedHashMap<>();
        facts.put(Fact.KIND, "aiReview");
        facts.put(Fact.BRANCH, change.head());
        facts.put(Fact.COMMIT, change.headCommit());
        facts.put(
                Fact.DETAILS,
                Messages.ReviewReport_news(
                                score(), count(Severity.ERROR), count(Severity.WARNING), count(Severity.INFO))
                        + (gate.isOpen() ? "" : "\n" + gate.reason()));
        return facts;
    }

    /** What a Pipeline is given: maps, lists, strings, numbers and booleans. */
    public Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("number", number);
        map.put("score", score());
        map.put("summary", summary());
        map.put("errors", count(Severity.ERROR));
        map.put("warnings", count(Severity.WARNING));
        map.put("infos", count(Severity.INFO));
        map.put("findings", findings().stream().map(ReviewReport::toMap).toList());
        Map<String, Object> categories = new LinkedHashMap<>();
        verdicts()
                .forEach(each -> categories.put(
                        each.category().word(),
                        new LinkedHashMap<>(Map.of("passed", each.passed(), "comment", each.comment()))));
        map.put("verdicts", categories);
        map.put("dropped", dropped().total());
        map.put("notReviewed", notReviewed().stream().map(NotReviewed::file).toList());
        map.put("resolved", resolved());
        map.put("base", change.baseCommit());
        map.put("head", change.headCommit());
        map.put("diffSha256", change.diffSha256());
        map.put("cost", cost.dollars());
        map.put("artifact", artifact());
        map.put("result", gate.result());
        map.put("reason", gate.reason());
        return map;
    }

    private static Map<String, Object> toMap(Finding finding) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("severity", finding.severity().word());
        map.put("category", finding.category().word());
        map.put("file", finding.file());
        map.put("fromLine", finding.fromLine());
        map.put("toLine", finding.toLine());
        map.put("snippet", finding.snippet());
        map.put("problem", finding.problem());
        map.put("suggestion", finding.suggestion());
        map.put("fingerprint", finding.fingerprint());
        return map;
    }
}
