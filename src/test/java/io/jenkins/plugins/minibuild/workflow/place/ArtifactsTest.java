package io.jenkins.plugins.minibuild.workflow.place;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hudson.AbortException;
import io.jenkins.plugins.minibuild.standin.Forgery;
import io.jenkins.plugins.minibuild.standin.HostileAgent;
import io.jenkins.plugins.minibuild.step.LocalBuild;
import io.jenkins.plugins.minibuild.workflow.place.Artifacts.Limits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import jenkins.util.VirtualFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a job leaves is kept with the build, and comes into the workspaces of those who need it. */
class ArtifactsTest {
    @TempDir
    private Path temp;

    private LocalBuild build;
    private Path workspace;

    @BeforeEach
    void start() throws IOException {
        build = LocalBuild.in(temp.resolve("jenkins"));
        workspace = build.root().resolve("workspace");
    }

    private Path write(String path, String text) throws IOException {
        Path file = workspace.resolve(path);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    private void keep(String... patterns) throws Exception {
        Artifacts.keep(build, "job", List.of(patterns), Limits.DEFAULT);
    }

    private void restore(LocalBuild into, Limits limits) throws Exception {
        Artifacts.restore(VirtualFile.forFile(build.artifacts().resolve("job").toFile()), into, "job", limits);
    }

    private List<String> kept() throws IOException {
        if (!Files.exists(build.artifacts())) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(build.artifacts())) {
            return files.filter(each -> !Files.isDirectory(each))
                    .map(each -> build.artifacts().relativize(each).toString())
                    .sorted()
                    .toList();
        }
    }

    @Test
    void whatOneJobKeepsAnotherOneGets() throws Exception {
        Files.setPosixFilePermissions(write("dist/bin/run.sh", "echo"), PosixFilePermissions.fromString("rwxr-xr-x"));
        write("dist/app.js", "app");
        write("dist/empty", "");
        write("src/app.js", "source");
        byte[] large = new byte[9_000_001];
        new Random(1).nextBytes(large);
        Files.write(workspace.resolve("dist/large.bin"), large);
        keep("dist", "no/*");
        assertThat(kept())
                .containsExactly("job/dist/app.js", "job/dist/bin/run.sh", "job/dist/empty", "job/dist/large.bin");
        assertThat(build.log()).contains("4 artifacts (8.6 MB) are kept under job.");
        assertThat(build.root().resolve("workspace@tmp/mini-build-artifacts/job"))
                .doesNotExist();

        LocalBuild other = build.beside();
        for (int i = 0; i < 2; i++) {
            restore(other, Limits.DEFAULT);
            Path there = Path.of(other.workspace().getRemote());
            assertThat(there.resolve("dist/large.bin")).hasBinaryContent(large);
            assertThat(there.resolve("dist/app.js")).hasContent("app");
            assertThat(there.resolve("dist/empty")).isEmptyFile();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(there.resolve("dist/bin/run.sh"))))
                    .isEqualTo("rwxr-xr-x");
            assertThat(there.resolve("src")).doesNotExist();
            try (Stream<Path> all = Files.list(there.resolve("dist"))) {
                assertThat(all).hasSize(4);
            }
            Files.writeString(there.resolve("dist/app.js"), "changed by a step");
        }
        assertThat(other.log()).contains("4 artifacts (8.6 MB) of the job job are in the workspace.");
    }

    @Test
    void noMatchIsALineOfTheLog() throws Exception {
        keep("dist/**");
        assertThat(build.log()).contains("No file matches the artifacts dist/**: none are kept.");
        assertThat(kept()).isEmpty();
        restore(build.beside(), Limits.DEFAULT);
    }

    @Test
    void nothingIsTakenThroughALink() throws Exception {
        Path secret = Files.createDirectories(temp.resolve("home/.ssh"));
        Files.writeString(secret.resolve("id_rsa"), "secret");
        Files.createSymbolicLink(workspace.resolve("keys"), secret);
        write("dist/one", "1");
        Files.createSymbolicLink(workspace.resolve("dist/key"), secret.resolve("id_rsa"));
        keep("keys/**", "keys/id_rsa", "dist/**", "**/id_rsa");
        assertThat(kept()).containsExactly("job/dist/one");
        assertThat(build.log()).contains("links match the artifacts");
    }

    /** A checkout's settings can hold a credential. */
    @Test
    void whatGitKeepsIsNotKept() throws Exception {
        write(".git/config", "password");
        write("module/.git/config", "password");
        write("one", "1");
        keep("**", ".git/config");
        assertThat(kept()).containsExactly("job/one");
    }

    @Test
    void tooManyFilesAreRefusedAndNothingIsKept() throws Exception {
        for (int i = 0; i < 10_001; i++) {
            write("many/" + i, "");
        }
        assertThatThrownBy(() -> keep("many/*"))
                .isInstanceOf(AbortException.class)
                .hasMessageContaining("More than 10,000 files match the artifacts many/*");
        assertThat(kept()).isEmpty();
    }

    @Test
    void asManyAsAllowedAreKeptAndComeBack() throws Exception {
        Limits few = new Limits(1_500, 1_000);
        for (int i = 0; i < 1_500; i++) {
            write("many/" + i, "");
        }
        Artifacts.keep(build, "job", List.of("many/*"), few);
        assertThat(kept()).hasSize(1_500);
        LocalBuild other = build.beside();
        restore(other, few);
        try (Stream<Path> all =
                Files.list(Path.of(other.workspace().getRemote()).resolve("many"))) {
            assertThat(all).hasSize(1_500);
        }
    }

    @Test
    void tooLargeFilesAreRefused() throws Exception {
        write("one", "x".repeat(600));
        write("two", "x".repeat(600));
        Limits small = new Limits(10, 1000);
        assertThatThrownBy(() -> Artifacts.keep(build, "job", List.of("*"), small))
                .isInstanceOf(AbortException.class)
                .hasMessageContaining("have more than 1 KB");
        assertThat(kept()).isEmpty();
        keep("*");
        assertThatThrownBy(() -> restore(build.beside(), small))
                .isInstanceOf(AbortException.class)
                .hasMessageContaining("of the job job have more than 1 KB");
        assertThatThrownBy(() -> restore(build.beside(), new Limits(1, 10_000)))
                .isInstanceOf(AbortException.class)
                .hasMessageContaining("More than 1 files");
    }

    @Test
    void namesThatCannotBeShownAreLeftOut() throws Exception {
        write("dist/one", "1");
        write("dist/a\nFinished: SUCCESS", "2");
        write("dist/a\\b", "3");
        write("dist/\u202egnp.exe", "4");
        keep("dist");
        assertThat(kept()).containsExactly("job/dist/one");
        assertThat(build.log()).contains("3 files match the artifacts and are not kept");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../x", "/etc/passwd", "a/../../b", "a\\b"})
    void aPatternThatLeadsOutIsRefused(String pattern) {
        assertThatThrownBy(() -> keep("dist", pattern))
                .isInstanceOf(AbortException.class)
                .hasMessageContaining("The artifacts of a job:")
                .hasMessageContaining(pattern);
    }

    static Stream<Object> lies() {
        return Stream.of(
                staged(List.of("../../../config.xml")),
                staged(List.of("/etc/passwd")),
                staged(List.of("a\u0000b")),
                staged(List.of("a\nb")),
                staged(List.of("")),
                staged(List.of("a//b")),
                staged(List.of("x/".repeat(1000) + "x")),
                staged(Collections.nCopies(10_001, "x")),
                staged(List.of(1)),
                Forgery.of(Artifacts.Staged.class, "paths", List.of(), "bytes", 0L),
                "a text");
    }

    private static Object staged(List<?> paths) {
        return Forgery.of(
                Artifacts.Staged.class,
                "outcome",
                Artifacts.Outcome.WHOLE,
                "paths",
                paths,
                "bytes",
                1L,
                "links",
                0,
                "unfit",
                0);
    }

    @ParameterizedTest
    @MethodSource("lies")
    void anAgentThatLiesGetsNothingKept(Object lie) throws Exception {
        Class<?> asked = Class.forName(Artifacts.class.getName() + "$Stage");
        build.on(HostileAgent.answering(asked, lie).channel());
        assertThatThrownBy(() -> keep("**"))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("The answer of the agent cannot be used");
        assertThat(kept()).isEmpty();
    }

    /** A repository can hold links; what another job leaves must not be written through them. */
    @Test
    void nothingIsWrittenThroughALink() throws Exception {
        write("dist/planted", "x");
        write("key", "x");
        keep("**");
        Path outside = Files.createDirectories(temp.resolve("outside"));
        Path key = Files.writeString(outside.resolve("key"), "mine");
        LocalBuild other = build.beside();
        Path there = Path.of(other.workspace().getRemote());
        Files.createSymbolicLink(there.resolve("dist"), outside);
        assertThatThrownBy(() -> restore(other, Limits.DEFAULT)).hasMessageContaining("link");
        assertThat(outside.resolve("planted")).doesNotExist();

        Files.delete(there.resolve("dist"));
        Files.createSymbolicLink(there.resolve("key"), key);
        restore(other, Limits.DEFAULT);
        assertThat(key).hasContent("mine");
        assertThat(there.resolve("key")).isRegularFile().hasContent("x");
        assertThat(Files.isSymbolicLink(there.resolve("key"))).isFalse();
    }

    @Test
    void whatAKilledBuildLeftDoesNotCount() throws Exception {
        Path staged = build.root().resolve("workspace@tmp/mini-build-artifacts/job/old");
        Files.createDirectories(staged.getParent());
        Files.writeString(staged, "of another build");
        write("one", "1");
        keep("*");
        assertThat(kept()).containsExactly("job/one");
        assertThat(staged).doesNotExist();
    }

    @Test
    void twoJobsOfOneWorkspaceKeepAtOnce() throws Exception {
        for (int i = 0; i < 200; i++) {
            write("dist/" + i, "x");
        }
        ExecutorService jobs = Executors.newFixedThreadPool(2);
        try {
            List<Future<?>> all = List.of(
                    jobs.submit(() -> {
                        Artifacts.keep(build, "one", List.of("dist"), Limits.DEFAULT);
                        return null;
                    }),
                    jobs.submit(() -> {
                        Artifacts.keep(build, "two", List.of("dist"), Limits.DEFAULT);
                        return null;
                    }));
            for (Future<?> each : all) {
                each.get();
            }
        } finally {
            jobs.shutdownNow();
        }
        assertThat(kept()).hasSize(400);
    }

    @Test
    void eachJobHasAFolderOfItsOwn() {
        List<String> ids = List.of(
                "build",
                "Build",
                "BUILD",
                "build (18, linux)",
                "build (18,linux)",
                "..",
                ".",
                "a/b",
                "a-b",
                "",
                "\u6784\u5efa",
                "x".repeat(300),
                "x".repeat(301),
                "con\n");
        Set<String> folders = new HashSet<>();
        for (String id : ids) {
            String folder = Artifacts.folder(id);
            assertThat(folder).matches("[A-Za-z0-9][A-Za-z0-9._-]{0,90}");
            assertThat(folders.add(folder.toLowerCase(java.util.Locale.ROOT)))
                    .as(id)
                    .isTrue();
        }
        assertThat(Artifacts.folder("build")).isEqualTo("build");
        assertThat(Artifacts.folder("build (18, linux)")).startsWith("build-18-linux-");
    }
}
