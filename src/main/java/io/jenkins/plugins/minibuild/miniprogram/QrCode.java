package io.jenkins.plugins.minibuild.miniprogram;

import hudson.AbortException;
import java.io.Serializable;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** The picture that a phone scans to try a preview, and how long WeChat keeps it valid. Immutable. */
public final class QrCode implements Serializable {

    /** WeChat tells no expiry; its documentation and users say half an hour. */
    public static final Duration LIFE = Duration.ofMinutes(30);

    /** Larger pictures are not QR codes: WeChat's have some 30 KB. */
    static final int LARGEST = 2 * 1024 * 1024;

    private static final long serialVersionUID = 1L;
    private static final int SMALLEST = 100;

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
        return of(content, clock, LIFE);
    }

    /** As {@link #of(byte[], Clock)} with a life of its own. */
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

    /** The bytes of the JPEG file. */
    public byte[] jpeg() {
        return jpeg.clone();
    }

    /** When WeChat stops accepting it. */
    public Instant expires() {
        return Instant.ofEpochMilli(expires);
    }
}
