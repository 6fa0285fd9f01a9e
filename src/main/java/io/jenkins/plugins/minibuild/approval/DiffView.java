package io.jenkins.plugins.minibuild.approval;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.minibuild.diff.FileView;
import io.jenkins.plugins.minibuild.diff.UnifiedDiff;
import io.jenkins.plugins.minibuild.diff.VisibleText.Piece;
import io.jenkins.plugins.minibuild.review.Finding;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A diff for a page: every line with its numbers, and every finding under the last line that it is about. A large change and long lines are not shown as a
 * whole at first; what is left out is counted, can be opened piece by piece, and keeps an approval from being given unseen. For one request.
 */
public final class DiffView {
    /** The page shows so many lines at first. */
    static final int MOST_LINES = 3000;

    /** The lines that the page shows at first have so many characters together. */
    static final int MOST_CHARACTERS = 1_000_000;

    /** The rows that are opened at a time. */
    static final int PART = 2000;

    private static final int LONGEST_LINE = 2000;
    private static final int MOST_NAMED = 10;

    /**
     * A file.
     *
     * @param number of it in the change, from 0
     * @param words what became of it, and what it is
     * @param notShown why no diff shows its content; empty if its lines are all of it
     * @param rows that are shown at first
     * @param left how many rows are not
     */
    public record File(
            int number, String name, String words, int additions, int deletions, String notShown, Rows rows) {}

    /**
     * Rows of a file.
     *
     * @param next the row that follows them, by its place in the file
     * @param left how many rows follow
     */
    public record Rows(List<Row> rows, int next, int left) {
        /** Copies the list. */
        public Rows {
            rows = List.copyOf(rows);
        }
    }

    /**
     * A line, or the gap between two hunks.
     *
     * @param number its place in the file, from 0
     * @param kind {@code context}, {@code added}, {@code removed} or {@code gap}
     * @param pieces its text
     * @param more how many characters of it are left out
     * @param ended whether a line feed ends it
     * @param notes the findings that end at this line
     */
    public record Row(
            int number, String kind, Numbers numbers, List<Piece> pieces, int more, boolean ended, List<Note> notes) {
        /** Copies the lists. */
        public Row {
            pieces = List.copyOf(pieces);
            notes = List.copyOf(notes);
        }

        /** {@code +}, {@code -} or a blank; empty for a gap. */
        public String sign() {
            return switch (kind) {
                case "added" -> "+";
                case "removed" -> "-";
                case "context" -> " ";
                default -> "";
            };
        }
    }

    /** The numbers of a line in the old and the new version; empty where it has none. */
    public record Numbers(String old, String fresh) {
        private static final Numbers NONE = new Numbers("", "");
    }

    /** A finding, in words for the reader. */
    public record Note(String severity, String title, String problem, String suggestion) {}

    private final UnifiedDiff diff;
    private final Map<String, List<Note>> notes = new HashMap<>();
    private final List<File> files = new ArrayList<>();
    private final String problem;
    private int lines;
    private int characters;
    private int left;

    private DiffView(UnifiedDiff diff, String problem) {
        this.diff = diff;
        this.problem = problem;
    }

    /** Puts the findings into the diff; those whose place is not in it are left to the list of all findings. */
    public static DiffView of(UnifiedDiff diff, List<Finding> findings) {
        DiffView view = new DiffView(diff, "");
        for (Finding each : findings) {
            view.notes
                    .computeIfAbsent(place(each.file(), each.toLine()), place -> new ArrayList<>())
                    .add(new Note(
                            each.severity().word(),
                            each.severity().title() + ", " + each.category().title(),
                            each.problem(),
                            each.suggestion()));
        }
        for (int number = 0; number < diff.files().size(); number++) {
            view.add(number);
        }
        return view;
    }

    /** A change that cannot be shown. */
    static DiffView unreadable(String problem) {
        return new DiffView(new UnifiedDiff(List.of(), ""), problem);
    }

    private static String place(String file, int line) {
        return line + " " + file;
    }

    private void add(int number) {
        UnifiedDiff.File file = diff.files().get(number);
        FileView view = new FileView(file);
        int room = characters < MOST_CHARACTERS ? MOST_LINES - lines : 0;
        Rows rows = rows(file, view, 0, room, LONGEST_LINE);
        for (Row row : rows.rows()) {
            lines += row.kind().equals("gap") ? 0 : 1;
            left += row.more() > 0 ? 1 : 0;
        }
        left += rows.left();
        String notShown = view.notShown();
        files.add(new File(
                number,
                view.name(),
                String.join(", ", view.words()),
                file.additions(),
                file.deletions(),
                notShown == null ? "" : notShown,
                rows));
    }

    /**
     * Rows of a file with the whole of their text.
     *
     * @param number of the file in the change, from 0
     * @param from the place of the first row in the file, from 0
     * @return null if the change has no such file
     */
    @CheckForNull
    Rows part(int number, int from, int most) {
        if (number < 0 || number >= diff.files().size() || from < 0) {
            return null;
        }
        UnifiedDiff.File file = diff.files().get(number);
        return rows(file, new FileView(file), from, Math.min(most, PART), Integer.MAX_VALUE);
    }

    private Rows rows(UnifiedDiff.File file, FileView view, int from, int most, int longest) {
        List<Row> rows = new ArrayList<>();
        int number = 0;
        int all = 0;
        int budget = MOST_CHARACTERS;
        for (UnifiedDiff.Hunk hunk : file.hunks()) {
            all += hunk.lines().size() + (all > 0 ? 1 : 0);
        }
        boolean first = true;
        for (UnifiedDiff.Hunk hunk : file.hunks()) {
            if (!first && number++ >= from && rows.size() < most && budget > 0) {
                rows.add(new Row(number - 1, "gap", Numbers.NONE, List.of(new Piece("⋯", false)), 0, true, List.of()));
            }
            first = false;
            for (UnifiedDiff.Line line : hunk.lines()) {
                if (number++ >= from && rows.size() < most && budget > 0) {
                    Row row = row(number - 1, file, view, line, longest);
                    rows.add(row);
                    budget -= Math.min(longest, line.text().length());
                }
            }
        }
        characters += MOST_CHARACTERS - budget;
        int next = Math.min(all, from + rows.size());
        return new Rows(rows, next, all - next);
    }

    private Row row(int number, UnifiedDiff.File file, FileView view, UnifiedDiff.Line line, int longest) {
        List<Piece> pieces = view.pieces(line);
        int more = 0;
        if (line.text().length() > longest) {
            List<Piece> shown = new ArrayList<>();
            int room = longest;
            for (Piece piece : pieces) {
                int taken = Math.min(room, piece.text().length());
                if (taken > 0) {
                    shown.add(
                            new Piece(piece.mark() ? piece.text() : piece.text().substring(0, taken), piece.mark()));
                }
                more += piece.text().length() - taken;
                room -= taken;
            }
            pieces = shown;
        }
        List<Note> here =
                line.newNumber() == 0 ? List.of() : notes.getOrDefault(place(file.name(), line.newNumber()), List.of());
        return new Row(
                number,
                line.kind().name().toLowerCase(Locale.ROOT),
                new Numbers(shown(line.oldNumber()), shown(line.newNumber())),
                pieces,
                more,
                line.ended(),
                here);
    }

    private static String shown(int number) {
        return number == 0 ? "" : String.valueOf(number);
    }

    public List<File> getFiles() {
        return List.copyOf(files);
    }

    /** Why nothing of the change is shown; empty if it is. */
    public String getProblem() {
        return problem;
    }

    /** How many rows are not shown at first, or not to their end. */
    public int getLeft() {
        return left;
    }

    /** The files whose content no diff shows. */
    public List<File> getNotShown() {
        return files.stream().filter(each -> !each.notShown().isEmpty()).toList();
    }

    /** Whether all of the change is on the page at once. */
    public boolean isWhole() {
        return problem.isEmpty() && left == 0 && getNotShown().isEmpty();
    }

    /**
     * Why it cannot be approved, for people.
     *
     * @param opened whether the reviewer says that they opened what is not shown at first, and looked elsewhere at what is not shown at all
     * @return null if it can
     */
    @CheckForNull
    public String objection(boolean opened) {
        if (!problem.isEmpty()) {
            return problem;
        }
        return opened || isWhole() ? null : Messages.DiffView_notOpened(left, names(getNotShown()));
    }

    private static String names(List<File> files) {
        String names = String.join(
                ", ", files.stream().limit(MOST_NAMED).map(File::name).toList());
        return files.size() > MOST_NAMED ? names + ", …" : names.isEmpty() ? "-" : names;
    }
}
