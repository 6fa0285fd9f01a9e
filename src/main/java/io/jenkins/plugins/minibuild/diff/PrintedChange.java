package io.jenkins.plugins.minibuild.diff;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.minibuild.diff.UnifiedDiff.File;
import io.jenkins.plugins.minibuild.diff.UnifiedDiff.Side;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A change as one call of git prints it three times: the list of its files, their counts, and the patch. The three have to agree, file by file. Immutable.
 */
public final class PrintedChange {
    /** What is asked of {@code git diff-tree} and {@code git diff-index}, so that no configuration of an agent or a repository changes what is printed. */
    public static final List<String> OPTIONS = List.of(
            "--full-index",
            "--no-abbrev",
            "--no-renames",
            "--no-ext-diff",
            "--no-textconv",
            "--no-color",
            "--indent-heuristic",
            "--submodule=short",
            "--ignore-submodules=none",
            "--diff-algorithm=myers",
            "--src-prefix=a/",
            "--dst-prefix=b/");

    /** What has to be printed. */
    public static final List<String> FORMATS = List.of("--raw", "--numstat", "--patch");

    private final byte[] patch;
    private final UnifiedDiff diff;

    private PrintedChange(byte[] patch, UnifiedDiff diff) {
        this.patch = patch;
        this.diff = diff;
    }

    /**
     * Reads what git printed.
     *
     * @throws UnreadableDiffException if the patch cannot be read to its end, or is not that of the listed files
     */
    public static PrintedChange read(byte[] printed) throws UnreadableDiffException {
        List<ChangedFile> files = new ArrayList<>();
        int[] at = {0};
        int number = 1;
        while (at[0] < printed.length && printed[at[0]] == ':') {
            ChangedFile file = ChangedFile.parse(line(printed, at));
            if (file == null) {
                throw new UnreadableDiffException(number, "a file of the change");
            }
            files.add(file);
            number++;
        }
        for (int i = 0; i < files.size(); i++) {
            ChangedFile counted = files.get(i).counted(line(printed, at));
            if (counted == null) {
                throw new UnreadableDiffException(
                        number, "the counts of " + VisibleText.name(files.get(i).path()));
            }
            files.set(i, counted);
            number++;
        }
        if (!files.isEmpty() && !line(printed, at).isEmpty()) {
            throw new UnreadableDiffException(number, "the patch");
        }
        byte[] patch = Arrays.copyOfRange(printed, at[0], printed.length);
        UnifiedDiff diff = UnifiedDiff.parse(patch);
        compare(files, diff.files());
        return new PrintedChange(patch, diff);
    }

    /** The next line, which is ASCII: git quotes names that hold anything else. */
    private static String line(byte[] bytes, int[] at) {
        int end = at[0];
        while (end < bytes.length && bytes[end] != '\n') {
            end++;
        }
        String line = new String(bytes, at[0], end - at[0], StandardCharsets.UTF_8);
        at[0] = Math.min(end + 1, bytes.length);
        return line;
    }

    private static void compare(List<ChangedFile> listed, List<File> shown) throws UnreadableDiffException {
        int at = 0;
        for (ChangedFile file : listed) {
            File first = at < shown.size() ? shown.get(at++) : null;
            if (first == null || !first.path().equals(file.path())) {
                throw differs(file.path(), Messages.PrintedChange_missing());
            }
            if (!file.isOtherKind()) {
                compare(file, first, first);
                // Of a binary file of which only the mode changes, git counts no lines, either.
                boolean uncounted = file.additions() == -1 && file.deletions() == -1;
                boolean same = uncounted
                        ? first.binary() || first.isModeOnly()
                        : !first.binary()
                                && file.additions() == first.additions()
                                && file.deletions() == first.deletions();
                if (!same) {
                    throw differs(
                            file.path(),
                            Messages.PrintedChange_counts(
                                    first.additions(), first.deletions(), file.additions(), file.deletions()));
                }
                continue;
            }
            File second = at < shown.size() ? shown.get(at++) : null;
            if (second == null
                    || !second.path().equals(file.path())
                    || first.after() != null
                    || second.before() != null) {
                throw differs(file.path(), Messages.PrintedChange_missing());
            }
            compare(file, first, second);
        }
        if (at < shown.size()) {
            throw differs(shown.get(at).path(), Messages.PrintedChange_unlisted());
        }
    }

    private static void compare(ChangedFile file, File old, File fresh) throws UnreadableDiffException {
        Side after = fresh.after();
        if (mode(old.before()) != file.oldMode()
                || mode(after) != file.newMode()
                || after != null && !after.id().isEmpty() && !after.id().equals(file.blob())) {
            throw differs(file.path(), Messages.PrintedChange_sides());
        }
    }

    private static int mode(@CheckForNull Side side) {
        return side == null ? 0 : side.mode();
    }

    private static UnreadableDiffException differs(String path, String difference) {
        return new UnreadableDiffException(VisibleText.name(path), difference);
    }

    /** The patch alone. */
    public byte[] patch() {
        return patch.clone();
    }

    /** The patch as it was read. */
    public UnifiedDiff diff() {
        return diff;
    }
}
