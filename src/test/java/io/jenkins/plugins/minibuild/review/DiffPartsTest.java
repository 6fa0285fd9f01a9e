package io.jenkins.plugins.minibuild.review;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.minibuild.diff.DiffText;
import io.jenkins.plugins.minibuild.diff.RandomChange;
import io.jenkins.plugins.minibuild.diff.UnifiedDiff;
import io.jenkins.plugins.minibuild.diff.UnifiedDiff.Kind;
import io.jenkins.plugins.minibuild.diff.UnifiedDiff.Status;
import io.jenkins.plugins.minibuild.files.Glob;
import io.jenkins.plugins.minibuild.review.ReviewReport.NotReviewed;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a model is shown of a change. */
class DiffPartsTest {
    private static final Pattern HEAD = Pattern.compile("=== (.*) \\((added|deleted|modified)[^)]*\\)");
    private static final Pattern MARK = Pattern.compile("<(U\\+[0-9A-F]{4,6}|0x[0-9A-F]{2})>");

    @TempDir
    private Path root;

    private static DiffParts parts(UnifiedDiff diff) {
        return DiffParts.of(diff, Glob.paths(""), 10_000_000, Map.of());
    }

    private static String text(UnifiedDiff diff) {
        return parts(diff).parts().stream().map(DiffParts.Part::text).collect(Collectors.joining());
    }

    private static UnifiedDiff added(String path, String mode, String content) {
        int lines = content.split("\n", -1).length - 1;
        return DiffText.parse(
                "diff --git a/%1$s b/%1$s\nnew file mode %2$s\n--- /dev/null\n+++ b/%1$s\n@@ -0,0 +1,%3$d @@\n"
                                .formatted(path, mode, lines)
                        + ("+" + content).replaceAll("\n(?=.)", "\n+"));
    }

    /** What a model may do with a file is decided by its name and what git says of it. */
    @ParameterizedTest
    @CsvSource({
        "logo.png,100644,false",
        "logo.png,100755,true",
        "x.zip,100644,true",
        "lib.wasm,100644,true",
        "a.js,100644,true"
    })
    void aBinaryFileClosesTheGateUnlessItIsAPicture(String path, String mode, boolean closed) {
        UnifiedDiff diff = DiffText.parse(
                "diff --git a/%1$s b/%1$s\nnew file mode %2$s\nindex %3$s..%4$s\nBinary files /dev/null and b/%1$s differ\n"
                        .formatted(path, mode, "0".repeat(40), "1".repeat(40)));
        DiffParts parts = parts(diff);
        assertThat(parts.parts()).isEmpty();
        assertThat(parts.notReviewed()).extracting(NotReviewed::open).containsExactly(closed);
        assertThat(new ReviewGate(10, null)
                        .judge(100, List.of(), parts.notReviewed())
                        .isOpen())
                .isEqualTo(!closed);
    }

    @Test
    void aShortMinifiedFileIsShownAndALongOneClosesTheGate() {
        assertThat(text(added("pay.min.js", "100644", "evil();\n"))).contains("1\t+evil();");
        DiffParts parts = parts(added("pay.min.js", "100644", "x".repeat(21_000) + "\n"));
        assertThat(parts.parts()).isEmpty();
        assertThat(parts.notReviewed()).extracting(NotReviewed::open).containsExactly(true);
    }

    @Test
    void ofALongLockFileTheAddressesAreShownAndItClosesTheGate() {
        DiffParts parts = parts(added(
                "yarn.lock",
                "100644",
                "resolved \"https://registry.yarnpkg.com/a\"\n".repeat(600)
                        + "resolved \"https://user:x@evil.example/a\"\n"));
        assertThat(parts.parts()).hasSize(1);
        assertThat(parts.parts().get(0).text())
                .contains("added: https://registry.yarnpkg.com (600)\n", "added: https://user:x@evil.example (1)\n")
                .doesNotContain("resolved");
        assertThat(parts.notReviewed()).extracting(NotReviewed::open).containsExactly(true);
    }

    @Test
    void modesLinksAndSubmodulesAreNamed() {
        String one = "1".repeat(40);
        String two = "2".repeat(40);
        UnifiedDiff diff = DiffText.parse("diff --git a/run b/run\nold mode 100644\nnew mode 100755\n"
                + "diff --git a/link b/link\nnew file mode 120000\nindex " + "0".repeat(40) + ".." + one
                + "\n--- /dev/null\n+++ b/link\n@@ -0,0 +1 @@\n+/etc/passwd\n\\ No newline at end of file\n"
                + "diff --git a/mod b/mod\nindex " + one + ".." + two
                + " 160000\n--- a/mod\n+++ b/mod\n@@ -1 +1 @@\n-Subproject commit " + one + "\n+Subproject commit "
                + two
                + "\n");
        assertThat(text(diff))
                .contains(
                        "=== run (modified, mode 100644 -> 100755)\n",
                        "=== link (added, symbolic link to what its line says)\n@@\n1\t+/etc/passwd\n\\ No newline",
                        "=== mod (modified, submodule at the commit that its line says)\n@@\n\t-Subproject commit "
                                + one);
        assertThat(parts(diff).notReviewed()).extracting(NotReviewed::file).containsExactly("mod");
        assertThat(parts(diff).notReviewed()).extracting(NotReviewed::open).containsExactly(true);
    }

    @Test
    void aNameCannotForgeAFile() {
        UnifiedDiff diff =
                DiffText.parse("diff --git \"a/a\\n=== b\" \"b/a\\n=== b\"\nold mode 100644\nnew mode 100755\n");
        assertThat(text(diff)).isEqualTo("=== a<U+000A>=== b (modified, mode 100644 -> 100755)\n");
    }

    @Test
    void whatIsShownAndWhatIsNamedIsExactlyTheChange() throws Exception {
        check(1, 60);
    }

    @Test
    @Tag("slow")
    void theSameOfAThousandChanges() throws Exception {
        check(1000, 1000);
    }

    private void check(long first, int count) throws Exception {
        RandomChange.each(first, count, root, (seed, change) -> {
            UnifiedDiff diff = change.printed().diff();
            DiffParts parts = parts(diff);
            Map<String, List<String>> shown = new TreeMap<>();
            for (DiffParts.Part part : parts.parts()) {
                read(part.text(), shown);
            }
            for (UnifiedDiff.File file : diff.files()) {
                String as = "seed %s, %s".formatted(seed, file.name());
                List<String> lines = shown.get(file.name());
                if (lines == null) {
                    assertThat(parts.notReviewed())
                            .as(as)
                            .extracting(NotReviewed::file)
                            .contains(file.name());
                } else if (file.status() != Status.DELETED && !lines.isEmpty()) {
                    assertThat(lines).as(as).containsSubsequence(expected(file));
                }
            }
            TreeSet<String> named = new TreeSet<>(shown.keySet());
            parts.notReviewed().forEach(each -> named.add(each.file()));
            assertThat(named)
                    .as("seed %s", seed)
                    .isEqualTo(diff.files().stream()
                            .map(UnifiedDiff.File::name)
                            .collect(Collectors.toCollection(TreeSet::new)));
        });
    }

    private static List<String> expected(UnifiedDiff.File file) {
        List<String> lines = new ArrayList<>();
        file.hunks().forEach(hunk -> hunk.lines()
                .forEach(line -> lines.add((line.newNumber() == 0 ? "" : line.newNumber()) + "\t"
                        + (line.kind() == Kind.ADDED ? "+" : line.kind() == Kind.REMOVED ? "-" : " ") + line.text())));
        return lines;
    }

    /** The lines of each file as they were before what nobody sees was marked. */
    private static void read(String text, Map<String, List<String>> shown) {
        List<String> lines = null;
        boolean returns = false;
        // No line of a file begins like this: each has its number, a tabulator and its sign before it.
        for (String line : text.split("\n")) {
            Matcher head = HEAD.matcher(line);
            if (head.matches()) {
                lines = shown.computeIfAbsent(head.group(1), name -> new ArrayList<>());
                returns = line.endsWith(", lines end with CR LF)");
            } else if (line.indexOf('\t') >= 0 && lines != null) {
                lines.add(unmarked(line) + (returns ? "\r" : ""));
            }
        }
    }

    private static String unmarked(String line) {
        return MARK.matcher(line)
                .replaceAll(found -> Matcher.quoteReplacement(
                        found.group(1).startsWith("0x")
                                ? String.valueOf((char) (0xDC00
                                        | Integer.parseInt(found.group(1).substring(2), 16)))
                                : Character.toString(
                                        Integer.parseInt(found.group(1).substring(2), 16))));
    }
}
