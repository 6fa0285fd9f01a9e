package io.jenkins.plugins.minibuild.workflow.expression;

import io.jenkins.plugins.minibuild.files.Glob;
import java.math.BigDecimal;
import java.util.List;

/** A part of an expression that holds or does not. */
sealed interface Condition {
    /** Whether it holds, given the values of its names. */
    boolean holds(Scope scope);

    /** Whether it holds whatever the values are. */
    Truth known();

    /** What is known of a condition before it is asked. */
    enum Truth {
        YES,
        NO,
        OPEN;

        static Truth of(boolean value) {
            return value ? YES : NO;
        }
    }

    /** A text. */
    sealed interface Operand {
        /** Its value; empty for a name without one. */
        String value(Scope scope);

        /** Whether it is written as a number. */
        default boolean isNumber() {
            return false;
        }

        /** Whether its value does not depend on anything. */
        boolean isConstant();
    }

    /**
     * A text, a number, true or false.
     *
     * @param isNumber whether it is written without quotes, in digits
     */
    record Literal(String text, @Override boolean isNumber) implements Operand {
        @Override
        public String value(Scope scope) {
            return text;
        }

        @Override
        public boolean isConstant() {
            return true;
        }
    }

    /** The value of a dotted name. */
    record Name(String name) implements Operand {
        @Override
        public String value(Scope scope) {
            String value = scope.value(name);
            return value == null ? "" : value;
        }

        @Override
        public boolean isConstant() {
            return false;
        }
    }

    /** All of them. */
    record And(List<Condition> parts) implements Condition {
        @Override
        public boolean holds(Scope scope) {
            return parts.stream().allMatch(part -> part.holds(scope));
        }

        @Override
        public Truth known() {
            if (parts.stream().anyMatch(part -> part.known() == Truth.NO)) {
                return Truth.NO;
            }
            return parts.stream().allMatch(part -> part.known() == Truth.YES) ? Truth.YES : Truth.OPEN;
        }
    }

    /** One of them or more. */
    record Or(List<Condition> parts) implements Condition {
        @Override
        public boolean holds(Scope scope) {
            return parts.stream().anyMatch(part -> part.holds(scope));
        }

        @Override
        public Truth known() {
            if (parts.stream().anyMatch(part -> part.known() == Truth.YES)) {
                return Truth.YES;
            }
            return parts.stream().allMatch(part -> part.known() == Truth.NO) ? Truth.NO : Truth.OPEN;
        }
    }

    /** The contrary. */
    record Not(Condition part) implements Condition {
        @Override
        public boolean holds(Scope scope) {
            return !part.holds(scope);
        }

        @Override
        public Truth known() {
            return switch (part.known()) {
                case YES -> Truth.NO;
                case NO -> Truth.YES;
                case OPEN -> Truth.OPEN;
            };
        }
    }

    /** A value that stands alone. */
    record Alone(Operand operand) implements Condition {
        @Override
        public boolean holds(Scope scope) {
            String value = operand.value(scope);
            return !value.isEmpty() && !value.equals("false");
        }

        @Override
        public Truth known() {
            return operand instanceof Literal literal
                    ? Truth.of(!literal.text().isEmpty() && !literal.text().equals("false"))
                    : Truth.OPEN;
        }
    }

    /** How two values are compared. */
    enum Comparator {
        EQUAL("=="),
        UNEQUAL("!="),
        LESS("<"),
        AT_MOST("<="),
        MORE(">"),
        AT_LEAST(">=");

        private final String sign;

        Comparator(String sign) {
            this.sign = sign;
        }

        String sign() {
            return sign;
        }
    }

    /** Two values and how they are compared. */
    record Comparison(Operand left, Comparator comparator, Operand right) implements Condition {
        @Override
        public boolean holds(Scope scope) {
            return compare(left.value(scope), right.value(scope));
        }

        private boolean compare(String one, String other) {
            boolean equality = comparator == Comparator.EQUAL || comparator == Comparator.UNEQUAL;
            if (equality) {
                return equal(one, other, left.isNumber() || right.isNumber()) == (comparator == Comparator.EQUAL);
            }
            int order = looksLikeNumber(one) && looksLikeNumber(other)
                    ? new BigDecimal(one).compareTo(new BigDecimal(other))
                    : one.compareTo(other);
            return switch (comparator) {
                case LESS -> order < 0;
                case AT_MOST -> order <= 0;
                case MORE -> order > 0;
                default -> order >= 0;
            };
        }

        @Override
        public Truth known() {
            return left instanceof Literal one && right instanceof Literal other
                    ? Truth.of(compare(one.text(), other.text()))
                    : Truth.OPEN;
        }
    }

    /** Whether a value is one of several. */
    record In(Operand operand, List<Operand> list) implements Condition {
        @Override
        public boolean holds(Scope scope) {
            String value = operand.value(scope);
            return list.stream()
                    .anyMatch(each -> equal(value, each.value(scope), operand.isNumber() || each.isNumber()));
        }

        @Override
        public Truth known() {
            if (list.isEmpty()) {
                return Truth.NO;
            }
            Or comparisons = new Or(list.stream()
                    .<Condition>map(each -> new Comparison(operand, Comparator.EQUAL, each))
                    .toList());
            return comparisons.known();
        }
    }

    /** Whether a pattern matches a value as a whole. */
    record Matches(Operand operand, Glob pattern) implements Condition {
        @Override
        public boolean holds(Scope scope) {
            return pattern.matches(operand.value(scope));
        }

        @Override
        public Truth known() {
            return operand instanceof Literal literal ? Truth.of(pattern.matches(literal.text())) : Truth.OPEN;
        }
    }

    /** {@code success()}. */
    record Success() implements Condition {
        @Override
        public boolean holds(Scope scope) {
            return scope.success();
        }

        @Override
        public Truth known() {
            return Truth.OPEN;
        }
    }

    /** {@code failure()}. */
    record Failure() implements Condition {
        @Override
        public boolean holds(Scope scope) {
            return scope.failure();
        }

        @Override
        public Truth known() {
            return Truth.OPEN;
        }
    }

    /** {@code always()}. */
    record Always() implements Condition {
        @Override
        public boolean holds(Scope scope) {
            return true;
        }

        @Override
        public Truth known() {
            return Truth.YES;
        }
    }

    /** {@code changed('...')}: whether one of the patterns matches a changed file. */
    record Changed(List<String> patterns) implements Condition {
        @Override
        public boolean holds(Scope scope) {
            return patterns.stream().anyMatch(scope::changed);
        }

        @Override
        public Truth known() {
            return Truth.OPEN;
        }
    }

    /** Whether two values are the same, as numbers if one is written as a number and the other looks like one. */
    static boolean equal(String one, String other, boolean asNumbers) {
        return asNumbers && looksLikeNumber(one) && looksLikeNumber(other)
                ? new BigDecimal(one).compareTo(new BigDecimal(other)) == 0
                : one.equals(other);
    }

    /** Whether a text is digits with perhaps a sign and a point. Bounded: such a number costs no time. */
    static boolean looksLikeNumber(String text) {
        int digits = 0;
        int points = 0;
        for (int i = 0; i < text.length(); i++) {
            char each = text.charAt(i);
            if (each >= '0' && each <= '9') {
                digits++;
            } else if (each == '.' && digits > 0 && i < text.length() - 1) {
                points++;
            } else if (each != '-' || i > 0) {
                return false;
            }
        }
        return digits > 0 && points <= 1 && text.length() <= 40;
    }
}
