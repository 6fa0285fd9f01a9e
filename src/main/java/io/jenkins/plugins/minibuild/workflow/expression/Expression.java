package io.jenkins.plugins.minibuild.workflow.expression;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Set;

/**
 * A condition: comparisons ({@code ==}, {@code !=}, {@code <}, {@code <=}, {@code >}, {@code >=}), {@code and}/{@code &&}, {@code or}/{@code ||}, {@code not}/{@code !},
 * {@code in [..]}, {@code matches 'regex'} (RE2, linear time), the functions {@code success()}, {@code failure()}, {@code always()},
 * {@code changed('src/**')}. It calls no code. In JSON it is its source. Immutable.
 */
public final class Expression {
    private final String source;

    private Expression(String source) {
        this.source = source;
    }

    /**
     * Reads an expression.
     *
     * @throws SyntaxException saying what was expected where
     */
    public static Expression parse(String source) throws SyntaxException {
        throw new UnsupportedOperationException("helper: parse");
    }

    /** As {@link #parse}, for a source that was checked before. */
    @JsonCreator
    public static Expression of(String source) {
        try {
            return parse(source);
        } catch (SyntaxException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /** The dotted names that it reads. */
    public Set<String> names() {
        throw new UnsupportedOperationException("helper: parse");
    }

    /** Whether it asks {@code changed()}. */
    public boolean asksForChanges() {
        throw new UnsupportedOperationException("helper: parse");
    }

    /** Whether it holds. One that asks for no status ({@code success()}, {@code failure()}, {@code always()}) holds only where {@link Scope#success} does. */
    public boolean holds(Scope scope) {
        throw new UnsupportedOperationException("helper: parse");
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
        return other instanceof Expression expression && source.equals(expression.source);
    }

    @Override
    public int hashCode() {
        return source.hashCode();
    }
}
