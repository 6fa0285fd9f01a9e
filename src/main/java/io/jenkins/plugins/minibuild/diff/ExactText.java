package io.jenkins.plugins.minibuild.diff;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Text of which nothing is lost: UTF-8, in which each byte that belongs to no character becomes a lone surrogate from U+DC80 to U+DCFF, as in Python's
 * surrogateescape. Other decoders make one U+FFFD of them all, so that two names or lines look the same.
 */
public final class ExactText {
    private static final char ESCAPE = 0xDC00;

    private ExactText() {}

    /** The text of some bytes. */
    static String decode(byte[] bytes, int from, int to) {
        String text = new String(bytes, from, to - from, StandardCharsets.UTF_8);
        return text.indexOf('\uFFFD') < 0 ? text : escaped(bytes, from, to);
    }

    private static String escaped(byte[] bytes, int from, int to) {
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(bytes, from, to - from);
        CharBuffer out = CharBuffer.allocate(to - from);
        while (true) {
            CoderResult result = decoder.decode(in, out, true);
            if (result.isUnderflow()) {
                return out.flip().toString();
            }
            for (int i = 0; i < result.length(); i++) {
                out.put((char) (ESCAPE | in.get() & 0xFF));
            }
        }
    }

    /** The bytes of which {@link #decode} made the text. */
    public static byte[] encode(String text) {
        if (isValid(text)) {
            return text.getBytes(StandardCharsets.UTF_8);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length() + 16);
        text.codePoints().forEach(character -> {
            if (isByte(character)) {
                bytes.write(character & 0xFF);
            } else {
                bytes.writeBytes(Character.toString(character).getBytes(StandardCharsets.UTF_8));
            }
        });
        return bytes.toByteArray();
    }

    /** Whether all of it was valid UTF-8. Other text cannot be an argument of a command. */
    public static boolean isValid(String text) {
        return text.codePoints().noneMatch(ExactText::isByte);
    }

    /** Whether a code point stands for a byte that is part of no character. */
    static boolean isByte(int character) {
        return character >= 0xDC80 && character <= 0xDCFF;
    }
}
