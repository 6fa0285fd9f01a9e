package io.jenkins.plugins.minibuild.files;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A list of patterns as Ant and Jenkins have them: {@code *} and {@code ?} within a segment, {@code **} for any number of segments. Matching
 * takes time in proportion to the text, whatever the pattern (RE2). Immutable.
 */
public final class Glob implements Serializable {
    private static final long serialVersionUID = 1L;

    private static final int MOST = 200;
    private static final int LONGEST = 500;
    private static final String REGEX = "regex:";

    /** Characters of a regular expression whose counted repetitions are written out: RE2 does so, and each costs memory and time. */
    private static final int BIGGEST = 1_000;

    /** Folders of a pattern that {@link #folders} looks at: each is a pair of parentheses inside the last one. */
    private static final int DEEPEST = 30;

    private final List<String> texts;
    private final List<Pattern> patterns;

    private Glob(List<String> texts, List<Pattern> patterns) {
        this.texts = List.copyOf(texts);
        this.patterns = List.copyOf(patterns);
    }

    /**
     * Patterns of paths in a repository. Upper and lower case are the same, as they are on the machines of many who pull a change. A pattern
     * that ends in a slash means everything below it.
     *
     * @param list separated by commas or line ends; may be empty
     * @throws IllegalArgumentException for a pattern that can match nothing in a repository
     */
    public static Glob paths(String list) {
        List<String> texts = new ArrayList<>();
        List<Pattern> patterns = new ArrayList<>();
        for (String each : list.split("[,\n]")) {
            String text = each.strip();
            if (text.isEmpty()) {
                continue;
            }
            checkPath(text);
            String whole = text.endsWith("/") ? text + "**" : text;
            texts.add(whole);
            patterns.add(Pattern.compile(expression(whole), Pattern.CASE_INSENSITIVE | Pattern.DOTALL));
        }
        return checked(texts, patterns);
    }

    /**
     * Refuses what {@link #paths} refuses, without making anything of it.
     *
     * @throws IllegalArgumentException for a pattern that can match nothing in a repository
     */
    public static void checkPaths(String list) {
        for (String each : list.split("[,\n]")) {
            checkPath(each.strip());
        }
    }

    private static void checkPath(String text) {
        if (text.startsWith("/")
                || text.contains("\\")
                || List.of(text.split("/")).contains("..")) {
            throw new IllegalArgumentException(Messages.Glob_path(text));
        }
    }

    /**
     * Patterns of names: of files, people, labels. After {@code regex:} a line is a regular expression (RE2's syntax) for the whole name.
     *
     * @param text one pattern a line, or several separated by commas; null for none
     * @throws IllegalArgumentException naming the pattern that is none
     */
    public static Glob names(@CheckForNull String text) {
        return names(text, false);
    }

    /**
     * As {@link #names(String)}, for branches and tags: these have no spaces, so {@code main release/*} is refused as two patterns that lack a
     * comma.
     *
     * @throws IllegalArgumentException naming the pattern that is none
     */
    public static Glob refs(@CheckForNull String text) {
        return names(text, true);
    }

    /**
     * Refuses patterns of branches or tags with spaces in them: no name has one, so they are several that lack a comma.
     *
     * @param list separated by commas or line ends; null for none
     * @throws IllegalArgumentException naming the pattern
     */
    public static void checkRefs(@CheckForNull String list) {
        for (String each : list == null ? new String[0] : list.split("[,\n]")) {
            checkRef(each.strip());
        }
    }

    private static void checkRef(String pattern) {
        if (pattern.chars().anyMatch(Character::isWhitespace)) {
            throw new IllegalArgumentException(Messages.Glob_space(pattern));
        }
    }

    private static Glob names(@CheckForNull String text, boolean refs) {
        List<String> texts = new ArrayList<>();
        List<Pattern> patterns = new ArrayList<>();
        for (String line : text == null ? new String[0] : text.split("\n")) {
            String[] parts = line.strip().startsWith(REGEX) ? new String[] {line} : line.split(",");
            for (String part : parts) {
                String each = part.strip();
                if (!each.isEmpty()) {
                    texts.add(each);
                    patterns.add(name(each, refs));
                }
            }
        }
        return checked(texts, patterns);
    }

    private static Pattern name(String text, boolean ref) {
        if (text.length() > LONGEST) {
            throw new IllegalArgumentException(Messages.Glob_long(text.substring(0, 50), LONGEST));
        }
        if (text.startsWith(REGEX)) {
            try {
                return whole(text.substring(REGEX.length()), 0);
            } catch (PatternSyntaxException e) {
                throw new IllegalArgumentException(Messages.Glob_regex(text, e.getMessage()), e);
            }
        }
        if (text.chars().anyMatch(c -> c < ' ' || c == '\\')) {
            throw new IllegalArgumentException(Messages.Glob_name(text));
        }
        if (ref) {
            checkRef(text);
        }
        return Pattern.compile(expression(text), Pattern.DOTALL);
    }

    /**
     * One regular expression (RE2's syntax) for a whole text, which {@link #matches} takes with all its lines.
     *
     * @throws IllegalArgumentException saying what is wrong with it
     */
    public static Glob regex(String expression) {
        if (expression.length() > LONGEST) {
            throw new IllegalArgumentException(Messages.Glob_long(expression.substring(0, 50), LONGEST));
        }
        try {
            return new Glob(List.of(expression), List.of(whole(expression, Pattern.DOTALL)));
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(Messages.Glob_expression(expression, e.getMessage()), e);
        }
    }

    private static Pattern whole(String expression, int flags) {
        if (RegexSize.of(expression) > BIGGEST) {
            throw new IllegalArgumentException(Messages.Glob_big(expression, BIGGEST));
        }
        // By itself first: a parenthesis that it lacks must not be the one put around it.
        Pattern.compile(expression);
        return Pattern.compile("/(?:" + expression + ")", flags);
    }

    /** Names as they are: no character has a meaning. */
    public static Glob exactly(String... names) {
        return new Glob(
                List.of(names),
                Stream.of(names)
                        .map(each -> Pattern.compile(Pattern.quote("/" + each), Pattern.DOTALL))
                        .toList());
    }

    /** One pattern in which {@code *} stands for any characters, slashes too, and nothing else has a meaning. */
    public static Glob wildcard(String pattern) {
        StringBuilder expression = new StringBuilder("/");
        String[] parts = pattern.split("\\*", -1);
        for (int i = 0; i < parts.length; i++) {
            expression.append(i == 0 ? "" : ".*").append(Pattern.quote(parts[i]));
        }
        return new Glob(List.of(pattern), List.of(Pattern.compile(expression.toString(), Pattern.DOTALL)));
    }

    private static Glob checked(List<String> texts, List<Pattern> patterns) {
        if (patterns.size() > MOST) {
            throw new IllegalArgumentException(Messages.Glob_many(MOST));
        }
        return new Glob(texts, patterns);
    }

    /** The expression for a path that begins with a slash: each segment of the pattern brings the slash before it. */
    private static String expression(String glob) {
        StringBuilder expression = new StringBuilder();
        for (String segment : glob.split("/")) {
            if (segment.equals("**")) {
                expression.append("(?:/[^/]+)*");
            } else if (!segment.isEmpty()) {
                append(expression, segment);
            }
        }
        return expression.toString();
    }

    private static void append(StringBuilder expression, String segment) {
        expression.append('/');
        segment.codePoints().forEach(character -> {
            switch (character) {
                case '*' -> expression.append("[^/]*");
                case '?' -> expression.append("[^/]");
                default -> expression.append(Pattern.quote(Character.toString(character)));
            }
        });
    }

    /**
     * Patterns of {@link #paths} turned into those of the folders below which a match can be. A walk that leaves out the others is quick in a workspace with
     * many files.
     */
    public Glob folders() {
        return new Glob(
                texts,
                texts.stream()
                        .map(text -> Pattern.compile(above(text), Pattern.CASE_INSENSITIVE | Pattern.DOTALL))
                        .toList());
    }

    /** The expression for the folders above the matches of a pattern; for one without folders it matches nothing. */
    private static String above(String glob) {
        List<String> segments =
                Stream.of(glob.split("/")).filter(each -> !each.isEmpty()).toList();
        StringBuilder expression = new StringBuilder();
        int open = 0;
        for (int i = 0; i < segments.size(); i++) {
            if (segments.get(i).equals("**") || i == DEEPEST) {
                expression.append("(?:/[^/]+)*");
                break;
            }
            if (i == segments.size() - 1) {
                break;
            }
            if (i > 0) {
                expression.append("(?:");
                open++;
            }
            append(expression, segments.get(i));
        }
        return expression.append(")?".repeat(open)).toString();
    }

    /** Whether there is no pattern. */
    public boolean isEmpty() {
        return patterns.isEmpty();
    }

    /** Whether one of the patterns matches the whole text, a path with forward slashes or a name. */
    public boolean matches(String text) {
        String path = "/" + text;
        return patterns.stream().anyMatch(pattern -> pattern.matches(path));
    }

    /** Whether a text is wanted: one that matches, and every text where there is no pattern. */
    public boolean allows(String text) {
        return isEmpty() || matches(text);
    }

    /** The patterns, separated by commas. */
    @Override
    public String toString() {
        return String.join(", ", texts);
    }
}
