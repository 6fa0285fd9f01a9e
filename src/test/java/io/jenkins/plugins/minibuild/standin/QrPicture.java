package io.jenkins.plugins.minibuild.standin;

import com.google.zxing.BarcodeFormat;
import com.google.zxing.BinaryBitmap;
import com.google.zxing.RGBLuminanceSource;
import com.google.zxing.ReaderException;
import com.google.zxing.WriterException;
import com.google.zxing.common.BitMatrix;
import com.google.zxing.common.HybridBinarizer;
import com.google.zxing.qrcode.QRCodeReader;
import com.google.zxing.qrcode.QRCodeWriter;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import javax.imageio.ImageIO;

/** QR codes as JPEG pictures, written and read. */
public final class QrPicture {

    private static final int SIDE = 860;
    private static final int WHITE = 0xFFFFFF;

    private QrPicture() {}

    /** Draws a text as the JPEG picture of a QR code, {@value #SIDE} pixels wide. */
    public static byte[] jpeg(String text) throws IOException {
        try {
            BitMatrix matrix = new QRCodeWriter().encode(text, BarcodeFormat.QR_CODE, SIDE, SIDE);
            BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
            for (int y = 0; y < SIDE; y++) {
                for (int x = 0; x < SIDE; x++) {
                    image.setRGB(x, y, matrix.get(x, y) ? 0 : WHITE);
                }
            }
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            if (!ImageIO.write(image, "jpeg", out)) {
                throw new IOException("This JVM cannot write JPEG");
            }
            return out.toByteArray();
        } catch (WriterException e) {
            throw new IOException(e);
        }
    }

    /** Scans a picture as a phone would. */
    public static String scan(byte[] picture) throws IOException {
        BufferedImage image = ImageIO.read(new ByteArrayInputStream(picture));
        int width = image.getWidth();
        int height = image.getHeight();
        int[] pixels = image.getRGB(0, 0, width, height, null, 0, width);
        try {
            return new QRCodeReader()
                    .decode(new BinaryBitmap(new HybridBinarizer(new RGBLuminanceSource(width, height, pixels))))
                    .getText();
        } catch (ReaderException e) {
            throw new IOException("No QR code in the picture", e);
        }
    }
}
