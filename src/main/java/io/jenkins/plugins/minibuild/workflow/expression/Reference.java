package io.jenkins.plugins.minibuild.workflow.expression;

import java.util.Optional;

/**
 * A value that is known only when a job starts, as it stands between <code>${</code> and <code>}</code>.
 *
 * @param kind what it is a value of
 * @param name of the variable, of the axis of a matrix, of the job, of the credential; never empty
 * @param key of {@code jobs.NAME.outputs.KEY}; of {@code credentials.ID.KEY}, where it is {@code username} or {@code password}; else empty
 */
public record Reference(Kind kind, String name, String key) {
    private static final String JOBS = "jobs.";
    private static final String OUTPUTS = ".outputs.";

    /** What a reference is a value of. */
    public enum Kind {
        /** <code>${jobs.NAME.outputs.KEY}</code>. */
        OUTPUT,
        /** <code>${matrix.NAME}</code>. */
        MATRIX,
        /** <code>${variables.NAME}</code>. */
        VARIABLE,
        /** <code>${credentials.ID}</code>, <code>${credentials.ID.username}</code>, <code>${credentials.ID.password}</code>. */
        CREDENTIAL
    }

    /**
     * Reads a dotted name: what stands between <code>${</code> and <code>}</code>, or what {@link Scope#value} is asked for. The name of a job is everything
     * between {@code jobs.} and the last {@code .outputs.}, so it may have dots and blanks.
     *
     * @return empty for one that is no reference
     */
    public static Optional<Reference> named(String dotted) {
        if (dotted.startsWith(JOBS)) {
            int end = dotted.lastIndexOf(OUTPUTS);
            return end <= JOBS.length() - 1
                    ? Optional.empty()
                    : checked(
                            Kind.OUTPUT,
                            dotted.substring(JOBS.length(), end).strip(),
                            dotted.substring(end + OUTPUTS.length()));
        }
        if (dotted.startsWith("matrix.")) {
            return checked(Kind.MATRIX, dotted.substring("matrix.".length()), "");
        }
        if (dotted.startsWith("variables.")) {
            return checked(Kind.VARIABLE, dotted.substring("variables.".length()), "");
        }
        if (dotted.startsWith("credentials.")) {
            String id = dotted.substring("credentials.".length());
            for (String key : new String[] {"username", "password"}) {
                if (id.endsWith("." + key)) {
                    return checked(Kind.CREDENTIAL, id.substring(0, id.length() - key.length() - 1), key);
                }
            }
            return checked(Kind.CREDENTIAL, id, "");
        }
        return Optional.empty();
    }

    private static Optional<Reference> checked(Kind kind, String name, String key) {
        boolean good =
                switch (kind) {
                    case OUTPUT -> !name.isEmpty() && isKey(key);
                    case MATRIX -> isKey(name);
                    case VARIABLE, CREDENTIAL -> isDottedKey(name);
                };
        return good ? Optional.of(new Reference(kind, name, key)) : Optional.empty();
    }

    /** Whether a text can be the name of an output or of an axis: letters, digits, {@code _} and {@code -}, beginning with no digit and no {@code -}. */
    public static boolean isKey(String text) {
        return !text.isEmpty()
                && !isDigit(text.charAt(0))
                && text.charAt(0) != '-'
                && text.chars().allMatch(Reference::isKeyCharacter);
    }

    /** Whether a text can be the name of a variable or the id of a credential here: as {@link #isKey}, with any beginning and dots. */
    static boolean isDottedKey(String text) {
        return !text.isEmpty() && text.chars().allMatch(each -> isKeyCharacter(each) || each == '.');
    }

    private static boolean isKeyCharacter(int each) {
        return each >= 'a' && each <= 'z' || each >= 'A' && each <= 'Z' || isDigit(each) || each == '_' || each == '-';
    }

    private static boolean isDigit(int each) {
        return each >= '0' && each <= '9';
    }
}
