package io.jenkins.plugins.minibuild.codegen;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * A requirement as its author wrote it: text from outside.
 *
 * @param id names the branch; empty if it has none
 * @param title one line
 * @param description may be empty
 * @param link where people find it; empty if nowhere
 * @param document the text of a document that goes with it; may be empty
 */
public record Requirement(String id, String title, String description, String link, String document) {
    /** The longest text of a requirement, in characters, all parts together: more does not help a model. */
    public static final int LONGEST = 200_000;

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final Set<String> KEYS = Set.of("id", "title", "description", "link", "file", "document");

    /**
     * Checks it.
     *
     * @throws IllegalArgumentException with a message for users
     */
    public Requirement {
        id = id.strip();
        title = title.strip();
        description = description.strip();
        link = link.strip();
        if (!id.isEmpty() && (!ID.matcher(id).matches() || id.contains("..") || id.endsWith(".lock"))) {
            throw new IllegalArgumentException(Messages.Requirement_Id(shortened(id)));
        }
        if (title.isEmpty() && description.isEmpty() && document.isBlank()) {
            throw new IllegalArgumentException(Messages.Requirement_Empty());
        }
        if (!link.isEmpty() && !link.matches("https?://[^\\s<>\"]{1,2000}")) {
            throw new IllegalArgumentException(Messages.Requirement_Link());
        }
        int length = title.length() + description.length() + document.length();
        if (length > LONGEST) {
            throw new IllegalArgumentException(
                    Messages.Requirement_TooLong(String.valueOf(length), String.valueOf(LONGEST)));
        }
    }

    /**
     * A requirement as a Jenkinsfile gives it.
     *
     * @param given {@code title}, {@code description}, {@code id}, {@code link}; each may be missing
     * @throws IllegalArgumentException naming an unknown key
     */
    public static Requirement of(Map<String, ?> given) {
        Set<String> unknown = new TreeSet<>(given.keySet());
        unknown.removeAll(KEYS);
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException(Messages.Requirement_Key(
                    shortened(unknown.iterator().next()), String.join(", ", new TreeSet<>(KEYS))));
        }
        return new Requirement(
                text(given, "id"), text(given, "title"), text(given, "description"), text(given, "link"), "");
    }

    /**
     * A requirement in a file: its first line, a heading or not, is the title, the rest the description.
     *
     * @param id the file's name without its ending, unless the caller knows better
     */
    public static Requirement ofFile(String id, String content) {
        String text = content.strip();
        int end = text.indexOf('\n');
        String first = end < 0 ? text : text.substring(0, end);
        return new Requirement(
                id, first.replaceFirst("^#{1,6}\\s+", ""), end < 0 ? "" : text.substring(end + 1), "", "");
    }

    /** The same with the text of a document. */
    public Requirement with(String text) {
        return new Requirement(id, title, description, link, text);
    }

    private static String text(Map<String, ?> given, String key) {
        Object value = given.get(key);
        return value == null ? "" : value.toString();
    }

    private static String shortened(String text) {
        return text.length() <= 80 ? text : text.substring(0, 80) + "…";
    }
}
