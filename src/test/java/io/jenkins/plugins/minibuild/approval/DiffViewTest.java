package io.jenkins.plugins.minibuild.approval;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.minibuild.diff.DiffText;
import io.jenkins.plugins.minibuild.diff.UnifiedDiff;
import io.jenkins.plugins.minibuild.diff.VisibleText.Piece;
import io.jenkins.plugins.minibuild.review.Category;
import io.jenkins.plugins.minibuild.review.Finding;
import io.jenkins.plugins.minibuild.review.Remark;
import io.jenkins.plugins.minibuild.review.Severity;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class DiffViewTest {
    private static final String NEW =
            "diff --git a/a.js b/a.js\nnew file mode 100644\n--- /dev/null\n+++ b/a.js\n@@ -0,0 +1,%d @@\n";

    private static UnifiedDiff diff(String text) {
        return DiffText.parse(text);
    }

    private static Finding finding(String file, int from, int to) {
        return new Finding(
                new Remark(Severity.ERROR, Category.SECURITY, new Remark.Lines(file, from, to), "x", "bad", "better"),
                "f" + to,
                false);
    }

    private static String text(DiffView.Row row) {
        return row.pieces().stream()
                .map(piece -> piece.mark() ? "[" + piece.text() + "]" : piece.text())
                .collect(Collectors.joining());
    }

    @Test
    void aFindingStandsUnderTheLastLineThatItIsAbout() {
        UnifiedDiff diff =
                diff("diff --git a/a.js b/a.js\n--- a/a.js\n+++ b/a.js\n@@ -1,3 +1,3 @@\n one\n-two\n+deux\n three\n"
                        + "@@ -10 +10,2 @@\n ten\n+eleven\n");
        DiffView view =
                DiffView.of(diff, List.of(finding("a.js", 1, 2), finding("b.js", 2, 2), finding("a.js", 11, 11)));

        List<DiffView.Row> rows = view.getFiles().get(0).rows().rows();
        assertThat(rows)
                .extracting(row -> row.numbers().old() + "|" + row.numbers().fresh() + "|" + row.sign() + "|"
                        + text(row) + "|" + row.notes().size())
                .containsExactly(
                        "1|1| |one|0",
                        "2||-|two|0",
                        "|2|+|deux|1",
                        "3|3| |three|0",
                        "|||⋯|0",
                        "10|10| |ten|0",
                        "|11|+|eleven|1");
        assertThat(rows.get(2).notes().get(0).problem()).isEqualTo("bad");
        assertThat(view.isWhole()).isTrue();
        assertThat(view.objection(false)).isNull();
    }

    @Test
    void aHugeDiffIsNotApprovedBeforeAllOfItWasOpened() {
        UnifiedDiff diff = diff(NEW.formatted(10_000) + "+xyz\n".repeat(10_000));
        DiffView view = DiffView.of(diff, List.of(finding("a.js", 9_999, 9_999)));

        DiffView.Rows shown = view.getFiles().get(0).rows();
        assertThat(shown.rows()).hasSize(DiffView.MOST_LINES);
        assertThat(shown.left()).isEqualTo(7000);
        assertThat(view.objection(false)).contains("at first: 7,000;");
        assertThat(view.objection(true)).isNull();
        int opened = shown.rows().size();
        int notes = 0;
        for (DiffView.Rows part = shown; part.left() > 0; ) {
            part = view.part(0, part.next(), 5000);
            assertThat(part.rows().get(0).number()).isEqualTo(opened);
            assertThat(part.rows()).hasSizeLessThanOrEqualTo(DiffView.PART);
            opened += part.rows().size();
            notes += part.rows().stream().mapToInt(row -> row.notes().size()).sum();
        }
        assertThat(opened).isEqualTo(10_000);
        assertThat(notes).isEqualTo(1);
        assertThat(view.part(1, 0, 1)).isNull();
    }

    @Test
    void codeBehindALongLineKeepsAnApprovalBack() {
        DiffView view = DiffView.of(diff(NEW.formatted(1) + "+" + " ".repeat(100_000) + "\u202eevil();\n"), List.of());

        DiffView.Row row = view.getFiles().get(0).rows().rows().get(0);
        assertThat(text(row)).hasSize(2000);
        assertThat(row.more()).isEqualTo(98_000 + 6 + 7);
        assertThat(view.objection(false)).contains("at first: 1;");
        assertThat(text(view.part(0, row.number(), 1).rows().get(0))).endsWith(" [U+202E]evil();");
    }

    /** However many long lines there are, the page stays of a size that a browser shows. */
    @Test
    void longLinesFillThePageSooner() {
        DiffView view =
                DiffView.of(diff(NEW.formatted(2000) + ("+" + "x".repeat(5000) + "\n").repeat(2000)), List.of());
        long characters = view.getFiles().get(0).rows().rows().stream()
                .mapToLong(row -> text(row).length())
                .sum();
        assertThat(characters).isBetween(DiffView.MOST_CHARACTERS - 5000L, DiffView.MOST_CHARACTERS + 5000L);
        assertThat(view.isWhole()).isFalse();
    }

    @Test
    void whatNobodySeesIsAMark() {
        DiffView view = DiffView.of(
                diff(NEW.formatted(3) + "+a\u202eb\u200b\n+// x\rfoo\u2028bar\n+\u0000é\u0085\n"
                        + "\\ No newline at end of file\n"),
                List.of());
        DiffView.File file = view.getFiles().get(0);
        assertThat(file.rows().rows())
                .extracting(DiffViewTest::text)
                .containsExactly("a[U+202E]b[U+200B]", "// x[U+000D]foo[U+2028]bar", "[U+0000]é[U+0085]");
        assertThat(file.rows().rows().get(0).pieces()).contains(new Piece("U+202E", true));
        assertThat(file.rows().rows()).extracting(DiffView.Row::ended).containsExactly(true, true, false);
        assertThat(file.words()).isEqualTo("added, 6 characters that nobody sees");
        assertThat(view.isWhole()).isTrue();
    }

    @Test
    void modesLinksSubmodulesAndBinaryFilesAreNamedInWords() {
        String one = "1".repeat(40);
        String two = "2".repeat(40);
        String none = "0".repeat(40);
        DiffView view = DiffView.of(
                diff("diff --git a/run b/run\nold mode 100644\nnew mode 100755\n"
                        + "diff --git a/quiet b/quiet\nold mode 100755\nnew mode 100644\n"
                        + "diff --git a/tool b/tool\nnew file mode 100755\nindex " + none + ".." + one + "\n"
                        + "diff --git a/link b/link\nnew file mode 120000\nindex " + none + ".." + one
                        + "\n--- /dev/null\n+++ b/link\n@@ -0,0 +1 @@\n+/etc/passwd\n\\ No newline at end of file\n"
                        + "diff --git a/mod b/mod\nindex " + one + ".." + two
                        + " 160000\n--- a/mod\n+++ b/mod\n@@ -1 +1 @@\n-Subproject commit " + one
                        + "\n+Subproject commit " + two + "\n"
                        + "diff --git a/a.png b/a.png\nindex " + one + ".." + two
                        + " 100644\nBinary files a/a.png and b/a.png differ\n"
                        + "diff --git a/crlf b/crlf\n--- a/crlf\n+++ b/crlf\n@@ -1 +1 @@\n-a\r\n+b\r\n"
                        + "diff --git a/mixed b/mixed\n--- a/mixed\n+++ b/mixed\n@@ -1 +1 @@\n-a\n+a\r\n"
                        + "diff --git \"a/a\\nb\" \"b/a\\nb\"\nold mode 100644\nnew mode 100755\n"),
                List.of());
        assertThat(view.getFiles())
                .extracting(file -> file.name() + ": " + file.words())
                .containsExactly(
                        "run: modified, made executable (mode 100644 → 100755)",
                        "quiet: modified, no longer executable (mode 100755 → 100644)",
                        "tool: added, executable, without content",
                        "link: added, symbolic link (its line is where it points to)",
                        "mod: modified, submodule (its line is a commit of another repository)",
                        "a.png: modified, binary",
                        "crlf: modified, lines end with CR LF",
                        "mixed: modified, one character that nobody sees",
                        "a<U+000A>b: modified, made executable (mode 100644 → 100755)");
        assertThat(view.getNotShown()).extracting(DiffView.File::name).containsExactly("mod", "a.png");
        assertThat(view.objection(false)).contains("mod, a.png");
        assertThat(text(view.getFiles().get(6).rows().rows().get(1))).isEqualTo("b");
        assertThat(text(view.getFiles().get(7).rows().rows().get(1))).isEqualTo("a[U+000D]");
    }

    @Test
    void aChangeThatCannotBeReadIsNeverApproved() {
        DiffView view = DiffView.unreadable("no");
        assertThat(view.isWhole()).isFalse();
        assertThat(view.objection(true)).isEqualTo("no");
    }
}
