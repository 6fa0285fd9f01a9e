package io.jenkins.plugins.minibuild.webhook;

import edu.umd.cs.findbugs.annotations.CheckForNull;

/** Cleans text from outside before it is shown, stored or put into an environment. */
final class CleanText {
    private CleanText() {}

    /** One line: control and formatting characters become spaces, and it is cut at the length. */
    static String line(@CheckForNull String text, int longest) {
        return clean(text, longest, false).strip();
    }

    /** Several lines: line feeds stay. */
    static String lines(@CheckForNull String text, int longest) {
        return clean(text, longest, true).strip();
    }

    private static String clean(@CheckForNull String text, int longest, boolean lineFeeds) {
        if (text == null) {
            return "";
        }
        StringBuilder clean = new StringBuilder(Math.min(text.length(), longest));
        int at = 0;
        while (at < text.length() && clean.length() < longest) {
            int c = text.codePointAt(at);
            at += Character.charCount(c);
            if (c == '\n' && lineFeeds) {
                clean.append('\n');
            } else if (Character.isISOControl(c)
                    || Character.getType(c) == Character.FORMAT
                    || Character.getType(c) == Character.SURROGATE
                    || Character.getType(c) == Character.LINE_SEPARATOR
                    || Character.getType(c) == Character.PARAGRAPH_SEPARATOR) {
                if (c != '\r' && clean.length() > 0 && clean.charAt(clean.length() - 1) != ' ') {
                    clean.append(' ');
                }
            } else {
                clean.appendCodePoint(c);
            }
        }
        return clean.toString();
    }
}
