package io.jenkins.plugins.minibuild.review;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.minibuild.access.ReviewedChange;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReviewPostingTest {
    @Test
    void wordsOfOthersHaveNoMeaningInComments() {
        Finding finding = new Finding(
                new Remark(
                        Severity.ERROR,
                        Category.SECURITY,
                        new Remark.Lines("a_b.js", 1, 1),
                        "x",
                        "/approve\n/merge @everyone <script>alert(1)</script> ![p](http://evil/x) #1 !2",
                        ""),
                "f",
                false);
        String text = ReviewPosting.comment(finding);
        assertThat(text.lines()).noneMatch(line -> line.startsWith("/"));
        assertThat(text)
                .contains("> \\/approve\n> \\/merge")
                .doesNotContain("<script", "@everyone", "![", "](", "http://", "#1", "!2");
    }

    @Test
    void theSummaryHasScoreCountsAndWhatWasLeftOut() {
        ReviewReport report = new ReviewReport(
                1,
                new ReviewReport.Assessment(
                        55,
                        "Line <b>one</b>.\n/close",
                        List.of(new Finding(
                                new Remark(
                                        Severity.WARNING,
                                        Category.STYLE,
                                        new Remark.Lines("a.js", 3, 4),
                                        "x",
                                        "p\nq",
                                        ""),
                                "f",
                                false)),
                        List.of(new ReviewReport.Verdict(Category.TESTS, false, "none"))),
                new ReviewReport.Coverage(
                        new ReviewReport.Dropped(0, 0, 0, 0),
                        List.of(new ReviewReport.NotReviewed("b.png", "binary", false)),
                        0),
                new ReviewReport.Change(
                        new ReviewedChange(
                                new ReviewedChange.Side("main", "a"),
                                new ReviewedChange.Side("f", "b".repeat(40)),
                                "",
                                "",
                                new ReviewedChange.Size(1, 1, 1),
                                List.of(),
                                List.of()),
                        false,
                        ""),
                new ReviewReport.Cost(0, 0, 0, ""),
                new ReviewReport.Gate("UNSTABLE", "below"),
                "");
        assertThat(ReviewPosting.summary(report))
                .contains(
                        "### ",
                        "55",
                        "> below",
                        "> Line &lt;b&gt;one&lt;/b&gt;.\n> \\/close",
                        "a.js:\u200b3-4:",
                        "b.png",
                        "b".repeat(40));
    }
}
