package io.jenkins.plugins.minibuild.miniprogram;

import com.fasterxml.jackson.databind.JsonNode;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.minibuild.miniprogram.profile.ProjectType;
import io.jenkins.plugins.minibuild.miniprogram.profile.SizeLimits;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How large the packages of a mini program are, in bytes: the whole, the main package, and each subpackage. Immutable.
 *
 * <p>WeChat allows 2 MB for the main package and for each subpackage (4 MB for the main package of a game) and 20 MB in all. It allows more
 * for some apps (30 MB in all): a size over these limits only marks a row.
 */
public final class PackageSizes implements Serializable {

    /** The name under which miniprogram-ci reports the sum. */
    public static final String WHOLE = "__FULL__";

    /** The name under which miniprogram-ci reports the main package. */
    public static final String MAIN = "__APP__";

    private static final long serialVersionUID = 1L;
    private static final long MB = 1024 * 1024;
    private static final int SUBPACKAGE_LIMIT = 2;
    private static final int WHOLE_LIMIT = 20;
    private static final int MOST_PACKAGES = 200;
    private static final int LONGEST_NAME = 200;

    private final LinkedHashMap<String, Long> bytes;
    private final int mainPackageLimit;

    private PackageSizes(LinkedHashMap<String, Long> bytes, int mainPackageLimit) {
        this.bytes = bytes;
        this.mainPackageLimit = mainPackageLimit;
    }

    /**
     * Reads what the driver reported. It comes from an agent: entries that are not a name with a size are left out, names are
     * cut at {@value #LONGEST_NAME} characters, and no more than {@value #MOST_PACKAGES} are taken.
     *
     * @param info the field {@code subPackageInfo}; anything but an array gives no sizes
     * @param type the type of the project, for its limits
     */
    static PackageSizes read(@CheckForNull JsonNode info, ProjectType type) {
        LinkedHashMap<String, Long> bytes = new LinkedHashMap<>();
        if (info != null && info.isArray()) {
            for (JsonNode entry : info) {
                String name = entry.path("name").asText("").replaceAll("\\p{Cntrl}", " ");
                JsonNode size = entry.path("size");
                if (!name.isBlank() && size.isIntegralNumber() && size.asLong() >= 0 && bytes.size() < MOST_PACKAGES) {
                    bytes.put(name.length() > LONGEST_NAME ? name.substring(0, LONGEST_NAME) : name, size.asLong());
                }
            }
        }
        return new PackageSizes(bytes, type.mainPackageLimit());
    }

    /** The sizes in bytes by name, in the order of the service; the whole and the main package under their own names. */
    public Map<String, Long> bytes() {
        return Collections.unmodifiableMap(bytes);
    }

    /** The size of the whole in bytes, or 0 when the service did not tell. */
    public long whole() {
        return bytes.getOrDefault(WHOLE, 0L);
    }

    /** Names of the packages over their budget, as people know them. */
    List<String> over(SizeLimits budget) {
        List<String> names = new ArrayList<>();
        bytes.forEach((name, size) -> {
            if (size > allowed(budget, name)) {
                names.add(label(name) + " " + human(size) + " > " + human(allowed(budget, name)));
            }
        });
        return names;
    }

    /** The budget of a package in bytes, or the limit of WeChat where it has none. */
    private long allowed(SizeLimits budget, String name) {
        int kilobytes =
                switch (name) {
                    case WHOLE -> budget.whole();
                    case MAIN -> budget.main();
                    default -> budget.subpackage();
                };
        return kilobytes == 0 ? limit(name) * MB : kilobytes * 1024L;
    }

    /**
     * One row a package.
     *
     * @param before the sizes of an earlier build, for the change since then; null for none
     */
    public List<Row> rows(SizeLimits budget, @CheckForNull PackageSizes before) {
        List<Row> rows = new ArrayList<>();
        bytes.forEach((name, size) -> rows.add(
                new Row(label(name), size, allowed(budget, name), before == null ? null : before.bytes.get(name))));
        return rows;
    }

    /** A package against its budget. */
    public static final class Row {
        private final String name;
        private final long bytes;
        private final long budget;
        private final Long before;

        private Row(String name, long bytes, long budget, @CheckForNull Long before) {
            this.name = name;
            this.bytes = bytes;
            this.budget = budget;
            this.before = before;
        }

        /** The package's name as people know it. */
        public String getName() {
            return name;
        }

        /** In bytes. */
        public long getBytes() {
            return bytes;
        }

        /** For people. */
        public String getSize() {
            return human(bytes);
        }

        /** The budget for people. */
        public String getBudget() {
            return human(budget);
        }

        /** How much of the budget is used, in percent; may be over 100. */
        public long getPercent() {
            return budget == 0 ? 0 : Math.round(bytes * 100.0 / budget);
        }

        /** Whether it is over the budget. */
        public boolean isTooLarge() {
            return bytes > budget;
        }

        /** The change since the build before, with its sign; empty when there is none to compare with. */
        public String getChange() {
            if (before == null) {
                return "";
            }
            long change = bytes - before;
            return change == 0 ? "0 B" : (change > 0 ? "+" : "-") + human(Math.abs(change));
        }
    }

    /** A table for the console, one line a package, against the limits of WeChat. */
    public List<String> table() {
        List<Row> rows = rows(SizeLimits.NONE, null);
        int width = rows.stream().mapToInt(row -> row.name.length()).max().orElse(1);
        return rows.stream()
                .map(row -> String.format(
                        Locale.ROOT,
                        "  %-" + width + "s  %9s  %s",
                        row.name,
                        row.getSize(),
                        row.isTooLarge()
                                ? Messages.PackageSizes_over(row.budget / MB)
                                : Messages.PackageSizes_of(row.budget / MB)))
                .toList();
    }

    private static String label(String name) {
        return switch (name) {
            case WHOLE -> Messages.PackageSizes_whole();
            case MAIN -> Messages.PackageSizes_main();
            default -> name;
        };
    }

    private int limit(String name) {
        return switch (name) {
            case WHOLE -> WHOLE_LIMIT;
            case MAIN -> mainPackageLimit;
            default -> SUBPACKAGE_LIMIT;
        };
    }

    /** Writes a size as people read it, such as {@code 1.50 MB}. */
    static String human(long size) {
        if (size < 1024) {
            return size + " B";
        }
        return size < MB
                ? String.format(Locale.ROOT, "%.1f KB", size / 1024.0)
                : String.format(Locale.ROOT, "%.2f MB", size / (double) MB);
    }
}
