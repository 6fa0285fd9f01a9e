package io.jenkins.plugins.minibuild.workflow.place;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hudson.AbortException;
import io.jenkins.plugins.minibuild.cache.AgentCache;
import io.jenkins.plugins.minibuild.standin.Forgery;
import io.jenkins.plugins.minibuild.standin.HostileAgent;
import io.jenkins.plugins.minibuild.step.LocalBuild;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a workflow keeps on an agent comes back to those who may have it, as it was saved. */
class CachesTest {
    private static final CacheScope MAIN = CacheScope.ofBranch("main");

    @TempDir
    private Path temp;

    private LocalBuild build;
    private Path workspace;

    @BeforeEach
    void start() throws IOException {
        build = LocalBuild.in(temp.resolve("jenkins"));
        workspace = build.root().resolve("workspace");
        write("package-lock.json", "1");
    }

    @AfterEach
    void settle() throws InterruptedException {
        AgentCache.settle();
    }

    private void write(String path, String text) throws IOException {
        Path file = workspace.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private static List<Caches.Resolved> npm(String key) {
        return List.of(new Caches.Resolved(key, List.of("package-lock.json"), List.of("node_modules", "app/dist")));
    }

    private boolean restored(CacheScope scope) throws Exception {
        for (Path each : List.of(workspace.resolve("node_modules"), workspace.resolve("app"))) {
            build.workspace().child(workspace.relativize(each).toString()).deleteRecursive();
        }
        Caches.restore(build, scope, npm("npm"));
        return Files.exists(workspace.resolve("node_modules"));
    }

    @Test
    void whatOneBuildSavedTheNextOneHas() throws Exception {
        List<String> contents = Caches.restore(build, MAIN, npm("npm"));
        assertThat(build.log()).contains("This agent has nothing in the cache \"npm\" yet.");
        write("node_modules/tea.js", "green");
        write("app/dist/one.js", "1");
        Caches.save(build, MAIN, npm("npm"), contents);
        assertThat(build.log()).contains("The cache \"npm\" is kept on this agent");

        build = build.next();
        assertThat(restored(MAIN)).isTrue();
        assertThat(build.log()).contains("The cache \"npm\" comes from this agent");
        assertThat(workspace.resolve("node_modules/tea.js")).hasContent("green");
        assertThat(workspace.resolve("app/dist/one.js")).hasContent("1");
    }

    @Test
    void anEntryIsNeverChanged() throws Exception {
        write("node_modules/tea.js", "green");
        Caches.save(build, MAIN, npm("npm"), List.of());
        write("node_modules/tea.js", "black");
        Caches.save(build, MAIN, npm("npm"), List.of());

        assertThat(restored(MAIN)).isTrue();
        assertThat(workspace.resolve("node_modules/tea.js")).hasContent("green");
    }

    @Test
    void otherFilesOrAnotherKeyAreAnotherEntry() throws Exception {
        write("node_modules/tea.js", "green");
        Caches.save(build, MAIN, npm("npm"), List.of());
        Caches.restore(build, MAIN, npm("other"));
        assertThat(build.log()).contains("nothing in the cache \"other\"");

        write("package-lock.json", "2");
        assertThat(restored(MAIN)).isFalse();
        write("package-lock.json", "1");
        assertThat(restored(MAIN)).isTrue();
    }

    /** As npm install does with its lock file. */
    @Test
    void filesThatAJobChangesCountAsTheyWereBefore() throws Exception {
        List<String> contents = Caches.restore(build, MAIN, npm("npm"));
        write("package-lock.json", "changed by the job");
        write("node_modules/tea.js", "green");
        Caches.save(build, MAIN, npm("npm"), contents);

        write("package-lock.json", "1");
        assertThat(restored(MAIN)).isTrue();
    }

    @Test
    void aMergeRequestPlantsNothingInOtherBuilds() throws Exception {
        CacheScope request = CacheScope.ofMergeRequest("7", "main");
        write("node_modules/tea.js", "planted");
        Caches.save(build, request, npm("npm"), List.of());

        for (CacheScope other : List.of(
                MAIN,
                CacheScope.ofBranch("7"),
                CacheScope.ofBranch("merge_request\n7"),
                CacheScope.ofMergeRequest("8", "main"),
                CacheScope.ofTag("7"),
                CacheScope.ofJob())) {
            assertThat(restored(other)).as(other.toString()).isFalse();
        }
        assertThat(restored(request)).isTrue();
    }

    @Test
    void aMergeRequestAndABranchHaveWhatMainKept() throws Exception {
        write("node_modules/tea.js", "green");
        Caches.save(build, MAIN, npm("npm"), List.of());

        assertThat(restored(CacheScope.ofMergeRequest("7", "main"))).isTrue();
        assertThat(build.log()).contains("as the branch main kept it");
        assertThat(restored(CacheScope.ofBranch("feature"))).isTrue();
        assertThat(restored(CacheScope.ofTag("v1"))).isFalse();
    }

    @Test
    void anotherJobHasNothingOfIt() throws Exception {
        write("node_modules/tea.js", "green");
        Caches.save(build, MAIN, npm("npm"), List.of());
        build = build.of("team/other");
        assertThat(restored(MAIN)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../outside",
                "/etc",
                "~/.npm",
                ".",
                "./",
                "",
                ".git/hooks",
                "a/.GIT",
                "a/../../b",
                "C:\\x",
                "a/*",
                "a\nb",
                "a//../b"
            })
    void aPathThatIsNotBelowTheWorkspaceIsRefused(String path) throws Exception {
        List<Caches.Resolved> caches = List.of(new Caches.Resolved("npm", List.of(), List.of("fine", path)));
        assertThatThrownBy(() -> Caches.restore(build, MAIN, caches))
                .isInstanceOf(AbortException.class)
                .hasMessageContaining("The paths of the cache \"npm\"")
                .hasMessageContaining("is not a path below the workspace");
        assertThatThrownBy(() -> Caches.save(build, MAIN, caches, List.of())).isInstanceOf(AbortException.class);
    }

    /** The first of the workspace's owner, the second of another one: neither is read nor written. */
    @Test
    void aLinkOnTheWayIsNotFollowed() throws Exception {
        List<Caches.Resolved> caches = List.of(new Caches.Resolved("npm", List.of(), List.of("lib/cache")));
        Path outside = Files.createDirectories(temp.resolve("outside/cache"));
        Files.writeString(outside.resolve("secret"), "mine");
        Files.createSymbolicLink(workspace.resolve("lib"), outside.getParent());
        Caches.save(build, MAIN, caches, List.of());
        assertThat(build.log()).contains("could not be used");

        Files.delete(workspace.resolve("lib"));
        write("lib/cache/planted", "x");
        Caches.save(build, MAIN, caches, List.of());
        build.workspace().child("lib").deleteRecursive();
        Files.createSymbolicLink(workspace.resolve("lib"), outside.getParent());
        Caches.restore(build, MAIN, caches);
        assertThat(outside).isDirectoryContaining(file -> file.endsWith("secret"));
        assertThat(outside.resolve("planted")).doesNotExist();
    }

    @Test
    void aCacheWhoseFilesAreMissingIsNotUsed() throws Exception {
        Files.delete(workspace.resolve("package-lock.json"));
        write("node_modules/tea.js", "green");
        Caches.save(build, MAIN, npm("npm"), Caches.restore(build, MAIN, npm("npm")));
        assertThat(build.log()).contains("no file matches package-lock.json");
        assertThat(build.root().resolve("agent/mini-build/caches/entries")).doesNotExist();
    }

    @Test
    void tooManyFilesAreALineOfTheLog() throws Exception {
        for (int i = 0; i < 10_001; i++) {
            write("many/" + i, "");
        }
        Caches.restore(build, MAIN, List.of(new Caches.Resolved("npm", List.of("many/*"), List.of("x"))));
        assertThat(build.log()).contains("The cache \"npm\" could not be used: more than 10,000 files");
    }

    @Test
    void theLimitSwitchesCachesOff() throws Exception {
        build.env(Caches.LIMIT_VARIABLE, "0");
        write("node_modules/tea.js", "green");
        Caches.save(build, MAIN, npm("npm"), Caches.restore(build, MAIN, npm("npm")));
        assertThat(build.root().resolve("agent/mini-build")).doesNotExist();
    }

    @Test
    void anAgentThatLiesAboutTheFilesCostsOnlyTheCache() throws Exception {
        for (Object lie : new Object[] {
            Forgery.of(Caches.Contents.class, "digest", "../../x", "files", 1),
            Forgery.of(Caches.Contents.class, "digest", null, "files", 1),
            Forgery.of(Caches.Contents.class, "digest", "0".repeat(64), "files", -1),
            new IllegalStateException("thrown\u001b[31m"),
            "a text"
        }) {
            LocalBuild there = LocalBuild.in(temp.resolve("jenkins"));
            Class<?> asked = Class.forName(Caches.class.getName() + "$ReadContents");
            there.on(HostileAgent.answering(asked, lie).channel());
            assertThat(Caches.restore(there, MAIN, npm("npm"))).containsExactly("");
            assertThat(there.log())
                    .contains("The cache \"npm\" could not be used")
                    .doesNotContain("\u001b");
        }
    }

    @Test
    void twoJobsThatSaveAtOnceLeaveOneWholeEntry() throws Exception {
        for (int i = 0; i < 300; i++) {
            write("node_modules/" + i, "x".repeat(i));
        }
        ExecutorService jobs = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                all.add(jobs.submit(() -> {
                    Caches.save(build, MAIN, npm("npm"), List.of());
                    return null;
                }));
            }
            for (Future<?> each : all) {
                each.get();
            }
        } finally {
            jobs.shutdownNow();
        }
        AgentCache.settle();
        assertThat(build.log().lines().filter(line -> line.contains("is kept")).count())
                .isEqualTo(1);
        assertThat(restored(MAIN)).isTrue();
        try (Stream<Path> files = Files.list(workspace.resolve("node_modules"))) {
            assertThat(files).hasSize(300);
        }
    }
}
