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
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/** The picture that a phone scans to try a preview, and how long WeChat keeps it valid. Immutable. */
public final class QrCode {

    /** Larger pictures are not QR codes: WeChat's have some 30 KB. */
    static final int LARGEST = 2 * 1024 * 1024;

    private static final int SMALLEST = 100;
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
     * @param life how long WeChat accepts the code
     * @throws AbortException when it is not a JPEG picture of a sane size
     */
    static QrCode of(byte[] content, Clock clock, Duration life) throws AbortException {
        boolean jpeg = content.length >= SMALLEST
                && content.length <= LARGEST
                && content[0] == (byte) 0xFF
                && content[1] == (byte) 0xD8
                && content[2] == (byte) 0xFF;
        if (!jpeg) {
            throw new AbortException(Messages.QrCode_notJpeg(content.length));
        }
        return new QrCode(content.clone(), clock.instant().plus(life).toEpochMilli());
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

    /**
     * The code drawn with letters, two a module, light modules filled: for a log on a dark or a light ground alike. Empty when
     * the picture is not an upright code that fills its dark area.
     */
    List<String> drawn() {
        BufferedImage picture;
        try {
            picture = read();
        } catch (IOException e) {
            return List.of();
        }
        int left = Integer.MAX_VALUE;
        int top = -1;
        int right = -1;
        for (int y = 0; y < picture.getHeight(); y++) {
            for (int x = 0; x < picture.getWidth(); x++) {
                if (isDark(picture, x, y)) {
                    left = Math.min(left, x);
                    right = Math.max(right, x);
                    top = top < 0 ? y : top;
                }
            }
        }
        if (top < 0) {
            return List.of();
        }
        // The upper edge begins with the side of a finder pattern, which is seven modules long.
        int side = 0;
        while (left + side <= right && isDark(picture, left + side, top + 1)) {
            side++;
        }
        int modules = side == 0 ? 0 : Math.round((right - left + 1) * 7f / side);
        if (modules < 21 || modules > 177 || (modules - 17) % 4 != 0) {
            return List.of();
        }
        float module = (right - left + 1) / (float) modules;
        List<String> lines = new ArrayList<>();
        for (int row = -2; row < modules + 2; row++) {
            StringBuilder line = new StringBuilder();
            for (int column = -2; column < modules + 2; column++) {
                int x = Math.round(left + (column + 0.5f) * module);
                int y = Math.round(top + (row + 0.5f) * module);
                line.append(isDark(picture, x, y) ? "  " : "\u2588\u2588");
            }
            lines.add(line.toString());
        }
        return lines;
    }

    private static boolean isDark(BufferedImage picture, int x, int y) {
        if (x < 0 || y < 0 || x >= picture.getWidth() || y >= picture.getHeight()) {
            return false;
        }
        int rgb = picture.getRGB(x, y);
        return (rgb >> 16 & 0xFF) + (rgb >> 8 & 0xFF) + (rgb & 0xFF) < 3 * 128;
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
