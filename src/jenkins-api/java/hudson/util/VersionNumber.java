package hudson.util;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.Arrays;
import java.util.List;

/** Compares versions number by number. */
public class VersionNumber implements Comparable<VersionNumber> {
    private final String num;

    public VersionNumber(@NonNull String num) {
        this.num = num;
    }

    private List<Integer> digits() {
        return Arrays.stream(num.split("[-+]")[0].split("\\."))
                .map(Integer::valueOf)
                .toList();
    }

    @Override
    public String toString() {
        return num;
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof VersionNumber other && compareTo(other) == 0;
    }

    @Override
    public int hashCode() {
        return num.replaceAll("(\\.0)+$", "").hashCode();
    }

    @Override
    public int compareTo(VersionNumber o) {
        List<Integer> mine = digits();
        List<Integer> others = o.digits();
        for (int i = 0; i < Math.max(mine.size(), others.size()); i++) {
            int order = Integer.compare(i < mine.size() ? mine.get(i) : 0, i < others.size() ? others.get(i) : 0);
            if (order != 0) {
                return order;
            }
        }
        // A qualifier such as -beta makes a version older than the one without.
        return Boolean.compare(o.num.contains("-"), num.contains("-"));
    }

    public boolean isOlderThan(VersionNumber rhs) {
        return compareTo(rhs) < 0;
    }

    public boolean isNewerThan(VersionNumber rhs) {
        return compareTo(rhs) > 0;
    }
}
