package io.jenkins.plugins.minibuild.approval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.cloudbees.plugins.credentials.CredentialsScope;
import hudson.AbortException;
import hudson.util.Secret;
import io.jenkins.plugins.minibuild.access.ReviewedChange;
import io.jenkins.plugins.minibuild.codegen.CodegenFixture;
import io.jenkins.plugins.minibuild.forge.KnownForge;
import io.jenkins.plugins.minibuild.standin.GiteeService;
import io.jenkins.plugins.minibuild.standin.ModelService.Turn;
import io.jenkins.plugins.minibuild.step.LocalBuild;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert;
import org.jenkinsci.plugins.plaincredentials.impl.StringCredentialsImpl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a build does to have something approved that nobody saw. */
class ApprovalAttackTest {
    @TempDir
    Path folder;

    private static final ChangeInQuestion.Wanted NOTHING = new ChangeInQuestion.Wanted(null, null, null, null, null);

    private static ChangeInQuestion generated(CodegenFixture codegen, String file, String content) throws Exception {
        codegen.claude.model.script(
                Turn.tool("Read", Map.of("file_path", "src/app.js")),
                Turn.tool("Write", Map.of("file_path", file, "content", content)),
                Turn.text("Done."));
        codegen.run();
        LocalBuild build = codegen.claude.build;
        return ChangeInQuestion.of(NOTHING, build.facts(), build.folder(), null);
    }

    /** Also after an artifact of the same name was archived. */
    @Test
    void afterASecondRoundOfGeneratedCodePeopleSeeTheWholeBranchNotTheFirstRound() throws Exception {
        try (CodegenFixture codegen = new CodegenFixture(folder)) {
            ChangeInQuestion first = generated(codegen, "src/one.js", "harmless()\n");
            assertThat(new String(first.masked(), StandardCharsets.UTF_8)).contains("+harmless()");
            ChangeInQuestion second = generated(codegen, "src/two.js", "evil()\n");

            assertThat(new String(second.masked(), StandardCharsets.UTF_8)).contains("+harmless()", "+evil()");
            ReviewedChange change = second.change();
            assertThat(change.head().name()).isEqualTo("feature/req-7");
            assertThat(change.head().commit()).isEqualTo(codegen.remote("rev-parse", "feature/req-7"));
            assertThat(change.base()).isEqualTo(new ReviewedChange.Side("main", codegen.remote("rev-parse", "main")));
            assertThat(change.size().files()).isEqualTo(2);
            assertThat(change.diffSha256()).isNotEqualTo(first.change().diffSha256());
        }
    }

    private static final Map<String, String> NAMES = Map.of("gitee", "Gitee", "github", "GitHub", "gitlab", "GitLab");

    @Test
    void aDifferenceToTheServicesOwnComparisonIsARefusal() throws Exception {
        String token = "f3c1a9b8e7d6f5c4b3a2918070605040";
        for (String provider : List.of("gitee", "github", "gitlab")) {
            try (GiteeService gitee = GiteeService.start(folder.resolve(provider))) {
                gitee.addToken(token, "acme", "projects");
                Path shop = gitee.createRepository("acme", "shop", true);
                LocalBuild build = LocalBuild.in(folder.resolve("build-" + provider))
                        .with((Object) KnownForge.of("s", provider, "http://" + gitee.authority(), null, true))
                        .with(new StringCredentialsImpl(CredentialsScope.GLOBAL, "t", "", Secret.fromString(token)));
                Path work = Files.createDirectories(build.root().resolve("workspace"));
                GiteeService.git(work, "init", "--quiet", "--initial-branch=main");
                Files.writeString(work.resolve("app.js"), "App({})\n");
                GiteeService.git(work, "add", "--all");
                GiteeService.git(work, "commit", "--quiet", "-m", "first");
                GiteeService.git(work, "checkout", "--quiet", "-b", "feature/req-7");
                Files.writeString(work.resolve("pay.js"), "pay()\n");
                GiteeService.git(work, "add", "--all");
                GiteeService.git(work, "commit", "--quiet", "-m", "second");
                GiteeService.git(work, "push", "--quiet", shop.toString(), "main", "feature/req-7");
                ChangeInQuestion.Wanted wanted =
                        new ChangeInQuestion.Wanted("main", "feature/req-7", gitee.gitUrl("acme", "shop"), "t", null);

                assertThat(ChangeInQuestion.of(wanted, Map.of(), build.folder(), build)
                                .change()
                                .size()
                                .files())
                        .isEqualTo(1);
                assertThat(build.log()).doesNotContain("not compared");
                gitee.lieAbout(List.of("evil.js"), null);
                assertThatThrownBy(() -> ChangeInQuestion.of(wanted, Map.of(), build.folder(), build))
                        .as(provider)
                        .isInstanceOf(AbortException.class)
                        .hasMessageContaining("evil.js");
                gitee.lieAbout(List.of(), "ab".repeat(20));
                assertThatThrownBy(() -> ChangeInQuestion.of(wanted, Map.of(), build.folder(), build))
                        .as(provider)
                        .isInstanceOf(AbortException.class)
                        .hasMessageContaining("ab".repeat(20));
                gitee.lieAbout(List.of(), null);
                String head = GiteeService.output(work, "rev-parse", "HEAD");
                gitee.lieAboutCommits(List.of(head, "cd".repeat(20)));
                assertThatThrownBy(() -> ChangeInQuestion.of(wanted, Map.of(), build.folder(), build))
                        .as(provider)
                        .isInstanceOf(AbortException.class)
                        .hasMessageContaining("only " + NAMES.get(provider) + " has " + "cd".repeat(20));
                // Only GitHub says how many commits there are: the others may have left one out.
                gitee.lieAboutCommits(List.of());
                ThrowableAssert.ThrowingCallable asked =
                        () -> ChangeInQuestion.of(wanted, Map.of(), build.folder(), build);
                if (provider.equals("github")) {
                    assertThatThrownBy(asked).hasMessageContaining("only git has " + head);
                } else {
                    assertThatCode(asked).doesNotThrowAnyException();
                }
            }
        }
    }

    private Path bare;

    /** A checkout of a branch that adds pay.js, whose repository has both branches. */
    private Path work() throws Exception {
        bare = Files.createDirectories(folder.resolve("shop.git"));
        GiteeService.git(bare, "init", "--quiet", "--bare", "--initial-branch=main");
        Path work = Files.createDirectories(folder.resolve("build/workspace"));
        GiteeService.git(work, "init", "--quiet", "--initial-branch=main");
        Files.writeString(work.resolve("app.js"), "App({})\n");
        GiteeService.git(work, "add", "--all");
        GiteeService.git(work, "commit", "--quiet", "-m", "first");
        GiteeService.git(work, "remote", "add", "origin", bare.toString());
        GiteeService.git(work, "checkout", "--quiet", "-b", "feature/req-7");
        Files.writeString(work.resolve("pay.js"), "evil()\n");
        GiteeService.git(work, "add", "--all");
        GiteeService.git(work, "commit", "--quiet", "-m", "payload");
        GiteeService.git(work, "push", "--quiet", "origin", "main", "feature/req-7");
        GiteeService.git(work, "fetch", "--quiet", "origin");
        return work;
    }

    private String shown(String base, String head) throws Exception {
        return shown(base, head, bare.toString());
    }

    private String shown(String base, String head, String url) throws Exception {
        LocalBuild build = LocalBuild.in(folder.resolve("build"));
        return new String(
                ChangeInQuestion.of(
                                new ChangeInQuestion.Wanted(base, head, url, null, null),
                                Map.of(),
                                build.folder(),
                                build)
                        .masked(),
                StandardCharsets.UTF_8);
    }

    @Test
    void aBuildCannotHideItsChangeByMovingTheBaseInItsWorkspace() throws Exception {
        Path work = work();
        for (String ref : List.of("refs/remotes/origin/main", "refs/heads/main", "refs/tags/main")) {
            GiteeService.git(work, "update-ref", ref, "HEAD");
        }
        Files.writeString(work.resolve("nice.js"), "nice()\n");
        GiteeService.git(work, "add", "--all");
        GiteeService.git(work, "commit", "--quiet", "-m", "nice");

        // Where no server can be asked, a name means nothing.
        assertThatThrownBy(() -> shown("main", null, null))
                .isInstanceOf(AbortException.class)
                .hasMessageContaining("url");
        assertThat(shown("main", GiteeService.output(work, "rev-parse", "HEAD")))
                .contains("+nice()", "+evil()");
        assertThat(shown("main", null)).contains("+nice()", "+evil()");
        assertThat(shown("main", "feature/req-7"))
                .as("the server's branch")
                .doesNotContain("+nice()")
                .contains("+evil()");
    }

    @Test
    void aBuildCannotHideItsChangeByCallingCommitsTheEndOfAShallowHistory() throws Exception {
        Path work = work();
        GiteeService.git(work, "checkout", "--quiet", "main");
        Files.writeString(work.resolve("app.js"), "App({ safe: 1 })\n");
        GiteeService.git(work, "commit", "--quiet", "--all", "-m", "safe");
        GiteeService.git(work, "push", "--quiet", "origin", "main");
        String old = GiteeService.output(work, "rev-parse", "main~1");
        GiteeService.git(work, "checkout", "--quiet", "feature/req-7");
        GiteeService.git(work, "merge", "--quiet", "main", "-m", "merge");
        // The revert is seen only if the base is the commit that was merged, not the one before it.
        GiteeService.git(work, "checkout", "--quiet", old, "--", "app.js");
        GiteeService.git(work, "commit", "--quiet", "--all", "-m", "unsafe again");
        GiteeService.git(work, "push", "--quiet", "origin", "feature/req-7");
        Files.writeString(work.resolve(".git/shallow"), GiteeService.output(work, "rev-parse", "main") + "\n");

        assertThat(shown("main", "feature/req-7")).contains("-App({ safe: 1 })", "+evil()");
    }

    @Test
    void aBuildCannotShowOtherContentThanTheCommitHas() throws Exception {
        Path work = work();
        Path harmless = Files.writeString(folder.resolve("harmless"), "nice()\n");
        String nice = GiteeService.output(work, "hash-object", "-w", harmless.toString());
        replace(work, GiteeService.output(work, "rev-parse", "HEAD:pay.js"), nice);

        for (String head : new String[] {"feature/req-7", null}) {
            assertThatThrownBy(() -> shown("main", head))
                    .isInstanceOf(AbortException.class)
                    .hasMessageContaining("not what their names say");
        }
    }

    @Test
    void aBuildCannotShowAnotherTreeOrAnotherHistoryThanTheCommitHas() throws Exception {
        Path work = work();
        String head = GiteeService.output(work, "rev-parse", "HEAD");
        replace(
                work,
                GiteeService.output(work, "rev-parse", "HEAD^{tree}"),
                GiteeService.output(work, "rev-parse", "main^{tree}"));
        assertThatThrownBy(() -> shown("main", head)).isInstanceOf(AbortException.class);

        Path other = work.resolveSibling("other");
        Files.move(work, other);
        Files.move(bare, folder.resolve("old.git"));
        Path again = work();
        String top = GiteeService.output(again, "rev-parse", "HEAD");
        Files.writeString(again.resolve("more.js"), "more()\n");
        GiteeService.git(again, "add", "--all");
        GiteeService.git(again, "commit", "--quiet", "-m", "more");
        GiteeService.git(again, "push", "--quiet", "origin", "feature/req-7");
        // The parent says that it is the root, so that nothing is in common, or that its parent is another.
        replace(again, top, GiteeService.output(again, "rev-parse", "main"));
        assertThatThrownBy(() -> shown("main", "feature/req-7")).isInstanceOf(AbortException.class);
    }

    /** Overwrites a loose object with another's file. */
    private static void replace(Path work, String id, String by) throws Exception {
        Path objects = work.resolve(".git/objects");
        Path file = objects.resolve(id.substring(0, 2)).resolve(id.substring(2));
        Files.delete(file);
        Files.copy(objects.resolve(by.substring(0, 2)).resolve(by.substring(2)), file);
    }
}
