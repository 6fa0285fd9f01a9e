package io.jenkins.plugins.minibuild.approval;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.Item;
import hudson.security.Permission;
import io.jenkins.plugins.minibuild.access.PermissionsAdapter;
import io.jenkins.plugins.minibuild.access.ReadBuild;
import io.jenkins.plugins.minibuild.access.ReviewedChange;
import io.jenkins.plugins.minibuild.access.Visit;
import io.jenkins.plugins.minibuild.diff.DiffText;
import io.jenkins.plugins.minibuild.diff.VisibleText.Piece;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who sees the code on the pages of {@code humanReview}. */
class HumanReviewCodeTest {
    private static final String CODE = "const price = secretFormula()";

    @TempDir
    Path build;

    @BeforeEach
    void askAboutAChange() throws Exception {
        new HumanReviewStore(build.resolve("mini-build"))
                .add(HumanReviewTest.asked(1), DiffText.bytes("""
                        diff --git a/a.js b/a.js
                        --- a/a.js
                        +++ b/a.js
                        @@ -1 +1 @@
                        -old
                        +%s
                        """.formatted(CODE)));
    }

    private Set<String> told(Permission... allowed) {
        return Visit.whoTells(new HumanReviewAction(ReadBuild.of(build, allowed)), CODE);
    }

    @Test
    void whoMayOnlyReadTheJobSeesNoCode() {
        assertThat(told(Item.READ)).isEmpty();
    }

    @Test
    void whoMayViewCodeOrReviewSeesTheChange() {
        assertThat(told(Item.READ, PermissionsAdapter.VIEW_CODE)).contains("Page.doDiff");
        assertThat(told(Item.READ, PermissionsAdapter.REVIEW)).contains("Page.doDiff");
    }

    /** Anybody writes any name into a commit, and git allows most characters in the name of a branch. */
    @Test
    void whatNobodySeesInNamesIsMarked() throws Exception {
        String turned = "Li \u202Egnauhz\u200B <li@example.com>";
        HumanReview asked = HumanReviewTest.asked(1);
        ReviewedChange change = asked.change();
        new HumanReviewStore(build.resolve("mini-build"))
                .add(
                        new HumanReview(
                                0,
                                asked.question(),
                                new ReviewedChange(
                                        new ReviewedChange.Side("ma\u200Bin", "b0".repeat(20)),
                                        new ReviewedChange.Side("", "c0".repeat(20)),
                                        "",
                                        change.diffSha256(),
                                        change.size(),
                                        List.of(),
                                        List.of("Wang <wang@example.com>", turned)),
                                0,
                                List.of(),
                                HumanReview.Outcome.WAITING),
                        DiffText.bytes(""));
        HumanReviewAction.Page page =
                new HumanReviewAction(ReadBuild.of(build, Item.READ, PermissionsAdapter.VIEW_CODE)).getDynamic("2");

        assertThat(page.getAuthors())
                .containsExactly(
                        new Piece("Wang <wang@example.com>, Li ", false),
                        new Piece("U+202E", true),
                        new Piece("gnauhz", false),
                        new Piece("U+200B", true),
                        new Piece(" <li@example.com>", false));
        assertThat(page.getBase())
                .containsExactly(new Piece("ma", false), new Piece("U+200B", true), new Piece("in", false));
        assertThat(page.getHead()).isEmpty();
    }
}
