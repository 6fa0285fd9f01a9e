package io.jenkins.plugins.minibuild.diff;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.minibuild.files.Digest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A diff as {@code git diff --no-renames --no-color --full-index} prints it, read into files, hunks and lines. Immutable.
 *
 * @param files in their order; a file that became something else, such as a symbolic link, is there twice: deleted, then added
 * @param sha256 of the bytes that git printed, 64 hexadecimal digits: the same change has the same, whoever asks for it with the same options
 */
public record UnifiedDiff(List<File> files, String sha256) {
    /** What became of a file. */
    public enum Status {
        ADDED,
        DELETED,
        MODIFIED
    }

    /** What became of a line. */
    public enum Kind {
        CONTEXT,
        ADDED,
        REMOVED
    }

    /**
     * A file at one side of the change.
     *
     * @param mode git's: 0100644 file, 0100755 executable, 0120000 symbolic link, 0160000 submodule
     * @param id of its content; empty where the content stays and only the mode changes
     */
    public record Side(int mode, String id) {
        private static final int KIND = 0170000;
        private static final int LINK = 0120000;
        private static final int SUBMODULE = 0160000;

        /** Whether it is a symbolic link: its content is the name that it points to. */
        public boolean isLink() {
            return (mode & KIND) == LINK;
        }

        /** Whether it is a submodule: its content is the id of a commit in another repository. */
        public boolean isSubmodule() {
            return (mode & KIND) == SUBMODULE;
        }

        /** Whether it is a file that can be run. */
        public boolean isExecutable() {
            return !isLink() && !isSubmodule() && (mode & 0111) != 0;
        }

        /** Whether one is a file and the other a link or a submodule, and so on. */
        boolean isOtherKindThan(Side other) {
            return (mode & KIND) != (other.mode & KIND);
        }
    }

    /**
     * A file of the change.
     *
     * @param path with forward slashes, from the top of the repository, as {@link ExactText}; {@link #name} is fit to be shown
     * @param before null if it is new
     * @param after null if it is gone
     * @param binary whether git shows no lines of it
     */
    public record File(
            String path,
            @CheckForNull Side before,
            @CheckForNull Side after,
            boolean binary,
            List<Hunk> hunks) {
        /** Copies the list. */
        public File {
            hunks = List.copyOf(hunks);
        }

        /** The path as it is shown, on one line, with marks for what nobody sees. */
        public String name() {
            return VisibleText.name(path);
        }

        /** What became of it. */
        public Status status() {
            return before == null ? Status.ADDED : after == null ? Status.DELETED : Status.MODIFIED;
        }

        /** The new side, or the old one of a file that is gone. */
        public Side side() {
            return after == null ? before : after;
        }

        /** Whether its content stays as it is. */
        boolean isModeOnly() {
            return after != null && after.id().isEmpty();
        }

        /** How many lines were added. */
        public int additions() {
            return count(Kind.ADDED);
        }

        /** How many lines were removed. */
        public int deletions() {
            return count(Kind.REMOVED);
        }

        private int count(Kind kind) {
            int count = 0;
            for (Hunk hunk : hunks) {
                for (Line line : hunk.lines()) {
                    count += line.kind() == kind ? 1 : 0;
                }
            }
            return count;
        }

        /** Whether all lines that are shown end with a carriage return before the line feed; false without lines. */
        public boolean endsLinesWithReturn() {
            boolean any = false;
            for (Hunk hunk : hunks) {
                for (Line line : hunk.lines()) {
                    if (!line.text().endsWith("\r")) {
                        return false;
                    }
                    any = true;
                }
            }
            return any;
        }
    }

    /** Lines that stand together. */
    public record Hunk(List<Line> lines) {
        /** Copies the list. */
        public Hunk {
            lines = List.copyOf(lines);
        }
    }

    /**
     * A line.
     *
     * @param oldNumber its number in the old version, from 1; 0 if it was added
     * @param newNumber its number in the new version, from 1; 0 if it was removed
     * @param text without the sign before it and the line feed behind it, as {@link ExactText}
     * @param ended whether a line feed ends it; only the last line of a file may have none
     */
    public record Line(Kind kind, int oldNumber, int newNumber, String text, boolean ended) {}

    /** Copies the list. */
    public UnifiedDiff {
        files = List.copyOf(files);
    }

    /**
     * Reads the output of git; nothing printed is a change of no files.
     *
     * @throws UnreadableDiffException if a line has no place in the grammar of diffs, or the diff is not complete
     */
    public static UnifiedDiff parse(byte[] printed) throws UnreadableDiffException {
        Model model = new Model();
        DiffReader reader = new DiffReader(model);
        int from = 0;
        while (from < printed.length) {
            int end = from;
            while (end < printed.length && printed[end] != '\n') {
                end++;
            }
            reader.line(printed, from, end, false);
            if (end == printed.length) {
                throw new UnreadableDiffException(reader.number(), "the end of the line");
            }
            from = end + 1;
        }
        reader.finish();
        model.endFile();
        return new UnifiedDiff(model.files, Digest.sha256Hex(printed));
    }

    /** The file with that name, as {@link File#name} has it; empty if the change does not touch it. */
    public Optional<File> file(String name) {
        return files.stream().filter(each -> each.name().equals(name)).findFirst();
    }

    /** Lines of all files. */
    public int additions() {
        return files.stream().mapToInt(File::additions).sum();
    }

    /** Lines of all files. */
    public int deletions() {
        return files.stream().mapToInt(File::deletions).sum();
    }

    /** Collects what is read. */
    private static final class Model implements DiffReader.Events {
        private final List<File> files = new ArrayList<>();
        private final List<Hunk> hunks = new ArrayList<>();
        private final List<Line> lines = new ArrayList<>();
        private String path;
        private Side before;
        private Side after;
        private boolean binary;

        @Override
        public void file(String name, Side old, Side fresh) {
            endFile();
            path = name;
            before = old;
            after = fresh;
            binary = false;
        }

        @Override
        public void binary() {
            binary = true;
        }

        @Override
        public void hunk() {
            endHunk();
        }

        @Override
        public void line(Kind kind, int oldNumber, int newNumber, byte[] bytes, int from, int to) {
            lines.add(new Line(kind, oldNumber, newNumber, ExactText.decode(bytes, from, to), true));
        }

        @Override
        public void unended() {
            Line last = lines.remove(lines.size() - 1);
            lines.add(new Line(last.kind(), last.oldNumber(), last.newNumber(), last.text(), false));
        }

        private void endHunk() {
            if (!lines.isEmpty()) {
                hunks.add(new Hunk(lines));
                lines.clear();
            }
        }

        void endFile() {
            endHunk();
            if (path != null) {
                files.add(new File(path, before, after, binary, hunks));
            }
            hunks.clear();
            path = null;
        }
    }
}
