package io.jenkins.plugins.minibuild.notify;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The signatures of the services, as their documentation of custom robots has them. */
final class Signature {
    private Signature() {}

    /** Base64 of HMAC-SHA256 over {@code timestamp\nsecret} with the secret as the key; the timestamp is in milliseconds. */
    static String dingTalk(String secret, long millis) {
        return Base64.getEncoder().encodeToString(mac(secret, millis + "\n" + secret));
    }

    /** Base64 of HMAC-SHA256 over nothing with {@code timestamp\nsecret} as the key; the timestamp is in seconds. */
    static String feishu(String secret, long seconds) {
        return Base64.getEncoder().encodeToString(mac(seconds + "\n" + secret, ""));
    }

    /** {@code sha256=} and the hexadecimal HMAC-SHA256 over {@code timestamp.body}; the timestamp is in seconds. */
    static String webhook(String secret, long seconds, String body) {
        return "sha256=" + HexFormat.of().formatHex(mac(secret, seconds + "." + body));
    }

    private static byte[] mac(String key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }
}
