package io.jenkins.plugins.minibuild.workflow.expression;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Cuts an expression into tokens. */
final class Lexer {
    private static final Set<String> WORDS = Set.of("and", "or", "not", "in", "matches", "true", "false");
    private static final List<String> SIGNS =
            List.of("==", "!=", "<=", ">=", "&&", "||", "<", ">", "!", "(", ")", "[", "]", ",");

    private final String source;
    private int at;

    private Lexer(String source) {
        this.source = source;
    }

    /** What a token is. */
    enum Kind {
        TEXT,
        NUMBER,
        NAME,
        /** A word with a meaning, or a sign. */
        SIGN,
        END
    }

    /**
     * A piece of an expression.
     *
     * @param text without quotes; of a name dotted
     * @param offset of its first character
     */
    record Token(Kind kind, String text, int offset) {
        boolean is(String sign) {
            return kind == Kind.SIGN && text.equals(sign);
        }
    }

    /** All tokens of a source; the last one is its end. */
    static List<Token> tokens(String source) throws SyntaxException {
        Lexer lexer = new Lexer(source);
        List<Token> tokens = new ArrayList<>();
        do {
            tokens.add(lexer.next());
        } while (tokens.get(tokens.size() - 1).kind() != Kind.END);
        return tokens;
    }

    private Token next() throws SyntaxException {
        while (at < source.length() && Character.isWhitespace(source.charAt(at))) {
            at++;
        }
        int begin = at;
        if (at == source.length()) {
            return new Token(Kind.END, "", begin);
        }
        char first = source.charAt(at);
        if (first == '\'' || first == '"') {
            return new Token(Kind.TEXT, quoted(), begin);
        }
        if (isDigit(first) || first == '-' && at + 1 < source.length() && isDigit(source.charAt(at + 1))) {
            return number();
        }
        if (isNameStart(source.codePointAt(at))) {
            return name();
        }
        for (String sign : SIGNS) {
            if (source.startsWith(sign, at)) {
                at += sign.length();
                return new Token(Kind.SIGN, sign, begin);
            }
        }
        throw new SyntaxException(
                switch (first) {
                    case '=' -> Messages.Expression_equals(begin + 1);
                    case '&' -> Messages.Expression_single(begin + 1, "&", "and");
                    case '|' -> Messages.Expression_single(begin + 1, "|", "or");
                    case '$' -> Messages.Expression_dollar(begin + 1);
                    default -> Messages.Expression_character(begin + 1, Character.toString(source.codePointAt(begin)));
                },
                begin);
    }

    private String quoted() throws SyntaxException {
        int begin = at;
        int end = source.indexOf(source.charAt(begin), begin + 1);
        if (end < 0) {
            throw new SyntaxException(Messages.Expression_quote(begin + 1, source.substring(begin, begin + 1)), begin);
        }
        at = end + 1;
        return source.substring(begin + 1, end);
    }

    private Token number() throws SyntaxException {
        int begin = at;
        at++;
        while (at < source.length() && (isDigit(source.charAt(at)) || source.charAt(at) == '.')) {
            at++;
        }
        String text = source.substring(begin, at);
        if (!Condition.looksLikeNumber(text) || at < source.length() && isNamePart(source.codePointAt(at))) {
            throw new SyntaxException(Messages.Expression_number(begin + 1, text), begin);
        }
        return new Token(Kind.NUMBER, text, begin);
    }

    /** {@code matrix.node}, {@code jobs['build job'].outputs.x}, or a word. */
    private Token name() throws SyntaxException {
        int begin = at;
        StringBuilder name = new StringBuilder(segment());
        if (WORDS.contains(name.toString())) {
            return new Token(Kind.SIGN, name.toString(), begin);
        }
        while (at < source.length()) {
            if (source.charAt(at) == '.' && at + 1 < source.length() && isNamePart(source.codePointAt(at + 1))) {
                at++;
                name.append('.').append(segment());
            } else if (source.charAt(at) == '[') {
                int bracket = at;
                at++;
                if (at == source.length() || source.charAt(at) != '\'' && source.charAt(at) != '"') {
                    throw new SyntaxException(Messages.Expression_bracket(bracket + 1), bracket);
                }
                name.append('.').append(quoted());
                if (at == source.length() || source.charAt(at) != ']') {
                    throw new SyntaxException(Messages.Expression_bracket(bracket + 1), bracket);
                }
                at++;
            } else {
                break;
            }
        }
        return new Token(Kind.NAME, name.toString(), begin);
    }

    private String segment() {
        int begin = at;
        while (at < source.length() && isNamePart(source.codePointAt(at))) {
            at += Character.charCount(source.codePointAt(at));
        }
        return source.substring(begin, at);
    }

    private static boolean isNameStart(int character) {
        return Character.isLetter(character) || character == '_';
    }

    private static boolean isNamePart(int character) {
        return Character.isLetterOrDigit(character) || character == '_' || character == '-';
    }

    private static boolean isDigit(char character) {
        return character >= '0' && character <= '9';
    }
}
