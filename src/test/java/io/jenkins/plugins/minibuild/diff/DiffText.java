package io.jenkins.plugins.minibuild.diff;

import java.nio.charset.StandardCharsets;

/** Diffs that tests write by hand. */
public final class DiffText {
    private static final String OLD = "1".repeat(40);
    private static final String NEW = "2".repeat(40);
    private static final String NONE = "0".repeat(40);

    private DiffText() {}

    /** The diff with the lines that name the ids of contents, which git prints and nobody wants to write. */
    public static String complete(String text) {
        StringBuilder out = new StringBuilder();
        String mode = "";
        for (String line : text.split("(?<=\n)")) {
            if (line.startsWith("diff --git ")) {
                mode = "";
            } else if (line.startsWith("new file mode ") || line.startsWith("deleted file mode ")) {
                mode = line;
            } else if (line.startsWith("index ")) {
                mode = null;
            } else if (line.startsWith("--- ") && mode != null) {
                out.append("index ")
                        .append(mode.startsWith("new") ? NONE : OLD)
                        .append("..")
                        .append(mode.startsWith("deleted") ? NONE : NEW)
                        .append(mode.isEmpty() ? " 100644\n" : "\n");
                mode = null;
            }
            out.append(line);
        }
        return out.toString();
    }

    /** The same as bytes. */
    public static byte[] bytes(String text) {
        return complete(text).getBytes(StandardCharsets.UTF_8);
    }

    /** The diff that such a text is. */
    public static UnifiedDiff parse(String text) {
        try {
            return UnifiedDiff.parse(bytes(text));
        } catch (UnreadableDiffException e) {
            throw new AssertionError(e);
        }
    }
}
