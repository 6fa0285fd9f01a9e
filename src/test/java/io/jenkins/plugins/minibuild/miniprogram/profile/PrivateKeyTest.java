package io.jenkins.plugins.minibuild.miniprogram.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hudson.AbortException;
import io.jenkins.plugins.minibuild.standin.UploadKey;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.util.Base64;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcePEMEncryptorBuilder;
import org.junit.jupiter.api.Test;

class PrivateKeyTest {

    private static final UploadKey KEY = UploadKey.generate();
    private static final KeyPair KEYS = KEY.pair();
    private static final String PEM = KEY.pem();

    @Property(tries = 60)
    void everyWayPeoplePasteAKeyGivesTheSameKey(
            @ForAll boolean writtenOut,
            @ForAll boolean crlf,
            @ForAll boolean lastLineBreak,
            @ForAll boolean mark,
            @ForAll boolean spaces,
            @ForAll boolean base64)
            throws AbortException {
        String text = PEM.trim();
        text = lastLineBreak ? text + "\n" : text;
        text = crlf ? text.replace("\n", "\r\n") : text;
        text = writtenOut ? text.replace("\r", "\\r").replace("\n", "\\n") : text;
        text = spaces ? "  " + text + " \n" : text;
        text = base64 ? Base64.getMimeEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)) : text;
        text = mark ? "\uFEFF" + text : text;

        assertThat(parse(text).pem()).isEqualTo(PEM);
    }

    @Example
    void pkcs8IsTakenToo() throws AbortException {
        assertThat(parse(pkcs8(KEYS)).pem()).isEqualTo(pkcs8(KEYS));
    }

    @Example
    void whatIsNotTheKeyIsNamed() throws Exception {
        refused("", "credential \"key\" is empty");
        refused(" \r\n", "credential \"key\" is empty");
        refused("hello", "holds no key in PEM format");
        refused("x".repeat(70_000), "holds no key in PEM format");
        refused(write(KEYS.getPublic()), "holds a public key");
        refused("-----BEGIN RSA PUBLIC KEY-----\nAA==\n-----END RSA PUBLIC KEY-----", "holds a public key");
        refused("ssh-rsa AAAAB3NzaC1yc2E me", "holds a public key");
        refused("-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----", "holds a certificate");
        refused(encrypted(), "protected by a password");
        refused(
                "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAA==\n-----END ENCRYPTED PRIVATE KEY-----",
                "protected by a password");
        refused(write(keys("EC", 256).getPrivate()), "of the kind \"EC PRIVATE KEY\"");
        refused(pkcs8(keys("EC", 256)), "of the kind \"EC\"");
        refused(pkcs8(keys("DSA", 1024)), "of the kind \"DSA\"");
        refused(
                "-----BEGIN OPENSSH PRIVATE KEY-----\nAA==\n-----END OPENSSH PRIVATE KEY-----",
                "of the kind \"OPENSSH PRIVATE KEY\"");
        refused(PEM + PEM, "more than one key");
        refused(PEM.substring(0, PEM.length() / 2), "cannot be read");
        refused(PEM.replaceFirst("(?s)(-----BEGIN RSA PRIVATE KEY-----\n).{64}\n", "$1"), "cannot be read");
        refused(PEM.replace("END RSA", "END DSA"), "cannot be read");
        refused(PEM.replaceFirst("MII", "M!I"), "cannot be read");
    }

    @Property(tries = 300)
    void damageNeverCausesAnythingButItsOwnError(
            @ForAll @IntRange(max = 2000) int position,
            @ForAll @IntRange(max = 300) int removed,
            @ForAll char inserted) {
        int start = Math.min(position, PEM.length());
        int end = Math.min(PEM.length(), start + removed);
        String text = PEM.substring(0, start) + inserted + PEM.substring(end);
        try {
            parse(text);
        } catch (AbortException e) {
            assertThat(e).hasMessageContaining("\"key\"").hasMessageNotContaining(PEM.substring(100, 164));
        }
    }

    @Property(tries = 100)
    void rubbishNeverCausesAnythingButItsOwnError(@ForAll byte[] bytes) {
        assertThatThrownBy(() -> PrivateKey.parse(bytes, "key")).isInstanceOf(AbortException.class);
    }

    @Example
    void everyLineOfTheKeyIsASecret() throws AbortException {
        PrivateKey key = parse(PEM.replace("\n", "\\n"));

        PEM.lines().filter(line -> line.length() == 64).forEach(line -> assertThat(key.secrets())
                .contains(line));
        assertThat(key.secrets()).allMatch(secret -> secret.length() >= 16);
        assertThat(key.toString()).isEqualTo("PrivateKey[****]");
    }

    private static void refused(String text, String reason) {
        assertThatThrownBy(() -> parse(text)).isInstanceOf(AbortException.class).hasMessageContaining(reason);
    }

    private static PrivateKey parse(String text) throws AbortException {
        return PrivateKey.parse(text.getBytes(StandardCharsets.UTF_8), "key");
    }

    private static String pkcs8(KeyPair keys) {
        return "-----BEGIN PRIVATE KEY-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'})
                        .encodeToString(keys.getPrivate().getEncoded())
                + "\n-----END PRIVATE KEY-----\n";
    }

    private static KeyPair keys(String algorithm, int bits) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
        generator.initialize(bits);
        return generator.generateKeyPair();
    }

    private static String encrypted() throws IOException {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(
                    KEYS.getPrivate(),
                    new JcePEMEncryptorBuilder("AES-128-CBC")
                            .setSecureRandom(new SecureRandom(new byte[] {1}))
                            .setProvider(new BouncyCastleProvider())
                            .build("password".toCharArray()));
        }
        return text.toString();
    }

    private static String write(Object key) {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(key);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString().replace("\r\n", "\n");
    }

    /** The list of a form shows what may be a key, well or badly pasted, and no token. */
    @Test
    void aTokenIsNoKey() {
        for (String key : new String[] {
            "-----BEGIN RSA PRIVATE KEY-----\\nMIIE",
            "-----BEGIN CERTIFICATE-----",
            "BEGIN RSA PRIVATE KEY MIIE",
            Base64.getEncoder().encodeToString("-----BEGIN RSA PRIVATE KEY-----\nMIIE".getBytes(StandardCharsets.UTF_8))
        }) {
            assertThat(PrivateKey.isLike(key)).as(key).isTrue();
        }
        for (String token :
                new String[] {"", "ghp_0123456789abcdefghij", "https://oapi.test/robot?key=1", "c2VjcmV0"}) {
            assertThat(PrivateKey.isLike(token)).as(token).isFalse();
        }
    }
}
