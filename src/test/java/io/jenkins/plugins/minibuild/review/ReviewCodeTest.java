package io.jenkins.plugins.minibuild.review;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.Item;
import io.jenkins.plugins.minibuild.access.PermissionsAdapter;
import io.jenkins.plugins.minibuild.access.ReadBuild;
import io.jenkins.plugins.minibuild.access.ReviewedChange;
import io.jenkins.plugins.minibuild.access.Visit;
import io.jenkins.plugins.minibuild.limits.retention.Retained;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who sees what a review says about code. */
class ReviewCodeTest {
    private static final String CODE = "const price = secretFormula()";

    @TempDir
    Path build;

    @BeforeEach
    void aReviewQuotesCodeWhereverItCan() throws Exception {
        Finding finding = new Finding(
                new Remark(
                        Severity.WARNING,
                        Category.STYLE,
                        new Remark.Lines("a.js", 3, 4),
                        CODE,
                        "in " + CODE,
                        "not " + CODE),
                "f",
                false);
        ReviewReport report = new ReviewReport(
                1,
                new ReviewReport.Assessment(
                        55,
                        "It says " + CODE,
                        List.of(finding),
                        List.of(new ReviewReport.Verdict(Category.TESTS, false, "untested: " + CODE))),
                new ReviewReport.Coverage(new ReviewReport.Dropped(0, 0, 0, 0), List.of(), 0),
                new ReviewReport.Change(
                        new ReviewedChange(
                                new ReviewedChange.Side("main", "a".repeat(40)),
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
        new ReviewStore(build.resolve("mini-build")).add(report, new byte[0]);
    }

    @Test
    void whoMayOnlyReadTheJobSeesTheScoreAndNoCode() throws Exception {
        ReviewAction action = new ReviewAction(ReadBuild.of(build, Item.READ));

        assertThat(Visit.whoTells(action, CODE)).isEmpty();
        assertThat(action.getViews()).singleElement().satisfies(view -> {
            assertThat(view.getScore()).isEqualTo(55);
            assertThat(view.getWarnings()).isEqualTo(1);
            assertThat(view.getReason()).isEqualTo("below");
        });
    }

    @Test
    void aReviewGoesOnlyWithItsBuildEvenWhenItsFileIsBroken() throws Exception {
        assertThat(Retained.onlyWithTheBuild(build)).isTrue();

        Files.write(build.resolve("mini-build/review-1.json"), new byte[] {'{'});
        assertThat(new ReviewStore(build.resolve("mini-build")).all()).isEmpty();
        assertThat(Retained.onlyWithTheBuild(build)).isTrue();
    }

    @Test
    void whoMayViewCodeSeesTheFindings() {
        assertThat(Visit.whoTells(new ReviewAction(ReadBuild.of(build, Item.READ, PermissionsAdapter.VIEW_CODE)), CODE))
                .contains(
                        "ReviewAction.getReviews",
                        "Item.getSnippet",
                        "Item.getProblem",
                        "View.getSummary",
                        "Row.getComment");
    }
}
