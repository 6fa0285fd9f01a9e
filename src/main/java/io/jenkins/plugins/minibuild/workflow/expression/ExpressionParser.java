package io.jenkins.plugins.minibuild.workflow.expression;

import io.jenkins.plugins.minibuild.files.Glob;
import io.jenkins.plugins.minibuild.workflow.expression.Condition.Operand;
import io.jenkins.plugins.minibuild.workflow.expression.Lexer.Kind;
import io.jenkins.plugins.minibuild.workflow.expression.Lexer.Token;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Reads one expression, by recursive descent.
 *
 * <pre>
 * or         = and { ("or" | "||") and }
 * and        = not { ("and" | "&amp;&amp;") not }
 * not        = "not" not | "!" primary | comparison
 * comparison = primary [ sign operand | ["not"] "in" "[" operand { "," operand } "]" | "matches" text ]
 * primary    = "(" or ")" | function | operand
 * </pre>
 */
final class ExpressionParser {
    /** Characters. */
    static final int LONGEST = 10_000;

    /** Parentheses and negations inside each other. */
    static final int DEEPEST = 50;

    private static final List<String> FUNCTIONS = List.of("success", "failure", "always", "changed");
    private static final List<String> FACTS =
            List.of("branch", "tag", "target", "event", "commit", "author", "agent_os");
    private static final List<String> FORMS =
            List.of("variables.NAME", "matrix.AXIS", "jobs.NAME.result", "jobs.NAME.outputs.KEY");

    private final String source;
    private final List<Mention> mentions = new ArrayList<>();
    private final Set<String> functions = new HashSet<>();
    private List<Token> tokens = List.of();
    private int at;
    private int depth;

    ExpressionParser(String source) {
        this.source = source;
    }

    List<Mention> mentions() {
        return mentions;
    }

    Set<String> functions() {
        return functions;
    }

    Condition parse() throws SyntaxException {
        if (source.length() > LONGEST) {
            throw new SyntaxException(Messages.Expression_long(LONGEST), 0);
        }
        if (source.isBlank()) {
            throw new SyntaxException(Messages.Expression_empty(), 0);
        }
        tokens = Lexer.tokens(source);
        Condition condition = or();
        if (peek().kind() != Kind.END) {
            throw expected(Messages.Expression_end());
        }
        return condition;
    }

    private Condition or() throws SyntaxException {
        deeper();
        List<Condition> parts = new ArrayList<>(List.of(and()));
        while (accept("or") || accept("||")) {
            parts.add(and());
        }
        depth--;
        return parts.size() == 1 ? parts.get(0) : new Condition.Or(List.copyOf(parts));
    }

    private Condition and() throws SyntaxException {
        List<Condition> parts = new ArrayList<>(List.of(not()));
        while (accept("and") || accept("&&")) {
            parts.add(not());
        }
        return parts.size() == 1 ? parts.get(0) : new Condition.And(List.copyOf(parts));
    }

    private Condition not() throws SyntaxException {
        int offset = peek().offset();
        if (accept("not")) {
            deeper();
            Condition part = not();
            depth--;
            return new Condition.Not(part);
        }
        if (accept("!")) {
            deeper();
            Condition part = peek().is("!") ? not() : primary();
            depth--;
            if (isComparison(peek())) {
                // Some languages negate the first value here, some the comparison.
                throw new SyntaxException(Messages.Expression_negation(offset + 1), offset);
            }
            return new Condition.Not(part);
        }
        return primaryOrComparison();
    }

    private static boolean isComparison(Token token) {
        return token.is("in")
                || token.is("not")
                || token.is("matches")
                || List.of(Condition.Comparator.values()).stream().anyMatch(each -> token.is(each.sign()));
    }

    private Condition primaryOrComparison() throws SyntaxException {
        Condition first = primary();
        if (!isComparison(peek())) {
            return first;
        }
        if (!(first instanceof Condition.Alone alone)) {
            throw new SyntaxException(
                    Messages.Expression_condition(peek().offset() + 1, peek().text()), peek().offset());
        }
        Operand left = alone.operand();
        if (accept("matches")) {
            return new Condition.Matches(left, pattern());
        }
        boolean negated = accept("not");
        if (negated && !peek().is("in")) {
            throw expected("in");
        }
        if (accept("in")) {
            Condition in = new Condition.In(left, list());
            return negated ? new Condition.Not(in) : in;
        }
        Token sign = take();
        Condition.Comparator comparator = List.of(Condition.Comparator.values()).stream()
                .filter(each -> sign.is(each.sign()))
                .findFirst()
                .orElseThrow();
        Condition comparison = new Condition.Comparison(left, comparator, operand());
        if (isComparison(peek())) {
            throw new SyntaxException(Messages.Expression_chain(peek().offset() + 1), peek().offset());
        }
        return comparison;
    }

    private Condition primary() throws SyntaxException {
        if (accept("(")) {
            Condition inner = or();
            expect(")");
            // In parentheses a value is a condition, so that (a) == b is refused as (a == b) == c is.
            return inner instanceof Condition.Alone ? new Condition.And(List.of(inner)) : inner;
        }
        Token token = peek();
        if (token.kind() == Kind.NAME && tokens.get(at + 1).is("(")) {
            return function();
        }
        return new Condition.Alone(operand());
    }

    private Condition function() throws SyntaxException {
        Token name = take();
        if (!FUNCTIONS.contains(name.text())) {
            throw new SyntaxException(
                    Messages.Expression_function(name.offset() + 1, name.text(), String.join("(), ", FUNCTIONS) + "()")
                            + meant(name.text(), FUNCTIONS),
                    name.offset());
        }
        functions.add(name.text());
        expect("(");
        Condition condition =
                switch (name.text()) {
                    case "success" -> new Condition.Success();
                    case "failure" -> new Condition.Failure();
                    case "always" -> new Condition.Always();
                    default -> new Condition.Changed(globs());
                };
        expect(")");
        return condition;
    }

    private List<String> globs() throws SyntaxException {
        List<String> globs = new ArrayList<>();
        do {
            Token token = peek();
            if (token.kind() != Kind.TEXT) {
                throw expected(Messages.Expression_text());
            }
            take();
            try {
                if (Glob.paths(token.text()).isEmpty()) {
                    throw new SyntaxException(Messages.Expression_glob(token.offset() + 1), token.offset());
                }
            } catch (IllegalArgumentException e) {
                throw wrapped(e, token);
            }
            globs.add(token.text());
        } while (accept(","));
        return List.copyOf(globs);
    }

    private Glob pattern() throws SyntaxException {
        Token token = peek();
        if (token.kind() != Kind.TEXT) {
            throw expected(Messages.Expression_pattern());
        }
        take();
        try {
            return Glob.regex(token.text());
        } catch (IllegalArgumentException e) {
            throw wrapped(e, token);
        }
    }

    private static SyntaxException wrapped(IllegalArgumentException e, Token token) {
        // It becomes a part of a longer one.
        String sentence = e.getMessage().replaceFirst("[.\u3002]$", "");
        SyntaxException wrapped =
                new SyntaxException(Messages.Expression_at(token.offset() + 1, sentence), token.offset());
        wrapped.initCause(e);
        return wrapped;
    }

    private List<Operand> list() throws SyntaxException {
        expect("[");
        List<Operand> list = new ArrayList<>();
        do {
            list.add(operand());
        } while (accept(","));
        expect("]");
        return List.copyOf(list);
    }

    private Operand operand() throws SyntaxException {
        Token token = peek();
        if (token.is("true") || token.is("false")) {
            take();
            return new Condition.Literal(token.text(), false);
        }
        switch (token.kind()) {
            case TEXT, NUMBER -> {
                take();
                return new Condition.Literal(token.text(), token.kind() == Kind.NUMBER);
            }
            case NAME -> {
                take();
                check(token);
                mentions.add(new Mention(token.text(), token.offset()));
                return new Condition.Name(token.text());
            }
            default ->
                throw token.is("[")
                        ? new SyntaxException(Messages.Expression_list(token.offset() + 1), token.offset())
                        : expected(Messages.Expression_value());
        }
    }

    private static void check(Token token) throws SyntaxException {
        String name = token.text();
        boolean good = FACTS.contains(name)
                || Reference.named(name)
                        .filter(each -> each.kind() != Reference.Kind.CREDENTIAL)
                        .isPresent()
                || name.startsWith("jobs.") && name.endsWith(".result") && name.length() > "jobs..result".length();
        if (good) {
            return;
        }
        List<String> known = new ArrayList<>(FACTS);
        known.addAll(FORMS);
        String meant = meant(name, FACTS);
        if (meant.isEmpty() && name.indexOf('.') < 0) {
            // Names of comparisons lack quotes more often than they are misspelled.
            meant = Messages.Expression_quotes(name);
        }
        throw new SyntaxException(
                Messages.Expression_name(token.offset() + 1, name, String.join(", ", known)) + meant, token.offset());
    }

    private static String meant(String name, List<String> known) {
        return Nearest.to(name, known).map(Messages::Expression_meant).orElse("");
    }

    private void deeper() throws SyntaxException {
        if (++depth > DEEPEST) {
            throw new SyntaxException(Messages.Expression_deep(peek().offset() + 1, DEEPEST), peek().offset());
        }
    }

    private Token peek() {
        return tokens.get(at);
    }

    private Token take() {
        return tokens.get(at++);
    }

    private boolean accept(String sign) {
        if (peek().is(sign)) {
            at++;
            return true;
        }
        return false;
    }

    private void expect(String sign) throws SyntaxException {
        if (!accept(sign)) {
            throw expected(sign);
        }
    }

    private SyntaxException expected(String what) {
        Token found = peek();
        return new SyntaxException(
                found.kind() == Kind.END
                        ? Messages.Expression_expectedAtEnd(found.offset() + 1, what)
                        : Messages.Expression_expected(found.offset() + 1, what, found.text()),
                found.offset());
    }
}
