package io.jenkins.plugins.minibuild.review;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;

/** What a finding, or a verdict, is about. */
public enum Category {
    QUALITY,
    SECURITY,
    ERROR_HANDLING,
    STYLE,
    TESTS;

    /** As reports, parameters and the API write it. */
    @JsonValue
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** @throws IllegalArgumentException for any other word; the message names the good ones */
    @JsonCreator
    public static Category of(String word) {
        return Arrays.stream(values())
                .filter(each -> each.word().equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(Messages.Category_unknown(word)));
    }

    /** In the reader's language. */
    public String title() {
        return switch (this) {
            case QUALITY -> Messages.Category_quality();
            case SECURITY -> Messages.Category_security();
            case ERROR_HANDLING -> Messages.Category_errorHandling();
            case STYLE -> Messages.Category_style();
            case TESTS -> Messages.Category_tests();
        };
    }
}
