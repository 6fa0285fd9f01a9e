package io.jenkins.plugins.minibuild.miniprogram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hudson.AbortException;
import hudson.EnvVars;
import io.jenkins.plugins.minibuild.checkout.ScmCheckout;
import io.jenkins.plugins.minibuild.miniprogram.profile.FreeDisk;
import io.jenkins.plugins.minibuild.miniprogram.profile.ProfileConfiguration;
import io.jenkins.plugins.minibuild.pipeline.LocalPipeline;
import io.jenkins.plugins.minibuild.standin.GiteeService;
import io.jenkins.plugins.minibuild.standin.WeChatService;
import io.jenkins.plugins.minibuild.step.LocalBuild;
import io.jenkins.plugins.minibuild.step.ProgressTrack;
import io.jenkins.plugins.minibuild.step.SourceCommit;
import io.jenkins.plugins.minibuild.step.TimeLimit;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A profile and one line, with the real miniprogram-ci and git. */
class ProfileBuildTest {

    private static final Path EXAMPLE = Path.of("docs/examples/native-miniprogram");

    @TempDir
    private Path root;

    private Fixture fixture;
    private GiteeService gitee;
    private Path repository;

    @BeforeEach
    void start() throws Exception {
        fixture = new Fixture(root);
        gitee = GiteeService.start(Files.createDirectories(root.resolve("gitee")));
        gitee.addToken("token-of-the-shop", "demo", "projects");
        repository = gitee.createRepository("demo", "shop", true);
        GiteeService.commit(repository, EXAMPLE, "main", "feat: the tea list");
        fixture.build.with(Fixture.secret("gitee-token", "token-of-the-shop")).with(gitee.known());
    }

    @AfterEach
    void stop() {
        fixture.close();
        gitee.close();
    }

    private ProfileConfiguration shop() {
        ProfileConfiguration shop = new ProfileConfiguration("shop", Fixture.APP);
        shop.setPrivateKeyCredentialsId(Fixture.KEY_ID);
        shop.setAppType("native");
        shop.setGitUrl(gitee.gitUrl("demo", "shop"));
        shop.setGitCredentialsId("gitee-token");
        shop.setUseProjectConfig(true);
        return shop;
    }

    /** Without a repository: the workspace of the fixture holds the project. Steps may choose everything. */
    private ProfileConfiguration local() {
        ProfileConfiguration shop = shop();
        shop.setGitUrl(null);
        shop.setAllowedOverrides("*");
        return shop;
    }

    private void emptyWorkspace() throws Exception {
        fixture.build.workspace().deleteContents();
    }

    private LocalBuild next(LocalBuild build) throws Exception {
        LocalBuild next = build.next();
        build.environment().forEach(next::env);
        return next.env("BUILD_NUMBER", "2");
    }

    private static UploadResult upload(LocalBuild build, MiniprogramUploadStep step) throws Exception {
        step.setApp("shop");
        return step.task().run(build);
    }

    @Test
    void theExampleOfTheDocumentationShipsWithOneLineAStep() throws Exception {
        ProfileConfiguration shop = shop();
        shop.setRobotRules("main=7");
        shop.setMainBudget(1);
        fixture.build.with(shop);
        fixture.build.env("BUILD_NUMBER", "1");
        emptyWorkspace();

        boolean succeeded =
                new LocalPipeline(fixture.build).run(Files.readString(Path.of("docs/examples/profile/Jenkinsfile")));

        assertThat(succeeded).as(fixture.build.log()).isTrue();
        WeChatService.Upload first = fixture.wechat.uploads().get(0);
        String commit = GiteeService.output(repository, "rev-parse", "main").strip();
        assertThat(first.version()).isEqualTo("1.0.0");
        assertThat(first.robot()).isEqualTo("7");
        assertThat(first.desc()).isEqualTo("main " + commit.substring(0, 7) + " feat: the tea list #1");
        assertThat(fixture.build.log())
                .containsSubsequence(
                        "[1/6] preflight",
                        "GB free",
                        "[1/6] preflight: ",
                        "[2/6] checkout: ",
                        "[3/6] install",
                        "no package.json",
                        "[4/6] build: ",
                        "[5/6] upload: ",
                        "WARNING: over its budget: main package",
                        "[6/6] finish: ",
                        "[2/6] checkout",
                        "The workspace holds the repository at " + commit + " already",
                        "[5/6] preview: ",
                        "Uploaded 1.0.0 of " + commit);
        assertThat(fixture.build.tracks().values()).hasSize(2).allSatisfy(track -> {
            assertThat(track.percent()).isEqualTo(100);
            assertThat(track.phases()).hasSize(6).allSatisfy(phase -> assertThat(phase.state())
                    .isIn(ProgressTrack.State.DONE, ProgressTrack.State.SKIPPED));
        });

        // The next build of the job, in the same workspace, fetches what is new.
        Fixture.copy(EXAMPLE, root.resolve("more"));
        Files.writeString(root.resolve("more/README.md"), "new");
        GiteeService.commit(repository, root.resolve("more"), "main", "docs: more");
        LocalBuild second = next(fixture.build);
        UploadResult result = upload(second, new MiniprogramUploadStep());
        assertThat(result.version()).isEqualTo("1.0.1");
        assertThat(result.desc()).contains("docs: more #2");
        assertThat(result.toMap()).containsEntry("message", "docs: more").containsEntry("branch", "main");
    }

    @Test
    void whatAnEarlierBuildCheckedOutIsCheckedOutAgainAlthoughGitTouchedItJustNow() throws Exception {
        fixture.build.with(shop());
        emptyWorkspace();
        upload(fixture.build, new MiniprogramUploadStep());
        Fixture.copy(EXAMPLE, root.resolve("more"));
        Files.writeString(root.resolve("more/README.md"), "new");
        String newest = GiteeService.commit(repository, root.resolve("more"), "main", "docs: more");
        LocalBuild second = next(fixture.build);
        // A prompt, an editor or a script does that. If a file was touched, git writes its index anew.
        GiteeService.output(fixture.workspace, "update-index", "--force-write-index");

        assertThat(upload(second, new MiniprogramUploadStep()).toMap()).containsEntry("commit", newest);
        assertThat(second.log()).contains("The checkout in the workspace is not by this build");
    }

    @Test
    void aBuildThatAPushStartedShipsThePushedCommitAndNotTheBranchOfTheProfile() throws Exception {
        ProfileConfiguration shop = shop();
        shop.setBranch("main");
        fixture.build.with(shop);
        Fixture.copy(EXAMPLE, root.resolve("more"));
        Files.writeString(root.resolve("more/README.md"), "new");
        String pushed = GiteeService.commit(repository, root.resolve("more"), "feature/y", "feat: y");
        emptyWorkspace();
        String url = gitee.gitUrl("demo", "shop");
        ScmCheckout.in(fixture.build, repository, url);
        fixture.build.about(new SourceCommit(List.of(url), "refs/heads/feature/y", pushed));

        UploadResult result = upload(fixture.build, new MiniprogramUploadStep());

        assertThat(result.toMap()).containsEntry("commit", pushed).containsEntry("branch", "feature/y");
        assertThat(fixture.build.log()).contains("names " + pushed, "instead of the profile's branch main");
    }

    @Test
    void whatJenkinsOwnCheckoutPutThereIsTaken() throws Exception {
        fixture.build.with(shop());
        emptyWorkspace();
        ScmCheckout.in(fixture.build, repository, gitee.gitUrl("demo", "shop"));

        upload(fixture.build, new MiniprogramUploadStep());

        assertThat(fixture.build.log()).contains("The workspace holds the repository at ");
    }

    @Test
    void whatTheStepMayChooseComesBeforeTheProfile() throws Exception {
        ProfileConfiguration shop = local();
        shop.setInstallCommand("echo installed > installed");
        shop.setBuildCommand("exit 3");
        shop.setDesc("of the profile");
        shop.setRobot(3);
        fixture.build.with(shop);
        MiniprogramUploadStep step = new MiniprogramUploadStep();
        step.setVersion("5.0.0");
        step.setRobot(1);
        step.setDesc("of the step");
        step.setBuildCommand("echo built > built");

        UploadResult result = upload(fixture.build, step);

        assertThat(result.version()).isEqualTo("5.0.0");
        assertThat(result.robot()).isEqualTo(1);
        assertThat(result.desc()).isEqualTo("of the step");
        assertThat(fixture.workspace.resolve("built")).exists();
        assertThat(fixture.workspace.resolve("installed")).exists();
        MiniprogramUploadStep without = new MiniprogramUploadStep();
        without.setInstall(false);
        without.setBuildCommand("true");
        assertThat(upload(next(fixture.build), without).version()).isEqualTo("5.0.1");
    }

    @Test
    void aNativeStepOfAUniAppProfileIsNotBuiltByTheCommandOfUniApp() throws Exception {
        ProfileConfiguration shop = local();
        shop.setAppType("uniapp");
        fixture.build.with(shop);
        assertThatThrownBy(() -> upload(fixture.build, new MiniprogramUploadStep()))
                .as("the example has no such script")
                .hasMessageContaining("build:mp-weixin");
        MiniprogramUploadStep step = new MiniprogramUploadStep();
        step.setAppType("native");

        assertThat(upload(next(fixture.build), step).version()).isEqualTo("1.0.0");
    }

    @Test
    void thePreviewOfAProfileHasItsFormatAndSizeUnlessTheStepSaysOtherwise() throws Exception {
        ProfileConfiguration shop = local();
        shop.setQrcodeFormat("base64");
        shop.setQrcodeSize(300);
        fixture.build.with(shop);
        MiniprogramPreviewStep step = new MiniprogramPreviewStep();
        step.setApp("shop");

        PreviewResult result = step.task().run(fixture.build);

        assertThat(result.toMap()).containsKey("qrcodeBase64");
        assertThat(ImageIO.read(new ByteArrayInputStream(result.qrCode().jpeg()))
                        .getWidth())
                .isEqualTo(300);
        step.setQrcodeFormat("image");
        step.setQrcodeSize(150);
        PreviewResult other = step.task().run(next(fixture.build));
        assertThat(other.toMap()).doesNotContainKey("qrcodeBase64");
        assertThat(ImageIO.read(new ByteArrayInputStream(other.qrCode().jpeg())).getWidth())
                .isEqualTo(150);
    }

    @Test
    void whoSaysThatNothingIsInstalledMeansTheCommandOfTheProfileToo() throws Exception {
        ProfileConfiguration shop = local();
        shop.setInstallCommand("exit 7");
        fixture.build.with(shop);
        MiniprogramUploadStep step = new MiniprogramUploadStep();
        step.setInstall(false);

        assertThat(upload(fixture.build, step).version()).isEqualTo("1.0.0");
        assertThat(fixture.build.log()).contains("[3/6] install: ");
    }

    @Test
    void aDisabledOrUnknownProfileRefusesToRun() {
        ProfileConfiguration shop = local();
        shop.setEnabled(false);
        assertThatThrownBy(() -> upload(fixture.build, new MiniprogramUploadStep()))
                .isInstanceOf(AbortException.class)
                .hasMessageContaining("no mini program with the name \"shop\"");
        fixture.build.with(shop);
        assertThatThrownBy(() -> upload(fixture.build, new MiniprogramUploadStep()))
                .isInstanceOf(AbortException.class)
                .hasMessageContaining("\"shop\" is disabled");
        assertThat(fixture.wechat.calls()).isEmpty();
    }

    @Test
    void theDoctorOnlyLooks() throws Exception {
        fixture.build.with(local());
        MiniprogramUploadStep step = new MiniprogramUploadStep();
        step.setDoctor(true);
        step.setBuildCommand("echo built > built");

        UploadResult result = upload(fixture.build, step);

        assertThat(result.isDoctor()).isTrue();
        assertThat(result.toMap())
                .containsEntry("doctor", true)
                .containsKeys("node", "npm", "git", "freeDisk")
                .doesNotContainKey("version");
        assertThat(fixture.workspace.resolve("built")).doesNotExist();
        assertThat(fixture.wechat.calls()).isEmpty();
        Files.writeString(fixture.workspace.resolve("project.config.json"), "{\"appid\": \"wxfedcba9876543210\"}");
        assertThatThrownBy(() -> upload(fixture.build, step)).hasMessageContaining("wxfedcba9876543210");
    }

    @Test
    void aFullDiskEndsTheBuildBeforeAnythingIsDone() {
        fixture.build.with(local());
        fixture.build.with(new FreeDisk(9999));

        assertThatThrownBy(() -> upload(fixture.build, new MiniprogramUploadStep()))
                .isInstanceOf(AbortException.class)
                .hasMessageContaining("builds need 9999.0 GB");
        assertThat(fixture.wechat.calls()).isEmpty();
    }

    @Test
    void aBrokenNetworkIsTriedOnceMoreBeforeThePackageIsSent() throws Exception {
        fixture.build.with(local());
        fixture.wechat.failNext(WeChatService.RANDOM_STRING, WeChatService.Fault.cut());

        assertThat(upload(fixture.build, new MiniprogramUploadStep()).version()).isEqualTo("1.0.0");

        assertThat(fixture.build.log()).contains("trying once more");
        assertThat(fixture.wechat.uploads()).hasSize(1);
    }

    @Test
    void whatTheServiceMayHaveAcceptedIsNeitherSentAgainNorItsVersionReused() throws Exception {
        fixture.build.with(local());
        fixture.wechat.fail(WeChatService.UPLOAD, WeChatService.Fault.cut());

        assertThatThrownBy(() -> upload(fixture.build, new MiniprogramUploadStep()))
                .hasMessageContaining("may have accepted version 1.0.0");

        assertThat(fixture.build.log()).doesNotContain("trying once more");
        fixture.wechat.recover();
        assertThat(upload(next(fixture.build), new MiniprogramUploadStep()).version())
                .isEqualTo("1.0.1");
    }

    @Test
    void aRefusalBeforeThePackageIsSentCostsNoVersion() throws Exception {
        fixture.build.with(local());
        fixture.wechat.failNext(WeChatService.RANDOM_STRING, WeChatService.Fault.error(-10008, "invalid ip: 1.2.3.4"));

        assertThatThrownBy(() -> upload(fixture.build, new MiniprogramUploadStep()))
                .hasMessageContaining("1.2.3.4");

        assertThat(upload(next(fixture.build), new MiniprogramUploadStep()).version())
                .isEqualTo("1.0.0");
    }

    @Test
    void buildsAtOnceNeverGetTheSameVersionAndThoseOfOneRobotGoOneAfterTheOther() throws Exception {
        fixture.build.with(local());
        fixture.wechat.fail(WeChatService.UPLOAD, WeChatService.Fault.slow(Duration.ofSeconds(2)));
        ExecutorService executors = Executors.newFixedThreadPool(4);
        List<LocalBuild> builds = new ArrayList<>();
        List<Future<UploadResult>> results = new ArrayList<>();
        for (int robot : new int[] {1, 1, 2, 2}) {
            LocalBuild build = (builds.isEmpty() ? fixture.build : builds.get(builds.size() - 1)).beside();
            fixture.build.environment().forEach(build::env);
            Fixture.copy(EXAMPLE, Path.of(build.workspace().getRemote()));
            builds.add(build);
            MiniprogramUploadStep step = new MiniprogramUploadStep();
            step.setRobot(robot);
            results.add(executors.submit(() -> upload(build, step)));
        }
        Set<String> versions = new TreeSet<>();
        for (Future<UploadResult> result : results) {
            versions.add(result.get(3, TimeUnit.MINUTES).version());
        }
        executors.shutdown();

        assertThat(versions).containsExactly("1.0.0", "1.0.1", "1.0.2", "1.0.3");
        assertThat(fixture.wechat.uploads())
                .extracting(WeChatService.Upload::version)
                .containsExactlyInAnyOrderElementsOf(versions);
        assertThat(fixture.wechat.atOnce(Fixture.APP, 1)).isEqualTo(1);
        assertThat(fixture.wechat.atOnce(Fixture.APP, 2)).isEqualTo(1);
    }

    /** The limit of the slot follows the step's time, so it has to be known before the step runs. */
    @Test
    void theTimeOfAStepIsItsOwnOrThatOfItsProfile() {
        MiniprogramUploadStep step = new MiniprogramUploadStep();
        step.setApp("shop");
        ProfileConfiguration shop = shop();
        assertThat(step.timeLimit(List.of(shop))).isEqualTo(new TimeLimit(Duration.ofMinutes(30), false));
        shop.setBuildTimeout(45);
        assertThat(step.timeLimit(List.of(shop))).isEqualTo(new TimeLimit(Duration.ofMinutes(45), true));
        step.setTimeoutMinutes(90.0);
        assertThat(step.timeLimit(List.of(shop))).isEqualTo(new TimeLimit(Duration.ofMinutes(90), true));
        assertThat(step.timeLimit(List.of())).as("no such profile").isNull();
    }

    @Test
    void theRobotOfAnUploadIsKnownBeforeTheBuildBeginsWhereTheBranchIsKnown() {
        MiniprogramUploadStep step = new MiniprogramUploadStep();
        step.setApp("shop");
        ProfileConfiguration shop = shop();
        shop.setRobot(4);
        EnvVars nothing = new EnvVars();
        assertThat(step.resources(List.of(shop), nothing)).containsExactly("robot " + Fixture.APP + "#4");

        shop.setRobotRules("release/*=7");
        assertThat(step.resources(List.of(shop), nothing))
                .as("the default branch of the remote is not known yet")
                .isEmpty();
        shop.setBranch("release/2");
        assertThat(step.resources(List.of(shop), nothing)).containsExactly("robot " + Fixture.APP + "#7");
        step.setBranch("main");
        assertThat(step.resources(List.of(shop), nothing)).containsExactly("robot " + Fixture.APP + "#4");
        step.setRobot(9);
        assertThat(step.resources(List.of(shop), nothing)).containsExactly("robot " + Fixture.APP + "#9");
        step.setDoctor(true);
        assertThat(step.resources(List.of(shop), nothing)).isEmpty();
    }

    @Test
    void theBranchThatJenkinsCheckedOutTellsTheRobot() {
        MiniprogramUploadStep step = new MiniprogramUploadStep();
        step.setApp("shop");
        ProfileConfiguration shop = local();
        shop.setRobotRules("release/*=7");
        EnvVars multibranch = new EnvVars("BRANCH_NAME", "release/3");
        assertThat(step.resources(List.of(shop), multibranch)).containsExactly("robot " + Fixture.APP + "#7");
        assertThat(step.resources(List.of(shop), new EnvVars())).isEmpty();
    }

    /** The step itself says what is wrong when it runs. */
    @Test
    void aStepThatCannotRunAsksForNoRobot() {
        MiniprogramUploadStep step = new MiniprogramUploadStep();
        step.setApp("unknown");
        assertThat(step.resources(List.of(shop()), new EnvVars())).isEmpty();
        assertThat(new MiniprogramUploadStep("$APP", Fixture.KEY_ID, "1.0.0").resources(List.of(), new EnvVars()))
                .isEmpty();
    }
}
