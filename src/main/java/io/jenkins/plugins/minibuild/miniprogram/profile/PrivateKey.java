package io.jenkins.plugins.minibuild.miniprogram.profile;

import com.cloudbees.plugins.credentials.common.StandardCredentials;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.interfaces.RSAPrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jenkinsci.plugins.plaincredentials.FileCredentials;
import org.jenkinsci.plugins.plaincredentials.StringCredentials;

/**
 * The key that signs uploads of one app, checked before anything is sent.
 *
 * <p>WeChat hands out PEM with PKCS#1. It reaches Jenkins in many shapes: with {@code \n} written out, with CRLF, without the
 * last line break, with a byte order mark, or base64-encoded as a whole; all of them are read. PKCS#8 is read too, because
 * miniprogram-ci signs with it just as well. Anything else is refused with what it is.
 */
public final class PrivateKey {

    private static final int LARGEST_KEY = 64 * 1024 + 1;
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END ([A-Z0-9 ]+)-----", Pattern.DOTALL);
    private static final String PKCS1 = "RSA PRIVATE KEY";
    private static final String PKCS8 = "PRIVATE KEY";
    /** SEQUENCE { OID rsaEncryption, NULL } after INTEGER 0: what PKCS#8 puts in front of a PKCS#1 key. */
    private static final byte[] PKCS8_RSA =
            new byte[] {2, 1, 0, 48, 13, 6, 9, 42, (byte) 134, 72, (byte) 134, (byte) 247, 13, 1, 1, 1, 5, 0};
    /** Shorter fragments would hide ordinary words in the log. */
    private static final int SHORTEST_SECRET = 16;

    private static final int LARGEST_FILE = 64 * 1024;
    private static final int PEM_LINE = 64;

    private final String pem;
    private final Set<String> secrets;

    private PrivateKey(String pem, Set<String> secrets) {
        this.pem = pem;
        this.secrets = secrets;
    }

    /**
     * Trims the id of a credential and checks that there is one, and that it is not the key itself.
     *
     * @throws IllegalArgumentException with a message for the user
     */
    public static String checkId(@CheckForNull String credentialsId) {
        if (credentialsId == null || credentialsId.isBlank()) {
            throw new IllegalArgumentException(Messages.PrivateKey_noId());
        }
        if (credentialsId.contains("-----BEGIN")) {
            throw new IllegalArgumentException(Messages.PrivateKey_asText());
        }
        return credentialsId.trim();
    }

    /** Whether a text is meant as a key, however it was pasted; it may be broken. */
    static boolean isLike(String text) {
        return text.contains("-----BEGIN") || text.contains("PRIVATE KEY") || decodeWhole(text) != null;
    }

    /** Reads the key that a credential holds, a secret file or a secret text. */
    public static PrivateKey of(StandardCredentials credentials) throws IOException {
        String id = credentials.getId();
        if (credentials instanceof FileCredentials file) {
            try (InputStream in = file.getContent()) {
                return parse(in.readNBytes(LARGEST_KEY), id);
            }
        }
        if (credentials instanceof StringCredentials text) {
            return parse(text.getSecret().getPlainText().getBytes(StandardCharsets.UTF_8), id);
        }
        throw new AbortException(Messages.PrivateKey_otherKind(id));
    }

    /**
     * Reads a key.
     *
     * @param content what the credential holds
     * @param credentialsId the credential's id, for messages
     * @throws AbortException when it is not an RSA private key; the message says what it is and what to do
     */
    public static PrivateKey parse(byte[] content, String credentialsId) throws AbortException {
        if (content.length > LARGEST_FILE) {
            throw new AbortException(Messages.PrivateKey_notPem(credentialsId));
        }
        String original = new String(content, StandardCharsets.UTF_8).replace("\uFEFF", "");
        if (original.isBlank()) {
            throw new AbortException(Messages.PrivateKey_empty(credentialsId));
        }
        String text = normalise(original);
        if (!text.contains("-----BEGIN")) {
            String decoded = decodeWhole(text);
            if (decoded != null) {
                text = normalise(decoded);
            }
        }
        refuseWhatIsKnown(text, credentialsId);

        Matcher block = BLOCK.matcher(text);
        if (!block.find()) {
            throw new AbortException(
                    text.contains("-----BEGIN")
                            ? Messages.PrivateKey_broken(credentialsId)
                            : Messages.PrivateKey_notPem(credentialsId));
        }
        String label = block.group(1);
        if (!label.equals(block.group(3))) {
            throw new AbortException(Messages.PrivateKey_broken(credentialsId));
        }
        if (!label.equals(PKCS1) && !label.equals(PKCS8)) {
            throw new AbortException(Messages.PrivateKey_wrongKind(credentialsId, label));
        }
        String body = block.group(2).replaceAll("\\s+", "");
        if (block.find()) {
            throw new AbortException(Messages.PrivateKey_several(credentialsId));
        }
        byte[] der;
        try {
            der = Base64.getDecoder().decode(body);
        } catch (IllegalArgumentException e) {
            throw new AbortException(Messages.PrivateKey_broken(credentialsId));
        }
        checkRsa(label.equals(PKCS1) ? wrap(der) : der, label, credentialsId);
        String pem = write(label, body);
        return new PrivateKey(pem, secretsOf(pem, body, original));
    }

    /** The key as PEM with LF line ends. */
    public String pem() {
        return pem;
    }

    /** Everything that must not show in a log: the key as it came, as a whole, and each of its lines. */
    public Set<String> secrets() {
        return secrets;
    }

    /** Does not show the key. */
    @Override
    public String toString() {
        return "PrivateKey[****]";
    }

    private static String normalise(String text) {
        return text.replace("\\r", "").replace("\\n", "\n").replace("\r", "").trim();
    }

    @CheckForNull
    private static String decodeWhole(String text) {
        try {
            String decoded =
                    new String(Base64.getDecoder().decode(text.replaceAll("\\s+", "")), StandardCharsets.UTF_8);
            return decoded.contains("-----BEGIN") ? decoded : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static void refuseWhatIsKnown(String text, String credentialsId) throws AbortException {
        if (text.contains("BEGIN ENCRYPTED PRIVATE KEY") || text.contains("Proc-Type: 4,ENCRYPTED")) {
            throw new AbortException(Messages.PrivateKey_encrypted(credentialsId));
        }
        if (text.contains("BEGIN PUBLIC KEY")
                || text.contains("BEGIN RSA PUBLIC KEY")
                || text.contains("BEGIN SSH2 PUBLIC KEY")
                || text.startsWith("ssh-")) {
            throw new AbortException(Messages.PrivateKey_public(credentialsId));
        }
        if (text.contains("BEGIN CERTIFICATE") && !text.contains("PRIVATE KEY")) {
            throw new AbortException(Messages.PrivateKey_certificate(credentialsId));
        }
    }

    private static void checkRsa(byte[] pkcs8, String label, String credentialsId) throws AbortException {
        try {
            java.security.PrivateKey key =
                    KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
            if (key instanceof RSAPrivateKey) {
                return;
            }
        } catch (GeneralSecurityException | RuntimeException e) {
            // The decoders of the JDK throw more than they declare on broken input; either way it is not an RSA key.
            if (label.equals(PKCS8)) {
                for (String algorithm : List.of("EC", "DSA", "EdDSA", "DH", "XDH")) {
                    if (parses(pkcs8, algorithm)) {
                        throw new AbortException(Messages.PrivateKey_wrongKind(credentialsId, algorithm));
                    }
                }
            }
        }
        throw new AbortException(Messages.PrivateKey_broken(credentialsId));
    }

    private static boolean parses(byte[] pkcs8, String algorithm) {
        try {
            KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
            return true;
        } catch (GeneralSecurityException | RuntimeException e) {
            return false;
        }
    }

    private static byte[] wrap(byte[] pkcs1) {
        byte[] octets = tagged(4, pkcs1);
        byte[] sequence = new byte[PKCS8_RSA.length + octets.length];
        System.arraycopy(PKCS8_RSA, 0, sequence, 0, PKCS8_RSA.length);
        System.arraycopy(octets, 0, sequence, PKCS8_RSA.length, octets.length);
        return tagged(0x30, sequence);
    }

    /** DER: tag, length in as few bytes as it takes, content. */
    private static byte[] tagged(int tag, byte[] content) {
        int length = content.length;
        ByteArrayOutputStream der = new ByteArrayOutputStream(length + 5);
        der.write(tag);
        if (length < 0x80) {
            der.write(length);
        } else {
            int bytes = length < 0x100 ? 1 : length < 0x10000 ? 2 : 3;
            der.write(0x80 + bytes);
            for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
                der.write(length >> shift);
            }
        }
        der.writeBytes(content);
        return der.toByteArray();
    }

    private static String write(String label, String body) {
        StringBuilder pem = new StringBuilder("-----BEGIN " + label + "-----\n");
        lines(body).forEach(line -> pem.append(line).append('\n'));
        return pem.append("-----END ").append(label).append("-----\n").toString();
    }

    private static List<String> lines(String body) {
        List<String> lines = new ArrayList<>();
        for (int start = 0; start < body.length(); start += PEM_LINE) {
            lines.add(body.substring(start, Math.min(body.length(), start + PEM_LINE)));
        }
        return lines;
    }

    private static Set<String> secretsOf(String pem, String body, String original) {
        Set<String> secrets = new LinkedHashSet<>();
        secrets.add(original.trim());
        secrets.add(pem.trim());
        secrets.add(body);
        for (String line : lines(body)) {
            if (line.length() >= SHORTEST_SECRET) {
                secrets.add(line);
            }
        }
        for (String line : original.split("\\\\n|\\s+")) {
            if (line.length() >= SHORTEST_SECRET && !line.startsWith("-----")) {
                secrets.add(line);
            }
        }
        return secrets;
    }
}
