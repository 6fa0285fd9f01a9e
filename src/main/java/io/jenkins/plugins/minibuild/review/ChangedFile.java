package io.jenkins.plugins.minibuild.review;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * A file that differs from the commit work began at. A renamed file is one that went and one that came.
 *
 * @param path with forward slashes, from the top of the repository
 * @param oldMode git's mode of it before, 0 if it is new: 0100644 file, 0100755 executable, 0120000 symbolic link, 0160000 submodule
 * @param newMode the same afterwards, 0 if it is gone
 * @param blob the id of its new content; 40 zeros if it is gone
 * @param additions lines; -1 for a binary file
 * @param deletions lines; -1 for a binary file
 */
public record ChangedFile(String path, int oldMode, int newMode, String blob, int additions, int deletions)
        implements Serializable {
    private static final int LINK = 0120000;
    private static final int SUBMODULE = 0160000;

    /** {@code added}, {@code deleted} or {@code modified}. */
    public String status() {
        return oldMode == 0 ? "added" : newMode == 0 ? "deleted" : "modified";
    }

    public boolean isLink() {
        return newMode == LINK;
    }

    public boolean isSubmodule() {
        return oldMode == SUBMODULE || newMode == SUBMODULE;
    }

    /** What a Pipeline is given. */
    public Map<String, Object> toMap() {
        return Map.of("path", path, "status", status(), "additions", additions, "deletions", deletions);
    }

    public ChangedFile with(int added, int deleted) {
        return new ChangedFile(path, oldMode, newMode, blob, added, deleted);
    }

    /**
     * A line of {@code git diff-index --raw --no-renames --abbrev=40}.
     *
     * @return null if it is none
     * @see <a href="https://git-scm.com/docs/git-diff-index#_raw_output_format">the raw output format</a>
     */
    @CheckForNull
    public static ChangedFile parse(String line) {
        int tab = line.indexOf('\t');
        if (!line.startsWith(":") || tab < 0) {
            return null;
        }
        String[] words = line.substring(1, tab).split(" ");
        if (words.length != 5 || !words[3].matches("[0-9a-f]{40}")) {
            return null;
        }
        return new ChangedFile(
                unquoted(line.substring(tab + 1)),
                Integer.parseInt(words[0], 8),
                Integer.parseInt(words[1], 8),
                words[3],
                0,
                0);
    }

    /** A name as git prints it: in quotes, with C's escapes, where it holds anything unusual. */
    public static String unquoted(String name) {
        if (name.length() < 2 || !name.startsWith("\"") || !name.endsWith("\"")) {
            return name;
        }
        var bytes = new java.io.ByteArrayOutputStream();
        for (int i = 1; i < name.length() - 1; i++) {
            char c = name.charAt(i);
            if (c != '\\') {
                bytes.writeBytes(String.valueOf(c).getBytes(StandardCharsets.UTF_8));
                continue;
            }
            c = name.charAt(++i);
            if (c >= '0' && c <= '3' && i + 2 < name.length() - 1) {
                bytes.write(Integer.parseInt(name.substring(i, i + 3), 8));
                i += 2;
                continue;
            }
            int plain = "abtnvfr".indexOf(c);
            bytes.write(plain < 0 ? c : 7 + plain);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
