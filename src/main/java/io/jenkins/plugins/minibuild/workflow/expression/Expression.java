package io.jenkins.plugins.minibuild.workflow.expression;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A condition: comparisons ({@code ==}, {@code !=}, {@code <}, {@code <=}, {@code >}, {@code >=}), {@code and}/{@code &&}, {@code or}/{@code ||}, {@code not}/{@code !},
 * {@code in [..]}, {@code matches 'regex'} (RE2, linear time, the whole text), the functions {@code success()}, {@code failure()}, {@code always()},
 * {@code changed('src/**')}. It calls no code. In JSON it is its source. Immutable.
 *
 * <p>Every value is a text. {@code ==}, {@code !=} and {@code in} compare texts, but numbers where one side is written as a number ({@code matrix.node == 18}) and the
 * other looks like one; {@code <} and its like compare numbers where both sides look like numbers, else texts by their characters. A value that stands alone holds
 * if it is neither empty nor {@code false}.
 */
public final class Expression {
    private final String source;
    private final Condition condition;
    private final List<Mention> mentions;
    private final Set<String> functions;

    private Expression(String source, Condition condition, ExpressionParser parser) {
        this.source = source;
        this.condition = condition;
        this.mentions = List.copyOf(parser.mentions());
        this.functions = Set.copyOf(parser.functions());
    }

    /**
     * Reads an expression.
     *
     * @throws SyntaxException saying what was expected where
     */
    public static Expression parse(String source) throws SyntaxException {
        ExpressionParser parser = new ExpressionParser(source);
        return new Expression(source, parser.parse(), parser);
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
        Set<String> names = new LinkedHashSet<>();
        mentions.forEach(each -> names.add(each.name()));
        return names;
    }

    /** The names that it reads with their places, in their order. */
    public List<Mention> mentions() {
        return mentions;
    }

    /** Whether it asks {@code changed()}. */
    public boolean asksForChanges() {
        return functions.contains("changed");
    }

    /** Whether it asks how what came before has ended: {@code success()}, {@code failure()}, {@code always()}. */
    public boolean asksForStatus() {
        return functions.contains("success") || functions.contains("failure") || functions.contains("always");
    }

    /** What it is whatever its names stand for; empty if that depends on them. */
    public Optional<Boolean> constant() {
        return switch (condition.known()) {
            case YES -> Optional.of(true);
            case NO -> Optional.of(false);
            case OPEN -> Optional.empty();
        };
    }

    /** Whether it holds. One that asks for no status ({@code success()}, {@code failure()}, {@code always()}) holds only where {@link Scope#success} does. */
    public boolean holds(Scope scope) {
        return (asksForStatus() || scope.success()) && condition.holds(scope);
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
