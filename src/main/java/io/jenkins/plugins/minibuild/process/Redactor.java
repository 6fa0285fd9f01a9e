package io.jenkins.plugins.minibuild.process;

import hudson.model.TaskListener;
import hudson.util.StreamTaskListener;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * Replaces known secrets by {@value #MASK} in text and streams: as they are, URL-encoded, escaped for JSON, and
 * base64-encoded also in the middle of longer encoded text. A secret of several lines is known by each of its lines.
 * Safe for use by several threads; a secret added later is masked from then on.
 */
public final class Redactor {
    public static final String MASK = "****";

    private static final byte[] MASK_BYTES = MASK.getBytes(StandardCharsets.US_ASCII);
    /** Encoded forms shorter than this would mask innocent text. */
    private static final int SHORTEST_ENCODED = 6;
    /** Lines of a secret that are shorter than this (such as the last line of a key) are not masked. */
    private static final int SHORTEST_LINE = 8;

    private final Set<String> patterns = new LinkedHashSet<>();
    private volatile Tree known = new Tree(Set.of());

    /** Makes a secret known; null and blank ones are ignored. */
    public synchronized void add(String secret) {
        if (secret == null || secret.isBlank()) {
            return;
        }
        boolean changed = addForms(secret) | addForms(secret.strip());
        String[] lines = secret.split("\\R");
        if (lines.length > 1) {
            for (String line : lines) {
                // The first and last line of a key are no secret; to mask them would hide messages about keys.
                if (line.strip().length() >= SHORTEST_LINE && !line.startsWith("-----")) {
                    changed |= addForms(line.strip());
                }
            }
        }
        if (changed) {
            known = new Tree(patterns);
        }
    }

    private boolean addForms(String secret) {
        boolean changed = patterns.add(secret);
        String form = URLEncoder.encode(secret, StandardCharsets.UTF_8);
        changed |= addEncoded(form);
        changed |= addEncoded(form.replace("+", "%20").replace("*", "%2A").replace("%7E", "~"));
        changed |= addEncoded(lowerCaseEscapes(form));
        changed |= addEncoded(secret.replace("\\", "\\\\")
                .replace("\"", "\\\"")
                .replace("\r", "\\r")
                .replace("\n", "\\n")
                .replace("\t", "\\t"));
        byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
        for (int before = 0; before < 3; before++) {
            changed |= addEncoded(base64(bytes, before, Base64.getEncoder()));
            changed |= addEncoded(base64(bytes, before, Base64.getUrlEncoder()));
        }
        return changed;
    }

    private static String lowerCaseEscapes(String encoded) {
        StringBuilder lower = new StringBuilder(encoded);
        for (int i = 0; i + 2 < lower.length(); i++) {
            if (lower.charAt(i) == '%') {
                lower.setCharAt(i + 1, Character.toLowerCase(lower.charAt(i + 1)));
                lower.setCharAt(i + 2, Character.toLowerCase(lower.charAt(i + 2)));
            }
        }
        return lower.toString();
    }

    /**
     * The characters which the secret alone decides when it stands after {@code before} (modulo 3) other bytes: a base64
     * character holds six bits, so the first and the last may also hold a neighbour's.
     */
    private static String base64(byte[] secret, int before, Base64.Encoder encoder) {
        byte[] shifted = new byte[before + secret.length];
        System.arraycopy(secret, 0, shifted, before, secret.length);
        String encoded = encoder.withoutPadding().encodeToString(shifted);
        int from = before == 0 ? 0 : before + 1;
        int to = shifted.length % 3 == 0 ? encoded.length() : encoded.length() - 1;
        return from >= to ? "" : encoded.substring(from, to);
    }

    private boolean addEncoded(String form) {
        return form.length() >= SHORTEST_ENCODED && patterns.add(form);
    }

    /** The text without secrets; null stays null. */
    public String redact(String text) {
        if (text == null || known.root.isLeaf()) {
            return text;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(text.length() + 16);
        try (OutputStream redacting = wrap(out)) {
            redacting.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    /**
     * A stream that passes on everything but secrets. Bytes that may be the beginning of a secret are held back until
     * the next bytes, or the end, decide; {@code flush} does not force them out. Closing it closes {@code out}.
     */
    public OutputStream wrap(OutputStream out) {
        return new RedactingStream(out);
    }

    /**
     * The same listener without secrets; it can be sent to an agent.
     *
     * @param charset the one that the listener's log is written in
     */
    public TaskListener wrap(TaskListener listener, Charset charset) {
        return new StreamTaskListener(wrap(listener.getLogger()), charset);
    }

    /** For a writer that gets its text in pieces and has to know how much of it is held back. */
    public Pieces pieces() {
        return new Pieces();
    }

    /** Text that comes in pieces; a secret can lie across their borders. Not safe for several threads. */
    public final class Pieces {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();
        private final RedactingStream stream = new RedactingStream(out);

        private Pieces() {}

        /**
         * Takes the next piece.
         *
         * @return what is decided, without secrets; it may stand in the given bytes, so it is to be used before they change
         */
        public ByteBuffer next(byte[] bytes, int offset, int length) {
            if (stream.held() == 0 && known.root.isLeaf()) {
                return ByteBuffer.wrap(bytes, offset, length);
            }
            out.reset();
            try {
                stream.write(bytes, offset, length);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return ByteBuffer.wrap(out.toByteArray());
        }

        /** How many bytes of what came are held back, since they may be the beginning of a secret. */
        public int held() {
            return stream.held();
        }

        /** What is held back, now that nothing follows. */
        public ByteBuffer rest() {
            out.reset();
            try {
                stream.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return ByteBuffer.wrap(out.toByteArray());
        }
    }

    /** All patterns, by their bytes. Immutable. */
    private static final class Tree {
        private final Node root = new Node();
        /** Whether a pattern begins with a pair of bytes. Few pairs of a text do, and this table says so sooner than a map. */
        private final BitSet begins = new BitSet();

        Tree(Set<String> patterns) {
            for (String pattern : patterns) {
                byte[] bytes = pattern.getBytes(StandardCharsets.UTF_8);
                root.insert(bytes);
                int first = (bytes[0] & 0xFF) << Byte.SIZE;
                if (bytes.length == 1) {
                    begins.set(first, first + (1 << Byte.SIZE));
                } else {
                    begins.set(first | bytes[1] & 0xFF);
                }
            }
        }

        /** Whether a pattern may begin at that place. */
        boolean mayBegin(byte[] text, int at) {
            return at + 1 == text.length || begins.get((text[at] & 0xFF) << Byte.SIZE | text[at + 1] & 0xFF);
        }
    }

    private static final class Node {
        private final Map<Byte, Node> next = new HashMap<>(2);
        private boolean end;

        void insert(byte[] pattern) {
            Node node = this;
            for (byte b : pattern) {
                node = node.next.computeIfAbsent(b, key -> new Node());
            }
            node.end = true;
        }

        boolean isLeaf() {
            return next.isEmpty();
        }
    }

    private final class RedactingStream extends OutputStream {
        private final OutputStream out;
        private byte[] held = new byte[0];

        RedactingStream(OutputStream out) {
            this.out = out;
        }

        synchronized int held() {
            return held.length;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
            byte[] all = Arrays.copyOf(held, held.length + length);
            System.arraycopy(bytes, offset, all, held.length, length);
            int done = pass(all, false);
            held = Arrays.copyOfRange(all, done, all.length);
        }

        @Override
        public void flush() throws IOException {
            out.flush();
        }

        @Override
        public synchronized void close() throws IOException {
            try (out) {
                pass(held, true);
                held = new byte[0];
                out.flush();
            }
        }

        /** Writes what is decided and returns where the undecided rest begins. */
        private int pass(byte[] bytes, boolean last) throws IOException {
            Tree tree = known;
            int plainFrom = 0;
            int at = 0;
            while (at < bytes.length) {
                if (!tree.mayBegin(bytes, at)) {
                    at++;
                    continue;
                }
                Node node = tree.root;
                int matched = 0;
                int end = at;
                while (node != null && end < bytes.length) {
                    node = node.next.get(bytes[end++]);
                    if (node != null && node.end) {
                        matched = end - at;
                    }
                }
                if (node != null && !node.isLeaf() && !last) {
                    break;
                }
                if (matched > 0) {
                    out.write(bytes, plainFrom, at - plainFrom);
                    out.write(MASK_BYTES);
                    at += matched;
                    plainFrom = at;
                } else {
                    at++;
                }
            }
            out.write(bytes, plainFrom, at - plainFrom);
            return at;
        }
    }
}
