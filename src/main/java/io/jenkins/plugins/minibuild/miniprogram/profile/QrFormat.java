package io.jenkins.plugins.minibuild.miniprogram.profile;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Where a QR code is shown besides the artifact. */
public enum QrFormat {
    /** Nowhere. */
    IMAGE,
    /** Into the result of the step, as a data URI. */
    BASE64,
    /** Into the log, drawn with letters. */
    TERMINAL;

    /** The name in parameters and profiles. */
    public String symbol() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** All symbols. */
    public static List<String> symbols() {
        return Arrays.stream(values()).map(QrFormat::symbol).toList();
    }

    /**
     * Finds a format by its name; null and empty mean {@link #IMAGE}.
     *
     * @throws IllegalArgumentException with a message for the user
     */
    public static QrFormat of(@CheckForNull String symbol) {
        String trimmed = symbol == null ? "" : symbol.trim();
        if (trimmed.isEmpty()) {
            return IMAGE;
        }
        for (QrFormat format : values()) {
            if (format.symbol().equals(trimmed)) {
                return format;
            }
        }
        throw new IllegalArgumentException(Messages.QrFormat_unknown(trimmed, String.join(", ", symbols())));
    }
}
