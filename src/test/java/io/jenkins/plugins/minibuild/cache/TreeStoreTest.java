package io.jenkins.plugins.minibuild.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.minibuild.files.FolderLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An entry is whole or not there, whoever is killed when, and no build can change it. */
class TreeStoreTest {
    private static final String KEY = "0123456789abcdef0123456789abcdef01234567";
    private static final String OTHER = "fedcba9876543210fedcba9876543210fedcba98";
    private static final long LARGE = 1L << 40;

    @TempDir
    private Path root;

    private Path store;

    @BeforeEach
    void start() {
        store = root.resolve("store");
    }

    @Test
    void anEntryOfSeveralPartsComesBackWhole() throws Exception {
        Path build = root.resolve("build");
        Path file = Files.createDirectories(build.resolve("a/deep")).resolve("one.bin");
        Files.writeString(file, "one");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r-xr-x---"));
        Path modules = Files.createDirectories(build.resolve("b"));
        Files.createSymbolicLink(modules.resolve("out"), Path.of("/usr/bin/env"));
        List<TreeStore.Part> parts = List.of(
                new TreeStore.Part("0", file),
                new TreeStore.Part("1", modules),
                new TreeStore.Part("2", build.resolve("missing")));
        TreeStore opened = new TreeStore(store, LARGE);
        assertThat(opened.save(KEY, parts, true)).isEqualTo(TreeStore.Saved.UNFIT);
        assertThat(opened.save(KEY, parts, false)).isEqualTo(TreeStore.Saved.KEPT);
        Files.delete(file);
        Files.writeString(file, "two");
        assertThat(opened.save(KEY, parts, false)).isEqualTo(TreeStore.Saved.KNOWN);

        for (TreeStore.Restored how : List.of(TreeStore.Restored.COPIED, TreeStore.Restored.RENAMED)) {
            if (how == TreeStore.Restored.RENAMED) {
                opened.prepare(KEY);
            }
            Path next = Files.createDirectories(root.resolve(how.name()));
            Path kept = Files.writeString(next.resolve("missing"), "mine");
            List<TreeStore.Part> there = List.of(
                    new TreeStore.Part("0", next.resolve("a/deep/one.bin")),
                    new TreeStore.Part("1", next.resolve("b")),
                    new TreeStore.Part("2", kept));
            assertThat(opened.restore(KEY, there)).isEqualTo(how);
            assertThat(next.resolve("a/deep/one.bin")).hasContent("one");
            assertThat(Files.getPosixFilePermissions(next.resolve("a/deep/one.bin")))
                    .isEqualTo(PosixFilePermissions.fromString("r-xr-x---"));
            assertThat(Files.readSymbolicLink(next.resolve("b/out"))).isEqualTo(Path.of("/usr/bin/env"));
            assertThat(kept).hasContent("mine");
        }
    }

    /** As after a restore that was killed between two parts. */
    @Test
    void aReadyCopyThatLacksAPartIsNotUsed() throws Exception {
        Path build = Files.createDirectories(root.resolve("build"));
        List<TreeStore.Part> parts = List.of(
                new TreeStore.Part("0", Files.writeString(build.resolve("one"), "1")),
                new TreeStore.Part("1", Files.writeString(build.resolve("two"), "2")));
        TreeStore opened = new TreeStore(store, LARGE);
        opened.save(KEY, parts, true);
        opened.prepare(KEY);
        Files.move(store.resolve("entries").resolve(KEY).resolve("ready/0"), root.resolve("gone"));
        Files.delete(build.resolve("two"));

        assertThat(opened.restore(KEY, parts)).isEqualTo(TreeStore.Restored.COPIED);
        assertThat(build.resolve("one")).hasContent("1");
        assertThat(build.resolve("two")).hasContent("2");
    }

    @Test
    void aLinkInPlaceOfAPartIsNotFollowed() throws Exception {
        Path secret = project("secret", 10).resolve("node_modules");
        Path build = Files.createDirectories(root.resolve("build"));
        Path link = Files.createSymbolicLink(build.resolve("node_modules"), secret);
        TreeStore opened = new TreeStore(store, LARGE);
        assertThat(opened.save(KEY, modules(build), false)).isEqualTo(TreeStore.Saved.UNFIT);
        opened.save(KEY, modules(project("good", 20)), false);

        assertThat(opened.restore(KEY, modules(build))).isEqualTo(TreeStore.Restored.COPIED);

        assertThat(link).isDirectory();
        assertThat(Files.isSymbolicLink(link)).isFalse();
        assertThat(Files.size(secret.resolve("tea.js"))).isEqualTo(10);
    }

    @Test
    void nothingIsNotKept() throws Exception {
        TreeStore opened = new TreeStore(store, LARGE);
        assertThat(opened.save(KEY, modules(root.resolve("none")), false)).isEqualTo(TreeStore.Saved.NOTHING);
        assertThat(opened.restore(KEY, modules(root.resolve("none")))).isEqualTo(TreeStore.Restored.MISSING);
    }

    @Test
    void theLeastRecentlyUsedEntryGoesFirst() throws Exception {
        TreeStore two = new TreeStore(store, 2500);
        Path project = project("project", 1000);
        List<String> keys = List.of("1".repeat(40), "2".repeat(40), "3".repeat(40));
        two.save(keys.get(0), modules(project), true);
        two.save(keys.get(1), modules(project), true);
        age(keys.get(0), 1);
        age(keys.get(1), 2);
        two.restore(keys.get(0), modules(project));

        assertThat(two.save(keys.get(2), modules(project), true)).isEqualTo(TreeStore.Saved.KEPT);

        assertThat(two.restore(keys.get(1), modules(project))).isEqualTo(TreeStore.Restored.MISSING);
        assertThat(two.restore(keys.get(0), modules(project))).isEqualTo(TreeStore.Restored.COPIED);
        assertThat(two.restore(keys.get(2), modules(project))).isEqualTo(TreeStore.Restored.COPIED);
    }

    @Test
    void staysWithinItsLimit() throws Exception {
        TreeStore small = new TreeStore(store, 1500);

        assertThat(small.save(KEY, modules(project("large", 2000)), true)).isEqualTo(TreeStore.Saved.TOO_LARGE);
        assertThat(small.save(KEY, modules(project("small", 1000)), true)).isEqualTo(TreeStore.Saved.KEPT);
        small.prepare(KEY);
        // a second copy would be over the limit
        assertThat(store.resolve("entries").resolve(KEY).resolve("ready")).doesNotExist();
        try (FolderLock other =
                FolderLock.tryAcquire(store.resolve("locks").resolve(KEY).toFile())) {
            assertThat(other).isNotNull();
            // what would have to go is in use
            assertThat(small.save(OTHER, modules(project("other", 1000)), true)).isEqualTo(TreeStore.Saved.TOO_LARGE);
        }
        assertThat(small.save(OTHER, modules(project("other", 1000)), true)).isEqualTo(TreeStore.Saved.KEPT);
        assertThat(bytes(store)).isLessThan(1500 + 500);
    }

    @Test
    void twoBuildsAtOnceGetTheirOwn() throws Exception {
        TreeStore shared = new TreeStore(store, LARGE);
        shared.save(KEY, modules(project("first", 1000)), true);
        shared.prepare(KEY);
        ExecutorService builds = Executors.newFixedThreadPool(4);
        try {
            List<Future<TreeStore.Restored>> restores = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                Path project = Files.createDirectories(root.resolve("at-once-" + i));
                restores.add(builds.submit(() -> new TreeStore(store, LARGE).restore(KEY, modules(project))));
            }
            int renamed = 0;
            for (int i = 0; i < 8; i++) {
                TreeStore.Restored restored = restores.get(i).get();
                renamed += restored == TreeStore.Restored.RENAMED ? 1 : 0;
                assertThat(restored).isIn(TreeStore.Restored.RENAMED, TreeStore.Restored.COPIED);
                assertThat(Files.size(root.resolve("at-once-" + i + "/node_modules/tea.js")))
                        .isEqualTo(1000);
            }
            assertThat(renamed).isEqualTo(1);
        } finally {
            builds.shutdownNow();
        }
    }

    @Test
    void whatAKilledBuildLeftIsNotUsedAndGoes() throws Exception {
        Path half = Files.createDirectories(
                store.resolve("work").resolve(KEY + "-1").resolve("pristine/tea"));
        Path busy = Files.createDirectories(store.resolve("work").resolve(OTHER + "-1"));
        TreeStore opened = new TreeStore(store, LARGE);
        Path project = project("first", 1000);
        Files.createDirectories(project.resolve(".node_modules-" + KEY + "/half"));

        assertThat(opened.restore(KEY, modules(project))).isEqualTo(TreeStore.Restored.MISSING);
        try (FolderLock other =
                FolderLock.tryAcquire(store.resolve("locks").resolve(OTHER).toFile())) {
            assertThat(other).isNotNull();
            opened.save(KEY, modules(project), true);
            assertThat(busy).exists();
        }
        opened.prepare(KEY);

        assertThat(half).doesNotExist();
        assertThat(busy).doesNotExist();
        assertThat(opened.restore(KEY, modules(project))).isEqualTo(TreeStore.Restored.RENAMED);
        assertThat(opened.restore(KEY, modules(project))).isEqualTo(TreeStore.Restored.COPIED);
        assertThat(project.resolve(".node_modules-" + KEY)).doesNotExist();
    }

    /** Kills a process that saves, at many moments: the entry is either not there or whole. */
    @Test
    void aSaveThatIsKilledLeavesAWholeEntryOrNone() throws Exception {
        Path project = project("many", 10);
        for (int i = 0; i < 2000; i++) {
            Files.writeString(project.resolve("node_modules/" + i + ".js"), "x".repeat(i % 50));
        }
        for (int delay : new int[] {150, 250, 350, 450, 600}) {
            Process saving = new ProcessBuilder(
                            ProcessHandle.current().info().command().orElse("java"),
                            "-cp",
                            System.getProperty("java.class.path"),
                            SaveForever.class.getName(),
                            store.toString(),
                            project.toString())
                    .inheritIO()
                    .start();
            try {
                assertThat(saving.waitFor(delay, TimeUnit.MILLISECONDS)).isFalse();
            } finally {
                saving.destroyForcibly().waitFor();
            }
            TreeStore opened = new TreeStore(store, LARGE);
            Path into = Files.createDirectories(root.resolve("into-" + delay));
            assertThat(opened.restore(KEY, modules(into))).isNotEqualTo(TreeStore.Restored.CORRUPT);
            opened.sweep();
            assertThat(store.resolve("work")).isEmptyDirectory();
        }
    }

    /** Saves and drops one entry until it is killed. */
    static final class SaveForever {
        private SaveForever() {}

        public static void main(String[] args) throws Exception {
            TreeStore store = new TreeStore(Path.of(args[0]), LARGE);
            while (true) {
                store.save(KEY, modules(Path.of(args[1])), true);
                store.prepare(KEY);
                store.drop(KEY);
            }
        }
    }

    // ---- how

    private Path project(String name, int size) throws IOException {
        Path modules = Files.createDirectories(root.resolve(name).resolve("node_modules"));
        Files.writeString(modules.resolve("tea.js"), "x".repeat(size));
        return modules.getParent();
    }

    private void age(String key, int seconds) throws IOException {
        Files.setLastModifiedTime(
                store.resolve("entries").resolve(key).resolve("manifest.json"), FileTime.fromMillis(seconds * 1000L));
    }

    private static long bytes(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }

    private static List<TreeStore.Part> modules(Path project) {
        return List.of(new TreeStore.Part("node_modules", project.resolve("node_modules")));
    }
}
