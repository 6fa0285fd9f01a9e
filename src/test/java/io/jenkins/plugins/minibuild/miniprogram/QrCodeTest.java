package io.jenkins.plugins.minibuild.miniprogram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hudson.AbortException;
import io.jenkins.plugins.minibuild.miniprogram.profile.PreviewSettings;
import io.jenkins.plugins.minibuild.standin.QrPicture;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import javax.imageio.ImageIO;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The picture of a QR code in another size. */
class QrCodeTest {

    private static final Duration LIFE = Duration.ofMinutes(30);
    private static final String TEXT =
            "https://servicewechat.com/preview?appid=wx0123456789abcdef&robot=30&path=pages%2Findex";
    private static final byte[] PICTURE = picture();

    private static byte[] picture() {
        try {
            return QrPicture.jpeg(TEXT);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {120, 200, 333, 1000, 2000})
    void canBeScannedInEverySize(int size) throws Exception {
        QrCode code = QrCode.of(PICTURE, Clock.systemUTC(), LIFE);

        QrCode scaled = code.scaled(size);

        assertThat(ImageIO.read(new ByteArrayInputStream(scaled.jpeg())).getWidth())
                .isEqualTo(size);
        assertThat(QrPicture.scan(scaled.jpeg())).isEqualTo(TEXT);
        assertThat(scaled.expires()).isEqualTo(code.expires());
    }

    @Test
    void whatIsNoUprightCodeIsNotDrawn() throws Exception {
        assertThat(QrCode.of(PICTURE, Clock.systemUTC(), LIFE).drawn()).hasSizeGreaterThan(20);
        java.awt.image.BufferedImage blank = new java.awt.image.BufferedImage(90, 90, 1);
        java.io.ByteArrayOutputStream jpeg = new java.io.ByteArrayOutputStream();
        ImageIO.write(blank, "jpg", jpeg);
        assertThat(QrCode.of(jpeg.toByteArray(), Clock.systemUTC(), LIFE).drawn())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 99, 2001})
    void sizesThatNobodyCanScanAreRefused(int size) {
        assertThatThrownBy(() -> PreviewSettings.checkSize(size)).hasMessageContaining("from 100 to 2000 pixels");
    }

    @Test
    void aPictureThatClaimsToBeHugeIsNotRead() throws Exception {
        byte[] jpeg = PICTURE.clone();
        for (int i = 0; i < jpeg.length - 9; i++) {
            // the frame header: marker, length, precision, height, width
            if (jpeg[i] == (byte) 0xFF && jpeg[i + 1] == (byte) 0xC0) {
                Arrays.fill(jpeg, i + 5, i + 9, (byte) 0xF0);
            }
        }

        assertThatThrownBy(() -> QrCode.of(jpeg, Clock.systemUTC(), LIFE).scaled(200))
                .isInstanceOf(AbortException.class)
                .hasMessageContaining("Leave qrcodeSize out");
    }

    @Property(tries = 100)
    void damageGivesAPictureOrItsOwnError(@ForAll @Size(min = 1, max = 20) int[] places, @ForAll byte value)
            throws Exception {
        byte[] jpeg = PICTURE.clone();
        for (int place : places) {
            jpeg[3 + Math.floorMod(place, jpeg.length - 3)] = value;
        }
        try {
            assertThat(QrCode.of(jpeg, Clock.systemUTC(), LIFE).scaled(150).jpeg())
                    .isNotEmpty();
        } catch (AbortException e) {
            assertThat(e.getMessage()).contains("qrcodeSize");
        }
    }
}
