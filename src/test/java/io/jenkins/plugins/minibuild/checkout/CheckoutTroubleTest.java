package io.jenkins.plugins.minibuild.checkout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.jenkins.plugins.minibuild.files.FileTree;
import io.jenkins.plugins.minibuild.files.FolderLock;
import io.jenkins.plugins.minibuild.process.Deadline;
import io.jenkins.plugins.minibuild.standin.GiteeService;
import io.jenkins.plugins.minibuild.step.LocalBuild;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class CheckoutTroubleTest extends CheckoutTestBase {
    private void large(String name, int bytes) throws IOException {
        byte[] content = new byte[bytes];
        new Random(name.hashCode()).nextBytes(content);
        Files.write(files.resolve(name), content);
    }

    @Test
    void aTransferThatIsCutIsTriedAgain() throws Exception {
        large("video.bin", 2_000_000);
        String tip = commit("main", "Video");
        gitee.cutTransfers(2, 500_000);

        assertThat(checkout().commit()).isEqualTo(tip);

        assertThat(build.log()).contains("Trying again", "attempt 2 of 4", "attempt 3 of 4");
    }

    @Test
    void aTransferThatIsAlwaysCutFailsAfterItsRetriesAndLeavesTheFormerState() throws Exception {
        checkout();
        large("video.bin", 2_000_000);
        commit("main", "Video");
        gitee.cutTransfers(100, 500_000);

        refused(o -> o.retries(2)).hasMessageContaining("The connection to " + url + " failed");

        assertThat(build.log()).contains("attempt 3 of 3").doesNotContain("attempt 4");
        assertThat(workspaceFiles()).containsExactly("app.json", "pages/index.js");
        assertThat(git(workspace(), "rev-parse", "HEAD")).isEqualTo(first);
        assertThat(git(workspace(), "status", "--porcelain")).isEmpty();
        gitee.cutTransfers(0, 0);
        assertThat(checkout().message()).isEqualTo("Video");
    }

    @Test
    void aFullHistoryThatWasCutGoesOnFromWhatTheMirrorHas() throws Exception {
        for (int i = 0; i < 4; i++) {
            large("video" + i + ".bin", 1_000_000);
            commit("main", "Video " + i);
            Files.delete(files.resolve("video" + i + ".bin"));
        }
        commit("main", "No videos");
        gitee.cutTransfers(1, 3_000_000);

        CommitInfo info = checkout(o -> o.depth(0));

        assertThat(info.message()).isEqualTo("No videos");
        assertThat(git(workspace(), "rev-list", "--count", "HEAD")).isEqualTo("6");
        assertThat(git(workspace(), "fsck", "--connectivity-only")).doesNotContain("missing");
    }

    @Test
    void aServerThatFailsForAMomentIsAskedAgain() throws Exception {
        for (int status : new int[] {500, 503, 429}) {
            gitee.failRequests(2, status);
            assertThat(checkout(o -> o.verify(false)).commit()).isEqualTo(first);
        }
        assertThat(build.log()).contains("Trying again");
    }

    @Test
    void aServerThatIsNotThereIsNamed() throws Exception {
        gitee.close();

        refused(o -> o.retries(1)).hasMessageContaining("The connection to " + url + " failed");
        assertThat(build.log()).contains("Warning: Gitee cannot be reached");
    }

    @Test
    void anAbortedCheckoutLeavesNoProcessAndTheNextOneWorks() throws Exception {
        gitee.hang(true);
        ExecutorService threads = Executors.newSingleThreadExecutor();
        Future<CommitInfo> running = threads.submit(() -> checkout(o -> o.verify(false)));
        while (gitee.requests().isEmpty()) {
            Thread.sleep(10);
        }
        threads.shutdownNow();

        assertThat(threads.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
        assertThatThrownBy(running::get).hasRootCauseInstanceOf(InterruptedException.class);
        // What runs on the agent is interrupted and not waited for: the build is over at once.
        Deadline deadline = Deadline.after(Duration.ofSeconds(20));
        while (!ofTheService().isEmpty() && !deadline.expired()) {
            Thread.sleep(50);
        }
        assertThat(ofTheService()).isEmpty();
        assertThat(names(build.root(), "none")).noneMatch(name -> name.contains("jenkins-gitclient"));
        gitee.hang(false);
        assertThat(checkout().commit()).isEqualTo(first);
    }

    /** The commands that ask the service. */
    private List<String> ofTheService() {
        return ProcessHandle.current()
                .descendants()
                .map(process -> process.info().commandLine().orElse(""))
                .filter(line -> line.contains(gitee.authority()))
                .toList();
    }

    @Test
    void gitThatIsKilledIsStartedAgain() throws Exception {
        gitee.delay(Duration.ofMillis(700));
        Thread killer = new Thread(() -> {
            for (int killed = 0; killed < 1; ) {
                for (ProcessHandle process :
                        ProcessHandle.current().descendants().toList()) {
                    if (process.info().commandLine().orElse("").contains("git fetch")) {
                        process.destroyForcibly();
                        killed++;
                        break;
                    }
                }
            }
        });
        killer.start();

        assertThat(checkout(o -> o.branch("main").verify(false)).commit()).isEqualTo(first);

        killer.join();
        assertThat(build.log()).contains("git was killed on the agent", "Trying again");
    }

    @Test
    void aCheckoutThatDiedHalfWayIsMadeWhole() throws Exception {
        checkout();
        // What a crash of the agent can leave: some files, an index that promises all, the marker.
        Files.writeString(workspace().resolve(".git").resolve(TargetFolder.UNFINISHED), "");
        Files.delete(workspace().resolve("app.json"));
        Files.writeString(workspace().resolve(".git/index.lock"), "");
        Files.createDirectories(workspace().resolve(".git-mini-build-new/.git/objects"));
        assertThat(checkout().commit()).isEqualTo(first);
        assertThat(workspaceFiles()).containsExactly("app.json", "pages/index.js");

        // And in the moment between the old .git and the new one.
        Files.move(workspace().resolve(".git"), workspace().resolve(".git-mini-build-old"));
        assertThat(checkout().commit()).isEqualTo(first);
        assertThat(workspaceFiles()).containsExactly("app.json", "pages/index.js");
        assertThat(git(workspace(), "status", "--porcelain")).isEmpty();
    }

    @Test
    void aBrokenMirrorIsMadeAnew() throws Exception {
        List<Breakage> breakages = List.of(
                mirror -> Files.delete(mirror.resolve("HEAD")),
                mirror -> Files.writeString(mirror.resolve("config"), "[core\n"),
                mirror -> Files.delete(pack(mirror, ".idx")),
                mirror -> cut(pack(mirror, ".pack"), 10),
                mirror -> cut(pack(mirror, ".pack"), 100),
                mirror -> Files.writeString(mirror.resolve("shallow"), "no commit\n"),
                mirror -> Files.writeString(mirror.resolve("shallow.lock"), ""),
                mirror -> Files.writeString(
                        Files.list(mirror.resolve("refs/mini-build"))
                                .findFirst()
                                .orElseThrow(),
                        "no commit\n"));
        large("change", 2000);
        String tip = commit("main", "Change");
        checkout();
        for (int i = 0; i < breakages.size(); i++) {
            breakages.get(i).apply(mirror());
            LocalBuild other = LocalBuild.in(temp.resolve("jenkins"));
            String folder = "again" + i;

            assertThat(checkout(other, url, o -> o.directory(folder)).commit())
                    .as("breakage %d", i)
                    .isEqualTo(tip);
            assertThat(git(workspace().resolve(folder), "fsck")).doesNotContain("missing", "error");
        }
    }

    private interface Breakage {
        void apply(Path mirror) throws IOException;
    }

    private static Path pack(Path mirror, String suffix) throws IOException {
        return Files.list(mirror.resolve("objects/pack"))
                .filter(file -> file.toString().endsWith(suffix))
                .findFirst()
                .orElseThrow();
    }

    private static void cut(Path file, int bytes) throws IOException {
        byte[] content = Files.readAllBytes(file);
        Files.delete(file);
        Files.write(file, java.util.Arrays.copyOf(content, bytes));
    }

    @Test
    void severalCheckoutsAtOnceShareOneMirror() throws Exception {
        large("video.bin", 1_000_000);
        String tip = commit("main", "Video");
        ExecutorService threads = Executors.newFixedThreadPool(4);
        List<Future<CommitInfo>> running = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            String folder = "job" + i;
            Callable<CommitInfo> job =
                    () -> checkout(LocalBuild.in(temp.resolve("jenkins")), url, o -> o.directory(folder));
            running.add(threads.submit(job));
        }
        for (Future<CommitInfo> each : running) {
            assertThat(each.get(60, TimeUnit.SECONDS).commit()).isEqualTo(tip);
        }
        threads.shutdown();
        for (int i = 0; i < 4; i++) {
            assertThat(git(workspace().resolve("job" + i), "fsck")).doesNotContain("missing");
        }
        assertThat(gitee.packBytes()).as("the file came once").isLessThan(1_200_000);
    }

    @Test
    void anotherProcessThatHoldsTheMirrorIsWaitedFor() throws Exception {
        checkout();
        ExecutorService threads = Executors.newSingleThreadExecutor();
        Future<CommitInfo> running;
        try (FolderLock lock = FolderLock.tryAcquire(Mirror.lockFile(mirror()))) {
            assertThat(lock).isNotNull();
            assertThat(FolderLock.tryAcquire(Mirror.lockFile(mirror()))).isNull();
            running = threads.submit(() -> checkout());
            while (!build.log().contains("Waiting: another build")) {
                Thread.sleep(10);
            }
        }
        assertThat(running.get(20, TimeUnit.SECONDS).commit()).isEqualTo(first);
        threads.shutdown();
    }

    @Test
    void theWorkspaceDoesNotNeedTheMirror() throws Exception {
        checkout();
        FileTree.delete(mirrors());

        assertThat(git(workspace(), "fsck")).doesNotContain("missing");
        assertThat(git(workspace(), "show", "HEAD:app.json")).startsWith("{");
        assertThat(workspace().resolve(".git/objects/info/alternates")).doesNotExist();
    }

    @Test
    void mirrorsThatNobodyUsedForAMonthAreDeleted() throws Exception {
        checkout();
        Path old = mirrors().resolve("0000000000000000000000000000000000000000.git");
        Files.createDirectories(old);
        Files.writeString(old.resolve("mini-build-depth"), "1");
        old.resolve("mini-build-depth")
                .toFile()
                .setLastModified(Instant.now().minus(Duration.ofDays(31)).toEpochMilli());

        checkout();

        assertThat(old).doesNotExist();
        assertThat(mirror()).exists();
    }

    @Test
    void aMirrorOfManyPacksIsTidiedUp() throws Exception {
        checkout();
        String kept = Files.list(mirror().resolve("refs/mini-build"))
                .findFirst()
                .orElseThrow()
                .getFileName()
                .toString();
        git(mirror(), "branch", "many", "refs/mini-build/" + kept);
        GiteeService.commits(mirror(), "many", 51);
        git(mirror(), "update-ref", "refs/mini-build/" + kept, "refs/heads/many");
        git(mirror(), "branch", "-D", "many");
        assertThat(packs()).hasSizeGreaterThan(50);
        commit("main", "Last");

        assertThat(checkout().message()).isEqualTo("Last");

        assertThat(build.log()).contains("Tidying up the mirror");
        assertThat(packs()).hasSizeLessThan(5);
        assertThat(checkout().message()).isEqualTo("Last");
        assertThat(git(workspace(), "fsck")).doesNotContain("missing");
    }

    private List<Path> packs() throws IOException {
        return Files.list(mirror().resolve("objects/pack"))
                .filter(file -> file.toString().endsWith(".pack"))
                .toList();
    }

    @Test
    void aFullDiskIsNamed() throws Exception {
        Path small = Files.createDirectories(temp.resolve("small"));
        assumeThat(run("mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", small.toString()))
                .as("a small file system needs root")
                .isZero();
        try {
            large("video.bin", 2_500_000);
            commit("main", "Video");
            build = LocalBuild.in(small.resolve("jenkins"));

            refused(o -> o.retries(0)).hasMessageContaining("The disk of the agent is full");
        } finally {
            run("umount", "-l", small.toString());
        }
    }

    private static int run(String... command) throws Exception {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    @Test
    void lfsFilesAreFetchedOnRequest() throws Exception {
        assumeThat(run("git", "lfs", "version")).as("git-lfs is installed").isZero();
        // The pointer of a file whose content no server has: the checkout leaves it alone, and on request says what
        // fails.
        write(".gitattributes", "*.psd filter=lfs diff=lfs merge=lfs -text\n");
        write(
                "logo.psd",
                "version https://git-lfs.github.com/spec/v1\noid sha256:"
                        + "4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n");
        commit("main", "Logo");

        checkout();
        assertThat(read(workspace().resolve("logo.psd"))).startsWith("version https://git-lfs");

        refused(o -> o.lfs(true)).hasMessageContaining("git failed");
    }
}
