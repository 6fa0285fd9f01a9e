package io.jenkins.plugins.minibuild.miniprogram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hudson.AbortException;
import io.jenkins.plugins.minibuild.standin.QrPicture;
import io.jenkins.plugins.minibuild.standin.WeChatService;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PreviewTest {

    @TempDir
    private Path root;

    private Fixture fixture;

    @BeforeEach
    void start() throws Exception {
        fixture = new Fixture(root);
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    @Test
    void makesAQrCodeThatAPhoneCanScan() throws Exception {
        fixture.build.with(Clock.fixed(Instant.parse("2026-03-01T10:00:00Z"), ZoneOffset.UTC));

        PreviewResult result = fixture.real().preview().run(fixture.build);

        assertThat(QrPicture.scan(result.qrCode().jpeg()))
                .contains("appid=" + Fixture.APP)
                .contains("robot=2")
                .contains("path=pages%2Findex%2Findex");
        assertThat(result.expires()).isEqualTo("2026-03-01T10:30:00Z");
        assertThat(result.artifact()).isEqualTo("miniprogram/preview-" + Fixture.APP + "-2.jpg");
        assertThat(Files.readAllBytes(fixture.build.artifacts().resolve(result.artifact())))
                .isEqualTo(result.qrCode().jpeg());
        WeChatService.Upload upload = fixture.wechat.uploads().get(0);
        assertThat(upload.isPreview()).isTrue();
        assertThat(upload.query().get("debugLaunchInfo"))
                .contains("\"tea\":\"green\"")
                .contains("1011");
        assertThat(result.toMap())
                .containsEntry("qrcode", result.artifact())
                .containsEntry("expires", "2026-03-01T10:30:00Z");
        assertThat(fixture.build.log())
                .contains("valid until "
                        + PreviewResult.localTime(Instant.parse("2026-03-01T10:30:00Z"), ZoneId.systemDefault()));
        assertThat(fixture.leftovers()).isEmpty();
        assertThat(fixture.processes()).isEmpty();
    }

    @Test
    void refusesAPictureThatIsNotJpeg() {
        assertThatThrownBy(() -> QrCode.of("<html>".repeat(50).getBytes(), Clock.systemUTC(), Duration.ofMinutes(30)))
                .isInstanceOf(AbortException.class)
                .hasMessageContaining("300 bytes, not a JPEG");
        assertThatThrownBy(() -> QrCode.of(new byte[0], Clock.systemUTC(), Duration.ofMinutes(30)))
                .isInstanceOf(AbortException.class);
        assertThatThrownBy(() -> QrCode.of(new byte[3 * 1024 * 1024], Clock.systemUTC(), Duration.ofMinutes(30)))
                .isInstanceOf(AbortException.class);
    }
}
