package io.jenkins.plugins.minibuild.diff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.minibuild.diff.UnifiedDiff.Kind;
import io.jenkins.plugins.minibuild.diff.UnifiedDiff.Line;
import io.jenkins.plugins.minibuild.diff.UnifiedDiff.Status;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Diffs as the real git prints them. */
class UnifiedDiffTest {
    @TempDir
    private Path root;

    @Test
    void filesOfAllKindsAreReadWithTheirLines() throws Exception {
        GitFolder git = GitFolder.in(root);
        git.write("changed.js", "one\ntwo\nthree\n");
        git.write("gone.txt", "bye\n");
        git.write("运 行.sh", "echo\n");
        git.write("link", "file\n");
        git.commit();
        git.write("changed.js", "one\n2\nthree\nfour");
        git.delete("gone.txt");
        git.write("new file.txt", "--- a/x\n+++ b/x\n@@ -1 +1 @@\n\ndiff --git a/y b/y\n");
        git.write("picture.png", "\0\1\2\0\5");
        git.write("empty", "");
        git.write("运 行.sh", "echo 你好\n");
        assertThat(root.resolve("运 行.sh").toFile().setExecutable(true)).isTrue();
        git.delete("link");
        Files.createSymbolicLink(root.resolve("link"), Path.of("../else where"));
        git.commit();

        UnifiedDiff diff = git.change().diff();

        assertThat(diff.files())
                .extracting(UnifiedDiff.File::path)
                .containsExactly(
                        "changed.js", "empty", "gone.txt", "link", "link", "new file.txt", "picture.png", "运 行.sh");
        assertThat(diff.file("changed.js").orElseThrow().hunks().get(0).lines())
                .containsExactly(
                        new Line(Kind.CONTEXT, 1, 1, "one", true),
                        new Line(Kind.REMOVED, 2, 0, "two", true),
                        new Line(Kind.ADDED, 0, 2, "2", true),
                        new Line(Kind.CONTEXT, 3, 3, "three", true),
                        new Line(Kind.ADDED, 0, 4, "four", false));
        assertThat(diff.file("gone.txt").orElseThrow().status()).isEqualTo(Status.DELETED);
        // What looks like a header inside a file is a line of it.
        assertThat(diff.file("new file.txt").orElseThrow().additions()).isEqualTo(5);
        assertThat(diff.file("new file.txt").orElseThrow().status()).isEqualTo(Status.ADDED);
        assertThat(diff.file("picture.png").orElseThrow().binary()).isTrue();
        assertThat(diff.file("empty").orElseThrow().hunks()).isEmpty();
        UnifiedDiff.File script = diff.file("运 行.sh").orElseThrow();
        assertThat(script.hunks().get(0).lines().get(1).text()).isEqualTo("echo 你好");
        assertThat(script.before().isExecutable()).isFalse();
        assertThat(script.after().isExecutable()).isTrue();
        List<UnifiedDiff.File> link = diff.files().subList(3, 5);
        assertThat(link).extracting(UnifiedDiff.File::status).containsExactly(Status.DELETED, Status.ADDED);
        assertThat(link.get(1).side().isLink()).isTrue();
        assertThat(link.get(1).hunks().get(0).lines())
                .containsExactly(new Line(Kind.ADDED, 0, 1, "../else where", false));
        assertThat(diff.additions()).isEqualTo(2 + 5 + 1 + 1);
        assertThat(diff.deletions()).isEqualTo(1 + 1 + 1 + 1);
        assertThat(diff.sha256()).hasSize(64).isEqualTo(git.change().diff().sha256());
    }

    /** git puts the last line before a hunk that begins like a declaration behind the numbers, whatever it holds. */
    @ParameterizedTest
    @ValueSource(strings = {"\u2028", "\u2029", "\u0085", "\r", "\u000b", "\f", "\u0000", "\u202e", "@@"})
    void nothingInTheHeadingOfAHunkHidesIt(String separator) throws Exception {
        GitFolder git = GitFolder.in(root);
        String before = "const SEP = \"" + separator + "\"; // separator\n" + "  0;\n".repeat(40);
        git.write("a.js", before);
        git.commit();
        git.write("a.js", before + "  evil();\n");
        git.commit();

        byte[] patch = git.change().patch();
        assertThat(new String(patch, StandardCharsets.UTF_8)).contains("@@ const SEP = \"" + separator);
        assertThat(UnifiedDiff.parse(patch).files().get(0).hunks().get(0).lines())
                .contains(new Line(Kind.ADDED, 0, 42, "  evil();", true));
    }

    @Test
    void aFileWithAZeroByteIsShownUnlessItIsNamedAsAPicture() throws Exception {
        GitFolder git = GitFolder.in(root);
        // A part of the change cannot call itself binary.
        git.write(".gitattributes", "* -diff\n*.js binary\n");
        git.commit();
        git.write("a.js", "// \0\nevil();\n");
        git.write("b.PNG", "\0");
        git.write("noname", "\0evil\n");
        git.write("png", "\0evil\n");
        Files.write(root.resolve("utf16.ts"), "evil();\n".getBytes(StandardCharsets.UTF_16));
        git.commit();

        UnifiedDiff diff = git.change().diff();
        assertThat(diff.files().stream().filter(UnifiedDiff.File::binary).map(UnifiedDiff.File::path))
                .containsExactly("b.PNG");
        assertThat(diff.file("a.js").orElseThrow().hunks().get(0).lines().get(1).text())
                .isEqualTo("evil();");
        assertThat(VisibleText.marked(diff.file("utf16.ts")
                        .orElseThrow()
                        .hunks()
                        .get(0)
                        .lines()
                        .get(0)
                        .text()))
                .isEqualTo("<0xFE><0xFF><U+0000>e<U+0000>v<U+0000>i<U+0000>l<U+0000>(<U+0000>)<U+0000>;<U+0000>");
    }

    @Test
    void aSubmoduleThatWantsToBeIgnoredIsShown() throws Exception {
        GitFolder git = GitFolder.in(root);
        git.write(".gitmodules", "[submodule \"m\"]\n\tpath = m\n\turl = https://example.org/m.git\n\tignore = all\n");
        git.output("add", ".gitmodules");
        git.output("update-index", "--add", "--cacheinfo", "160000," + "1".repeat(40) + ",m");
        git.output("commit", "--quiet", "-m", "x");
        git.output("update-index", "--cacheinfo", "160000," + "2".repeat(40) + ",m");
        git.output("commit", "--quiet", "-m", "x");

        UnifiedDiff.File module = git.change().diff().files().get(0);
        assertThat(module.side().isSubmodule()).isTrue();
        assertThat(module.hunks().get(0).lines())
                .extracting(Line::text)
                .containsExactly("Subproject commit " + "1".repeat(40), "Subproject commit " + "2".repeat(40));
    }

    private static final String HEAD =
            "diff --git a/a b/a\nindex " + "1".repeat(40) + ".." + "2".repeat(40) + " 100644\n--- a/a\n+++ b/a\n";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "@@ -1,3 +1,3 @@\n x\n",
                "@@ -1,3 +1,3 @@\n x\n-y\n+z\n",
                "@@ -1 +1 @@\n-x\n+y\n+more\n",
                "@@ -1 +1 @@\n-x\n+y\nmore\n",
                "@@ -1 +1 @@\n-x\n*y\n",
                "@@ -1 +1 @@\n-x\n+y",
                "@@ -1,2 +1,2 @@\n-x\n+y\n+z\n+u\n",
                "@@ -1 +1 @@\n\\ No newline\n-x\n+y\n",
                "@@ -1 +1,2 @@\n-x\n+y\n\\ No newline\n+z\n",
                "@@ -1 +1 @@\n-x\n+y\n\\ No newline\n\\ No newline\n",
                "@@ -1 +1 @\n-x\n+y\n",
                "@@ -0,0 +0,0 @@\n",
                "@@ -1 +9 @@\n-x\n+y\n",
                "@@ -5 +5 @@\n-x\n+y\n@@ -1 +1 @@\n-x\n+y\n",
                "@@ -1 +999999999999 @@\n-x\n",
                "x\n",
                "",
            })
    void whatIsNotCompleteOrHasNoPlaceIsRefused(String hunks) {
        assertThatThrownBy(() -> UnifiedDiff.parse((HEAD + hunks).getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(UnreadableDiffException.class)
                .hasMessageContaining("Line ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x\n",
                "diff --git a/a b/c\n",
                "diff --git a/a b/a\n",
                "diff --git a/a b/a\nrename from x\n",
                "diff --git a/a b/a\nold mode 100644\n",
                "diff --git a/a b/a\nnew file mode 100644\nBinary files /dev/null and b/a differ\n",
                "diff --git a/a b/a\nnew file mode 100644\nindex 12..34\n",
                "diff --git \"a/\\\" \"b/\\\"\nold mode 100644\nnew mode 100755\n",
                "* Unmerged path a\n",
            })
    void headersThatAreNotGitsAreRefused(String text) {
        assertThatThrownBy(() -> UnifiedDiff.parse(text.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(UnreadableDiffException.class);
    }

    @Test
    void whatGitListsAndWhatThePatchHasMustAgree() throws Exception {
        GitFolder git = GitFolder.in(root);
        git.write("a", "1\n");
        git.write("b", "1\n");
        git.commit();
        git.write("a", "2\n");
        git.write("b", "2\n3\n");
        git.commit();
        String printed = new String(git.printed(), StandardCharsets.UTF_8);
        PrintedChange.read(printed.getBytes(StandardCharsets.UTF_8));
        int second = printed.indexOf("diff --git a/b");
        for (String broken : List.of(
                // A file that the patch lacks, or has twice; a line that is missing and not counted; another content.
                printed.substring(0, second),
                printed + printed.substring(second),
                printed.replace("@@ -1 +1,2 @@", "@@ -1 +1 @@").replace("+3\n", ""),
                printed.replaceFirst("(?s)^[^\n]*\n", ""),
                printed.replaceFirst("1\t1\ta\n", "7\t1\ta\n"),
                printed.replaceFirst("1\t1\ta\n", ""),
                printed.replaceFirst("M\ta", "M\tc"),
                printed.replaceFirst("100644 100644", "100644 100755"),
                printed.replaceFirst("[0-9a-f]{40} M", "9".repeat(40) + " M"))) {
            assertThat(broken).isNotEqualTo(printed);
            assertThatThrownBy(() -> PrintedChange.read(broken.getBytes(StandardCharsets.UTF_8)))
                    .as(broken)
                    .isInstanceOf(UnreadableDiffException.class);
        }
    }

    @ParameterizedTest
    @CsvSource({"a b,a b", "'\"a\\tb\"','a\tb'", "'\"\\347\\231\\273\\\"\"','登\"'", "'\"\\\\n\"','\\n'"})
    void gitsQuotedNamesAreRead(String quoted, String name) {
        assertThat(GitName.unquoted(quoted)).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"", "\"a", "\"\\\"", "\"\\4\"", "\"\\9\"", "\"a\"b\"", "\"\\477\""})
    void brokenQuotesAreNoName(String quoted) {
        assertThat(GitName.unquoted(quoted)).isNull();
    }

    @Test
    void bytesThatAreNoTextAreNotLost() {
        byte[] all = new byte[256 * 3];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) (i * 7 + i / 256);
        }
        String text = ExactText.decode(all, 0, all.length);
        assertThat(ExactText.encode(text)).isEqualTo(all);
        assertThat(ExactText.isValid(text)).isFalse();
        byte[] real = "\uFFFD😀登".getBytes(StandardCharsets.UTF_8);
        assertThat(ExactText.decode(real, 0, real.length)).isEqualTo("\uFFFD😀登");
    }

    @Test
    void whateverItIsGivenItReadsOrRefuses() {
        Random random = new Random(7);
        String[] pieces = {
            HEAD,
            "diff --git a/x b/x\n",
            "diff --git \"a/\\",
            "--- a/x\n+++ b/x\n",
            "new file mode 100644\nindex " + "0".repeat(40) + ".." + "2".repeat(40) + "\n",
            "@@ -1,3 +1,9 @@\n",
            "@@ -1 +999999999 @@",
            "+x\n",
            "-y\n",
            " z\n",
            "\n",
            "\\ No newline at end of file\n",
            "Binary files a/x and b/x differ\n",
            "GIT binary patch\nliteral 3\n",
            "\u0000",
            "\"",
            "\\4"
        };
        for (int run = 0; run < 3000; run++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(30); i > 0; i--) {
                text.append(pieces[random.nextInt(pieces.length)]);
            }
            byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
            try {
                UnifiedDiff.parse(bytes);
                PrintedChange.read(bytes);
            } catch (UnreadableDiffException e) {
                assertThat(e.getMessage()).isNotEmpty();
            }
        }
    }
}
