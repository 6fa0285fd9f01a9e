package io.jenkins.plugins.minibuild.diff;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.minibuild.diff.UnifiedDiff.File;
import io.jenkins.plugins.minibuild.diff.UnifiedDiff.Hunk;
import io.jenkins.plugins.minibuild.diff.UnifiedDiff.Kind;
import io.jenkins.plugins.minibuild.diff.UnifiedDiff.Line;
import io.jenkins.plugins.minibuild.diff.VisibleText.Piece;
import io.jenkins.plugins.minibuild.files.Json;
import java.util.List;

/** A change for the script of a page, which draws it and reads no diffs itself. */
public final class DiffJson {
    private DiffJson() {}

    /**
     * The change as an object: {@code files}, each with {@code name}, {@code words}, {@code added}, {@code deleted}, {@code notShown} and {@code hunks}. A hunk
     * has {@code before} and {@code after}, the numbers of its first lines, and {@code lines}: each a list of its sign, its text and, where no line feed
     * ends it, {@code false}. A text is a string; with marks in it, a list of strings and, for each mark, of a list with its name.
     */
    public static ObjectNode of(UnifiedDiff diff) {
        ObjectNode json = Json.MAPPER.createObjectNode();
        ArrayNode files = json.putArray("files");
        for (File file : diff.files()) {
            FileView view = new FileView(file);
            String notShown = view.notShown();
            ObjectNode one = files.addObject()
                    .put("name", view.name())
                    .put("words", String.join(", ", view.words()))
                    .put("added", file.additions())
                    .put("deleted", file.deletions())
                    .put("notShown", notShown == null ? "" : notShown);
            ArrayNode hunks = one.putArray("hunks");
            file.hunks().forEach(hunk -> add(hunks.addObject(), view, hunk));
        }
        return json;
    }

    /** A change that cannot be shown, as an object: {@code problem} says why. */
    public static ObjectNode problem(String message) {
        return Json.MAPPER.createObjectNode().put("problem", message);
    }

    private static void add(ObjectNode json, FileView view, Hunk hunk) {
        json.put(
                "before",
                hunk.lines().stream()
                        .mapToInt(Line::oldNumber)
                        .filter(n -> n > 0)
                        .findFirst()
                        .orElse(0));
        json.put(
                "after",
                hunk.lines().stream()
                        .mapToInt(Line::newNumber)
                        .filter(n -> n > 0)
                        .findFirst()
                        .orElse(0));
        ArrayNode lines = json.putArray("lines");
        for (Line line : hunk.lines()) {
            ArrayNode one =
                    lines.addArray().add(line.kind() == Kind.ADDED ? "+" : line.kind() == Kind.REMOVED ? "-" : " ");
            add(one, view.pieces(line));
            if (!line.ended()) {
                one.add(false);
            }
        }
    }

    private static void add(ArrayNode line, List<Piece> pieces) {
        if (pieces.size() == 1 && !pieces.get(0).mark()) {
            line.add(pieces.get(0).text());
            return;
        }
        ArrayNode texts = line.addArray();
        for (Piece piece : pieces) {
            if (piece.mark()) {
                texts.addArray().add(piece.text());
            } else {
                texts.add(piece.text());
            }
        }
    }
}
