package io.jenkins.plugins.minibuild.workflow.parse;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How people write a duration, in a workflow's file and in the parameters of the step: {@code 600}, {@code 600s}, {@code 10m}, {@code 2h}, {@code 1d}. */
public final class WrittenDuration {
    private static final Pattern FORM = Pattern.compile("([0-9]{1,9})\\s*(s|m|h|d)?");

    private WrittenDuration() {}

    /**
     * Reads a duration.
     *
     * @return empty for what is none; zero is one
     */
    public static Optional<Duration> of(String text) {
        Matcher written = FORM.matcher(text.strip().toLowerCase(Locale.ROOT));
        if (!written.matches()) {
            return Optional.empty();
        }
        long number = Long.parseLong(written.group(1));
        return Optional.of(
                switch (written.group(2) == null ? "s" : written.group(2)) {
                    case "m" -> Duration.ofMinutes(number);
                    case "h" -> Duration.ofHours(number);
                    case "d" -> Duration.ofDays(number);
                    default -> Duration.ofSeconds(number);
                });
    }
}
