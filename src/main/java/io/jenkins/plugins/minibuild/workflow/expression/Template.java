package io.jenkins.plugins.minibuild.workflow.expression;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.List;
import java.util.function.Function;

/**
 * A text with references such as <code>${matrix.node}</code>, whose values are known when a job starts. <code>$NAME</code> and <code>${NAME}</code> are
 * plain text here: they are left to the shell. In JSON it is its source. Immutable.
 */
public final class Template {
    private final String source;
    private final List<Part> parts;

    private Template(String source, List<Part> parts) {
        this.source = source;
        this.parts = List.copyOf(parts);
    }

    /**
     * A piece of a template.
     *
     * @param text plain text; empty where there is a reference
     * @param reference null for plain text
     */
    public record Part(String text, @CheckForNull Reference reference) {}

    /**
     * Reads a template.
     *
     * @throws SyntaxException for a reference that is none, such as <code>${jobs.lint.x}</code>
     */
    public static Template parse(String source) throws SyntaxException {
        throw new UnsupportedOperationException("helper: parse");
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
        return parts.stream().map(Part::reference).filter(each -> each != null).toList();
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
