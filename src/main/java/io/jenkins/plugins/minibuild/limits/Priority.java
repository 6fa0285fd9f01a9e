package io.jenkins.plugins.minibuild.limits;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** The priority of a ticket. Tickets of one priority are served in the order in which they were drawn. */
public enum Priority {
    HIGH,
    NORMAL,
    LOW;

    /** The word in a Jenkinsfile: low, normal or high. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What a reader is told. */
    String title() {
        return switch (this) {
            case LOW -> Messages.Priority_low();
            case NORMAL -> Messages.Priority_normal();
            case HIGH -> Messages.Priority_high();
        };
    }

    /**
     * The priority of that word; NORMAL for none.
     *
     * @throws IllegalArgumentException with the words that there are
     */
    public static Priority of(@CheckForNull String word) {
        if (word == null || word.isBlank()) {
            return NORMAL;
        }
        return Arrays.stream(values())
                .filter(p -> p.word().equals(word.trim().toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(Messages.Priority_unknown(
                        word, Arrays.stream(values()).map(Priority::word).collect(Collectors.joining(", ")))));
    }
}
