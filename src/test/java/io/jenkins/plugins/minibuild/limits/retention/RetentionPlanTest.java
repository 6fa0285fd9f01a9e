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
}
