package io.jenkins.plugins.minibuild.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.jenkins.plugins.minibuild.review.UnifiedDiff.Kind;
import io.jenkins.plugins.minibuild.review.UnifiedDiff.Line;
import io.jenkins.plugins.minibuild.review.UnifiedDiff.Status;
import io.jenkins.plugins.minibuild.standin.GiteeService;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Diffs as the real git prints them. */
class UnifiedDiffTest {
    @TempDir
    private Path root;

    private UnifiedDiff between(String base) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(
                        "git", "diff", "--no-renames", "--no-color", "--src-prefix=a/", "--dst-prefix=b/", base, "HEAD")
                .directory(root.toFile());
        Process process = builder.start();
        byte[] printed = process.getInputStream().readAllBytes();
        assertThat(process.waitFor()).isZero();
        return UnifiedDiff.parse(printed);
    }

    private void commit(String message) throws Exception {
        GiteeService.git(root, "add", "--all");
        GiteeService.git(root, "commit", "--quiet", "-m", message);
    }

    @Test
    void filesOfAllKindsAreReadWithTheirLines() throws Exception {
        GiteeService.git(root, "init", "--quiet", "-b", "main");
        Files.writeString(root.resolve("changed.js"), "one\ntwo\nthree\n");
        Files.writeString(root.resolve("gone.txt"), "bye\n");
        Files.writeString(root.resolve("运 行.sh"), "echo\n");
        commit("first");
        Files.writeString(root.resolve("changed.js"), "one\n2\nthree\nfour");
        Files.delete(root.resolve("gone.txt"));
        Files.writeString(root.resolve("new file.txt"), "--- a/x\n+++ b/x\n@@ -1 +1 @@\n\ndiff --git a/y b/y\n");
        Files.write(root.resolve("picture.png"), new byte[] {0, 1, 2, 0, 5});
        Files.writeString(root.resolve("运 行.sh"), "echo 你好\n");
        assertThat(root.resolve("运 行.sh").toFile().setExecutable(true)).isTrue();
        commit("second");

        UnifiedDiff diff = between("HEAD~1");

        assertThat(diff.files())
                .extracting(UnifiedDiff.File::path)
                .containsExactlyInAnyOrder("changed.js", "gone.txt", "new file.txt", "picture.png", "运 行.sh");
        assertThat(diff.file("changed.js").orElseThrow().hunks().get(0).lines())
                .containsExactly(
                        new Line(Kind.CONTEXT, 1, 1, "one"),
                        new Line(Kind.REMOVED, 2, 0, "two"),
                        new Line(Kind.ADDED, 0, 2, "2"),
                        new Line(Kind.CONTEXT, 3, 3, "three"),
                        new Line(Kind.ADDED, 0, 4, "four"));
        assertThat(diff.file("gone.txt").orElseThrow().status()).isEqualTo(Status.DELETED);
        // What looks like a header inside a file is a line of it.
        assertThat(diff.file("new file.txt").orElseThrow().additions()).isEqualTo(5);
        assertThat(diff.file("new file.txt").orElseThrow().status()).isEqualTo(Status.ADDED);
        assertThat(diff.file("picture.png").orElseThrow().binary()).isTrue();
        assertThat(diff.file("运 行.sh")
                        .orElseThrow()
                        .hunks()
                        .get(0)
                        .lines()
                        .get(1)
                        .text())
                .isEqualTo("echo 你好");
        assertThat(diff.additions()).isEqualTo(2 + 5 + 1);
        assertThat(diff.deletions()).isEqualTo(1 + 1 + 1);
        assertThat(diff.sha256()).hasSize(64).isEqualTo(between("HEAD~1").sha256());
    }

    @Test
    void whateverItIsGivenItOnlyReads() {
        Random random = new Random(7);
        String[] pieces = {
            "diff --git a/x b/x\n", "diff --git \"a/\\", "--- a/x\n", "+++ b/x\n", "@@ -1,3 +1,9 @@\n",
                    "@@ -1 +999999999 @@", "+x\n", "-y\n",
            " z\n", "\n", "\\ No newline at end of file\n", "new file mode 100644\n",
                    "Binary files a/x and b/x differ\n", "\u0000", "\"", "\\4"
        };
        for (int run = 0; run < 3000; run++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(30); i > 0; i--) {
                text.append(pieces[random.nextInt(pieces.length)]);
            }
            byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
            assertThatCode(() -> UnifiedDiff.parse(bytes)).as(text.toString()).doesNotThrowAnyException();
        }
    }
}
