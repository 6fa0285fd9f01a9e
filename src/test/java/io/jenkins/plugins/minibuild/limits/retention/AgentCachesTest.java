package io.jenkins.plugins.minibuild.limits.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hudson.FilePath;
import io.jenkins.plugins.minibuild.limits.retention.RetentionPlan.Candidate;
import io.jenkins.plugins.minibuild.limits.retention.RetentionPlan.Deletion;
import io.jenkins.plugins.minibuild.limits.retention.RetentionPlan.InBuild;
import io.jenkins.plugins.minibuild.limits.retention.RetentionPlan.Kind;
import io.jenkins.plugins.minibuild.limits.retention.RetentionPlan.OnAgent;
import io.jenkins.plugins.minibuild.standin.Forgery;
import io.jenkins.plugins.minibuild.standin.HostileAgent;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AgentCachesTest {
    private static final long NOW = Duration.ofDays(1000).toMillis();
    private static final String FREE = "0".repeat(40);
    private static final String LOCKED = "1".repeat(40);

    @TempDir
    Path root;

    private static Object caches(Object... entries) {
        return Forgery.of(StoredCaches.class, "entries", List.of(entries));
    }

    private static Object entry(Object name, long bytes, long idleMillis) {
        return Forgery.of(StoredCaches.Entry.class, "name", name, "bytes", bytes, "idleMillis", idleMillis);
    }

    /** Before, the agent's answer had a kind, an agent and a path, and the controller deleted that path of its own. */
    static Stream<Object> lies() {
        return Stream.of(
                caches(entry("../../../config.xml", 0, NOW)),
                caches(entry("/var/jenkins_home/config.xml", 0, NOW)),
                caches(entry("..", 0, NOW)),
                caches(entry("", 0, NOW)),
                caches(entry("-rf", 0, NOW)),
                caches(entry(FREE + ".git/../../../config.xml", 0, NOW)),
                caches(entry(FREE + ".git\n", 0, NOW)),
                caches(entry(FREE + ".git\0", 0, NOW)),
                caches(entry("x".repeat(10_000_000), 0, NOW)),
                caches(entry(null, 0, NOW)),
                caches(entry(FREE + ".git", -1, NOW)),
                caches(entry(FREE + ".git", Long.MAX_VALUE, NOW)),
                caches(entry(FREE + ".git", 0, -1)),
                caches(entry(FREE + ".git", 0, Long.MIN_VALUE)),
                caches("no entry"),
                caches(Collections.nCopies(10_001, entry(FREE + ".git", 0, NOW)).toArray()),
                Forgery.of(StoredCaches.class),
                Forgery.of(StoredCaches.Entry.class, "name", FREE),
                List.of("a list"),
                "a text",
                new IllegalStateException("thrown on the agent"),
                new StackOverflowError());
    }

    @ParameterizedTest
    @MethodSource("lies")
    void anAgentThatLiesAboutItsCachesGetsNothingDeleted(Object lie) throws Exception {
        Path config = Files.writeString(root.resolve("config.xml"), "secure");
        HostileAgent agent = HostileAgent.answering(AgentCaches.Survey.class, lie);
        AgentCaches caches =
                new AgentCaches("agent", agent.channel(), root.resolve("agent").toString());
        assertThatThrownBy(() -> caches.candidates(NOW, -1))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("gent");
        assertThat(agent.lies()).isEqualTo(1);
        assertThat(config).exists();
    }

    @Test
    void anAgentThatSaysNothingOnADeletionHasNotDeleted() {
        AgentCaches caches =
                new AgentCaches("agent", HostileAgent.answering(null, null).channel(), root.toString());
        assertThatThrownBy(() -> caches.delete(CacheFolder.MIRRORS, FREE + ".git"))
                .isInstanceOf(IOException.class);
    }

    @Test
    void theControllerSaysWhereACacheOfAnAgentIs() throws Exception {
        HostileAgent agent = HostileAgent.answering(AgentCaches.Survey.class, caches());
        assertThat(new AgentCaches("agent", agent.channel(), "/agent").candidates(NOW, -1))
                .isEmpty();
        Files.createDirectories(root.resolve("mini-build/mirrors/" + FREE + ".git"));
        assertThat(new AgentCaches("agent", FilePath.localChannel, root.toString()).candidates(NOW, -1))
                .extracting(Candidate::place)
                .containsExactly(new OnAgent("agent", root.toString(), CacheFolder.MIRRORS, FREE + ".git"));
    }

    /** Numbers that are possible one by one must not add up to a negative sum, after which nothing would be too much. */
    @Test
    void theLargestSizesCanBeAddedUp() throws Exception {
        Object[] entries = new Object[StoredCaches.MOST];
        for (int i = 0; i < entries.length; i++) {
            entries[i] = entry(String.format("%040x", i) + ".git", 1L << 48, i);
        }
        StoredCaches read = (StoredCaches) Forgery.received(caches(entries));
        List<Candidate> all = read.entries().stream()
                .map(each -> new Candidate(
                        Kind.CACHE,
                        new OnAgent("agent", "/", CacheFolder.MIRRORS, each.name()),
                        each.bytes(),
                        NOW - each.idleMillis(),
                        false))
                .toList();
        assertThat(new RetentionPlan(30, 7, 100).of(all, NOW)).hasSize(StoredCaches.MOST);
    }

    @Test
    void cachesAreFoundAndThoseThatAreLockedStay() throws Exception {
        Path mirrors = Files.createDirectories(root.resolve("mini-build/mirrors"));
        Path free = Files.createDirectories(mirrors.resolve(FREE + ".git"));
        Path locked = Files.createDirectories(mirrors.resolve(LOCKED + ".git"));
        Files.createDirectories(mirrors.resolve(FREE + ".git@tmp"));
        Files.write(free.resolve("pack"), new byte[1000]);
        Files.setLastModifiedTime(free, FileTime.fromMillis(0));
        Files.setLastModifiedTime(free.resolve("pack"), FileTime.fromMillis(System.currentTimeMillis() - 600_000));
        Files.createFile(mirrors.resolve(LOCKED + ".git.lock"));
        AgentCaches caches = new AgentCaches("agent", FilePath.localChannel, root.toString());
        List<Candidate> found = caches.candidates(NOW, 60_000);
        assertThat(found).hasSize(2);
        assertThat(found.get(0)).satisfies(cache -> {
            assertThat(cache.place().path()).isEqualTo("agent:" + free);
            assertThat(cache.bytes()).isEqualTo(1000);
            assertThat(cache.lastUsed()).isBetween(NOW - 660_000, NOW - 600_000);
            assertThat(cache.inUse()).isFalse();
        });
        assertThat(found.get(1)).satisfies(cache -> {
            assertThat(cache.place().path()).isEqualTo("agent:" + locked);
            assertThat(cache.inUse()).isTrue();
        });
        try (FileChannel channel = FileChannel.open(mirrors.resolve(LOCKED + ".git.lock"), StandardOpenOption.WRITE)) {
            assertThat(channel.lock()).isNotNull();
            assertThat(caches.delete(CacheFolder.MIRRORS, LOCKED + ".git")).isFalse();
        }
        Files.createSymbolicLink(free.resolve("link"), root);
        assertThat(caches.delete(CacheFolder.MIRRORS, FREE + ".git")).isTrue();
        assertThat(free).doesNotExist();
        assertThat(locked).exists();
    }

    @Test
    void onTheControllerOnlyCachesAreCaches() throws Exception {
        Path versions = Files.createDirectories(root.resolve("mini-build/versions"));
        Files.writeString(versions.resolve("wx1.json"), "{}");
        Files.createDirectories(root.resolve("mini-build/history/store"));
        Path dependencies = root.resolve("mini-build/dependencies");
        Path entry = Files.createDirectories(dependencies.resolve("entries").resolve(FREE));
        Files.createDirectories(dependencies.resolve("entries/abc"));
        Path lock = Files.createFile(
                Files.createDirectories(dependencies.resolve("locks")).resolve(FREE));
        AgentCaches caches = new AgentCaches("", FilePath.localChannel, root.toString());
        assertThat(caches.candidates(NOW, -1))
                .extracting(each -> each.place().path())
                .containsExactly(entry.toString());
        try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.WRITE)) {
            assertThat(channel.lock()).isNotNull();
            assertThat(caches.delete(CacheFolder.DEPENDENCIES, FREE)).isFalse();
        }
        assertThat(caches.delete(CacheFolder.DEPENDENCIES, FREE)).isTrue();
        assertThat(entry).doesNotExist();
        assertThat(lock).exists();
    }

    @Test
    void aFolderOfCachesThatIsALinkIsNotFollowed() throws Exception {
        Path elsewhere = Files.createDirectories(root.resolve("elsewhere"));
        Path prey = Files.createDirectories(elsewhere.resolve(FREE + ".git"));
        Files.createDirectories(root.resolve("agent/mini-build"));
        Files.createSymbolicLink(root.resolve("agent/mini-build/mirrors"), elsewhere);
        AgentCaches caches =
                new AgentCaches("", FilePath.localChannel, root.resolve("agent").toString());
        assertThatThrownBy(() -> caches.delete(CacheFolder.MIRRORS, FREE + ".git"))
                .hasMessageContaining("link");
        assertThatThrownBy(() -> caches.delete(CacheFolder.MIRRORS, "../" + FREE + ".git"))
                .isInstanceOf(IOException.class);
        assertThat(prey).exists();
    }

    /** An agent can put a link among the artifacts of its build. Before, the retention deleted what the link's folder held. */
    @Test
    void aLinkAmongTheArtifactsDeletesNothingElsewhere() throws Exception {
        Path secrets = Files.createDirectories(root.resolve("secrets"));
        Path key = Files.writeString(secrets.resolve("master.key"), "key");
        Path build = Files.createDirectories(root.resolve("builds/1"));
        Files.createSymbolicLink(Files.createDirectory(build.resolve("archive")).resolve("miniprogram"), secrets);
        assertThat(StoredFiles.ofBuild(build)).isEmpty();
        assertThatThrownBy(() -> StoredFiles.delete(build, "archive/miniprogram/master.key"))
                .hasMessageContaining("link");
        Files.delete(build.resolve("archive/miniprogram"));
        Files.createDirectory(build.resolve("archive/miniprogram"));
        Files.createSymbolicLink(build.resolve("archive/miniprogram/preview-1.jpg"), key);
        List<Deletion> due = new RetentionPlan(30, 7, 100)
                .of(
                        StoredFiles.ofBuild(build).entrySet().stream()
                                .map(each ->
                                        new Candidate(each.getValue(), new InBuild(build, each.getKey()), 0, 0, false))
                                .toList(),
                        NOW);
        assertThat(due).hasSize(1);
        StoredFiles.delete(build, ((InBuild) due.get(0).candidate().place()).inside());
        assertThat(key).exists();
        assertThat(build.resolve("archive/miniprogram")).isEmptyDirectory();
    }
}
