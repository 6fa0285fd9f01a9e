package io.jenkins.plugins.minibuild.checkout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.minibuild.standin.GiteeService;
import io.jenkins.plugins.minibuild.step.LocalBuild;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalGitTest {
    private static final String ORIGIN = "https://gitee.com/acme/shop.git";

    @TempDir
    Path root;

    private LocalBuild build;
    private Path work;

    @BeforeEach
    void makeRepository() throws Exception {
        build = LocalBuild.in(root.resolve("jenkins"));
        work = build.root().resolve("workspace");
        git("init", "--quiet", "--initial-branch=main", ".");
        git("config", "remote.origin.url", ORIGIN);
        Files.writeString(work.resolve("app.json"), "{}\n");
        Files.createDirectories(work.resolve("pages"));
        Files.writeString(work.resolve("pages/index.js"), "Page({})\n");
        git("add", "--all");
        git("commit", "--quiet", "--author=李雷 <li@example.com>", "-m", "Cart\n\nwith a total");
    }

    private void git(String... arguments) throws Exception {
        GiteeService.output(work, arguments);
    }

    private LocalGit read() throws Exception {
        return LocalGit.in(build, build.workspace());
    }

    @Test
    void aCheckoutIsDescribed() throws Exception {
        String head = GiteeService.output(work, "rev-parse", "HEAD");
        assertThat(read().head()).contains(head);
        assertThat(read().branch()).contains("main");
        assertThat(read().origin()).contains(ORIGIN);
        assertThat(read().isClean()).isTrue();
        Commit commit = read().commit("HEAD").orElseThrow();
        assertThat(commit.id()).isEqualTo(head);
        assertThat(commit.author()).isEqualTo("李雷");
        assertThat(commit.email()).isEqualTo("li@example.com");
        assertThat(commit.message()).isEqualTo("Cart\n\nwith a total");
        assertThat(commit.time())
                .isBetween(Instant.now().minusSeconds(600), Instant.now().plusSeconds(60));
    }

    /** A line break of another kind in a name made the next fields out of the rest of it. */
    @Test
    void aNameCannotForgeTheAddressAndTheTimeOfACommit() throws Exception {
        git(
                "commit",
                "--quiet",
                "--author=Mallory\rli@example.com\r0\rforged <mallory@example.com>",
                "--allow-empty",
                "-m",
                "x\ry");
        Commit commit = read().commit("HEAD").orElseThrow();
        assertThat(commit.author()).isEqualTo("Mallory\rli@example.com\r0\rforged");
        assertThat(commit.email()).isEqualTo("mallory@example.com");
        assertThat(commit.time()).isAfter(Instant.now().minusSeconds(600));
        assertThat(commit.message()).isEqualTo("x\ry");
    }

    @Test
    void aCommitThatIsCheckedOutHasNoBranchButWhatItWasFetchedAs() throws Exception {
        String head = GiteeService.output(work, "rev-parse", "HEAD");
        git("update-ref", "refs/remotes/origin/release/2", head);
        git("checkout", "--quiet", "--detach");
        assertThat(read().branch()).isEmpty();
        assertThat(read().remoteBranches()).containsExactly("release/2");
    }

    @Test
    void changesAndNewFilesAreSeenAndIgnoredOnesAreNot() throws Exception {
        Files.writeString(work.resolve(".git/info/exclude"), "node_modules\n");
        Files.createDirectories(work.resolve("node_modules/x"));
        Files.writeString(work.resolve("node_modules/x/index.js"), "");
        assertThat(read().isClean()).isTrue();
        Files.writeString(work.resolve("new.js"), "");
        assertThat(read().isClean()).isFalse();
        Files.delete(work.resolve("new.js"));
        Files.writeString(work.resolve("app.json"), "{ }\n");
        assertThat(read().isClean()).isFalse();
        assertThat(build.temp().list()).isEmpty();
    }

    @Test
    void theRepositoryAroundAFolderOfTheWorkspaceCountsButNotOneAroundTheWorkspace() throws Exception {
        assertThat(LocalGit.around(build, build.workspace().child("pages")).head())
                .isPresent();
        assertThat(LocalGit.in(build, build.workspace().child("pages")).head()).isEmpty();
        Files.move(work.resolve(".git"), build.root().resolve(".git"));
        assertThat(LocalGit.around(build, build.workspace().child("pages")).head())
                .isEmpty();
        assertThat(read().head()).isEmpty();
        assertThat(read().origin()).isEmpty();
        assertThat(read().isClean()).isFalse();
    }

    @Test
    void whatABuildPlantedInTheRepositoryIsNotRun() throws Exception {
        Path mark = root.resolve("ran");
        Path script = Files.writeString(root.resolve("script"), "#!/bin/sh\ntouch " + mark + "\ncat\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path home = Files.createDirectories(root.resolve("home"));
        String planted = """
                [core]
                \tfsmonitor = SCRIPT
                \thooksPath = HOOKS
                \tpager = SCRIPT
                \tsshCommand = SCRIPT
                \talternateRefsCommand = SCRIPT
                \tgitProxy = SCRIPT
                [filter "x"]
                \tclean = SCRIPT
                \tsmudge = SCRIPT
                \tprocess = SCRIPT
                [diff "x"]
                \ttextconv = SCRIPT
                \tcommand = SCRIPT
                [diff]
                \texternal = SCRIPT
                [log]
                \tshowSignature = true
                [gpg]
                \tprogram = SCRIPT
                [alias]
                \tlog = !SCRIPT
                \tstatus = !SCRIPT
                [url "https://evil.example.com/"]
                \tinsteadOf = https://gitee.com/
                [include]
                \tpath = INCLUDED
                """.replace("SCRIPT", script.toString())
                .replace("HOOKS", work.resolve(".git/hooks").toString())
                .replace("INCLUDED", root.resolve("included").toString());
        Files.writeString(root.resolve("included"), "[remote \"origin\"]\n\turl = https://evil.example.com/x.git\n");
        Files.writeString(work.resolve(".git/config"), planted, StandardOpenOption.APPEND);
        Files.writeString(home.resolve(".gitconfig"), planted);
        build.env("HOME", home.toString())
                .env("GIT_DIR", "/elsewhere")
                .env("GIT_EXTERNAL_DIFF", script.toString())
                .env("GIT_CONFIG_COUNT", "1")
                .env("GIT_CONFIG_KEY_0", "core.fsmonitor")
                .env("GIT_CONFIG_VALUE_0", script.toString());
        Files.createDirectories(work.resolve(".git/hooks"));
        for (String hook : new String[] {"post-index-change", "reference-transaction", "fsmonitor-watchman"}) {
            Files.copy(script, work.resolve(".git/hooks").resolve(hook));
        }
        Files.writeString(work.resolve(".gitattributes"), "* filter=x diff=x\n");
        // The same size and another time: git has to look into the file.
        Files.writeString(work.resolve("app.json"), "[]\n");

        assertThat(read().head()).isPresent();
        assertThat(read().branch()).contains("main");
        assertThat(read().origin()).contains(ORIGIN);
        assertThat(read().commit("HEAD")).isPresent();
        assertThat(read().remoteBranches()).isEmpty();
        assertThat(read().isClean()).isFalse();
        assertThat(mark).doesNotExist();
        // The plant is one: git as it comes runs it.
        git("status");
        assertThat(mark).exists();
    }

    @Test
    void aLinkInsteadOfARepositoryIsNotFollowedForItsFiles() throws Exception {
        Path elsewhere = Files.move(work.resolve(".git"), root.resolve("elsewhere"));
        Files.createSymbolicLink(work.resolve(".git"), elsewhere);
        assertThat(read().isClean()).isFalse();
    }

    @Test
    void objectsThatAreSomewhereElseOnlyAreNotFetched() throws Exception {
        String head = GiteeService.output(work, "rev-parse", "HEAD");
        Path mark = root.resolve("fetched");
        Path script = Files.writeString(root.resolve("upload-pack"), "#!/bin/sh\ntouch " + mark + "\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        git("config", "core.repositoryFormatVersion", "1");
        git("config", "extensions.partialClone", "origin");
        git("config", "remote.origin.promisor", "true");
        git("config", "remote.origin.url", root.resolve("other.git").toString());
        git("config", "remote.origin.uploadpack", script.toString());
        Files.delete(work.resolve(".git/objects/" + head.substring(0, 2) + "/" + head.substring(2)));

        assertThat(read().commit("HEAD")).isEmpty();
        assertThat(read().isClean()).isFalse();
        assertThat(mark).doesNotExist();
        assertThatThrownBy(() -> git("cat-file", "commit", "HEAD"));
        assertThat(mark).exists();
    }
}
