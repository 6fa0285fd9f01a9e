package io.jenkins.plugins.minibuild.diff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.minibuild.process.Redactor;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DiffLinesTest {
    private static final String NEW =
            "diff --git a/a.js b/a.js\nnew file mode 100644\n--- /dev/null\n+++ b/a.js\n@@ -0,0 +1,%d @@\n";

    private final List<String> taken = new ArrayList<>();
    private final DiffLines lines =
            new DiffLines((path, kind, number, text) -> taken.add(path + ":" + number + " " + kind + " " + text));

    private void write(String text, int step) {
        byte[] bytes = DiffText.bytes(text);
        for (int from = 0; from < bytes.length; from += step) {
            lines.write(bytes, from, Math.min(step, bytes.length - from));
        }
    }

    @Test
    void linesAreTheSameHoweverTheyArrive() throws Exception {
        write(NEW.formatted(2) + "+a\rdiff --git a b\n+\u2028b\n", 1);
        lines.finish();
        assertThat(taken).containsExactly("a.js:1 ADDED a\rdiff --git a b", "a.js:2 ADDED \u2028b");
    }

    @Test
    void nothingIsCutInTwoWhereALongLineComesInPieces() throws Exception {
        String token = "0123456789".repeat(10);
        int before = DiffLines.LONGEST - 50;
        write(
                NEW.formatted(2) + "+" + "x".repeat(before) + token + "y".repeat(DiffLines.LONGEST) + "\n+end\n",
                100_000);
        lines.finish();
        assertThat(taken).hasSize(4).last().isEqualTo("a.js:2 ADDED end");
        assertThat(taken.subList(0, 3)).allMatch(each -> each.startsWith("a.js:1 ADDED "));
        assertThat(taken).anyMatch(each -> each.contains(token));
    }

    @Test
    void whatCannotBeReadToItsEndIsNeverTakenForAll() {
        write(NEW.formatted(3) + "+a\n", 7);
        assertThatThrownBy(lines::finish).isInstanceOf(UnreadableDiffException.class);
        DiffLines other = new DiffLines((path, kind, number, text) -> {});
        other.write(DiffText.bytes(NEW.formatted(1) + "+a\nb\n+c\n"), 0, 20);
        assertThatThrownBy(other::finish).isInstanceOf(UnreadableDiffException.class);
    }

    /** Masked or not, it is read the same way: a secret may look like a part of the grammar. */
    @Test
    void aMaskedDiffIsStillADiff() throws Exception {
        byte[] patch = DiffText.bytes(NEW.formatted(3) + "+key = s3cr3t-value\n+0,0 +1\n+x\u0000\n");
        Redactor redactor = new Redactor();
        assertThat(MaskedDiff.of(patch, redactor)).isEqualTo(patch);
        redactor.add("s3cr3t-value");
        redactor.add("0,0 +1");
        redactor.add("100644");
        byte[] masked = MaskedDiff.of(patch, redactor);
        assertThat(new String(masked, StandardCharsets.UTF_8))
                .doesNotContain("s3cr3t")
                .contains("+key = ****\n+****\n");
        assertThat(UnifiedDiff.parse(masked).additions()).isEqualTo(3);
    }
}
