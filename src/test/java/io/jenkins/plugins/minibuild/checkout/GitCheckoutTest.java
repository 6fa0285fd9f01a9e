package io.jenkins.plugins.minibuild.checkout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hudson.plugins.git.GitTool;
import io.jenkins.plugins.minibuild.standin.GiteeService;
import io.jenkins.plugins.minibuild.step.LocalBuild;
import io.jenkins.plugins.minibuild.step.SourceCommit;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GitCheckoutTest extends CheckoutTestBase {
    @Test
    void checksOutTheDefaultBranchAndReturnsTheCommit() throws Exception {
        CommitInfo info = checkout();

        assertThat(workspaceFiles()).containsExactly("app.json", "pages/index.js");
        assertThat(info.commit()).isEqualTo(first);
        assertThat(info.branch()).isEqualTo("main");
        assertThat(info.author()).isEqualTo("Wang Li");
        assertThat(info.email()).isEqualTo("wang@example.com");
        assertThat(info.message()).isEqualTo("First pages");
        assertThat(info.previousCommit()).isNull();
        assertThat(info.toMap())
                .containsKeys("url", "branch", "commit", "author", "email", "time", "message", "previousCommit");
        assertThat(build.log()).contains(url, "main", first, "Wang Li <wang@example.com>", "First pages");
        assertThat(git(workspace(), "status", "--porcelain")).isEmpty();
        assertThat(git(workspace(), "rev-parse", "HEAD")).isEqualTo(first);
        assertThat(git(workspace(), "rev-parse", "origin/main")).isEqualTo(first);
        assertThat(git(workspace(), "fsck", "--connectivity-only")).doesNotContain("missing", "broken");
    }

    @Test
    void theDefaultIsWhatTheRemotesHeadNames() throws Exception {
        write("only-dev.txt", "x");
        String dev = commit("develop", "On develop");
        git(shop, "symbolic-ref", "HEAD", "refs/heads/develop");

        CommitInfo info = checkout();

        assertThat(info.branch()).isEqualTo("develop");
        assertThat(info.commit()).isEqualTo(dev);
    }

    @Test
    void theNextBuildUpdatesTheWorkspaceAndNamesThePreviousCommit() throws Exception {
        checkout();
        Files.writeString(workspace().resolve("app.json"), "changed by a build");
        Files.createDirectories(workspace().resolve("dist/deep"));
        Files.writeString(workspace().resolve("dist/deep/out.js"), "built");
        Files.writeString(workspace().resolve(".gitignore"), "dist\n");
        write("pages/index.js", "Page({data: 2})\n");
        write("pages/cart.js", "Page({})\n");
        String second = commit("main", "A cart");
        build = build.next();

        CommitInfo info = checkout();

        assertThat(info.commit()).isEqualTo(second);
        assertThat(info.previousCommit()).isEqualTo(first);
        assertThat(workspaceFiles()).containsExactly("app.json", "pages/cart.js", "pages/index.js");
        assertThat(read(workspace().resolve("pages/index.js"))).isEqualTo("Page({data: 2})\n");
        assertThat(read(workspace().resolve("app.json"))).startsWith("{");
        assertThat(build.log()).contains("The previous build checked out " + first);
    }

    @Test
    void filesWhichTheRepositoryNoLongerHasGoAway() throws Exception {
        checkout();
        Files.delete(files.resolve("pages/index.js"));
        Files.delete(files.resolve("pages"));
        commit("main", "No pages");

        checkout();

        assertThat(workspaceFiles()).containsExactly("app.json");
        assertThat(workspace().resolve("pages")).doesNotExist();
    }

    @Test
    void branchesWithSlashesAndChineseNamesAndTagsAreCheckedOut() throws Exception {
        write("a.txt", "a");
        String slashes = commit("feature/login/微信", "Login");
        git(shop, "tag", "-a", "-m", "version", "v1.0", first);

        assertThat(checkout(o -> o.branch("feature/login/微信")).commit()).isEqualTo(slashes);
        CommitInfo tag = checkout(o -> o.branch("v1.0"));

        assertThat(tag.commit()).isEqualTo(first);
        assertThat(tag.branch()).isEqualTo("v1.0");
        assertThat(checkout(o -> o.branch("refs/heads/feature/login/微信")).branch())
                .isEqualTo("feature/login/微信");
        assertThat(git(workspace(), "rev-parse", "origin/feature/login/微信")).isEqualTo(slashes);
    }

    @Test
    void aBranchThatTookTheFolderOfAnotherIsNoConflict() throws Exception {
        commit("release", "Release");
        checkout(o -> o.branch("release"));
        git(shop, "branch", "-D", "release");
        String deeper = commit("release/1", "Release 1");

        assertThat(checkout(o -> o.branch("release/1")).commit()).isEqualTo(deeper);
    }

    @Test
    void anUnknownBranchIsAnErrorThatNamesTheNearestOnes() throws Exception {
        commit("develop", "d");
        commit("feature/pay", "p");

        refused(o -> o.branch("develpo"))
                .hasMessageContaining("no branch or tag \"develpo\"")
                .hasMessageContaining("develop, ");
        assertThat(workspaceFiles()).isEmpty();
    }

    @Test
    void aShallowCloneHasOneCommitAndDepthZeroHasAll() throws Exception {
        GiteeService.commits(shop, "main", 5);

        checkout();
        assertThat(git(workspace(), "rev-list", "--count", "HEAD")).isEqualTo("1");
        checkout(o -> o.depth(3));
        assertThat(git(workspace(), "rev-list", "--count", "HEAD")).isEqualTo("3");
        checkout(o -> o.depth(0));
        assertThat(git(workspace(), "rev-list", "--count", "HEAD")).isEqualTo("6");
    }

    @Test
    void aCommitThatAShallowFetchDoesNotHoldIsFetchedById() throws Exception {
        commit("main", "Second");
        checkout();

        CommitInfo info = checkout(o -> o.branch("main").commit(first));

        assertThat(info.commit()).isEqualTo(first);
        assertThat(info.message()).isEqualTo("First pages");
        assertThat(git(workspace(), "rev-parse", "HEAD")).isEqualTo(first);
        assertThat(git(workspace(), "log", "--format=%s")).isEqualTo("First pages");
    }

    @Test
    void whereTheServerGivesOutTipsOnlyTheHistoryIsDeepened() throws Exception {
        gitee.oldProtocol(true);
        GiteeService.commits(shop, "main", 60);

        CommitInfo info = checkout(o -> o.commit(first));

        assertThat(info.commit()).isEqualTo(first);
        assertThat(info.branch()).isEmpty();
        assertThat(build.log()).contains("Fetching their history to find " + first);
    }

    @Test
    void aCommitWhichTheRepositoryDoesNotHaveIsAnError() {
        String unknown = "0123456789012345678901234567890123456789";

        refused(o -> o.commit(unknown)).hasMessageContaining("has no commit " + unknown);
    }

    @Test
    void anEmptyRepositoryIsAnErrorThatSaysSo() throws Exception {
        gitee.createRepository("acme", "empty", false);

        for (String branch : new String[] {"", "main"}) {
            assertThatThrownBy(() -> checkout(build, gitee.gitUrl("acme", "empty"), o -> o.branch(branch)))
                    .hasMessageContaining("is empty")
                    .hasMessageContaining("Push a first commit");
        }
    }

    @Test
    void aMissingDefaultBranchIsAnErrorThatNamesBranches() throws Exception {
        git(shop, "symbolic-ref", "HEAD", "refs/heads/gone");

        refused(o -> o).hasMessageContaining("no default branch").hasMessageContaining("main");
    }

    @Test
    void checksOutIntoAFolderOfTheWorkspace() throws Exception {
        Files.writeString(workspace().resolve("notes.txt"), "of another step");

        checkout(o -> o.directory("code/shop"));

        assertThat(workspaceFiles()).containsExactly("code/shop/app.json", "code/shop/pages/index.js", "notes.txt");
    }

    @Test
    void aFolderThatLeadsOutOfTheWorkspaceIsRefused() throws Exception {
        Path outside = Files.createDirectories(temp.resolve("outside"));
        Files.createSymbolicLink(workspace().resolve("link"), outside);

        refused(o -> o.directory("link")).hasMessageContaining("leads out of the workspace");
        refused(o -> o.directory("link/shop")).hasMessageContaining("leads out of the workspace");
        for (String bad : new String[] {"../x", "/tmp/x", "a/../../x", "C:/x", "a/.git", "a//b"}) {
            assertThatThrownBy(() -> checkout(o -> o.directory(bad)))
                    .as(bad)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("not a folder inside the workspace");
        }
        assertThat(outside).isEmptyDirectory();
    }

    @Test
    void aWorkspaceOfAnotherRepositoryIsRefusedUnlessForced() throws Exception {
        Path other = gitee.createRepository("acme", "other", false);
        GiteeService.commit(other, files, "main", "Other");
        checkout(build, gitee.gitUrl("acme", "other"), o -> o);

        refused(o -> o).hasMessageContaining("holds another repository").hasMessageContaining("\"force\"");
        assertThat(workspaceFiles()).isNotEmpty();

        assertThat(checkout(o -> o.force(true)).commit()).isEqualTo(first);
        assertThat(checkout().commit()).isEqualTo(first);
    }

    @Test
    void aWorkspaceWithFilesOfNoRepositoryIsRefusedUnlessForced() throws Exception {
        Files.writeString(workspace().resolve("precious.txt"), "mine");

        refused(o -> o).hasMessageContaining("holds files that are of no repository");
        assertThat(workspaceFiles()).containsExactly("precious.txt");

        checkout(o -> o.force(true));
        assertThat(workspaceFiles()).containsExactly("app.json", "pages/index.js");
    }

    @Test
    void anOrdinaryCloneOfTheSameRepositoryIsTakenOver() throws Exception {
        git(temp, "clone", "--quiet", url, workspace().toString());
        Files.writeString(workspace().resolve("junk"), "x");

        assertThat(checkout().commit()).isEqualTo(first);
        assertThat(workspaceFiles()).containsExactly("app.json", "pages/index.js");

        git(workspace(), "remote", "set-url", "origin", "git@127.0.0.1:acme/shop");
        assertThat(checkout().commit()).as("cloned by another of its names").isEqualTo(first);
    }

    @Test
    void locksAndSettingsAndHooksThatABuildLeftBehindAreGone() throws Exception {
        checkout();
        Path git = workspace().resolve(".git");
        for (String lock : new String[] {"index.lock", "HEAD.lock", "shallow.lock", "config.lock"}) {
            Files.writeString(git.resolve(lock), "");
        }
        Files.writeString(
                git.resolve("config"),
                read(git.resolve("config")) + "[core]\n\tfsmonitor = touch " + temp.resolve("evil") + "\n");
        Path hook = Files.createDirectories(git.resolve("hooks")).resolve("post-checkout");
        Files.writeString(hook, "#!/bin/sh\ntouch " + temp.resolve("evil") + "\n");
        hook.toFile().setExecutable(true);
        write("new.txt", "n");
        String second = commit("main", "New");

        assertThat(checkout().commit()).isEqualTo(second);

        assertThat(temp.resolve("evil")).doesNotExist();
        assertThat(hook).doesNotExist();
        assertThat(git.resolve("index.lock")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--assume-unchanged", "--skip-worktree"})
    void whatABuildHidInTheIndexIsWrittenAgain(String flag) throws Exception {
        checkout();
        String before = read(workspace().resolve("app.json"));
        Files.writeString(workspace().resolve("app.json"), "evil");
        git(workspace(), "update-index", flag, "app.json");
        write("new.txt", "n");
        commit("main", "New");

        checkout();

        assertThat(read(workspace().resolve("app.json"))).isEqualTo(before);
    }

    @Test
    void hooksOfTheAgentsTemplatesAreNotRun() throws Exception {
        Path hooks = Files.createDirectories(temp.resolve("template/hooks"));
        Path hook = hooks.resolve("post-checkout");
        Files.writeString(hook, "#!/bin/sh\ntouch " + temp.resolve("evil") + "\n");
        hook.toFile().setExecutable(true);
        Path home = Files.createDirectories(temp.resolve("home"));
        Files.writeString(
                home.resolve(".gitconfig"),
                "[init]\n\ttemplateDir = " + temp.resolve("template") + "\n[core]\n\thooksPath = " + hooks + "\n");
        build.env("HOME", home.toString());

        checkout();

        assertThat(temp.resolve("evil")).doesNotExist();
    }

    @Test
    void variablesOfTheBuildDoNotMisleadGit() throws Exception {
        build.env("GIT_DIR", temp.resolve("nowhere").toString())
                .env("GIT_WORK_TREE", temp.toString())
                .env("GIT_INDEX_FILE", temp.resolve("index").toString())
                .env("LC_ALL", "zh_CN.UTF-8");

        assertThat(checkout().commit()).isEqualTo(first);
        assertThat(workspaceFiles()).containsExactly("app.json", "pages/index.js");
    }

    @Test
    void withoutAMirrorNothingIsKeptForOtherJobs() throws Exception {
        assertThat(checkout(o -> o.mirror(false)).commit()).isEqualTo(first);

        assertThat(mirrors()).doesNotExist();
        assertThat(workspaceFiles()).containsExactly("app.json", "pages/index.js");
    }

    @Test
    void aRepositoryOnTheControllersDiskIsRefused() throws Exception {
        for (String local : new String[] {shop.toString(), "file://" + shop}) {
            assertThatThrownBy(() -> checkout(build, local, o -> o))
                    .hasMessageContaining("on the disk of the Jenkins controller");
            assertThat(checkout(build, local, o -> o.local(true).force(true)).commit())
                    .isEqualTo(first);
        }
    }

    @Test
    void submodulesAreCheckedOutTheirsIncludedAndCleaned() throws Exception {
        Path inner = gitee.createRepository("acme", "inner", false);
        Path innerFiles = Files.createDirectories(temp.resolve("inner-files"));
        Files.writeString(innerFiles.resolve("inner.txt"), "inner");
        String innerCommit = GiteeService.commit(inner, innerFiles, "main", "Inner");
        Path lib = gitee.createRepository("acme", "lib", false);
        addSubmodule(lib, "deep", "../inner.git", innerCommit);
        String libCommit = git(lib, "rev-parse", "main");
        addSubmodule(shop, "vendor/lib", "../lib.git", libCommit);

        checkout();
        assertThat(workspace().resolve("vendor/lib/deep/inner.txt")).doesNotExist();
        checkout(o -> o.submodules(true));
        assertThat(workspace().resolve("vendor/lib/deep/inner.txt")).hasContent("inner");

        Files.writeString(workspace().resolve("vendor/lib/deep/inner.txt"), "changed");
        Files.writeString(workspace().resolve("vendor/lib/junk.txt"), "junk");
        checkout(o -> o.submodules(true));
        assertThat(workspace().resolve("vendor/lib/deep/inner.txt")).hasContent("inner");
        assertThat(workspace().resolve("vendor/lib/junk.txt")).doesNotExist();
    }

    @Test
    void aSubmoduleThatIsAFolderOfTheAgentIsRefused() throws Exception {
        for (String bad : new String[] {"/etc", "file:///etc", "ext::sh -c id", "-u./x"}) {
            addSubmodule(shop, "evil", bad, first);
            refused(o -> o.submodules(true)).as(bad).hasMessageContaining("The submodule \"evil\" cannot be fetched");
        }
    }

    static void addSubmodule(Path repository, String path, String address, String commit) throws Exception {
        Path work = Files.createTempDirectory(repository.getParent(), "super");
        git(work, "clone", "--quiet", repository.toString(), "clone");
        Path clone = work.resolve("clone");
        git(clone, "checkout", "--quiet", "-B", "main");
        git(clone, "config", "-f", ".gitmodules", "submodule." + path.replaceAll(".*/", "") + ".path", path);
        git(clone, "config", "-f", ".gitmodules", "submodule." + path.replaceAll(".*/", "") + ".url", address);
        git(clone, "add", ".gitmodules");
        git(clone, "update-index", "--add", "--cacheinfo", "160000," + commit + "," + path);
        git(clone, "commit", "--quiet", "-m", "A submodule");
        git(clone, "push", "--quiet", "origin", "HEAD:refs/heads/main");
    }

    @Test
    void missingGitIsOneClearMessage() {
        build.with(GitTool.class, "none", temp.resolve("no-such-git"));

        refused(o -> o).hasMessageContaining("no git command");
    }

    @Test
    void badParametersAreRefusedWithTheirReason() {
        for (Map.Entry<String, UnaryOperator<CheckoutOptions>> bad : Map.<String, UnaryOperator<CheckoutOptions>>of(
                        "depth", o -> o.depth(-1),
                        "retries", o -> o.retries(21),
                        "whole id", o -> o.commit("abc123"),
                        "branch or tag", o -> o.branch("a..b"))
                .entrySet()) {
            assertThatThrownBy(() -> checkout(bad.getValue()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(bad.getKey());
        }
    }

    @Test
    void twoJobsShareOneMirror() throws Exception {
        byte[] large = new byte[300_000];
        new Random(1).nextBytes(large);
        Files.write(files.resolve("large.bin"), large);
        String newest = commit("main", "Large");
        checkout();
        gitee.forgetRequests();
        LocalBuild other = LocalBuild.in(temp.resolve("jenkins"));
        CommitInfo info = checkout(other, url, o -> o.directory("second"));

        assertThat(info.commit()).isEqualTo(newest);
        assertThat(names(mirrors(), "-").stream().filter(n -> n.endsWith("/HEAD")))
                .hasSize(1);
        assertThat(gitee.packBytes()).isLessThan(10_000);
    }

    @Test
    void whatADeliveryNamedIsCheckedOutUnlessTheStepSaysOtherwise() throws Exception {
        write("app.json", "{}\n");
        String second = commit("main", "Second");
        commit("feature", "Elsewhere");
        String merge = git(shop, "rev-parse", "feature").strip();
        git(shop, "update-ref", "refs/pull/12/head", merge);
        List<String> addresses = List.of("git@127.0.0.1:acme/other.git", url.replace("acme", "ACME"));

        CommitInfo pushed =
                checkout(build.about(new SourceCommit(addresses, "refs/heads/main", first)), url, options -> options);
        assertThat(pushed.commit()).isEqualTo(first);
        assertThat(pushed.branch()).isEqualTo("main");
        assertThat(checkout(build.about(new SourceCommit(addresses, "refs/pull/12/head", null)), url, o -> o)
                        .commit())
                .isEqualTo(merge);
        assertThat(checkout(build, url, o -> o.branch("main")).commit())
                .as("the step's own branch")
                .isEqualTo(second);
        SourceCommit elsewhere = new SourceCommit(List.of("https://gitee.com/acme/shop.git"), "refs/heads/main", first);
        assertThat(checkout(build.about(elsewhere), url, o -> o).commit())
                .as("of another host")
                .isNotEqualTo(first);
        SourceCommit hostile = new SourceCommit(addresses, "--upload-pack=touch x", first);
        assertThat(checkout(build.about(hostile), url, o -> o).commit())
                .as("no name of a ref")
                .isNotEqualTo(first);
    }
}
