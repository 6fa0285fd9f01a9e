package io.jenkins.plugins.minibuild.process;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.TaskListener;
import hudson.util.StreamTaskListener;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class RedactorTest {
    private static Redactor knowing(String... secrets) {
        Redactor redactor = new Redactor();
        for (String secret : secrets) {
            redactor.add(secret);
        }
        return redactor;
    }

    @Test
    void masksASecretWhereverItStands() {
        assertThat(knowing("t0ken").redact("t0ken=t0ken, at0kenb")).isEqualTo("****=****, a****b");
    }

    @Test
    void leavesTextAloneWhenItKnowsNothing() {
        assertThat(new Redactor().redact("plain")).isEqualTo("plain");
        assertThat(knowing("", "  ", null).redact("a b")).isEqualTo("a b");
        assertThat(knowing("x").redact(null)).isNull();
    }

    @Test
    void prefersTheLongestOfOverlappingSecrets() {
        assertThat(knowing("abc", "abcdef").redact("abcdef abcd")).isEqualTo("**** ****d");
    }

    @Test
    void masksUrlEncodedForms() {
        String secret = "p@ss w/ö+rd";
        String encoded = URLEncoder.encode(secret, StandardCharsets.UTF_8);
        Redactor redactor = knowing(secret);

        assertThat(redactor.redact("u:" + encoded)).isEqualTo("u:****");
        assertThat(redactor.redact("u:" + encoded.replace("+", "%20"))).isEqualTo("u:****");
        assertThat(redactor.redact("p%40ss+w%2f%c3%b6%2brd")).isEqualTo("****");
    }

    @Test
    void masksTheJsonEscapedForm() {
        assertThat(knowing("say \"hi\"\\now").redact("{\"a\":\"say \\\"hi\\\"\\\\now\"}"))
                .isEqualTo("{\"a\":\"****\"}");
    }

    @Property(tries = 300)
    void masksBase64AtEveryOffset(
            @ForAll @StringLength(min = 8, max = 40) String secret,
            @ForAll @IntRange(min = 0, max = 5) int before,
            @ForAll @IntRange(min = 0, max = 5) int after) {
        if (secret.isBlank()
                || !new String(secret.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8).equals(secret)) {
            return;
        }
        byte[] text = ("u".repeat(before) + secret + "v".repeat(after)).getBytes(StandardCharsets.UTF_8);
        String encoded = Base64.getEncoder().encodeToString(text);

        String shown = knowing(secret).redact("x " + encoded + " y");

        assertThat(shown).contains(Redactor.MASK);
        // what is left decides fewer than two bytes at either end
        assertThat(shown.replace(Redactor.MASK, "").length()).isLessThanOrEqualTo(4 + (before + after) * 4 / 3 + 12);
    }

    @Test
    void masksEachLineOfAKeyButNotItsArmour() {
        String key =
                "-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEAx1\nq9TjzZyX8wVuTsRq7P\n-----END RSA PRIVATE KEY-----\n";
        assertThat(knowing(key).redact("q9TjzZyX8wVuTsRq7P"))
                .as("a single line of it")
                .isEqualTo("****");
        assertThat(knowing(key).redact("expected -----BEGIN RSA PRIVATE KEY-----"))
                .isEqualTo("expected -----BEGIN RSA PRIVATE KEY-----");
    }

    @Test
    void masksASecretThatIsSplitOverWrites() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream redacting = knowing("s3cret-token").wrap(out)) {
            for (byte b : "before s3cret-tokenafter s3cret-tok".getBytes(StandardCharsets.UTF_8)) {
                redacting.write(b);
                redacting.flush();
            }
            assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("before ****after ");
        }
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("before ****after s3cret-tok");
    }

    @Property(tries = 500)
    void doesNotDependOnHowTheTextIsCut(
            @ForAll @StringLength(max = 60) String around, @ForAll @IntRange(min = 1, max = 9) int size)
            throws IOException {
        Redactor redactor = knowing("aab", "abcab", "bcabd");
        String text = "aabcabd" + around.replaceAll("[^abcd]", "a") + "aabcabcabdaab";
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream redacting = redactor.wrap(out)) {
            for (int at = 0; at < bytes.length; at += size) {
                redacting.write(bytes, at, Math.min(size, bytes.length - at));
            }
        }
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo(redactor.redact(text));
        assertThat(out.toString(StandardCharsets.UTF_8)).doesNotContain("aab", "abcab", "bcabd");
    }

    @Test
    void masksWhatBecomesKnownLater() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Redactor redactor = new Redactor();
        TaskListener listener =
                redactor.wrap(new StreamTaskListener(out, StandardCharsets.UTF_8), StandardCharsets.UTF_8);
        listener.getLogger().println("open sesame");
        redactor.add("sesame");
        listener.getLogger().println("open sesame");

        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("open sesame\nopen ****\n");
    }
}
