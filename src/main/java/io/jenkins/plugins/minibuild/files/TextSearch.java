package io.jenkins.plugins.minibuild.files;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.Locale;

/** What a reader looks for in lines of text. Looking takes time in proportion to the text, whatever is looked for (RE2). Immutable. */
public final class TextSearch {
    private static final int LONGEST = 500;
    /** Compiled, a counted repetition is as long as what it repeats so many times. */
    private static final int LARGEST_PROGRAM = 20_000;

    private final String text;

    @CheckForNull
    private final Pattern pattern;

    private TextSearch(String text, @CheckForNull Pattern pattern) {
        this.text = text;
        this.pattern = pattern;
    }

    /**
     * Text as it is; upper and lower case are the same.
     *
     * @throws IllegalArgumentException for an empty or a very long one
     */
    public static TextSearch text(String text) {
        check(text);
        return new TextSearch(text.toLowerCase(Locale.ROOT), null);
    }

    /**
     * A regular expression (RE2's syntax).
     *
     * @throws IllegalArgumentException for one that is none
     */
    public static TextSearch regex(String expression) {
        check(expression);
        try {
            Pattern pattern = Pattern.compile(expression);
            if (pattern.programSize() > LARGEST_PROGRAM) {
                throw new IllegalArgumentException(Messages.TextSearch_large());
            }
            return new TextSearch(expression, pattern);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(Messages.TextSearch_regex(e.getMessage()), e);
        }
    }

    private static void check(@CheckForNull String text) {
        if (text == null || text.isEmpty() || text.length() > LONGEST) {
            throw new IllegalArgumentException(Messages.TextSearch_length(LONGEST));
        }
    }

    /** Whether it is somewhere in a line. */
    public boolean isIn(String line) {
        return pattern == null
                ? line.toLowerCase(Locale.ROOT).contains(text)
                : pattern.matcher(line).find();
    }
}
