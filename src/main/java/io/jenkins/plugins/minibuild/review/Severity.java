package io.jenkins.plugins.minibuild.review;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;

/** How bad a finding is, the worst first. */
public enum Severity {
    ERROR,
    WARNING,
    INFO;

    /** As reports, parameters and the API write it. */
    @JsonValue
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws IllegalArgumentException for any other word; the message names the good ones */
    @JsonCreator
    public static Severity of(String word) {
        return Arrays.stream(values())
                .filter(each -> each.word().equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(Messages.Severity_unknown(word)));
    }

    /** In the reader's language. */
    public String title() {
        return switch (this) {
            case ERROR -> Messages.Severity_error();
            case WARNING -> Messages.Severity_warning();
            case INFO -> Messages.Severity_info();
        };
    }

    /** Whether this is as bad as the other, or worse. */
    public boolean atLeast(Severity other) {
        return ordinal() <= other.ordinal();
    }
}
