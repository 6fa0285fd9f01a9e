package io.jenkins.plugins.minibuild.approval;

import io.jenkins.plugins.minibuild.review.Finding;
import io.jenkins.plugins.minibuild.diff.UnifiedDiff;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A diff for a page: every line with its numbers, and every finding under the last line that it is about. */
public final class DiffView {
    /** The page shows so many lines; the whole diff can be downloaded. */
    static final int MOST_LINES = 3000;

    private static final int LONGEST_LINE = 2000;

    /** A file. */
    public record File(String path, String status, boolean binary, int additions, int deletions, List<Row> rows) {}

    /**
     * A line, or the gap between two hunks.
     *
     * @param notes the findings that end at this line
     */
    public record Row(String kind, String oldNumber, String newNumber, String sign, String text, List<Finding> notes) {}

    private final List<File> files = new ArrayList<>();
    private int lines;
    private boolean cut;

    private DiffView() {}

    /** Puts the findings into the diff; those whose place is not in it are left to the list of all findings. */
    public static DiffView of(UnifiedDiff diff, List<Finding> findings) {
        DiffView view = new DiffView();
        diff.files().forEach(file -> view.add(file, findings));
        return view;
    }

    private void add(UnifiedDiff.File file, List<Finding> findings) {
        List<Row> rows = new ArrayList<>();
        Set<Finding> placed = new HashSet<>();
        boolean first = true;
        for (UnifiedDiff.Hunk hunk : file.hunks()) {
            if (!first) {
                rows.add(new Row("gap", "", "", "", "⋯", List.of()));
            }
            first = false;
            for (UnifiedDiff.Line line : hunk.lines()) {
                if (lines == MOST_LINES) {
                    cut = true;
                    break;
                }
                lines++;
                List<Finding> notes = findings.stream()
                        .filter(finding -> finding.file().equals(file.path())
                                && finding.toLine() == line.newNumber()
                                && placed.add(finding))
                        .toList();
                rows.add(row(line, notes));
            }
        }
        files.add(new File(
                file.path(),
                switch (file.status()) {
                    case ADDED -> Messages.DiffView_added();
                    case DELETED -> Messages.DiffView_deleted();
                    case MODIFIED -> Messages.DiffView_modified();
                },
                file.binary(),
                file.additions(),
                file.deletions(),
                rows));
    }

    private static Row row(UnifiedDiff.Line line, List<Finding> notes) {
        String text = line.text().length() > LONGEST_LINE ? line.text().substring(0, LONGEST_LINE) + "…" : line.text();
        return new Row(
                line.kind().name().toLowerCase(java.util.Locale.ROOT),
                line.oldNumber() == 0 ? "" : String.valueOf(line.oldNumber()),
                line.newNumber() == 0 ? "" : String.valueOf(line.newNumber()),
                switch (line.kind()) {
                    case ADDED -> "+";
                    case REMOVED -> "-";
                    case CONTEXT -> " ";
                },
                text,
                notes);
    }

    public List<File> getFiles() {
        return List.copyOf(files);
    }

    /** Whether there are more lines than are shown. */
    public boolean isCut() {
        return cut;
    }
}
