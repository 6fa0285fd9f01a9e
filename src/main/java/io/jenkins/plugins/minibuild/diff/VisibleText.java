package io.jenkins.plugins.minibuild.diff;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Text from outside, reduced to what a person who reads it sees: an instruction in a comment of HTML, in characters without width or in the
 * invisible copies of ASCII (Unicode tags) steers a model and nobody notices.
 *
 * @param text without them
 * @param characters how many invisible characters were removed
 * @param comments how many comments were removed
 */
public record VisibleText(String text, int characters, int comments) {
    private static final Pattern COMMENT = Pattern.compile("<!--.*?(-->|\\z)", Pattern.DOTALL);
    private static final Pattern LINE_END = Pattern.compile("\r\n|[\r\u0085\u2028\u2029]");

    /**
     * A part of a text.
     *
     * @param text as it is; of a mark, the name of the one character that it stands for: {@code U+202E}, or {@code 0xFF} for a byte that is no text
     * @param mark whether it stands for a character that nobody sees, or that moves what is beside it
     */
    public record Piece(String text, boolean mark) {
        /** For the pages, which read beans. */
        public String getText() {
            return text;
        }

        /** For the pages, which read beans. */
        public boolean isMark() {
            return mark;
        }
    }

    /** Reduces the text; line ends, also Unicode's own, become {@code \n}. */
    public static VisibleText of(String given) {
        StringBuilder visible = new StringBuilder(given.length());
        int[] removed = {0};
        LINE_END.matcher(given).replaceAll("\n").codePoints().forEach(character -> {
            if (invisible(character)) {
                removed[0]++;
            } else {
                visible.appendCodePoint(character);
            }
        });
        // After the invisible ones: they could hide the dashes of a comment.
        var matcher = COMMENT.matcher(visible);
        StringBuilder text = new StringBuilder();
        int comments = 0;
        while (matcher.find()) {
            matcher.appendReplacement(text, "");
            comments++;
        }
        matcher.appendTail(text);
        return new VisibleText(text.toString(), removed[0], comments);
    }

    /**
     * Text as it is, but for what nobody sees, which is named instead: {@code <U+202E>} turns code around where it is shown, and code stands behind
     * {@code <U+000D>} or {@code <U+2028>} in a line that looks like a comment. Line breaks and tabulators stay; {@code \r\n} becomes {@code \n}.
     */
    public static String marked(String given) {
        String text = given.replace("\r\n", "\n");
        return isPlain(text) ? text : joined(text, false);
    }

    /** The name of a file as it is shown: on one line, tabulators and line breaks named too. */
    public static String name(String path) {
        return isPlain(path) && path.indexOf('\n') < 0 && path.indexOf('\t') < 0 ? path : joined(path, true);
    }

    private static String joined(String text, boolean oneLine) {
        StringBuilder marked = new StringBuilder(text.length() + 32);
        text.codePoints().forEach(character -> {
            if (invisible(character) || oneLine && (character == '\n' || character == '\t')) {
                marked.append('<').append(title(character)).append('>');
            } else {
                marked.appendCodePoint(character);
            }
        });
        return marked.toString();
    }

    /** The text in pieces: what is seen as it is, and a mark for each character that is not. One empty piece for an empty text. */
    public static List<Piece> pieces(String text) {
        if (isPlain(text)) {
            return List.of(new Piece(text, false));
        }
        List<Piece> pieces = new ArrayList<>();
        StringBuilder seen = new StringBuilder();
        text.codePoints().forEach(character -> {
            if (invisible(character)) {
                if (!seen.isEmpty()) {
                    pieces.add(new Piece(seen.toString(), false));
                    seen.setLength(0);
                }
                pieces.add(new Piece(title(character), true));
            } else {
                seen.appendCodePoint(character);
            }
        });
        if (!seen.isEmpty()) {
            pieces.add(new Piece(seen.toString(), false));
        }
        return pieces;
    }

    private static String title(int character) {
        return ExactText.isByte(character)
                ? String.format("0x%02X", character & 0xFF)
                : String.format("U+%04X", character);
    }

    /** Whether all of it is ASCII that is seen, which is quickly said of most lines. */
    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 0x7F || c < ' ' && c != '\t' && c != '\n') {
                return text.codePoints().noneMatch(VisibleText::invisible);
            }
        }
        return true;
    }

    /** Unicode's default ignorable characters, format and control characters, other line ends, lone surrogates, and the blanks that are none. */
    private static boolean invisible(int character) {
        if (character == '\n' || character == '\t') {
            return false;
        }
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> true;
            default ->
                character == 0x034F
                        || character == 0x115F
                        || character == 0x1160
                        || character == 0x17B4
                        || character == 0x17B5
                        || character >= 0x180B && character <= 0x180F
                        || character == 0x2065
                        || character == 0x2800
                        || character == 0x3164
                        || character >= 0xFE00 && character <= 0xFE0F
                        || character == 0xFFA0
                        || character >= 0xFFF0 && character <= 0xFFF8
                        || character >= 0xE0000 && character <= 0xE0FFF;
        };
    }
}
