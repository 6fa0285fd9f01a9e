package io.jenkins.plugins.minibuild.workflow.expression;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/** Random conditions are printed, read, and hold when a plain calculation says so; random texts are read or refused. */
class ExpressionPropertiesTest {
    private static final Map<String, String> VALUES = Map.of(
            "branch",
            "main",
            "event",
            "push",
            "tag",
            "",
            "matrix.node",
            "18",
            "variables.FLAG",
            "true",
            "variables.no",
            "false",
            "jobs.a b.outputs.x",
            "1.50");

    private static final List<String> NAMES =
            List.of("branch", "event", "tag", "matrix.node", "variables.FLAG", "variables.no", "jobs['a b'].outputs.x");

    private static final List<String> TEXTS =
            List.of("main", "push", "", "18", "a'b".replace("'", ""), "1.50", "false", "中文 ");
    private static final List<String> NUMBERS = List.of("18", "18.0", "1.5", "-3", "0");
    private static final List<String> TOKENS = List.of(
            "branch",
            "matrix.node",
            "jobs",
            ".",
            "['",
            "']",
            "'main'",
            "\"x\"",
            "18",
            "==",
            "!=",
            "<",
            ">=",
            "=",
            "and",
            "or",
            "not",
            "&&",
            "||",
            "&",
            "!",
            "(",
            ")",
            "[",
            "]",
            ",",
            "in",
            "matches",
            "'(a|b)*'",
            "success()",
            "changed(",
            "'src/**'",
            "true",
            "false",
            "$",
            "{",
            " ",
            "\n",
            "中",
            "-",
            "\ud83d");

    private static final ExpressionTest.TestScope SCOPE = new ExpressionTest.TestScope(VALUES, true, false);

    /** A printed condition and what it comes to. */
    private record Printed(String text, boolean holds) {}

    /** A printed value. */
    private record Value(String text, String value, boolean isNumber) {}

    private static <T> T pick(Random random, List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    private static Value value(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> {
                String text = pick(random, TEXTS);
                yield new Value(random.nextBoolean() ? "'" + text + "'" : "\"" + text + "\"", text, false);
            }
            case 1 -> {
                String number = pick(random, NUMBERS);
                yield new Value(number, number, true);
            }
            case 2 -> new Value("true", "true", false);
            default -> {
                String name = pick(random, NAMES);
                yield new Value(name, VALUES.get(name.replace("['", ".").replace("']", "")), false);
            }
        };
    }

    private static boolean isNumber(String text) {
        return text.matches("-?[0-9]+(\\.[0-9]+)?");
    }

    private static boolean equal(Value one, Value other) {
        return (one.isNumber() || other.isNumber()) && isNumber(one.value()) && isNumber(other.value())
                ? Double.parseDouble(one.value()) == Double.parseDouble(other.value())
                : one.value().equals(other.value());
    }

    private static Printed condition(Random random, int depth) {
        String space = random.nextInt(5) == 0 ? "\n  " : " ";
        switch (depth == 0 ? 3 + random.nextInt(4) : random.nextInt(7)) {
            case 0 -> {
                Printed one = condition(random, depth - 1);
                Printed other = condition(random, depth - 1);
                String sign = random.nextBoolean() ? "and" : "&&";
                return new Printed(
                        "(" + one.text() + ")" + space + sign + " (" + other.text() + ")",
                        one.holds() && other.holds());
            }
            case 1 -> {
                Printed one = condition(random, depth - 1);
                Printed other = condition(random, depth - 1);
                String sign = random.nextBoolean() ? "or" : "||";
                return new Printed(
                        "(" + one.text() + ") " + sign + space + "(" + other.text() + ")",
                        one.holds() || other.holds());
            }
            case 2 -> {
                Printed one = condition(random, depth - 1);
                return new Printed((random.nextBoolean() ? "not (" : "!(") + one.text() + ")", !one.holds());
            }
            case 3 -> {
                Value one = value(random);
                Value other = value(random);
                boolean equals = random.nextBoolean();
                return new Printed(one.text() + (equals ? "==" : " != ") + other.text(), equal(one, other) == equals);
            }
            case 4 -> {
                Value one = value(random);
                Value other = value(random);
                int order = isNumber(one.value()) && isNumber(other.value())
                        ? Double.compare(Double.parseDouble(one.value()), Double.parseDouble(other.value()))
                        : one.value().compareTo(other.value());
                String sign = pick(random, List.of("<", "<=", ">", ">="));
                boolean holds =
                        switch (sign) {
                            case "<" -> order < 0;
                            case "<=" -> order <= 0;
                            case ">" -> order > 0;
                            default -> order >= 0;
                        };
                return new Printed(one.text() + " " + sign + " " + other.text(), holds);
            }
            case 5 -> {
                Value one = value(random);
                Value other = value(random);
                Value third = value(random);
                boolean negated = random.nextBoolean();
                return new Printed(
                        one.text() + (negated ? " not in [" : " in [") + other.text() + ", " + third.text() + "]",
                        (equal(one, other) || equal(one, third)) != negated);
            }
            default -> {
                Value one = value(random);
                boolean truth = !one.value().isEmpty() && !one.value().equals("false");
                return new Printed(one.text(), truth);
            }
        }
    }

    @Property(tries = 5_000)
    void aPrintedConditionHoldsAsItWasMeant(@ForAll long seed) throws SyntaxException {
        Printed printed = condition(new Random(seed), 5);
        Expression expression = Expression.parse(printed.text());
        assertThat(expression.holds(SCOPE)).as(printed.text()).isEqualTo(printed.holds());
        expression
                .constant()
                .ifPresent(known -> assertThat(known).as(printed.text()).isEqualTo(printed.holds()));
        assertThat(Expression.parse(expression.source())).isEqualTo(expression);
    }

    @Property(tries = 20_000, shrinking = ShrinkingMode.OFF)
    void anyTextIsReadOrRefusedWithAPlaceInIt(@ForAll long seed) {
        Random random = new Random(seed);
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(12); i >= 0; i--) {
            text.append(pick(random, TOKENS)).append(random.nextBoolean() ? " " : "");
        }
        try {
            Expression expression = Expression.parse(text.toString());
            expression.holds(SCOPE);
            expression.constant();
            assertThat(expression.mentions())
                    .allSatisfy(each -> assertThat(each.offset()).isBetween(0, text.length() - 1));
        } catch (SyntaxException e) {
            assertThat(e.offset()).as(text.toString()).isBetween(0, text.length());
            assertThat(e.getMessage()).isNotBlank();
        }
    }

    @Property(tries = 5_000)
    void anyStringIsATemplateOrRefused(@ForAll String text) {
        try {
            Template template = Template.parse(text);
            assertThat(template.source()).isEqualTo(text);
            if (!text.contains("$${") && template.references().isEmpty()) {
                assertThat(template.resolve(reference -> "never")).isEqualTo(text);
            }
        } catch (SyntaxException e) {
            assertThat(text).contains("${");
        }
    }

    @Property(tries = 5_000)
    void textAroundReferencesIsKept(@ForAll long seed) throws SyntaxException {
        Random random = new Random(seed);
        List<String> pieces = List.of(
                "a", "$", "${", "}", "$$", "${NAME}", "${matrix.node}", "${jobs.a b.outputs.c}", " ", "\n", "中");
        StringBuilder source = new StringBuilder();
        StringBuilder wanted = new StringBuilder();
        for (int i = random.nextInt(10); i >= 0; i--) {
            String piece = pick(random, pieces);
            boolean reference = piece.contains(".");
            if (reference && source.toString().endsWith("$")) {
                // Together with a dollar before it, it would be the text itself.
                source.append(' ');
                wanted.append(' ');
            }
            source.append(piece);
            wanted.append(reference ? "<value>" : piece);
        }
        assertThat(Template.parse(source.toString()).resolve(each -> "<value>")).isEqualTo(wanted.toString());
    }

    @Property(tries = 200)
    void matchingTakesTimeInProportionToTheText(@ForAll long seed) throws SyntaxException {
        Random random = new Random(seed);
        List<String> parts = List.of("a*", "(a|a)*", "(a*)*", "(aa|a)+", "a?", ".*", "(a+)+");
        StringBuilder pattern = new StringBuilder();
        for (int i = random.nextInt(8); i >= 0; i--) {
            pattern.append(pick(random, parts));
        }
        // An engine that goes back would need longer than the world is old.
        ExpressionTest.TestScope scope =
                new ExpressionTest.TestScope(Map.of("branch", "a".repeat(5_000) + "b"), true, false);
        assertThat(Expression.parse("branch matches '" + pattern + "c'").holds(scope))
                .isFalse();
    }
}
