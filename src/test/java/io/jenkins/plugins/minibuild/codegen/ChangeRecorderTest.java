package io.jenkins.plugins.minibuild.codegen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.cloudbees.plugins.credentials.CredentialsScope;
import hudson.AbortException;
import hudson.util.Secret;
import io.jenkins.plugins.minibuild.access.Policy;
import io.jenkins.plugins.minibuild.checkout.GitCheckout;
import io.jenkins.plugins.minibuild.checkout.GitRemote;
import io.jenkins.plugins.minibuild.diff.ChangedFile;
import io.jenkins.plugins.minibuild.files.Glob;
import io.jenkins.plugins.minibuild.standin.GiteeService;
import io.jenkins.plugins.minibuild.step.LocalBuild;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jenkinsci.plugins.plaincredentials.impl.StringCredentialsImpl;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real git; a service whose repository checks what it is sent. */
class ChangeRecorderTest {
    private static final String TOKEN = "f3c1a9b8e7d6f5c4b3a2918070605040";

    @TempDir
    Path temp;

    private GiteeService gitee;
    private Path shop;
    private LocalBuild build;
    private GitRemote remote;
    private Path work;
    private String base;
    private List<String> shallow;

    @BeforeEach
    void checkOut() throws Exception {
        gitee = GiteeService.start(temp.resolve("gitee"));
        gitee.addToken(TOKEN, "acme", "projects");
        shop = gitee.createRepository("acme", "shop", true);
        Path files = Files.createDirectories(temp.resolve("files/src"));
        Files.writeString(files.resolve("a.js"), "one\ntwo\n");
        Files.writeString(files.resolve("b.js"), "b\n");
        Files.writeString(files.resolveSibling(".gitignore"), "node_modules/\n");
        GiteeService.commit(shop, files.getParent(), "main", "First");
        Files.writeString(files.resolve("c.js"), "c\n");
        base = GiteeService.commit(shop, files.getParent(), "main", "Second");
        build = LocalBuild.in(temp.resolve("jenkins"))
                .with((Object) gitee.known())
                .with(new StringCredentialsImpl(CredentialsScope.GLOBAL, "bot", "", Secret.fromString(TOKEN)));
        String url = gitee.gitUrl("acme", "shop");
        GitCheckout.of(url).credentialsId("bot").build().run(build);
        remote = GitRemote.of(build, url, "bot");
        work = build.root().resolve("workspace");
        shallow = ChangeRecorder.shallow(build.workspace());
    }

    @AfterEach
    void stop() {
        gitee.close();
    }

    private ChangeRecorder recorder() {
        return new ChangeRecorder(build, remote, build.workspace(), build.temp().child("codegen"), base);
    }

    private static Map<String, String> byStatus(List<ChangedFile> files) {
        return files.stream()
                .collect(Collectors.toMap(
                        ChangedFile::path, file -> file.status() + " +" + file.additions() + " -" + file.deletions()));
    }

    @Test
    void everythingThatChangedIsRecordedAndPushed() throws Exception {
        Files.writeString(work.resolve("src/a.js"), "one\nTWO\nthree\n");
        Files.delete(work.resolve("src/b.js"));
        Files.createDirectories(work.resolve("登录"));
        Files.writeString(work.resolve("登录/a \"b\"\t.js"), "x\n");
        Files.write(work.resolve("logo.png"), new byte[] {1, 0, 2});
        Files.createDirectories(work.resolve("node_modules/x"));
        Files.writeString(work.resolve("node_modules/x/index.js"), "ignored\n");

        ChangeRecorder recorder = recorder();
        assertThat(byStatus(recorder.record(shallow)))
                .isEqualTo(Map.of(
                        "src/a.js", "modified +2 -1",
                        "src/b.js", "deleted +0 -1",
                        "登录/a \"b\"\t.js", "added +1 -0",
                        "logo.png", "added +-1 --1"));
        String commit =
                recorder.commit("feat: login\n\nby 电话", new CodegenRequest.Author("Mini Build", "bot@example.org"));
        recorder.push(commit, "feature/req-1");

        assertThat(GiteeService.output(shop, "log", "--format=%s|%an|%cn|%P", "feature/req-1", "-1"))
                .isEqualTo("feat: login|Mini Build|Mini Build|" + base);
        assertThat(GiteeService.output(shop, "show", "feature/req-1:src/a.js")).isEqualTo("one\nTWO\nthree");
        assertThat(GiteeService.output(shop, "ls-tree", "-r", "--name-only", "feature/req-1"))
                .doesNotContain("node_modules", "b.js");
        assertThat(remote.branches(build.temp()))
                .containsEntry("feature/req-1", commit)
                .containsKey("main");
        assertThat(remote.defaultBranch(build.temp())).isEqualTo("main");
        assertThat(build.log()).doesNotContain(TOKEN);
    }

    @Test
    void thePatchAppliesToTheBase() throws Exception {
        Files.writeString(work.resolve("src/a.js"), "other\n");
        Files.write(work.resolve("logo.png"), new byte[] {1, 0, 2});
        ChangeRecorder recorder = recorder();
        recorder.record(shallow);
        Path patch = Path.of(recorder.writePatch(java.util.Set.of()).getRemote());

        Path clone = temp.resolve("clone");
        GiteeService.output(temp, "clone", "--quiet", shop.toString(), clone.toString());
        GiteeService.output(clone, "apply", "--index", patch.toString());
        assertThat(clone.resolve("src/a.js")).hasContent("other\n");
        assertThat(clone.resolve("logo.png")).hasBinaryContent(new byte[] {1, 0, 2});
    }

    @Test
    void nothingOfTheWorkTreesOwnGitIsBelieved() throws Exception {
        Path canary = temp.resolve("canary");
        Path script = temp.resolve("evil.sh");
        Files.writeString(script, "#!/bin/sh\necho \"$0 $*\" >> " + canary + "\ncat\n");
        assertThat(script.toFile().setExecutable(true)).isTrue();
        Files.writeString(work.resolve(".git/config"), """
                [core]
                  fsmonitor = %1$s
                  sshCommand = %1$s
                  hooksPath = %2$s
                  worktree = /etc
                [filter "evil"]
                  clean = %1$s
                  process = %1$s
                [diff "evil"]
                  command = %1$s
                  textconv = %1$s
                [credential]
                  helper = %1$s
                [url "http://127.0.0.1:1/"]
                  insteadOf = %3$s
                [alias]
                  push = !%1$s
                [gpg]
                  program = %1$s
                [commit]
                  gpgSign = true
                """.formatted(script, temp, gitee.url()));
        Files.writeString(work.resolve(".gitattributes"), "* filter=evil diff=evil\n");
        for (String hook : List.of("pre-push", "pre-commit", "post-index-change", "reference-transaction")) {
            Files.copy(script, temp.resolve(hook));
        }
        Files.writeString(work.resolve("src/a.js"), "changed\n");

        ChangeRecorder recorder = recorder();
        assertThat(recorder.record(shallow)).hasSize(2);
        recorder.secrets(new SecretScanner(build.redactor()));
        recorder.push(recorder.commit("x", new CodegenRequest.Author("M", "m@example.org")), "feature/x");

        assertThat(canary).doesNotExist();
        assertThat(GiteeService.output(shop, "show", "feature/x:src/a.js")).isEqualTo("changed");
    }

    @Test
    void linksSubmodulesAndSecretsAreSeenForWhatTheyAre() throws Exception {
        Files.createSymbolicLink(work.resolve("passwords"), Path.of("/etc/passwd"));
        Files.createSymbolicLink(work.resolve("src/up"), Path.of("../README.md"));
        Path inner = Files.createDirectories(work.resolve("inner"));
        GiteeService.output(inner, "init", "--quiet");
        Files.writeString(inner.resolve("f"), "f");
        GiteeService.output(inner, "add", "f");
        GiteeService.output(inner, "-c", "user.name=x", "-c", "user.email=x@y", "commit", "-qm", "x");
        Files.writeString(work.resolve("src/a.js"), "one\ntwo\n+++ not a header\nkey = '" + TOKEN + "'\n");
        Files.writeString(work.resolve("src/new.js"), "@@ -1 +77 @@\n" + "gh" + "p_" + "a1B2".repeat(10) + "\n");

        ChangeRecorder recorder = recorder();
        List<ChangedFile> files = recorder.record(shallow);
        Map<String, String> links = recorder.links(files);
        assertThat(links).isEqualTo(Map.of("passwords", "/etc/passwd", "src/up", "../README.md"));
        Map<String, String> secrets = recorder.secrets(new SecretScanner(build.redactor()));
        assertThat(secrets).isEqualTo(Map.of("src/a.js:4", "secret of this build", "src/new.js:2", "GitHub token"));
        assertThat(new ChangeGuard(Glob.paths(""), Glob.paths(""), Policy.DEFAULT.code(), List.of())
                        .objections(files, links, secrets, Set.of()))
                .anySatisfy(line -> assertThat(line).contains("inner").contains("submodule"))
                .anySatisfy(line -> assertThat(line).contains("passwords").contains("/etc/passwd"))
                .hasSize(4);
    }

    @Test
    void nothingInAFileHidesASecretFromTheScanner() throws Exception {
        String token = "gh" + "p_" + "a1B2".repeat(10);
        String[] contents = {
            "x\rdiff --git a b\n" + token + "\n",
            "x\r" + token + "\n",
            "x\r@@ -1 +77 @@\n+++ y\n" + token + "\n",
            "x\u2028\n\u0085" + token + "\n",
            "x\0\n" + token + "\n",
            "x".repeat(30_000) + " " + token + "\n",
            "x".repeat((1 << 20) - 10) + " " + token + "\n",
            "\\ No newline at end of file\n" + token,
        };
        for (int i = 0; i < contents.length; i++) {
            Files.writeString(work.resolve("src/new" + i + ".js"), contents[i]);
        }
        // A separator in the heading of a hunk.
        StringBuilder base = new StringBuilder("const a = '\u2028';\n");
        base.append("  1;\n".repeat(30));
        Files.writeString(work.resolve("src/a.js"), base);
        ChangeRecorder before = recorder();
        before.record(shallow);
        this.base = before.commit("x", new CodegenRequest.Author("M", "m@example.org"));
        before.push(this.base, "feature/x");
        GiteeService.output(work, "fetch", "--quiet", shop.toString(), "feature/x");
        Files.writeString(work.resolve("src/a.js"), base + token + "\n");

        ChangeRecorder first = new ChangeRecorder(
                build,
                remote,
                build.workspace(),
                build.temp().child("first"),
                GiteeService.output(work, "rev-parse", "HEAD"));
        first.record(shallow);
        assertThat(first.secrets(new SecretScanner(build.redactor())).keySet())
                .extracting(place -> place.replaceFirst(":\\d+$", ""))
                .contains("src/new0.js", "src/new1.js", "src/new2.js", "src/new3.js", "src/new4.js", "src/new5.js")
                .contains("src/new6.js", "src/new7.js");
        ChangeRecorder second = recorder();
        second.record(shallow);
        assertThat(second.secrets(new SecretScanner(build.redactor()))).containsOnlyKeys("src/a.js:32");
    }

    @Test
    void somebodyElsesCommitsAreNeverOverwritten() throws Exception {
        Files.writeString(work.resolve("src/a.js"), "mine\n");
        ChangeRecorder recorder = recorder();
        recorder.record(shallow);
        String commit = recorder.commit("mine", new CodegenRequest.Author("M", "m@example.org"));
        Files.writeString(temp.resolve("files/src/a.js"), "theirs\n");
        String theirs = GiteeService.commit(shop, temp.resolve("files"), "feature/x", "theirs");

        assertThatThrownBy(() -> recorder.push(commit, "feature/x"))
                .isInstanceOf(AbortException.class)
                .hasMessageContaining("has got other commits meanwhile");
        assertThat(GiteeService.output(shop, "rev-parse", "feature/x")).isEqualTo(theirs);
    }

    @Test
    void aTokenThatMayNotPushIsNamed() throws Exception {
        gitee.addToken("reader-token-123456", "guest", "projects");
        gitee.createRepository("acme", "open", false);
        Path open = temp.resolve("gitee/acme/open.git");
        GiteeService.commit(open, temp.resolve("files"), "main", "First");
        build.with(new StringCredentialsImpl(
                CredentialsScope.GLOBAL, "guest", "", Secret.fromString("reader-token-123456")));
        GitRemote guest = GitRemote.of(build, gitee.gitUrl("acme", "open"), "guest");
        Function<String, String> rev = name -> {
            try {
                return GiteeService.output(open, "rev-parse", name);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        };
        assertThatThrownBy(() -> guest.push(new hudson.FilePath(open.toFile()), rev.apply("main"), "feature/x"))
                .isInstanceOf(AbortException.class)
                .hasMessageContaining("guest");
    }

    @Test
    void aPushThatBreaksOffIsTriedAgain() throws Exception {
        Files.writeString(work.resolve("src/a.js"), "mine\n");
        ChangeRecorder recorder = recorder();
        recorder.record(shallow);
        String commit = recorder.commit("mine", new CodegenRequest.Author("M", "m@example.org"));
        gitee.failRequests(1, 503);
        recorder.push(commit, "feature/x");
        assertThat(GiteeService.output(shop, "rev-parse", "feature/x")).isEqualTo(commit);
    }
}
