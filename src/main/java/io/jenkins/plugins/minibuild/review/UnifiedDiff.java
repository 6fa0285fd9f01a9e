package io.jenkins.plugins.minibuild.review;

import io.jenkins.plugins.minibuild.files.Digest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A diff as {@code git diff --no-renames --no-color} prints it, read into files, hunks and lines. Immutable.
 *
 * @param sha256 of the bytes that git printed, 64 hexadecimal digits: the same change has the same, whoever asks for it with the same options
 * @see <a href="https://git-scm.com/docs/diff-format#generate_patch_text_with_p">the format of patches</a>
 */
public record UnifiedDiff(List<File> files, String sha256) {
    private static final Pattern HUNK =
            Pattern.compile("@@ -(\\d{1,9})(?:,(\\d{1,9}))? \\+(\\d{1,9})(?:,(\\d{1,9}))? @@.*");

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
     * A file of the change.
     *
     * @param path with forward slashes, from the top of the repository
     * @param binary whether git shows no lines of it
     */
    public record File(String path, Status status, boolean binary, List<Hunk> hunks) {
        /** Copies the list. */
        public File {
            hunks = List.copyOf(hunks);
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
            return (int) hunks.stream()
                    .flatMap(hunk -> hunk.lines().stream())
                    .filter(line -> line.kind() == kind)
                    .count();
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
     * @param text without the sign before it and without its end
     */
    public record Line(Kind kind, int oldNumber, int newNumber, String text) {}

    /** Copies the list. */
    public UnifiedDiff {
        files = List.copyOf(files);
    }

    /** Reads the output of git. Other text is skipped: it has no files. */
    public static UnifiedDiff parse(byte[] printed) {
        Reader reader = new Reader();
        String text = new String(printed, StandardCharsets.UTF_8);
        int from = 0;
        while (from < text.length()) {
            int end = text.indexOf('\n', from);
            end = end < 0 ? text.length() : end;
            reader.line(text.substring(from, end));
            from = end + 1;
        }
        reader.finish();
        return new UnifiedDiff(reader.files, Digest.sha256Hex(printed));
    }

    /** The file with that path; empty if the change does not touch it. */
    public Optional<File> file(String path) {
        return files.stream().filter(each -> each.path().equals(path)).findFirst();
    }

    /** Lines of all files. */
    public int additions() {
        return files.stream().mapToInt(File::additions).sum();
    }

    /** Lines of all files. */
    public int deletions() {
        return files.stream().mapToInt(File::deletions).sum();
    }

    /** Goes through the lines. How long a hunk is, its header says: what stands in a file cannot end it. */
    private static final class Reader {
        private final List<File> files = new ArrayList<>();
        private final List<Hunk> hunks = new ArrayList<>();
        private List<Line> lines;
        private String path;
        private Status status;
        private boolean binary;
        private int oldLeft;
        private int newLeft;
        private int oldNumber;
        private int newNumber;

        void line(String line) {
            if (lines != null && (oldLeft > 0 || newLeft > 0)) {
                inHunk(line);
                return;
            }
            Matcher hunk = path == null ? null : HUNK.matcher(line);
            if (line.startsWith("diff --git ")) {
                finish();
                path = path(line.substring("diff --git ".length()));
                status = Status.MODIFIED;
            } else if (path == null) {
                return;
            } else if (hunk != null && hunk.matches()) {
                endHunk();
                lines = new ArrayList<>();
                oldNumber = Integer.parseInt(hunk.group(1));
                oldLeft = hunk.group(2) == null ? 1 : Integer.parseInt(hunk.group(2));
                newNumber = Integer.parseInt(hunk.group(3));
                newLeft = hunk.group(4) == null ? 1 : Integer.parseInt(hunk.group(4));
            } else if (line.startsWith("new file mode ")) {
                status = Status.ADDED;
            } else if (line.startsWith("deleted file mode ")) {
                status = Status.DELETED;
            } else if (line.startsWith("Binary files ") || line.equals("GIT binary patch")) {
                binary = true;
            }
        }

        private void inHunk(String line) {
            char sign = line.isEmpty() ? ' ' : line.charAt(0);
            String text = line.isEmpty() ? "" : line.substring(1);
            switch (sign) {
                case '+' -> {
                    newLeft--;
                    lines.add(new Line(Kind.ADDED, 0, newNumber++, text));
                }
                case '-' -> {
                    oldLeft--;
                    lines.add(new Line(Kind.REMOVED, oldNumber++, 0, text));
                }
                case ' ' -> {
                    oldLeft--;
                    newLeft--;
                    lines.add(new Line(Kind.CONTEXT, oldNumber++, newNumber++, text));
                }
                // "\ No newline at end of file"
                default -> {}
            }
        }

        private void endHunk() {
            if (lines != null) {
                hunks.add(new Hunk(lines));
                lines = null;
            }
            oldLeft = 0;
            newLeft = 0;
        }

        void finish() {
            endHunk();
            if (path != null) {
                files.add(new File(path, status, binary, hunks));
            }
            hunks.clear();
            path = null;
            binary = false;
        }

        /** Of {@code a/NAME b/NAME}, in quotes where the name holds anything unusual; without renames both names are the same. */
        private static String path(String names) {
            int half = (names.length() - 1) / 2;
            String second = ChangedFile.unquoted(names.substring(half + 1));
            return second.startsWith("b/") ? second.substring(2) : second;
        }
    }
}
