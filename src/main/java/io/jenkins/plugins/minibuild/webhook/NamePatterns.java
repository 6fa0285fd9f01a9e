package io.jenkins.plugins.minibuild.webhook;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.apache.tools.ant.types.selectors.SelectorUtils;

/**
 * Names of branches, files, people: globs as Ant has them ({@code *} within a segment, {@code **} over several), or regular expressions
 * for the whole name after {@code regex:}. Matching takes time in proportion to the name, whatever the expression. Immutable.
 */
final class NamePatterns {
    private static final int MOST = 200;
    private static final int LONGEST = 500;

    private final List<Predicate<String>> patterns;

    private NamePatterns(List<Predicate<String>> patterns) {
        this.patterns = patterns;
    }

    /**
     * Reads patterns, one a line or separated by commas; a regular expression takes its whole line.
     *
     * @throws IllegalArgumentException naming the one that is none
     */
    static NamePatterns parse(@CheckForNull String text) {
        List<Predicate<String>> patterns = new ArrayList<>();
        for (String line : text == null ? new String[0] : text.split("\n")) {
            String[] parts = line.strip().startsWith("regex:") ? new String[] {line} : line.split(",");
            for (String part : parts) {
                String pattern = part.strip();
                if (!pattern.isEmpty()) {
                    patterns.add(pattern(pattern));
                }
            }
        }
        if (patterns.size() > MOST) {
            throw new IllegalArgumentException(Messages.NamePatterns_many(String.valueOf(MOST)));
        }
        return new NamePatterns(patterns);
    }

    private static Predicate<String> pattern(String text) {
        if (text.length() > LONGEST) {
            throw new IllegalArgumentException(
                    Messages.NamePatterns_long(text.substring(0, 50), String.valueOf(LONGEST)));
        }
        if (text.startsWith("regex:")) {
            try {
                return Pattern.compile(text.substring("regex:".length()))::matches;
            } catch (PatternSyntaxException e) {
                throw new IllegalArgumentException(Messages.NamePatterns_regex(text, e.getMessage()), e);
            }
        }
        if (text.chars().anyMatch(c -> c < ' ' || c == '\\')) {
            throw new IllegalArgumentException(Messages.NamePatterns_glob(text));
        }
        String glob = text.replace('/', File.separatorChar);
        return name -> SelectorUtils.matchPath(glob, name.replace('/', File.separatorChar), true);
    }

    /** One name as it is. */
    static NamePatterns exactly(String name) {
        return new NamePatterns(List.of(name::equals));
    }

    boolean isEmpty() {
        return patterns.isEmpty();
    }

    boolean matches(String name) {
        return patterns.stream().anyMatch(each -> each.test(name));
    }

    /** Whether it is wanted: it is, too, where nothing is asked for. */
    boolean allows(String name) {
        return isEmpty() || matches(name);
    }
}
