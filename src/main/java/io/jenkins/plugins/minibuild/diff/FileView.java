package io.jenkins.plugins.minibuild.diff;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.minibuild.diff.UnifiedDiff.File;
import io.jenkins.plugins.minibuild.diff.UnifiedDiff.Hunk;
import io.jenkins.plugins.minibuild.diff.UnifiedDiff.Kind;
import io.jenkins.plugins.minibuild.diff.UnifiedDiff.Line;
import io.jenkins.plugins.minibuild.diff.UnifiedDiff.Side;
import io.jenkins.plugins.minibuild.diff.VisibleText.Piece;
import java.util.ArrayList;
import java.util.List;

/**
 * How people are shown a file of a change: what it is and what became of it in words, in the reader's language, and its lines with a mark for everything that
 * nobody sees. For one file, on one thread.
 */
public final class FileView {
    private final File file;
    private final boolean returns;

    /** @param file that is shown */
    public FileView(File file) {
        this.file = file;
        this.returns = file.endsLinesWithReturn();
    }

    /** The path with marks for what nobody sees. */
    public String name() {
        return file.name();
    }

    /** What became of it, then what it is if it is not an ordinary file of lines. */
    public List<String> words() {
        List<String> words = new ArrayList<>();
        words.add(
                switch (file.status()) {
                    case ADDED -> Messages.FileView_added();
                    case DELETED -> Messages.FileView_deleted();
                    case MODIFIED -> Messages.FileView_modified();
                });
        Side side = file.side();
        if (side.isLink()) {
            words.add(Messages.FileView_link());
        } else if (side.isSubmodule()) {
            words.add(Messages.FileView_submodule());
        } else if (file.status() == UnifiedDiff.Status.MODIFIED
                && file.before().isExecutable() != side.isExecutable()) {
            words.add(side.isExecutable() ? Messages.FileView_madeExecutable() : Messages.FileView_madePlain());
        } else if (side.isExecutable()) {
            words.add(Messages.FileView_executable());
        }
        if (file.binary()) {
            words.add(Messages.FileView_binary());
        } else if (file.hunks().isEmpty() && file.status() != UnifiedDiff.Status.MODIFIED) {
            words.add(Messages.FileView_empty());
        }
        if (returns) {
            words.add(Messages.FileView_returns());
        }
        int marks = marks();
        if (marks > 0) {
            words.add(Messages.FileView_marks(marks));
        }
        return words;
    }

    /** Why the content is not in the change, for people; null if the lines are all of it. */
    @CheckForNull
    public String notShown() {
        return file.binary()
                ? Messages.FileView_binaryNotShown()
                : file.side().isSubmodule() ? Messages.FileView_submoduleNotShown() : null;
    }

    /** How many marks stand in its name and in the lines that were added or removed. */
    public int marks() {
        int marks = count(VisibleText.pieces(file.path()));
        for (Hunk hunk : file.hunks()) {
            for (Line line : hunk.lines()) {
                if (line.kind() != Kind.CONTEXT) {
                    marks += count(pieces(line));
                }
            }
        }
        return marks;
    }

    private static int count(List<Piece> pieces) {
        int count = 0;
        for (Piece piece : pieces) {
            count += piece.mark() ? 1 : 0;
        }
        return count;
    }

    /** The text of a line. The carriage return at its end is left out where all lines have one, which {@link #words} says. */
    public List<Piece> pieces(Line line) {
        return VisibleText.pieces(text(line));
    }

    /** The text of a line with marks in it, for a model. */
    public String marked(Line line) {
        return VisibleText.marked(text(line));
    }

    private String text(Line line) {
        return returns ? line.text().substring(0, line.text().length() - 1) : line.text();
    }
}
