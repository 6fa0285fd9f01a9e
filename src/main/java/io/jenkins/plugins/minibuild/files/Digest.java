package io.jenkins.plugins.minibuild.files;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Digests: SHA-256, but where a service asks for another. */
public final class Digest {
    private Digest() {}

    /** A digest to feed piece by piece. */
    public static MessageDigest sha256() {
        return digest("SHA-256");
    }

    /** 32 lower-case hexadecimal digits of MD5, which protects nothing; WeCom's robots ask for it beside a picture. */
    public static String md5Hex(byte[] bytes) {
        return HexFormat.of().formatHex(digest("MD5").digest(bytes));
    }

    private static MessageDigest digest(String name) {
        try {
            return MessageDigest.getInstance(name);
        } catch (NoSuchAlgorithmException e) {
            // Every Java platform has both.
            throw new IllegalStateException(e);
        }
    }

    /** The 32 bytes of the digest. */
    public static byte[] sha256(byte[] bytes) {
        return sha256().digest(bytes);
    }

    /** 64 lower-case hexadecimal digits. */
    public static String sha256Hex(byte[] bytes) {
        return HexFormat.of().formatHex(sha256(bytes));
    }

    /** As {@link #sha256Hex(byte[])}, of the text in UTF-8. */
    public static String sha256Hex(String text) {
        return sha256Hex(text.getBytes(StandardCharsets.UTF_8));
    }

    /** One digest in hexadecimal for all parts; each part's length counts, so that {@code "a", "bc"} and {@code "ab", "c"} differ. */
    public static String ofParts(String... parts) {
        MessageDigest digest = sha256();
        for (String part : parts) {
            byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
            digest.update((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
            digest.update(bytes);
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
