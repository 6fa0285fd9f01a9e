package io.jenkins.plugins.minibuild.limits.retention;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.minibuild.limits.retention.RetentionPlan.Candidate;
import io.jenkins.plugins.minibuild.limits.retention.RetentionPlan.Deletion;
import io.jenkins.plugins.minibuild.limits.retention.RetentionPlan.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import jenkins.util.VirtualFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetentionPlanTest {
    private static final long NOW = Duration.ofDays(1000).toMillis();
    private static final long GIGABYTE = 1L << 30;

    private static Candidate of(Kind kind, String path, long gigabytes, int daysAgo, boolean inUse) {
        return new Candidate(
                kind,
                kind == Kind.CACHE
                        ? new RetentionPlan.OnAgent("agent", "/agent", CacheFolder.MIRRORS, path)
                        : new RetentionPlan.InBuild(Path.of("/builds/1"), path),
                gigabytes * GIGABYTE,
                NOW - Duration.ofDays(daysAgo).toMillis(),
                inUse);
    }

    private static List<String> paths(List<Deletion> deletions) {
        return deletions.stream()
                .map(d -> d.candidate().place().path())
                .map(path -> path.replaceFirst(".*/", ""))
                .toList();
    }

    @Test
    void outputsAndPreviewsGoWhenTheyAreOldButNeverOfARunningOrKeptBuild() {
        List<Deletion> plan = new RetentionPlan(30, 7, 100)
                .of(
                        List.of(
                                of(Kind.OUTPUT, "old", 1, 31, false),
                                of(Kind.OUTPUT, "young", 1, 30, false),
                                of(Kind.OUTPUT, "kept", 1, 400, true),
                                of(Kind.PREVIEW, "old preview", 1, 8, false),
                                of(Kind.PREVIEW, "young preview", 1, 7, false)),
                        NOW);
        assertThat(paths(plan)).containsExactly("old", "old preview");
        assertThat(plan.get(0).reason()).isEqualTo("last changed 31 days ago, and 30 are kept");
    }

    @Test
    void evidenceOfABuildStaysWhenItsOtherFilesGo(@TempDir Path folder) throws IOException {
        Path output = Files.createDirectory(folder.resolve("mini-build"));
        for (String name : List.of(
                "human-review-1.json",
                "human-review-1.diff",
                "review-12.json",
                "review-12.diff",
                "qrcode-1.jpg",
                "review-12.txt")) {
            Files.createFile(output.resolve(name));
        }
        Files.createFile(Files.createDirectory(output.resolve("claude-1")).resolve("events"));

        List<Candidate> candidates = new ArrayList<>();
        for (Map.Entry<String, Kind> kept : StoredFiles.ofBuild(folder).entrySet()) {
            candidates.add(of(kept.getValue(), kept.getKey(), 1, 400, false));
        }
        assertThat(paths(new RetentionPlan(30, 7, 100).of(candidates, NOW)))
                .containsExactly("claude-1", "qrcode-1.jpg", "review-12.txt");
        assertThat(candidates).filteredOn(each -> each.kind() == Kind.EVIDENCE).hasSize(4);
    }

    @Test
    void folderWithoutEvidenceGoesAsAWhole(@TempDir Path folder) throws IOException {
        Files.createFile(Files.createDirectory(folder.resolve("mini-build")).resolve("qrcode-1.jpg"));
        assertThat(StoredFiles.ofBuild(folder)).containsExactly(Map.entry("mini-build", Kind.OUTPUT));
        assertThat(StoredFiles.ofBuild(folder.resolve("missing"))).isEmpty();
    }

    @Test
    void ofCachesTheLongestUnusedGoUntilTheRestIsSmallEnough() {
        List<Deletion> plan = new RetentionPlan(30, 7, 100)
                .of(
                        List.of(
                                of(Kind.CACHE, "used yesterday", 60, 1, false),
                                of(Kind.CACHE, "in use", 30, 90, true),
                                of(Kind.CACHE, "long unused", 30, 80, false),
                                of(Kind.CACHE, "unused", 30, 20, false)),
                        NOW);
        assertThat(paths(plan)).containsExactly("long unused", "unused");
    }

    @Test
    void zeroKeepsEverything() {
        assertThat(new RetentionPlan(0, 0, 0)
                        .of(
                                List.of(
                                        of(Kind.OUTPUT, "a", 1, 999, false),
                                        of(Kind.PREVIEW, "b", 1, 999, false),
                                        of(Kind.CACHE, "c", 999, 999, false)),
                                NOW))
                .isEmpty();
    }

    private static void artifacts(Path build, String... paths) throws IOException {
        for (String path : paths) {
            Path file = build.resolve("archive").resolve(path);
            Files.createDirectories(file.getParent());
            Files.writeString(file, "12345");
        }
    }

    /** Patches, SARIF and repository profiles stayed for ever. */
    @Test
    void whatThePluginArchivesGoesAndWhatOthersArchiveStays(@TempDir Path build) throws IOException {
        artifacts(
                build,
                "mini-build/codegen.patch",
                "mini-build/review-1.sarif",
                "claude/repository-profile.json",
                "claude/theirs.txt",
                "miniprogram/preview-wx1-1.jpg",
                "miniprogram/sourcemap-wx1-1.zip",
                "dist/app.zip");
        assertThat(StoredFiles.ofBuild(build))
                .isEqualTo(Map.of(
                        "archive/mini-build/codegen.patch", Kind.OUTPUT,
                        "archive/mini-build/review-1.sarif", Kind.OUTPUT,
                        "archive/claude/repository-profile.json", Kind.OUTPUT,
                        "archive/miniprogram/preview-wx1-1.jpg", Kind.PREVIEW,
                        "archive/miniprogram/sourcemap-wx1-1.zip", Kind.OUTPUT));
        for (String inside : StoredFiles.ofBuild(build).keySet()) {
            StoredFiles.delete(build, inside);
        }
        assertThat(build.resolve("archive/claude/theirs.txt")).exists();
        assertThat(build.resolve("archive/dist/app.zip")).exists();
        assertThat(build.resolve("archive/mini-build/codegen.patch")).doesNotExist();
    }

    @Test
    void anAgentsLinkAmongTheArtifactsIsNoWayOut(@TempDir Path folder) throws IOException {
        Path build = Files.createDirectories(folder.resolve("build"));
        artifacts(folder.resolve("other"), "mini-build/codegen.patch", "repository-profile.json");
        Files.createDirectories(build.resolve("archive"));
        Files.createSymbolicLink(build.resolve("archive/mini-build"), folder.resolve("other/archive/mini-build"));
        Files.createSymbolicLink(build.resolve("archive/claude"), folder.resolve("other/archive"));
        assertThat(StoredFiles.ofBuild(build)).isEmpty();
    }

    /** Another manager than Jenkins' own deletes all artifacts of a build or none. */
    @Test
    void whatAnArtifactManagerKeepsIsAskedFromIt(@TempDir Path folder) throws IOException {
        Path build = folder.resolve("1");
        artifacts(build, "mini-build/codegen.patch", "miniprogram/preview-wx1-1.jpg");
        assertThat(survey(build)).isEqualTo(new ArtifactSurvey(2, 10, 2, Kind.OUTPUT));
        Path previews = folder.resolve("2");
        artifacts(previews, "miniprogram/preview-wx1-1.jpg");
        assertThat(survey(previews)).isEqualTo(new ArtifactSurvey(1, 5, 1, Kind.PREVIEW));
        artifacts(build, "dist/app/app.zip");
        assertThat(survey(build)).isEqualTo(new ArtifactSurvey(3, 15, 2, null));
        assertThat(survey(folder.resolve("3"))).isEqualTo(new ArtifactSurvey(0, 0, 0, null));
    }

    private static ArtifactSurvey survey(Path build) throws IOException {
        return ArtifactSurvey.of(VirtualFile.forFile(build.resolve("archive").toFile()));
    }

    private static Candidate build(int number, RetentionPlan.JobRule rule, long gigabytes, int daysAgo, boolean inUse) {
        return new Candidate(
                rule == null ? Kind.OUTPUT : Kind.ARTIFACTS,
                new RetentionPlan.Artifacts("shop#" + number, Path.of("/builds/" + number), rule),
                gigabytes * GIGABYTE,
                NOW - Duration.ofDays(daysAgo).toMillis(),
                inUse);
    }

    @Test
    void aJobsArtifactsGoByAgeAndThenByTheirSizeTogether() {
        RetentionPlan.JobRule rule = new RetentionPlan.JobRule("shop", 30, 10);
        List<Deletion> plan = new RetentionPlan(0, 0, 0)
                .of(
                        List.of(
                                build(1, rule, 50, 90, true),
                                build(2, rule, 1, 31, false),
                                build(3, rule, 8, 20, false),
                                build(4, rule, 0, 19, false),
                                build(5, rule, 4, 10, false)),
                        NOW);
        assertThat(plan)
                .extracting(each -> each.candidate().place().path(), Deletion::reason)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(
                                "shop#2 artifacts", "last changed 31 days ago, and 30 are kept"),
                        org.assertj.core.groups.Tuple.tuple(
                                "shop#3 artifacts",
                                "of 20 days ago, and the artifacts of shop are larger than 10.0 GB together"));
        assertThat(new RetentionPlan(0, 0, 0)
                        .of(List.of(build(1, rule, 5, 2, false), build(2, rule, 5, 1, false)), NOW))
                .isEmpty();
        assertThat(new RetentionPlan(0, 0, 0)
                        .of(List.of(build(1, new RetentionPlan.JobRule("shop", 0, 0), 99, 999, false)), NOW))
                .isEmpty();
    }

    @Test
    void artifactsOfABuildAreDeletedBeforeTheFolderThatSaysThatThereAreSome() {
        Candidate folder =
                new Candidate(Kind.OUTPUT, new RetentionPlan.InBuild(Path.of("/builds/1"), "mini-build"), 1, 0, false);
        Candidate file = new Candidate(
                Kind.OUTPUT,
                new RetentionPlan.InBuild(Path.of("/builds/1"), "archive/mini-build/codegen.patch"),
                1,
                0,
                false);
        Candidate elsewhere = build(1, null, 1, 400, false);
        assertThat(new RetentionPlan(30, 7, 0).of(List.of(folder, file, elsewhere), NOW))
                .extracting(Deletion::candidate)
                .containsExactly(elsewhere, folder);
    }
}
