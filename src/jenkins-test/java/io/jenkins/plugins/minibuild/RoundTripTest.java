package io.jenkins.plugins.minibuild;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.ExtensionList;
import hudson.model.FreeStyleProject;
import hudson.tasks.Builder;
import io.jenkins.plugins.minibuild.analysis.AnalyzeRepositoryBuilder;
import io.jenkins.plugins.minibuild.analysis.AnalyzeRepositoryStep;
import io.jenkins.plugins.minibuild.approval.HumanReviewStep;
import io.jenkins.plugins.minibuild.checkout.GiteeCheckoutBuilder;
import io.jenkins.plugins.minibuild.checkout.GiteeCheckoutStep;
import io.jenkins.plugins.minibuild.codegen.ClaudeCodegenBuilder;
import io.jenkins.plugins.minibuild.codegen.ClaudeCodegenStep;
import io.jenkins.plugins.minibuild.codegen.RequirementConfiguration;
import io.jenkins.plugins.minibuild.limits.MiniBuildLimitsStep;
import io.jenkins.plugins.minibuild.limits.MiniBuildLimitsWrapper;
import io.jenkins.plugins.minibuild.limits.retention.ArtifactRetentionProperty;
import io.jenkins.plugins.minibuild.merge.CreateMergeRequestBuilder;
import io.jenkins.plugins.minibuild.merge.CreateMergeRequestStep;
import io.jenkins.plugins.minibuild.miniprogram.MiniprogramPreviewBuilder;
import io.jenkins.plugins.minibuild.miniprogram.MiniprogramPreviewStep;
import io.jenkins.plugins.minibuild.miniprogram.MiniprogramUploadBuilder;
import io.jenkins.plugins.minibuild.miniprogram.MiniprogramUploadStep;
import io.jenkins.plugins.minibuild.miniprogram.profile.MiniProgramJobConfiguration;
import io.jenkins.plugins.minibuild.miniprogram.profile.MiniProgramsConfiguration;
import io.jenkins.plugins.minibuild.miniprogram.profile.ProfileConfiguration;
import io.jenkins.plugins.minibuild.notify.MiniBuildNotifyPublisher;
import io.jenkins.plugins.minibuild.notify.MiniBuildNotifyStep;
import io.jenkins.plugins.minibuild.notify.NotifyConfiguration;
import io.jenkins.plugins.minibuild.notify.WeComChannelConfiguration;
import io.jenkins.plugins.minibuild.review.AiReviewBuilder;
import io.jenkins.plugins.minibuild.review.AiReviewStep;
import io.jenkins.plugins.minibuild.webhook.WebhookTrigger;
import java.util.List;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepConfigTester;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** What a form shows is what it gives back: Snippet Generator and freestyle. */
@WithJenkins
class RoundTripTest {
    private static final String APP = "wx0123456789abcdef";

    @Test
    void ofTheCheckoutStep(JenkinsRule jenkins) throws Exception {
        GiteeCheckoutStep step = new GiteeCheckoutStep("https://gitee.com/team/shop.git");
        jenkins.assertEqualDataBoundBeans(step, new StepConfigTester(jenkins).configRoundTrip(step));

        step.setBranch("release/1");
        step.setDepth(0);
        step.setMirror(false);
        jenkins.assertEqualDataBoundBeans(step, new StepConfigTester(jenkins).configRoundTrip(step));
    }

    @Test
    void ofTheUploadStep(JenkinsRule jenkins) throws Exception {
        MiniprogramUploadStep step = new MiniprogramUploadStep(APP, "", "1.0.0");
        step.setRobot(7);
        step.setAppType("uniapp");
        step.setNpm(true);
        step.setQuality(true);
        step.setSourceMap(true);
        jenkins.assertEqualDataBoundBeans(step, new StepConfigTester(jenkins).configRoundTrip(step));
    }

    @Test
    void ofThePreviewStep(JenkinsRule jenkins) throws Exception {
        MiniprogramPreviewStep step = new MiniprogramPreviewStep(APP, "");
        step.setPagePath("pages/index/index");
        step.setQrcodeFormat("base64");
        step.setQrcodeSize(300);
        jenkins.assertEqualDataBoundBeans(step, new StepConfigTester(jenkins).configRoundTrip(step));
    }

    @Test
    void ofAFreestyleJob(JenkinsRule jenkins) throws Exception {
        FreeStyleProject job = jenkins.createFreeStyleProject();
        job.getBuildersList().add(new GiteeCheckoutBuilder(new GiteeCheckoutStep("https://gitee.com/team/shop.git")));
        job.getBuildersList()
                .add(new MiniprogramUploadBuilder(new MiniprogramUploadStep(APP, "", "1.0.${BUILD_NUMBER}")));
        jenkins.configRoundtrip(job);

        assertThat(job.getBuildersList()
                        .get(GiteeCheckoutBuilder.class)
                        .getStep()
                        .getUrl())
                .isEqualTo("https://gitee.com/team/shop.git");
        assertThat(job.getBuildersList()
                        .get(MiniprogramUploadBuilder.class)
                        .getStep()
                        .getVersion())
                .isEqualTo("1.0.${BUILD_NUMBER}");
    }

    @Test
    void ofStepsThatNameAProfile(JenkinsRule jenkins) throws Exception {
        MiniprogramUploadStep upload = new MiniprogramUploadStep();
        upload.setApp("shop");
        jenkins.assertEqualDataBoundBeans(upload, new StepConfigTester(jenkins).configRoundTrip(upload));
        upload.setInstall(false);
        upload.setAutoVersion(true);
        upload.setRobot(1);
        upload.setDoctor(true);
        // Said although they are the defaults: the profile may differ.
        upload.setAppType("native");
        upload.setNpm(false);
        jenkins.assertEqualDataBoundBeans(upload, new StepConfigTester(jenkins).configRoundTrip(upload));

        MiniprogramPreviewStep preview = new MiniprogramPreviewStep();
        preview.setApp("shop");
        preview.setExpire(5);
        preview.setQrcodeFormat("image");
        preview.setQrcodeSize(200);
        jenkins.assertEqualDataBoundBeans(preview, new StepConfigTester(jenkins).configRoundTrip(preview));
    }

    @Test
    void ofTheAnalysisStep(JenkinsRule jenkins) throws Exception {
        AnalyzeRepositoryStep step = new AnalyzeRepositoryStep();
        jenkins.assertEqualDataBoundBeans(step, new StepConfigTester(jenkins).configRoundTrip(step));

        step.setDirectory("shop");
        step.setMaxTurns(7);
        step.setMaxBudgetUsd(0.5);
        step.setCache(false);
        step.setTrustRepository(true);
        jenkins.assertEqualDataBoundBeans(step, new StepConfigTester(jenkins).configRoundTrip(step));
    }

    /** A described step, fresh and with other values, comes back equal from the Snippet Generator. */
    private static void comesBack(JenkinsRule jenkins, Step step) throws Exception {
        jenkins.assertEqualDataBoundBeans(step, new StepConfigTester(jenkins).configRoundTrip(step));
    }

    @Test
    void ofTheCodegenStep(JenkinsRule jenkins) throws Exception {
        RequirementConfiguration requirement = new RequirementConfiguration();
        requirement.setTitle("A cart");
        comesBack(jenkins, new ClaudeCodegenStep(requirement));

        requirement.setDescription("Shows the sum.\nTwo lines.");
        requirement.setId("REQ-7");
        requirement.setLink("https://tracker.example.com/7");
        ClaudeCodegenStep step = new ClaudeCodegenStep(requirement);
        step.setBaseBranch("main");
        step.setBranch("feature/cart");
        step.setContext("Use TypeScript.");
        step.setAllowPaths("src/**");
        step.setDenyPaths("src/secret/**");
        step.setCheckCommand("npm test");
        step.setCheckRetries(1);
        step.setPush(false);
        step.setAuthor("Cart Bot <bot@example.com>");
        step.setAnalyze(true);
        step.setDirectory("shop");
        step.setMaxTurns(7);
        step.setMaxBudgetUsd(0.5);
        comesBack(jenkins, step);
    }

    @Test
    void ofTheReviewStep(JenkinsRule jenkins) throws Exception {
        comesBack(jenkins, new AiReviewStep());

        AiReviewStep step = new AiReviewStep();
        step.setBase("origin/main");
        step.setHead("HEAD");
        step.setPaths("src/**");
        step.setLanguage("zh");
        step.setMinScore(80);
        step.setFailOn("error");
        step.setIncremental(true);
        step.setMaxDiffKb(100);
        step.setTimeoutMinutes(5);
        comesBack(jenkins, step);
    }

    @Test
    void ofTheHumanReviewStep(JenkinsRule jenkins) throws Exception {
        comesBack(jenkins, new HumanReviewStep());

        HumanReviewStep step = new HumanReviewStep();
        step.setBase("main");
        step.setHead("feature/cart");
        step.setUrl("https://gitee.com/team/shop.git");
        step.setDirectory("shop");
        step.setReviewers("lin, wang");
        step.setMinApprovals(2);
        step.setTimeoutHours(3);
        step.setMessage("Please look at the cart.");
        step.setFourEyes(true);
        step.setRequester("chen");
        comesBack(jenkins, step);
    }

    @Test
    void ofTheMergeRequestStep(JenkinsRule jenkins) throws Exception {
        comesBack(jenkins, new CreateMergeRequestStep());

        CreateMergeRequestStep step = new CreateMergeRequestStep();
        step.setUrl("https://gitee.com/team/shop.git");
        step.setSource("feature/cart");
        step.setTarget("main");
        step.setTitle("A cart");
        step.setDescription("Shows the sum.");
        step.setLabels("feature,cart");
        step.setReviewers("lin");
        step.setDraft(true);
        step.setRemoveSourceBranch(true);
        step.setRequireApproval(true);
        comesBack(jenkins, step);
        step.setRequireApproval(false);
        comesBack(jenkins, step);
    }

    @Test
    void ofTheLimitsStepAndItsWrapper(JenkinsRule jenkins) throws Exception {
        comesBack(jenkins, new MiniBuildLimitsStep());

        MiniBuildLimitsStep step = new MiniBuildLimitsStep();
        step.setMaxConcurrent(2);
        step.setPriority("high");
        step.setQueueTimeoutMinutes(5.0);
        step.setTimeoutMinutes(30.0);
        step.setFreeDiskGigabytes(1.5);
        step.setLogMegabytes(20.0);
        step.setCpus(1.5);
        step.setNice(10);
        comesBack(jenkins, step);

        FreeStyleProject job = jenkins.createFreeStyleProject();
        job.getBuildWrappersList().add(new MiniBuildLimitsWrapper(step));
        jenkins.configRoundtrip(job);
        jenkins.assertEqualDataBoundBeans(
                step,
                job.getBuildWrappersList().get(MiniBuildLimitsWrapper.class).getStep());
    }

    @Test
    void ofTheRuleForArtifacts(JenkinsRule jenkins) throws Exception {
        ArtifactRetentionProperty rule = new ArtifactRetentionProperty();
        rule.setArtifactDays(30);
        rule.setArtifactGigabytes(2.5);
        FreeStyleProject job = jenkins.createFreeStyleProject();
        job.addProperty(rule);
        jenkins.configRoundtrip(job);
        jenkins.assertEqualDataBoundBeans(rule, job.getProperty(ArtifactRetentionProperty.class));
    }

    @Test
    void ofTheNotifyStepAndItsPublisher(JenkinsRule jenkins) throws Exception {
        // The name of a channel that is not there is refused.
        ExtensionList.lookupSingleton(NotifyConfiguration.class)
                .setChannels(List.of(new WeComChannelConfiguration("team", "robot")));
        comesBack(jenkins, new MiniBuildNotifyStep());

        MiniBuildNotifyStep step = new MiniBuildNotifyStep();
        step.setChannels("team");
        step.setBranches("main");
        step.setUsers("lin");
        step.setMention("wang");
        step.setFailOnError(true);
        comesBack(jenkins, step);

        FreeStyleProject job = jenkins.createFreeStyleProject();
        job.getPublishersList().add(new MiniBuildNotifyPublisher(step));
        jenkins.configRoundtrip(job);
        jenkins.assertEqualDataBoundBeans(
                step,
                job.getPublishersList().get(MiniBuildNotifyPublisher.class).getStep());
    }

    @Test
    void ofTheOtherBuildStepsOfAFreestyleJob(JenkinsRule jenkins) throws Exception {
        RequirementConfiguration requirement = new RequirementConfiguration();
        requirement.setTitle("A cart");
        List<Builder> builders = List.of(
                new MiniprogramPreviewBuilder(new MiniprogramPreviewStep(APP, "")),
                new AnalyzeRepositoryBuilder(new AnalyzeRepositoryStep()),
                new ClaudeCodegenBuilder(new ClaudeCodegenStep(requirement)),
                new AiReviewBuilder(new AiReviewStep()),
                new CreateMergeRequestBuilder(new CreateMergeRequestStep()));
        FreeStyleProject job = jenkins.createFreeStyleProject();
        job.getBuildersList().addAll(builders);
        jenkins.configRoundtrip(job);

        List<Builder> after = job.getBuildersList().toList();
        assertThat(after).hasSameSizeAs(builders);
        for (int i = 0; i < builders.size(); i++) {
            jenkins.assertEqualDataBoundBeans(builders.get(i), after.get(i));
        }
    }

    @Test
    void ofTheGlobalConfigurationAndOfAPrivateProfile(JenkinsRule jenkins) throws Exception {
        ProfileConfiguration shop = new ProfileConfiguration("shop", APP);
        shop.setPrivateKeyCredentialsId("miniprogram-key");
        shop.setAppType("native");
        shop.setMinify(true);
        shop.setRobotRules("main=2");
        MiniProgramsConfiguration.get().setProfiles(List.of(shop));
        jenkins.configRoundtrip();
        assertThat(MiniProgramsConfiguration.get().getProfiles())
                .singleElement()
                .extracting(ProfileConfiguration::toProfile)
                .isEqualTo(shop.toProfile());

        FreeStyleProject job = jenkins.createFreeStyleProject();
        job.addProperty(new MiniProgramJobConfiguration(shop));
        jenkins.configRoundtrip(job);
        assertThat(job.getProperty(MiniProgramJobConfiguration.class)
                        .getProfile()
                        .toProfile())
                .isEqualTo(shop.toProfile());
    }

    @Test
    void ofTheTrigger(JenkinsRule jenkins) throws Exception {
        WebhookTrigger trigger = new WebhookTrigger();
        trigger.setTag(false);
        trigger.setOpened(true);
        trigger.setSkipDrafts(false);
        trigger.setCancelSuperseded(true);
        trigger.setBranches("main, release/*");
        trigger.setExcludedPaths("docs/**");
        trigger.setLabels("build");
        trigger.setQuietPeriod(3);
        trigger.setRepository("https://gitee.com/team/shop.git");
        FreeStyleProject job = jenkins.createFreeStyleProject();
        job.addTrigger(trigger);
        jenkins.configRoundtrip(job);
        jenkins.assertEqualDataBoundBeans(trigger, job.getTrigger(WebhookTrigger.class));
    }
}
