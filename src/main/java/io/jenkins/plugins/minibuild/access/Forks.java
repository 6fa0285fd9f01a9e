package io.jenkins.plugins.minibuild.access;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Util;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Whose merge requests out of forks may start builds; the strictest first. */
public enum Forks {
    /** Nobody's. */
    NEVER,
    /** Those of people who may write to the repository. */
    MEMBERS,
    /** Everybody's: strangers then run their code with what the job has. */
    ALWAYS;

    /** The word in forms and in Configuration as Code. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Reads a word.
     *
     * @return null for none
     * @throws IllegalArgumentException that lists the good ones
     */
    @CheckForNull
    public static Forks of(@CheckForNull String word) {
        String text = Util.fixEmptyAndTrim(word);
        if (text == null) {
            return null;
        }
        for (Forks each : values()) {
            if (each.word().equalsIgnoreCase(text)) {
                return each;
            }
        }
        throw new IllegalArgumentException(Messages.Forks_unknown(
                text, Arrays.stream(values()).map(Forks::word).collect(Collectors.joining(", "))));
    }

    @Override
    public String toString() {
        return word();
    }
}
