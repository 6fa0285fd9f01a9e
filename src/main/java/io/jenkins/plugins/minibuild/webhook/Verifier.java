package io.jenkins.plugins.minibuild.webhook;

import io.jenkins.plugins.minibuild.files.Digest;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Checks that the sender of a call knows the secret. A proof that is missing, empty or unreadable is wrong. A comparison takes the same time for
 * every wrong value.
 */
final class Verifier {
    /** Gitee's documentation names this limit. */
    static final Duration GITEE_SKEW = Duration.ofHours(1);
    /** GitLab follows Standard Webhooks, which names this limit. */
    static final Duration GITLAB_SKEW = Duration.ofMinutes(5);

    private Verifier() {}

    /** Whether the headers of a call prove that its sender knows the secret. */
    static boolean isGood(Provider provider, Call call, ProviderSecret secret, Instant now) {
        String text = secret.text();
        if (text.isEmpty()) {
            return false;
        }
        return switch (provider) {
            case GITEE -> gitee(call, text, now);
            case GITHUB -> gitHub(call, text);
            case GITLAB -> gitLab(call, text, now);
            case AZURE -> azure(call, secret.user() == null ? "" : secret.user(), text);
        };
    }

    /** Differs between calls; a repetition of a call has the same key. */
    static String key(Provider provider, Call call) {
        String digest = Digest.sha256Hex(call.body());
        return switch (provider) {
            case GITEE -> "gitee " + call.header("X-Gitee-Timestamp") + " " + digest;
            // The signature covers the body and not X-GitHub-Delivery, which a replayed call could change.
            case GITHUB -> "github " + digest;
            case GITLAB -> {
                String id = call.header("webhook-id");
                if (id.isEmpty()) {
                    id = call.header("Idempotency-Key");
                }
                // All calls of a webhook have its id, so the body counts, too.
                if (!id.isEmpty()) {
                    yield "gitlab " + id;
                }
                // The same push can happen twice, back and forth, with the same body; its event is another one.
                String event = call.header("X-Gitlab-Event-UUID");
                yield "gitlab " + (event.isEmpty() ? call.header("X-Gitlab-Webhook-UUID") : event) + " " + digest;
            }
            case AZURE -> "azure " + digest;
        };
    }

    private static boolean gitee(Call call, String secret, Instant now) {
        String given = call.header("X-Gitee-Token");
        if (same(given, secret)) {
            return true;
        }
        String timestamp = call.header("X-Gitee-Timestamp");
        if (!timestamp.matches("[0-9]{1,15}")) {
            return false;
        }
        byte[] expected = hmac(secret.getBytes(StandardCharsets.UTF_8), bytes(timestamp + "\n" + secret));
        // The documentation shows the signature both plain and URL-encoded.
        boolean good = same(given.replace("%2B", "+").replace("%2F", "/").replace("%3D", "="), base64(expected));
        return good && within(Instant.ofEpochMilli(Long.parseLong(timestamp)), now, GITEE_SKEW);
    }

    private static boolean gitHub(Call call, String secret) {
        String expected = "sha256=" + HexFormat.of().formatHex(hmac(bytes(secret), call.body()));
        return same(call.header("X-Hub-Signature-256").toLowerCase(Locale.ROOT), expected);
    }

    private static boolean gitLab(Call call, String secret, Instant now) {
        if (!secret.startsWith("whsec_")) {
            return same(call.header("X-Gitlab-Token"), secret);
        }
        String id = call.header("webhook-id");
        String timestamp = call.header("webhook-timestamp");
        if (id.isEmpty() || !timestamp.matches("[0-9]{1,11}")) {
            return false;
        }
        byte[] key;
        try {
            key = Base64.getDecoder().decode(secret.substring("whsec_".length()));
        } catch (IllegalArgumentException e) {
            return false;
        }
        byte[] head = bytes(id + "." + timestamp + ".");
        byte[] signed = Arrays.copyOf(head, head.length + call.body().length);
        System.arraycopy(call.body(), 0, signed, head.length, call.body().length);
        String expected = "v1," + base64(hmac(key, signed));
        boolean good = false;
        // GitLab sends several signatures while a secret is replaced.
        for (String each : call.header("webhook-signature").split(" ", 5)) {
            good |= same(each, expected);
        }
        return good && within(Instant.ofEpochSecond(Long.parseLong(timestamp)), now, GITLAB_SKEW);
    }

    private static boolean azure(Call call, String user, String password) {
        String header = call.header("Authorization");
        if (!header.regionMatches(true, 0, "Basic ", 0, 6)) {
            return false;
        }
        byte[] given;
        try {
            given = Base64.getDecoder().decode(header.substring(6).trim());
        } catch (IllegalArgumentException e) {
            return false;
        }
        return MessageDigest.isEqual(Digest.sha256(given), Digest.sha256(bytes(user + ":" + password)));
    }

    private static boolean within(Instant then, Instant now, Duration skew) {
        return Duration.between(then, now).abs().compareTo(skew) <= 0;
    }

    /** Compares digests, so that the time does not depend on the lengths either. */
    static boolean same(String given, String expected) {
        return MessageDigest.isEqual(Digest.sha256(bytes(given)), Digest.sha256(bytes(expected)));
    }

    private static byte[] hmac(byte[] key, byte[] text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key.length == 0 ? new byte[1] : key, "HmacSHA256"));
            return mac.doFinal(text);
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("every Java has HmacSHA256", e);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
