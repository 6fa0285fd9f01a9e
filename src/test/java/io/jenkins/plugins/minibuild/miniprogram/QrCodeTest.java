package io.jenkins.plugins.minibuild.miniprogram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hudson.AbortException;
import io.jenkins.plugins.minibuild.standin.QrPicture;
import java.io.ByteArrayInputStream;
import java.time.Clock;
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

    private static final String TEXT =
            "https://servicewechat.com/preview?appid=wx0123456789abcdef&robot=30&path=pages%2Findex";

    @ParameterizedTest
    @ValueSource(ints = {120, 200, 333, 1000, 2000})
    void canBeScannedInEverySize(int size) throws Exception {
        QrCode code = QrCode.of(QrPicture.jpeg(TEXT), Clock.systemUTC());

        QrCode scaled = code.scaled(size);

        assertThat(ImageIO.read(new ByteArrayInputStream(scaled.jpeg())).getWidth())
                .isEqualTo(size);
        assertThat(QrPicture.scan(scaled.jpeg())).isEqualTo(TEXT);
        assertThat(scaled.expires()).isEqualTo(code.expires());
    }

    @Test
    void whatIsNoUprightCodeIsNotDrawn() throws Exception {
        assertThat(QrCode.of(QrPicture.jpeg(TEXT), Clock.systemUTC()).drawn()).hasSizeGreaterThan(20);
        java.awt.image.BufferedImage blank = new java.awt.image.BufferedImage(90, 90, 1);
        java.io.ByteArrayOutputStream jpeg = new java.io.ByteArrayOutputStream();
        ImageIO.write(blank, "jpg", jpeg);
        assertThat(QrCode.of(jpeg.toByteArray(), Clock.systemUTC()).drawn()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 99, 2001})
    void sizesThatNobodyCanScanAreRefused(int size) {
        assertThatThrownBy(() -> QrCode.checkSize(size)).hasMessageContaining("from 100 to 2000 pixels");
    }

    @Test
    void aPictureThatClaimsToBeHugeIsNotRead() throws Exception {
        byte[] jpeg = QrPicture.jpeg(TEXT);
        for (int i = 0; i < jpeg.length - 9; i++) {
            // the frame header: marker, length, precision, height, width
            if (jpeg[i] == (byte) 0xFF && jpeg[i + 1] == (byte) 0xC0) {
                Arrays.fill(jpeg, i + 5, i + 9, (byte) 0xF0);
            }
        }

        assertThatThrownBy(() -> QrCode.of(jpeg, Clock.systemUTC()).scaled(200))
                .isInstanceOf(AbortException.class)
                .hasMessageContaining("Leave qrcodeSize out");
    }

    @Property(tries = 300)
    void damageGivesAPictureOrItsOwnError(@ForAll @Size(min = 1, max = 20) int[] places, @ForAll byte value)
            throws Exception {
        byte[] jpeg = QrPicture.jpeg(TEXT);
        for (int place : places) {
            jpeg[3 + Math.floorMod(place, jpeg.length - 3)] = value;
        }
        try {
            assertThat(QrCode.of(jpeg, Clock.systemUTC()).scaled(150).jpeg()).isNotEmpty();
        } catch (AbortException e) {
            assertThat(e.getMessage()).contains("qrcodeSize");
        }
    }
}
