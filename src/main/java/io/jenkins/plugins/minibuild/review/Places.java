package io.jenkins.plugins.minibuild.review;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.minibuild.diff.FileView;
import io.jenkins.plugins.minibuild.diff.UnifiedDiff;
import io.jenkins.plugins.minibuild.diff.UnifiedDiff.Kind;
import io.jenkins.plugins.minibuild.diff.UnifiedDiff.Line;
import io.jenkins.plugins.minibuild.files.Digest;
import io.jenkins.plugins.minibuild.review.ReviewReport.Dropped;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Compares the remarks of a model with the diff. A remark becomes a finding only where its file and lines are in the diff and hold its snippet; the others
 * are counted. For one review, on one thread.
 */
final class Places {
    /** More than these are no help to anybody. */
    static final int MOST = 200;

    /** Lines that a finding may span. */
    private static final int LONGEST_RANGE = 200;

    private static final int LONGEST_SNIPPET = 2000;
    /** A shorter quotation has to be the whole line: it would be found anywhere. */
    private static final int SHORTEST_PART = 4;

    private static final Pattern BLANKS = Pattern.compile("\\s+");

    private final Map<String, List<UnifiedDiff.File>> files = new HashMap<>();
    /** The hunks of those files that were asked for: a review says something of few of them. */
    private final Map<String, List<List<Row>>> rows = new HashMap<>();

    private final Map<String, Finding> kept = new LinkedHashMap<>();
    private int place;
    private int snippet;
    private int repeated;

    /**
     * A line of the diff.
     *
     * @param shown to the model
     * @param text the same with one blank where there are several: how code is set out does not count
     */
    private record Row(Line line, String shown, String text) {
        int number() {
            return line.newNumber();
        }
    }

    /**
     * Lines that were found.
     *
     * @param rows as they follow each other in one version of the file
     * @param from the first line of them in the new version; where all were removed, the one beside them
     */
    private record Quote(List<Row> rows, int from, int to) {}

    /** @param diff of the whole change */
    Places(UnifiedDiff diff) {
        for (UnifiedDiff.File file : diff.files()) {
            // A file that became a link is there twice.
            files.computeIfAbsent(file.name(), name -> new ArrayList<>()).add(file);
        }
    }

    /** The hunks of a file, as they are shown; none if the change does not touch it. */
    private List<List<Row>> hunks(String name) {
        return rows.computeIfAbsent(name, asked -> files.getOrDefault(asked, List.of()).stream()
                .flatMap(Places::rows)
                .toList());
    }

    private static Stream<List<Row>> rows(UnifiedDiff.File file) {
        FileView view = new FileView(file);
        return file.hunks().stream()
                .map(hunk -> hunk.lines().stream().map(line -> row(view, line)).toList());
    }

    private static Row row(FileView view, Line line) {
        String shown = view.marked(line);
        return new Row(line, shown, plain(shown));
    }

    /** Keeps a remark as a finding, or counts why it was dropped. */
    void take(Remark remark) {
        List<List<Row>> hunks = hunks(remark.lines().file());
        List<Row> lines = lines(hunks, remark.lines().from(), remark.lines().to());
        if (lines == null) {
            place++;
            return;
        }
        List<String> quoted = words(remark.snippet());
        Quote found = find(lines, quoted);
        if (found == null) {
            // Lines are easily miscounted; a quotation that is found at one place only says which are meant.
            found = onlyPlace(hunks, quoted);
        }
        if (found == null) {
            snippet++;
            return;
        }
        Finding finding = finding(remark, hunks, found);
        Finding known = kept.putIfAbsent(finding.fingerprint(), finding);
        if (known != null && !known.carried()) {
            repeated++;
        }
    }

    /**
     * Keeps a finding of an earlier review if its snippet is still in the change.
     *
     * @return whether it does
     */
    boolean carry(Finding earlier) {
        List<String> quoted = words(earlier.snippet());
        Quote found = hunks(earlier.file()).stream()
                .map(hunk -> find(hunk, quoted))
                .filter(Objects::nonNull)
                .min(Comparator.comparingInt(quote -> Math.abs(quote.from() - earlier.fromLine())))
                .orElse(null);
        if (found == null) {
            return false;
        }
        kept.put(
                earlier.fingerprint(),
                new Finding(
                        earlier.remark().at(found.from(), found.to(), earlier.snippet()), earlier.fingerprint(), true));
        return true;
    }

    /** The findings, the worst first, at most {@link #MOST}. */
    List<Finding> findings() {
        return kept.values().stream()
                .sorted(Comparator.comparing(Finding::severity)
                        .thenComparing(Finding::file)
                        .thenComparingInt(Finding::fromLine))
                .limit(MOST)
                .toList();
    }

    /** The remarks that were dropped. */
    Dropped dropped() {
        return new Dropped(place, snippet, repeated, Math.max(0, kept.size() - MOST));
    }

    /** The lines of the new version from one to another, with those that were removed among and beside them; null if one of the two is not in the diff. */
    @CheckForNull
    private static List<Row> lines(List<List<Row>> hunks, int from, int to) {
        if (from < 1 || to < from || to - from > LONGEST_RANGE) {
            return null;
        }
        for (List<Row> hunk : hunks) {
            int begin = index(hunk, from);
            int end = index(hunk, to);
            if (begin >= 0 && end >= 0) {
                while (begin > 0 && hunk.get(begin - 1).line().kind() == Kind.REMOVED) {
                    begin--;
                }
                while (end + 1 < hunk.size() && hunk.get(end + 1).line().kind() == Kind.REMOVED) {
                    end++;
                }
                return hunk.subList(begin, end + 1);
            }
        }
        return null;
    }

    private static int index(List<Row> rows, int number) {
        for (int i = 0; i < rows.size(); i++) {
            if (rows.get(i).number() == number) {
                return i;
            }
        }
        return -1;
    }

    @CheckForNull
    private static Quote onlyPlace(List<List<Row>> hunks, List<String> quoted) {
        Quote only = null;
        for (List<Row> hunk : hunks) {
            Quote first = find(hunk, quoted);
            if (first != null) {
                List<Row> rest = hunk.subList(hunk.indexOf(first.rows().get(0)) + 1, hunk.size());
                if (only != null || find(rest, quoted) != null) {
                    return null;
                }
                only = first;
            }
        }
        return only;
    }

    /** The first lines that hold the quotation, line by line; the first and the last may hold more. Null for none. */
    @CheckForNull
    private static Quote find(List<Row> rows, List<String> quoted) {
        if (quoted.isEmpty()) {
            return null;
        }
        // Removed lines stand between the added ones: each version is searched by itself.
        for (Kind left : new Kind[] {Kind.REMOVED, Kind.ADDED}) {
            List<Row> version =
                    rows.stream().filter(row -> row.line().kind() != left).toList();
            for (int i = 0; i + quoted.size() <= version.size(); i++) {
                List<Row> part = version.subList(i, i + quoted.size());
                if (matches(part, quoted)) {
                    return quote(rows, part);
                }
            }
        }
        return null;
    }

    private static boolean matches(List<Row> rows, List<String> quoted) {
        int end = quoted.size() - 1;
        if (end == 0) {
            String text = rows.get(0).text();
            String wanted = quoted.get(0);
            return wanted.length() < SHORTEST_PART ? text.equals(wanted) : text.contains(wanted);
        }
        for (int i = 1; i < end; i++) {
            if (!rows.get(i).text().equals(quoted.get(i))) {
                return false;
            }
        }
        return rows.get(0).text().endsWith(quoted.get(0))
                && rows.get(end).text().startsWith(quoted.get(end));
    }

    /** With numbers in the new version; null where there are none, because the file is gone. */
    @CheckForNull
    private static Quote quote(List<Row> all, List<Row> part) {
        int from = part.stream().mapToInt(Row::number).filter(n -> n > 0).min().orElse(0);
        if (from > 0) {
            return new Quote(
                    part, from, part.stream().mapToInt(Row::number).max().orElse(from));
        }
        int at = all.indexOf(part.get(0));
        int beside = 0;
        for (int i = at; i >= 0 && beside == 0; i--) {
            beside = all.get(i).number();
        }
        for (int i = at; i < all.size() && beside == 0; i++) {
            beside = all.get(i).number();
        }
        return beside == 0 ? null : new Quote(part, beside, beside);
    }

    private static Finding finding(Remark remark, List<List<Row>> hunks, Quote found) {
        // As it stands in the change, not as it was quoted.
        String text = String.join(
                "\n",
                found.rows().stream().map(row -> row.shown().stripTrailing()).toList());
        String shown = text.length() > LONGEST_SNIPPET ? text.substring(0, LONGEST_SNIPPET) : text;
        return new Finding(
                remark.at(found.from(), found.to(), shown),
                fingerprint(remark, hunks, found.rows().get(0)),
                false);
    }

    /** The same as long as the line reads the same: its number does not count, but which of the lines that read so it is. */
    private static String fingerprint(Remark remark, List<List<Row>> hunks, Row first) {
        long nth = hunks.stream()
                .flatMap(List::stream)
                .takeWhile(row -> !row.equals(first))
                .filter(row -> row.line().kind() == first.line().kind())
                .filter(row -> row.text().equals(first.text()))
                .count();
        String all =
                String.join("\n", remark.category().word(), remark.lines().file(), first.text(), String.valueOf(nth));
        return Digest.sha256Hex(all).substring(0, 32);
    }

    /** The lines of a quotation that say something. */
    private static List<String> words(String quoted) {
        List<String> lines = new ArrayList<>(quoted.lines().map(Places::plain).toList());
        while (!lines.isEmpty() && lines.get(0).isEmpty()) {
            lines.remove(0);
        }
        while (!lines.isEmpty() && lines.get(lines.size() - 1).isEmpty()) {
            lines.remove(lines.size() - 1);
        }
        return lines;
    }

    private static String plain(String line) {
        return BLANKS.matcher(line.strip()).replaceAll(" ");
    }
}
