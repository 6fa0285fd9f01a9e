package io.jenkins.plugins.minibuild.notify;

import java.nio.charset.StandardCharsets;

/** Limits the length of texts in UTF-8 bytes, which the services count. */
final class ByteLimit {
    private static final String MORE = "…";

    private ByteLimit() {}

    /** How many bytes a text has. */
    static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    /**
     * Cuts a text to a number of bytes; a text that is cut ends with an ellipsis. The cut never splits a character, nor a sequence of characters that is shown
     * as one (emoji, accents).
     *
     * @param most bytes, at least 3
     */
    static String cut(String text, int most) {
        if (text.length() <= most / 3 || bytes(text) <= most) {
            return text;
        }
        int left = most - bytes(MORE);
        int end = 0;
        while (end < text.length()) {
            int point = text.codePointAt(end);
            int size = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
            if (size > left) {
                break;
            }
            left -= size;
            end += Character.charCount(point);
        }
        while (end > 0 && end < text.length() && isJoined(text, end)) {
            end -= Character.charCount(text.codePointBefore(end));
        }
        return text.substring(0, end) + MORE;
    }

    private static boolean isJoined(String text, int at) {
        int next = text.codePointAt(at);
        int type = Character.getType(next);
        return type == Character.NON_SPACING_MARK
                || type == Character.ENCLOSING_MARK
                || next == 0x200D
                || next >= 0xFE00 && next <= 0xFE0F
                || next >= 0x1F3FB && next <= 0x1F3FF
                || text.codePointBefore(at) == 0x200D;
    }
}
