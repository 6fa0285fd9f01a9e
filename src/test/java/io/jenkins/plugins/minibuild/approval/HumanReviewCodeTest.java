package io.jenkins.plugins.minibuild.approval;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.Item;
import hudson.security.Permission;
import io.jenkins.plugins.minibuild.access.PermissionsAdapter;
import io.jenkins.plugins.minibuild.access.ReadBuild;
import io.jenkins.plugins.minibuild.access.Visit;
import io.jenkins.plugins.minibuild.diff.DiffText;
import java.nio.file.Path;
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
}
