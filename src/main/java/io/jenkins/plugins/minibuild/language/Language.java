package io.jenkins.plugins.minibuild.language;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** A language that the plugin has. Immutable. */
public enum Language {
    /** That of Jenkins' JVM. */
    SYSTEM("system", null),
    ENGLISH("en", Locale.ENGLISH),
    CHINESE("zh", Locale.SIMPLIFIED_CHINESE);

    private final String word;
    private final Locale locale;

    Language(String word, @CheckForNull Locale locale) {
        this.word = word;
        this.locale = locale;
    }

    /** Its name in Configuration as Code. */
    public String word() {
        return word;
    }

    /** Empty for {@link #SYSTEM}. */
    public Optional<Locale> locale() {
        return Optional.ofNullable(locale);
    }

    /** The one that fits a reader best: Chinese for every kind of Chinese, else English. */
    static Language closestTo(Locale reader) {
        return reader.getLanguage().equals(Locale.CHINESE.getLanguage()) ? CHINESE : ENGLISH;
    }

    /**
     * Reads a name.
     *
     * @throws IllegalArgumentException naming those that there are
     */
    static Language of(String word) {
        return Arrays.stream(values())
                .filter(each -> each.word.equals(word.trim().toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(Messages.Language_unknown(
                        word, Arrays.stream(values()).map(Language::word).collect(Collectors.joining(", ")))));
    }
}
