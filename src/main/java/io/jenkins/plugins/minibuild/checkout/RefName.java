package io.jenkins.plugins.minibuild.checkout;

import io.jenkins.plugins.minibuild.files.Digest;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Pattern;

/** The rules for names of branches, tags and commits, as {@code git check-ref-format} has them. */
public final class RefName {
    private static final Pattern FORBIDDEN =
            Pattern.compile("[\\x00-\\x20\\x7f~^:?*\\[\\\\]|\\.\\.|@\\{|//|/\\.|\\.lock(/|$)|\\.$|/$|^[./-]");
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");

    private RefName() {}

    /** Whether git allows it as the name of a branch or tag. */
    public static boolean isValid(String name) {
        return !name.isEmpty() && !name.equals("@") && !FORBIDDEN.matcher(name).find();
    }

    /** Whether it is the whole id of a commit, in lower case. */
    public static boolean isCommit(String id) {
        return COMMIT.matcher(id).matches();
    }

    /** 20 bytes for a name. */
    static byte[] digest(String name) {
        return Arrays.copyOf(Digest.sha256(name.getBytes(StandardCharsets.UTF_8)), 20);
    }

    /** How many characters differ between two names (Levenshtein); none where one holds the other. */
    static int distance(String one, String other) {
        if (!one.isEmpty() && !other.isEmpty() && (one.contains(other) || other.contains(one))) {
            return 0;
        }
        int[] row = new int[other.length() + 1];
        Arrays.setAll(row, i -> i);
        for (int i = 1; i <= one.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= other.length(); j++) {
                int above = row[j];
                int change = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(change, 1 + Math.min(above, row[j - 1]));
                diagonal = above;
            }
        }
        return row[other.length()];
    }
}
