package io.jenkins.plugins.minibuild.miniprogram;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.Serializable;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How large the packages of a program may become, by the team's own rule: {@code main=1.5MB, subpackage=1MB, total=8MB, packageA/=300KB}.
 * A package that is named has its own budget, every other subpackage that of {@code subpackage}. Immutable.
 */
public final class SizeBudget implements Serializable {

    private static final long serialVersionUID = 1L;
    private static final String TOTAL = "total";
    private static final String MAIN = "main";
    private static final String SUBPACKAGE = "subpackage";
    private static final Pattern PART =
            Pattern.compile("([^=]+?)\\s*=\\s*([0-9]{1,9}(?:\\.[0-9]{1,3})?)\\s*([KkMm]?)[Bb]?");

    private final LinkedHashMap<String, Long> bytes;

    private SizeBudget(LinkedHashMap<String, Long> bytes) {
        this.bytes = bytes;
    }

    /**
     * Reads a budget.
     *
     * @param text parts {@code name=size} between commas or line breaks, sizes in B, KB or MB; null or empty for none
     * @throws IllegalArgumentException with a message for the user
     */
    public static SizeBudget of(@CheckForNull String text) {
        LinkedHashMap<String, Long> bytes = new LinkedHashMap<>();
        for (String part : (text == null ? "" : text).split("[,\\n]")) {
            String trimmed = part.trim();
            if (trimmed.isEmpty()) {
                continue;
            }
            Matcher matcher = PART.matcher(trimmed);
            if (!matcher.matches()) {
                throw new IllegalArgumentException(Messages.SizeBudget_malformed(trimmed));
            }
            long unit =
                    switch (matcher.group(3)) {
                        case "" -> 1;
                        case "K", "k" -> 1024;
                        default -> 1024 * 1024;
                    };
            long size = new BigDecimal(matcher.group(2))
                    .multiply(BigDecimal.valueOf(unit))
                    .longValue();
            if (size == 0) {
                throw new IllegalArgumentException(Messages.SizeBudget_malformed(trimmed));
            }
            bytes.put(plain(matcher.group(1)), size);
        }
        return new SizeBudget(bytes);
    }

    /** Whether nothing is limited. */
    public boolean isEmpty() {
        return bytes.isEmpty();
    }

    /**
     * The budget of a package in bytes.
     *
     * @param name the name as miniprogram-ci reports it
     * @return null when it has none
     */
    @CheckForNull
    public Long of(PackageSizes sizes, String name) {
        if (!sizes.bytes().containsKey(name)) {
            return null;
        }
        if (name.equals(PackageSizes.WHOLE)) {
            return bytes.get(TOTAL);
        }
        if (name.equals(PackageSizes.MAIN)) {
            return bytes.get(MAIN);
        }
        return bytes.getOrDefault(plain(name), bytes.get(SUBPACKAGE));
    }

    /** One line for each package that is over its budget, for people; empty when all keep theirs. */
    public List<String> exceeded(PackageSizes sizes) {
        List<String> lines = new ArrayList<>();
        for (Map.Entry<String, Long> one : sizes.bytes().entrySet()) {
            Long budget = of(sizes, one.getKey());
            if (budget != null && one.getValue() > budget) {
                lines.add(Messages.SizeBudget_exceeded(
                        label(one.getKey()),
                        PackageSizes.human(one.getValue()),
                        PackageSizes.human(budget),
                        PackageSizes.human(one.getValue() - budget)));
            }
        }
        return lines;
    }

    /** As {@link #of} reads it. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        bytes.forEach((name, size) -> text.append(text.length() == 0 ? "" : ", ")
                .append(name)
                .append('=')
                .append(
                        size % (1024 * 1024) == 0
                                ? size / (1024 * 1024) + "MB"
                                : size % 1024 == 0 ? size / 1024 + "KB" : size + "B"));
        return text.toString();
    }

    private static String label(String name) {
        return switch (name) {
            case PackageSizes.WHOLE -> Messages.PackageSizes_whole();
            case PackageSizes.MAIN -> Messages.PackageSizes_main();
            default -> name;
        };
    }

    /** The service names subpackages with slashes around, app.json without. */
    private static String plain(String name) {
        return name.trim().replaceAll("^/+|/+$", "");
    }
}
