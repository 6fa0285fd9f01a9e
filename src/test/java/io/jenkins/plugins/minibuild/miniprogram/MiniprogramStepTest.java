package io.jenkins.plugins.minibuild.miniprogram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hudson.AbortException;
import io.jenkins.plugins.minibuild.pipeline.LocalPipeline;
import io.jenkins.plugins.minibuild.step.BuildContext;
import io.jenkins.plugins.minibuild.step.LocalBuild;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MiniprogramStepTest {

    private static final String APP = "wx0123456789abcdef";

    @TempDir
    private Path root;

    @Test
    void aPipelineUploadsAndPreviewsAndUsesTheResults() throws Exception {
        try (Fixture fixture = new Fixture(root)) {
            LocalPipeline pipeline = new LocalPipeline(fixture.build);

            boolean succeeded = pipeline.run("""
                    node {
                        def up = miniprogramUpload appId: 'wx0123456789abcdef', privateKeyCredentialsId: 'miniprogram-key',
                            version: '3.1.4', robot: 5, setting: [es6: true]
                        echo "up ${up.version} ${up.robot} ${up.packages[0].name} ${up.size}"
                        def qr = miniprogramPreview appId: 'wx0123456789abcdef', privateKeyCredentialsId: 'miniprogram-key',
                            pagePath: 'pages/about/about', timeoutMinutes: 2
                        echo "scan ${qr.qrcode}"
                    }
                    """);

            assertThat(fixture.build.log())
                    .contains("up 3.1.4 5 __FULL__")
                    .contains("scan miniprogram/preview-wx0123456789abcdef-1.jpg");
            assertThat(succeeded).isTrue();
            assertThat(fixture.wechat.uploads()).hasSize(2);
        }
    }

    @Test
    void aFreshStepHasTheDefaultsThatTheSnippetGeneratorLeavesOut() {
        MiniprogramPreviewStep step = new MiniprogramPreviewStep(" " + APP + " ", "key");

        assertThat(step.getAppId()).isEqualTo(APP);
        assertThat(step.getType()).isEqualTo("miniProgram");
        assertThat(step.getRobot()).isNull();
        assertThat(step.getScene()).isNull();
        assertThat(step.getTimeoutMinutes()).isNull();
        assertThat(step.getSetting()).isNull();
        assertThat(step.getInstall()).isNull();
        assertThat(step.getDesc()).isNull();
        assertThat(step.getAppType()).isNull();
        assertThat(step.getNpm()).isNull();
        assertThat(step.isQuality()).isFalse();
        assertThat(step.getQrcodeFormat()).isNull();
        assertThat(step.getQrcodeSize()).isNull();
        step.setQrcodeSize(null);
        step.setQrcodeFormat(" base64 ");
        step.setAppType("uniapp");
        step.setNpm("true");
        assertThat(step.getNpm()).isEqualTo(true);
        assertThat(step.getQrcodeFormat()).isEqualTo("base64");
        assertThat(step.getAppType()).isEqualTo("uniapp");
        step.setAppType("native");
        step.setQrcodeFormat("image");
        assertThat(step.getAppType())
                .as("says it although it is the default: a profile may differ")
                .isEqualTo("native");
        assertThat(step.getQrcodeFormat()).isEqualTo("image");
        step.setAppType("");
        assertThat(step.getAppType()).isNull();
        assertThatThrownBy(() -> step.setAppType("taro")).hasMessageContaining("native, uniapp");
        assertThatThrownBy(() -> step.setNpm("maybe")).hasMessageContaining("npm");
        assertThatThrownBy(() -> step.setQrcodeFormat("svg")).hasMessageContaining("image, base64, terminal");
        assertThatThrownBy(() -> step.setQrcodeSize(7)).hasMessageContaining("from 100 to 2000");
    }

    @Test
    void settersNormaliseAndRefuse() {
        MiniprogramUploadStep step = new MiniprogramUploadStep(APP, "key", "1.0.0");

        step.setDesc("  ");
        step.setProjectPath(" shop ");
        step.setSetting("es6=true\nminify=false");
        step.setType("minigame");
        assertThat(step.getDesc()).isNull();
        assertThat(step.getProjectPath()).isEqualTo("shop");
        assertThat(step.getSetting()).isEqualTo(Map.of("es6", true, "minify", false));
        assertThat(step.settingText()).isEqualTo("es6=true\nminify=false");
        assertThat(step.getType()).isEqualTo("miniGame");
        step.setType("${TYPE}");
        step.setSetting("");
        assertThat(step.getType()).isEqualTo("${TYPE}");
        assertThat(step.getSetting()).isNull();
        assertThatThrownBy(() -> step.setRobot(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> step.setType("app")).hasMessageContaining("miniGame");
        assertThatThrownBy(() -> step.setTimeoutMinutes(-1.0)).hasMessageContaining("timeoutMinutes");
        assertThatThrownBy(() -> step.setSetting(7)).hasMessageContaining("has to be a map");
        assertThatThrownBy(() -> new MiniprogramUploadStep(APP, "-----BEGIN RSA PRIVATE KEY-----", "1"))
                .hasMessageContaining("does not belong here");
    }

    @Test
    void aBadParameterIsTheBuildsErrorWhenItRuns() throws Exception {
        BuildContext build = LocalBuild.in(root);
        assertThatThrownBy(() ->
                        new MiniprogramUploadStep(null, "key", "1.0.0").task().run(build))
                .isInstanceOf(AbortException.class)
                .hasMessageContaining("appId is missing");
        assertThatThrownBy(() ->
                        new MiniprogramUploadStep(APP, null, "1.0.0").task().run(build))
                .isInstanceOf(AbortException.class)
                .hasMessageContaining("privateKeyCredentialsId is missing");
        assertThatThrownBy(
                        () -> new MiniprogramUploadStep(APP, "key", null).task().run(build))
                .isInstanceOf(AbortException.class)
                .hasMessageContaining("version is missing");
    }
}
