package io.jenkins.plugins.minibuild.miniprogram;

import hudson.AbortException;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Image;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/** The picture that a phone scans to try a preview, and how long WeChat keeps it valid. Immutable. */
public final class QrCode implements Serializable {

    /** WeChat tells no expiry; its documentation and users say half an hour. */
    public static final Duration LIFE = Duration.ofMinutes(30);

    /** Larger pictures are not QR codes: WeChat's have some 30 KB. */
    static final int LARGEST = 2 * 1024 * 1024;

    private static final long serialVersionUID = 1L;
    private static final int SMALLEST = 100;
    private static final int SMALLEST_SIZE = 100;
    private static final int LARGEST_SIZE = 2000;

    private final byte[] jpeg;
    private final long expires;

    private QrCode(byte[] jpeg, long expires) {
        this.jpeg = jpeg;
        this.expires = expires;
    }

    /**
     * Takes a picture that an agent sent.
     *
     * @param content the bytes of the file
     * @param clock tells the time of the preview
     * @throws AbortException when it is not a JPEG picture of a sane size
     */
    static QrCode of(byte[] content, Clock clock) throws AbortException {
        boolean jpeg = content.length >= SMALLEST
                && content.length <= LARGEST
                && content[0] == (byte) 0xFF
                && content[1] == (byte) 0xD8
                && content[2] == (byte) 0xFF;
        if (!jpeg) {
            throw new AbortException(Messages.QrCode_notJpeg(content.length));
        }
        return new QrCode(content.clone(), clock.instant().plus(LIFE).toEpochMilli());
    }

    /** Checks that a picture of this width can be scanned and is not for a wall. */
    public static int checkSize(int size) {
        if (size < SMALLEST_SIZE || size > LARGEST_SIZE) {
            throw new IllegalArgumentException(
                    Messages.QrCode_size(Integer.toString(size), SMALLEST_SIZE, Integer.toString(LARGEST_SIZE)));
        }
        return size;
    }

    /**
     * The same code as a square picture of another size.
     *
     * @throws AbortException when the picture cannot be read
     */
    QrCode scaled(int size) throws AbortException {
        try {
            BufferedImage from = read();
            BufferedImage to = new BufferedImage(size, size, BufferedImage.TYPE_INT_RGB);
            Graphics2D graphics = to.createGraphics();
            try {
                // Sharp edges when it grows; when it shrinks every pixel has to count or modules get lost.
                Image picture =
                        size >= from.getWidth() ? from : from.getScaledInstance(size, size, Image.SCALE_AREA_AVERAGING);
                graphics.setColor(Color.WHITE);
                graphics.fillRect(0, 0, size, size);
                graphics.setRenderingHint(
                        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_NEAREST_NEIGHBOR);
                graphics.drawImage(picture, 0, 0, size, size, null);
            } finally {
                graphics.dispose();
            }
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            if (!ImageIO.write(to, "jpg", bytes)) {
                throw new IOException("no JPEG writer");
            }
            return new QrCode(bytes.toByteArray(), expires);
        } catch (IOException e) {
            throw new AbortException(Messages.QrCode_unreadable(e.getMessage()));
        }
    }

    /** The header is read first: a small file may claim to be a picture that fills the memory. */
    private BufferedImage read() throws IOException {
        try (ImageInputStream in = ImageIO.createImageInputStream(new ByteArrayInputStream(jpeg))) {
            Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName("jpeg");
            if (in == null || !readers.hasNext()) {
                throw new IOException("no JPEG reader");
            }
            ImageReader reader = readers.next();
            try {
                reader.setInput(in);
                if (reader.getWidth(0) > LARGEST_SIZE || reader.getHeight(0) > LARGEST_SIZE) {
                    throw new IOException(reader.getWidth(0) + " x " + reader.getHeight(0));
                }
                return reader.read(0);
            } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
                throw new IOException(e);
            } finally {
                reader.dispose();
            }
        }
    }

    /** The picture as a data URI. */
    String dataUri() {
        return "data:image/jpeg;base64," + Base64.getEncoder().encodeToString(jpeg);
    }

    /** The bytes of the JPEG file. */
    public byte[] jpeg() {
        return jpeg.clone();
    }

    /** When WeChat stops accepting it. */
    public Instant expires() {
        return Instant.ofEpochMilli(expires);
    }
}
