package io.jenkins.plugins.minibuild.approval;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.minibuild.review.Category;
import io.jenkins.plugins.minibuild.review.Finding;
import io.jenkins.plugins.minibuild.review.Remark;
import io.jenkins.plugins.minibuild.review.Severity;
import io.jenkins.plugins.minibuild.diff.DiffText;
import io.jenkins.plugins.minibuild.diff.UnifiedDiff;
import java.util.List;
import org.junit.jupiter.api.Test;

class DiffViewTest {
    private static UnifiedDiff diff(String text) {
        return DiffText.parse(text);
    }

    private static Finding finding(String file, int from, int to) {
        return new Finding(
                new Remark(Severity.ERROR, Category.SECURITY, new Remark.Lines(file, from, to), "x", "bad", "better"),
                "f" + to,
                false);
    }

    @Test
    void aFindingStandsUnderTheLastLineThatItIsAbout() {
        UnifiedDiff diff =
                diff("diff --git a/a.js b/a.js\n--- a/a.js\n+++ b/a.js\n@@ -1,3 +1,3 @@\n one\n-two\n+deux\n three\n"
                        + "@@ -10 +10,2 @@\n ten\n+eleven\n");
        DiffView view =
                DiffView.of(diff, List.of(finding("a.js", 1, 2), finding("b.js", 2, 2), finding("a.js", 11, 11)));

        List<DiffView.Row> rows = view.getFiles().get(0).rows();
        assertThat(rows)
                .extracting(row -> row.oldNumber() + "|" + row.newNumber() + "|" + row.sign() + "|" + row.text() + "|"
                        + row.notes().size())
                .containsExactly(
                        "1|1| |one|0",
                        "2||-|two|0",
                        "|2|+|deux|1",
                        "3|3| |three|0",
                        "|||⋯|0",
                        "10|10| |ten|0",
                        "|11|+|eleven|1");
        assertThat(rows.get(2).notes().get(0).problem()).isEqualTo("bad");
        assertThat(view.isCut()).isFalse();
    }

    @Test
    void aHugeDiffIsCutAndSaysSo() {
        StringBuilder text = new StringBuilder(
                "diff --git a/a.js b/a.js\nnew file mode 100644\n--- /dev/null\n+++ b/a.js\n@@ -0,0 +1,10000 @@\n");
        text.append(("+" + "x".repeat(3000) + "\n").repeat(10_000));
        DiffView view = DiffView.of(diff(text.toString()), List.of());

        assertThat(view.isCut()).isTrue();
        assertThat(view.getFiles().get(0).rows()).hasSize(DiffView.MOST_LINES);
        assertThat(view.getFiles().get(0).rows().get(0).text()).hasSizeLessThan(2100);
        assertThat(view.getFiles().get(0).additions()).isEqualTo(10_000);
    }
}
