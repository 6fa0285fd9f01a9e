package io.jenkins.plugins.minibuild.diff;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.Serializable;
import java.util.Map;

/**
 * A file that differs from the commit work began at. A renamed file is one that went and one that came.
 *
 * @param path with forward slashes, from the top of the repository, as {@link ExactText}
 * @param oldMode git's mode of it before, 0 if it is new: 0100644 file, 0100755 executable, 0120000 symbolic link, 0160000 submodule
 * @param newMode the same afterwards, 0 if it is gone
 * @param blob the id of its new content; zeros if it is gone
 * @param additions lines; -1 for a binary file
 * @param deletions lines; -1 for a binary file
 */
public record ChangedFile(String path, int oldMode, int newMode, String blob, int additions, int deletions)
        implements Serializable {
    private static final int KIND = 0170000;
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

    /** Whether it became something else: a link out of a file, and so on. A patch has it twice, deleted and added. */
    public boolean isOtherKind() {
        return oldMode != 0 && newMode != 0 && (oldMode & KIND) != (newMode & KIND);
    }

    /** What a Pipeline is given. */
    public Map<String, Object> toMap() {
        return Map.of("path", path, "status", status(), "additions", additions, "deletions", deletions);
    }

    public ChangedFile with(int added, int deleted) {
        return new ChangedFile(path, oldMode, newMode, blob, added, deleted);
    }

    /**
     * A line of {@code git diff-index --raw --no-renames --no-abbrev}.
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
        String path = GitName.unquoted(line.substring(tab + 1));
        if (words.length != 5 || !GitName.isId(words[3]) || path == null || !words[4].matches("[ADMT]")) {
            return null;
        }
        return new ChangedFile(path, Integer.parseInt(words[0], 8), Integer.parseInt(words[1], 8), words[3], 0, 0);
    }

    /**
     * The same file with its counts.
     *
     * @param line of {@code git diff-index --numstat --no-renames} for it
     * @return null if it is none, or is about another file
     */
    @CheckForNull
    public ChangedFile counted(String line) {
        String[] words = line.split("\t", 3);
        if (words.length != 3 || !path.equals(GitName.unquoted(words[2]))) {
            return null;
        }
        if (words[0].equals("-") && words[1].equals("-")) {
            return with(-1, -1);
        }
        return words[0].matches("[0-9]{1,9}") && words[1].matches("[0-9]{1,9}")
                ? with(Integer.parseInt(words[0]), Integer.parseInt(words[1]))
                : null;
    }
}
