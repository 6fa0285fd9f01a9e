package io.jenkins.plugins.minibuild.miniprogram.profile;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Where a QR code goes besides the artifact. */
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
        throw new IllegalArgumentException(Messages.QrFormat_unknown(
                trimmed, Arrays.stream(values()).map(QrFormat::symbol).collect(Collectors.joining(", "))));
    }
}
