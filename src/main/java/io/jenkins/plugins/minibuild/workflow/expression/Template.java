package io.jenkins.plugins.minibuild.workflow.expression;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * A text with references such as <code>${matrix.node}</code>, whose values are known when a job starts. <code>$NAME</code> and <code>${NAME}</code> are
 * plain text here: they are left to the shell. In JSON it is its source. Immutable.
 */
public final class Template {
    /** What a reference begins with, behind <code>${</code>; everything else is the shell's. */
    private static final List<String> PREFIXES = List.of("jobs.", "matrix.", "variables.", "credentials.");

    private static final int LONGEST_REFERENCE = 1_000;

    private final String source;
    private final List<Part> parts;
    private final List<Reference> references;
    private final List<Integer> offsets;

    private Template(String source, List<Part> parts, List<Integer> offsets) {
        this.source = source;
        this.parts = List.copyOf(parts);
        this.references = this.parts.stream()
                .map(Part::reference)
                .filter(each -> each != null)
                .toList();
        this.offsets = List.copyOf(offsets);
    }

    /**
     * A piece of a template.
     *
     * @param text plain text; empty where there is a reference
     * @param reference null for plain text
     */
    public record Part(String text, @CheckForNull Reference reference) {}

    /**
     * Reads a template. <code>$${matrix.node}</code> is the text <code>${matrix.node}</code>.
     *
     * @throws SyntaxException for a reference that is none, such as <code>${jobs.lint.x}</code>
     */
    public static Template parse(String source) throws SyntaxException {
        List<Part> parts = new ArrayList<>();
        List<Integer> offsets = new ArrayList<>();
        StringBuilder plain = new StringBuilder();
        int at = 0;
        while (at < source.length()) {
            int next = source.indexOf("${", at);
            if (next < 0) {
                break;
            }
            int begin = next + 2;
            if (PREFIXES.stream().noneMatch(prefix -> source.startsWith(prefix, begin))) {
                plain.append(source, at, begin);
                at = begin;
            } else if (next > at && source.charAt(next - 1) == '$') {
                plain.append(source, at, next - 1).append("${");
                at = begin;
            } else {
                plain.append(source, at, next);
                int end = end(source, begin);
                if (!plain.isEmpty()) {
                    parts.add(new Part(plain.toString(), null));
                    plain.setLength(0);
                }
                parts.add(new Part("", reference(source.substring(begin, end), next)));
                offsets.add(next);
                at = end + 1;
            }
        }
        plain.append(source, at, source.length());
        if (!plain.isEmpty()) {
            parts.add(new Part(plain.toString(), null));
        }
        return new Template(source, parts, offsets);
    }

    private static int end(String source, int begin) throws SyntaxException {
        for (int i = begin; i < source.length() && i - begin <= LONGEST_REFERENCE; i++) {
            char each = source.charAt(i);
            if (each == '}') {
                return i;
            }
            if (each == '\n' || each == '$' || each == '{') {
                break;
            }
        }
        String begun = source.substring(begin, Math.min(source.length(), begin + 30));
        throw new SyntaxException(
                Messages.Template_open(begin - 1, begun.lines().findFirst().orElse("")), begin - 2);
    }

    private static Reference reference(String text, int offset) throws SyntaxException {
        return Reference.named(text)
                .orElseThrow(() -> new SyntaxException(
                        switch (text.substring(0, text.indexOf('.'))) {
                            case "jobs" -> Messages.Template_job(offset + 1, text);
                            case "credentials" -> Messages.Template_credential(offset + 1, text);
                            default -> Messages.Template_name(offset + 1, text);
                        },
                        offset));
    }

    /** As {@link #parse}, for a source that was checked before. */
    @JsonCreator
    public static Template of(String source) {
        try {
            return parse(source);
        } catch (SyntaxException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /** The pieces in their order. */
    public List<Part> parts() {
        return parts;
    }

    /** The references in their order. */
    public List<Reference> references() {
        return references;
    }

    /** Where each of {@link #references} begins in the source, in characters from 0. */
    public List<Integer> offsets() {
        return offsets;
    }

    /**
     * The text with values in the places of references.
     *
     * @param values never answers null
     */
    public String resolve(Function<Reference, String> values) {
        StringBuilder text = new StringBuilder();
        parts.forEach(part -> text.append(part.reference() == null ? part.text() : values.apply(part.reference())));
        return text.toString();
    }

    /** As it stands in the file. */
    @JsonValue
    public String source() {
        return source;
    }

    @Override
    public String toString() {
        return source;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Template template && source.equals(template.source);
    }

    @Override
    public int hashCode() {
        return source.hashCode();
    }
}
