package io.jenkins.plugins.minibuild.files;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * How long a regular expression is when its counted repetitions are written out, as RE2/J does when it compiles it: {@code ((a{100}){100}){100}} is a million
 * characters. RE2/J itself does not look at that before it runs out of memory.
 */
final class RegexSize {
    /** No expression is said to be longer. */
    private static final long MOST = 1L << 40;

    /** A class such as {@code \pL} is a list of hundreds of ranges. */
    private static final int UNICODE = 20;

    private final String text;
    private int at;

    /** What stands before the last thing, in each open group. */
    private final Deque<Long> before = new ArrayDeque<>();

    private long total;
    private long last;

    private RegexSize(String text) {
        this.text = text;
    }

    /** Never too small for an expression that RE2/J takes. */
    static long of(String expression) {
        return new RegexSize(expression).size();
    }

    private long size() {
        while (at < text.length()) {
            char each = text.charAt(at);
            switch (each) {
                case '\\' -> escape();
                case '[' -> characterClass();
                case '(' -> {
                    add(0);
                    before.push(total);
                    total = 0;
                    at++;
                }
                case ')' -> {
                    long group = Math.min(MOST, total + last + 2);
                    total = before.isEmpty() ? total + last : before.pop();
                    last = group;
                    at++;
                }
                case '{' -> repetition();
                default -> {
                    add(1);
                    at++;
                }
            }
        }
        long size = total + last;
        // Groups that are not closed; RE2 refuses them.
        for (long each : before) {
            size = Math.min(MOST, size + each);
        }
        return size;
    }

    private void add(long size) {
        total = Math.min(MOST, total + last);
        last = size;
    }

    private void escape() {
        if (text.startsWith("\\Q", at)) {
            int end = text.indexOf("\\E", at + 2);
            int stop = end < 0 ? text.length() : end;
            add(stop - at);
            // A repetition behind it counts for its last character only; for all of it is more.
            at = end < 0 ? stop : stop + 2;
            return;
        }
        boolean unicode = text.startsWith("\\p", at) || text.startsWith("\\P", at);
        add(unicode ? UNICODE : 1);
        boolean braces = text.startsWith("\\x{", at) || text.startsWith("\\p{", at) || text.startsWith("\\P{", at);
        int end = braces ? text.indexOf('}', at) : -1;
        at = end < 0 ? Math.min(text.length(), at + 2) : end + 1;
    }

    private void characterClass() {
        int begin = at;
        at++;
        if (text.startsWith("^", at)) {
            at++;
        }
        if (text.startsWith("]", at)) {
            at++;
        }
        while (at < text.length() && text.charAt(at) != ']') {
            if (text.startsWith("[:", at) && text.indexOf(":]", at + 2) > 0) {
                at = text.indexOf(":]", at + 2) + 2;
            } else {
                at += text.charAt(at) == '\\' ? 2 : 1;
            }
        }
        at++;
        String inside = text.substring(begin, Math.min(at, text.length()));
        add(inside.contains("\\p") || inside.contains("\\P") ? UNICODE * (long) (inside.length() / 3) : 1);
    }

    /** <code>{2}</code>, <code>{2,}</code>, <code>{2,5}</code>; any other brace is a character. */
    private void repetition() {
        int begin = at + 1;
        int end = begin;
        long most = 0;
        long number = 0;
        while (end < text.length() && (isDigit(text.charAt(end)) || text.charAt(end) == ',' && end > begin)) {
            number = text.charAt(end) == ',' ? 0 : Math.min(MOST, number * 10 + text.charAt(end) - '0');
            most = Math.max(most, number);
            end++;
        }
        if (end == begin || end == text.length() || text.charAt(end) != '}') {
            add(1);
            at++;
            return;
        }
        // With {2,} the last of them repeats, which is one more instruction.
        last = Math.max(1, last) > MOST / Math.max(1, most) ? MOST : Math.max(1, last) * Math.max(1, most) + 1;
        at = end + 1;
    }

    private static boolean isDigit(char each) {
        return each >= '0' && each <= '9';
    }
}
