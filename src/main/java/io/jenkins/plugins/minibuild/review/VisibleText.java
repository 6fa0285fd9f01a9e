package io.jenkins.plugins.minibuild.review;

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

    /** Reduces the text; line ends become {@code \n}. */
    public static VisibleText of(String given) {
        StringBuilder visible = new StringBuilder(given.length());
        int[] removed = {0};
        given.replace("\r\n", "\n").replace('\r', '\n').codePoints().forEach(character -> {
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

    /** Text as it is, but for invisible characters, which are named instead: {@code <U+202E>} turns code around where it is shown. */
    public static String marked(String given) {
        StringBuilder marked = new StringBuilder(given.length());
        given.codePoints().forEach(character -> {
            if (invisible(character) && character != '\r') {
                marked.append(String.format("<U+%04X>", character));
            } else if (character != '\r') {
                marked.appendCodePoint(character);
            }
        });
        return marked.toString();
    }

    /** Unicode's default ignorable characters, format and control characters, lone surrogates, and the blanks that are none. */
    private static boolean invisible(int character) {
        if (character == '\n' || character == '\t') {
            return false;
        }
        return switch (Character.getType(character)) {
            case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.PRIVATE_USE -> true;
            default ->
                character == 0x034F
                        || character == 0x115F
                        || character == 0x1160
                        || character == 0x17B4
                        || character == 0x17B5
                        || character >= 0x180B && character <= 0x180F
                        || character == 0x2800
                        || character == 0x3164
                        || character >= 0xFE00 && character <= 0xFE0F
                        || character == 0xFFA0
                        || character >= 0xE0000 && character <= 0xE0FFF;
        };
    }
}
