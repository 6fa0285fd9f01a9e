package io.jenkins.plugins.minibuild.approval;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.minibuild.diff.RandomChange;
import io.jenkins.plugins.minibuild.diff.RandomChange.Entry;
import io.jenkins.plugins.minibuild.diff.VisibleText.Piece;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * For changes that chance makes, what the page shows and what it says it does not show is exactly the change: applied to the files before, what is shown
 * gives the files after, byte for byte.
 */
class WholeChangeTest {
    @TempDir
    private Path root;

    @Test
    void whatIsShownAndWhatIsNamedIsExactlyTheChange() throws Exception {
        check(1, 60);
    }

    @Test
    @Tag("slow")
    void theSameOfAThousandChanges() throws Exception {
        check(1000, 1000);
    }

    private void check(long first, int count) throws Exception {
        RandomChange.each(first, count, root, WholeChangeTest::check);
    }

    private static void check(long seed, RandomChange change) {
        DiffView view = DiffView.of(change.printed().diff(), List.of());
        Map<String, List<DiffView.File>> shown = new TreeMap<>();
        view.getFiles().forEach(file -> shown.computeIfAbsent(file.name(), name -> new ArrayList<>())
                .add(file));
        assertThat(shown.keySet()).as("seed %s", seed).isEqualTo(change.names().keySet());
        List<String> rest = new ArrayList<>();
        for (Map.Entry<String, String> each : change.names().entrySet()) {
            Entry before = change.before(each.getValue());
            Entry after = change.after(each.getValue());
            List<DiffView.File> parts = shown.get(each.getKey());
            String as = "seed %s, %s".formatted(seed, each.getKey());
            if (isOtherKind(before, after)) {
                assertThat(parts).as(as).hasSize(2);
                words(as, parts.get(0), before, null);
                words(as, parts.get(1), null, after);
                apply(as, view, parts.get(0), before, null, rest);
                apply(as, view, parts.get(1), null, after, rest);
            } else {
                assertThat(parts).as(as).hasSize(1);
                words(as, parts.get(0), before, after);
                apply(as, view, parts.get(0), before, after, rest);
            }
        }
        assertThat(view.getNotShown().stream().map(DiffView.File::name).sorted().toList())
                .as("seed %s", seed)
                .isEqualTo(rest.stream().sorted().toList());
        assertThat(view.objection(false) == null).isEqualTo(rest.isEmpty() && view.getLeft() == 0);
    }

    private static boolean isOtherKind(Entry before, Entry after) {
        return before != null && after != null && (before.mode() & 0170000) != (after.mode() & 0170000);
    }

    /** Kind and modes are said in words. */
    private static void words(String as, DiffView.File file, Entry before, Entry after) {
        Entry side = after == null ? before : after;
        TreeSet<String> words = new TreeSet<>(List.of(file.words().split(", ")));
        assertThat(words).as(as).contains(before == null ? "added" : after == null ? "deleted" : "modified");
        assertThat(file.words().contains("symbolic link")).as(as).isEqualTo(side.mode() == 0120000);
        assertThat(file.words().contains("submodule")).as(as).isEqualTo(side.mode() == 0160000);
        boolean changes = before != null && after != null && before.mode() != after.mode();
        assertThat(file.words().contains("made executable")).as(as).isEqualTo(changes && side.mode() == 0100755);
        assertThat(file.words().contains("no longer executable")).as(as).isEqualTo(changes && side.mode() == 0100644);
        assertThat(words.contains("executable")).as(as).isEqualTo(!changes && side.mode() == 0100755);
    }

    private static byte[] content(Entry entry) {
        return entry == null
                ? new byte[0]
                : entry.mode() == 0160000
                        ? ("Subproject commit " + new String(entry.content(), StandardCharsets.US_ASCII) + "\n")
                                .getBytes(StandardCharsets.US_ASCII)
                        : entry.content();
    }

    private static void apply(
            String as, DiffView view, DiffView.File file, Entry before, Entry after, List<String> rest) {
        boolean submodule = (after == null ? before : after).mode() == 0160000;
        List<DiffView.Row> rows = new ArrayList<>();
        DiffView.Rows part = view.part(file.number(), 0, 50);
        rows.addAll(part.rows());
        while (part.left() > 0) {
            part = view.part(file.number(), part.next(), 50);
            rows.addAll(part.rows());
        }
        byte[] now = applied(
                as, rows, RandomChange.split(content(before)), file.words().contains("CR LF"), before);
        boolean whole = java.util.Arrays.equals(now, content(after));
        if (submodule || !whole) {
            rest.add(file.name());
        }
    }

    /** What the rows make of the lines before; those before, between and behind the hunks stay. */
    private static byte[] applied(String as, List<DiffView.Row> rows, List<byte[]> old, boolean returns, Entry before) {
        ByteArrayOutputStream now = new ByteArrayOutputStream();
        int at = 0;
        int written = 0;
        for (DiffView.Row row : rows) {
            if (row.kind().equals("gap")) {
                continue;
            }
            byte[] text = bytes(row.pieces(), returns);
            if (row.numbers().old().isEmpty()) {
                // The lines between the hunk before and this one are known by their number in the new file.
                while (written < Integer.parseInt(row.numbers().fresh()) - 1) {
                    line(now, old.get(at++), true);
                    written++;
                }
            } else {
                int number = Integer.parseInt(row.numbers().old());
                while (at < number - 1) {
                    line(now, old.get(at++), true);
                    written++;
                }
                assertThat(text).as(as).isEqualTo(old.get(at++));
            }
            if (!row.kind().equals("removed")) {
                line(now, text, row.ended());
                written++;
            }
        }
        boolean ended = before != null
                && before.content().length > 0
                && (before.mode() == 0160000 || before.content()[before.content().length - 1] == '\n');
        while (at < old.size()) {
            line(now, old.get(at++), at < old.size() || ended);
        }
        return now.toByteArray();
    }

    private static void line(ByteArrayOutputStream now, byte[] text, boolean ended) {
        now.writeBytes(text);
        if (ended) {
            now.write('\n');
        }
    }

    private static byte[] bytes(List<Piece> pieces, boolean returns) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (Piece piece : pieces) {
            if (!piece.mark()) {
                bytes.writeBytes(piece.text().getBytes(StandardCharsets.UTF_8));
            } else if (piece.text().startsWith("0x")) {
                bytes.write(Integer.parseInt(piece.text().substring(2), 16));
            } else {
                bytes.writeBytes(
                        Character.toString(Integer.parseInt(piece.text().substring(2), 16))
                                .getBytes(StandardCharsets.UTF_8));
            }
        }
        if (returns) {
            bytes.write('\r');
        }
        return bytes.toByteArray();
    }
}
