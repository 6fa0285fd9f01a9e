package io.jenkins.plugins.minibuild.workflow.expression;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** Finds the name that someone may have meant. */
public final class Nearest {
    private static final int LONGEST = 100;

    private Nearest() {}

    /**
     * The known name that differs from this one in the fewest characters, without regard to upper case.
     *
     * @return empty when none is near: more than a third of the characters (at least two) differ
     */
    public static Optional<String> to(String name, Collection<String> known) {
        if (name.length() > LONGEST) {
            return Optional.empty();
        }
        String wanted = name.toLowerCase(Locale.ROOT);
        int most = Math.max(2, name.length() / 3);
        String best = null;
        int least = most + 1;
        for (String each : known) {
            if (Math.abs(each.length() - name.length()) <= most) {
                int distance = distance(wanted, each.toLowerCase(Locale.ROOT));
                // A name of two characters is not near to every other one of two.
                if (distance < least && distance < Math.max(name.length(), each.length())) {
                    least = distance;
                    best = each;
                }
            }
        }
        return Optional.ofNullable(best);
    }

    /** Characters to insert, delete, replace, or exchange with their neighbour. */
    static int distance(String one, String other) {
        int[] before = new int[other.length() + 1];
        int[] above = new int[other.length() + 1];
        for (int j = 0; j <= other.length(); j++) {
            above[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int[] row = new int[other.length() + 1];
            row[0] = i;
            for (int j = 1; j <= other.length(); j++) {
                int replaced = above[j - 1] + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, Math.min(above[j], row[j - 1]) + 1);
                if (i > 1
                        && j > 1
                        && one.charAt(i - 1) == other.charAt(j - 2)
                        && one.charAt(i - 2) == other.charAt(j - 1)) {
                    row[j] = Math.min(row[j], before[j - 2] + 1);
                }
            }
            before = above;
            above = row;
        }
        return above[other.length()];
    }
}
