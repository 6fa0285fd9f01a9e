package io.jenkins.plugins.minibuild;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.FreeStyleProject;
import io.jenkins.plugins.minibuild.analysis.AnalyzeRepositoryStep;
import io.jenkins.plugins.minibuild.checkout.GiteeCheckoutBuilder;
import io.jenkins.plugins.minibuild.checkout.GiteeCheckoutStep;
import io.jenkins.plugins.minibuild.miniprogram.MiniprogramPreviewStep;
import io.jenkins.plugins.minibuild.miniprogram.MiniprogramUploadBuilder;
import io.jenkins.plugins.minibuild.miniprogram.MiniprogramUploadStep;
import io.jenkins.plugins.minibuild.miniprogram.profile.MiniProgramJobConfiguration;
import io.jenkins.plugins.minibuild.miniprogram.profile.MiniProgramsConfiguration;
import io.jenkins.plugins.minibuild.miniprogram.profile.ProfileConfiguration;
import io.jenkins.plugins.minibuild.webhook.WebhookTrigger;
import java.util.List;
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
