package io.jenkins.plugins.minibuild.review;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.minibuild.step.Fact;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a review of a change came to. Immutable; stored as JSON in the build's folder.
 *
 * @param number of the review in its build, from 1; 0 before it is stored
 * @param score 0 to 100
 * @param summary the model's words
 * @param findings the worst first
 * @param verdicts one a category, in the order of {@link Category}
 * @param dropped findings that were not believed
 * @param notReviewed files of the change that were not looked at, and why
 * @param resolved findings of the review before that do not stand any more
 * @param gate what the review does to the build
 * @param at when it ended: ISO 8601 in UTC
 */
public record ReviewReport(
        int number,
        int score,
        String summary,
        List<Finding> findings,
        List<Verdict> verdicts,
        Dropped dropped,
        List<NotReviewed> notReviewed,
        int resolved,
        Change change,
        Cost cost,
        Gate gate,
        String at) {
    private static final ObjectMapper JSON =
            new ObjectMapper().configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, false);

    /**
     * What the model thinks of one side of the change.
     *
     * @param passed whether it is good enough
     * @param comment the model's words; may be empty
     */
    public record Verdict(Category category, boolean passed, String comment) {}

    /**
     * Findings that were not believed, by reason.
     *
     * @param place the file or its lines are not in the diff
     * @param snippet it is not in those lines
     * @param repeated the same finding was there already
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
     * What was reviewed.
     *
     * @param base as it was asked for, a branch or a commit
     * @param head as it was asked for; empty for the changes in the workspace
     * @param baseCommit where the head left the base: the old side of the diff
     * @param headCommit the new side of the diff; for changes in the workspace the commit that it holds
     * @param workspace whether changes of the workspace that are in no commit are part of it
     * @param diffSha256 of the whole diff as {@link UnifiedDiff} has it: 64 hexadecimal digits
     * @param since the head of the review before, where only what changed since was looked at; else empty
     * @param files how many it touches
     * @param additions lines
     * @param deletions lines
     */
    public record Change(
            String base,
            String head,
            String baseCommit,
            String headCommit,
            boolean workspace,
            String diffSha256,
            String since,
            int files,
            int additions,
            int deletions) {}

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

    /** Copies the lists; what an older version of the plugin did not store is empty. */
    public ReviewReport {
        findings = findings == null ? List.of() : List.copyOf(findings);
        verdicts = verdicts == null ? List.of() : List.copyOf(verdicts);
        notReviewed = notReviewed == null ? List.of() : List.copyOf(notReviewed);
        dropped = dropped == null ? new Dropped(0, 0, 0, 0) : dropped;
        gate = gate == null ? Gate.OPEN : gate;
        cost = cost == null ? new Cost(0, 0, 0, "") : cost;
    }

    /** Where it is among the artifacts of the build, as SARIF. */
    public String artifact() {
        return "mini-build/review-" + number + ".sarif";
    }

    /** How many findings are as bad as that. */
    public int count(Severity severity) {
        return (int)
                findings.stream().filter(each -> each.severity() == severity).count();
    }

    /** The worst severity; null without findings. */
    @CheckForNull
    public Severity worst() {
        return findings.stream().map(Finding::severity).min(Severity::compareTo).orElse(null);
    }

    /** The same as the n-th of its build. */
    ReviewReport numbered(int n) {
        return new ReviewReport(
                n, score, summary, findings, verdicts, dropped, notReviewed, resolved, change, cost, gate, at);
    }

    /** Reads what {@link #toJson} wrote. */
    public static ReviewReport parse(byte[] json) throws IOException {
        return JSON.readValue(json, ReviewReport.class);
    }

    /** As JSON with line breaks. */
    public byte[] toJson() {
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(this);
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
                Messages.ReviewReport_news(score, count(Severity.ERROR), count(Severity.WARNING), count(Severity.INFO))
                        + (gate.isOpen() ? "" : "\n" + gate.reason()));
        return facts;
    }

    /** What a Pipeline is given: maps, lists, strings, numbers and booleans. */
    public Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("number", number);
        map.put("score", score);
        map.put("summary", summary);
        map.put("errors", count(Severity.ERROR));
        map.put("warnings", count(Severity.WARNING));
        map.put("infos", count(Severity.INFO));
        map.put("findings", findings.stream().map(ReviewReport::toMap).toList());
        Map<String, Object> categories = new LinkedHashMap<>();
        verdicts.forEach(each -> categories.put(
                each.category().word(),
                new LinkedHashMap<>(Map.of("passed", each.passed(), "comment", each.comment()))));
        map.put("verdicts", categories);
        map.put("dropped", dropped.total());
        map.put("notReviewed", notReviewed.stream().map(NotReviewed::file).toList());
        map.put("resolved", resolved);
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
