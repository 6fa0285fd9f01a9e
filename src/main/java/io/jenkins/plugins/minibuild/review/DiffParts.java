package io.jenkins.plugins.minibuild.review;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.minibuild.diff.FileView;
import io.jenkins.plugins.minibuild.diff.TextFiles;
import io.jenkins.plugins.minibuild.diff.UnifiedDiff;
import io.jenkins.plugins.minibuild.diff.UnifiedDiff.File;
import io.jenkins.plugins.minibuild.diff.UnifiedDiff.Hunk;
import io.jenkins.plugins.minibuild.diff.UnifiedDiff.Kind;
import io.jenkins.plugins.minibuild.diff.UnifiedDiff.Line;
import io.jenkins.plugins.minibuild.diff.UnifiedDiff.Side;
import io.jenkins.plugins.minibuild.diff.UnifiedDiff.Status;
import io.jenkins.plugins.minibuild.diff.VisibleText;
import io.jenkins.plugins.minibuild.files.Glob;
import io.jenkins.plugins.minibuild.review.ReviewReport.NotReviewed;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A diff as it is shown to a model, in parts of a size that one question can hold: whole files, never pieces of one. Immutable.
 *
 * @param parts in the order of the files
 * @param notReviewed what is in none of them, and why
 */
record DiffParts(List<Part> parts, List<NotReviewed> notReviewed) {
    /** Characters of one part; about a quarter as many tokens, which leaves a model's context room to read files. */
    static final int LARGEST_PART = 120_000;

    /** Characters of one file that a tool wrote: a model reads little in them, and they are paid for. */
    static final int LARGEST_GENERATED = 20_000;

    /** An address, up to the end of its host. */
    private static final Pattern HOST =
            Pattern.compile("[a-z][a-z0-9+.-]{1,20}://(?:[^/\\s\"'@]{1,200}@)?[^/\\s\"'@]{1,200}");

    private static final int MOST_HOSTS = 50;

    /**
     * Some files of the diff.
     *
     * @param text every line with its number in the new version and its sign
     */
    record Part(List<String> files, String text) {
        /** Copies the list. */
        Part {
            files = List.copyOf(files);
        }
    }

    /** Copies the lists. */
    DiffParts {
        parts = List.copyOf(parts);
        notReviewed = List.copyOf(notReviewed);
    }

    /**
     * Splits a diff.
     *
     * @param paths that are looked at; empty for all
     * @param largest characters of all parts together
     * @param leftOut the bytes of the changes, by path, that are too large to be in the diff
     */
    static DiffParts of(UnifiedDiff diff, Glob paths, int largest, Map<String, Long> leftOut) {
        List<NotReviewed> left = new ArrayList<>();
        List<Part> parts = new ArrayList<>();
        List<String> files = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        int all = 0;
        for (File file : diff.files()) {
            NotReviewed kept = left(file, paths, leftOut);
            String shown = kept == null ? show(file) : "";
            if (kept == null && shown.length() > LARGEST_PART) {
                kept = new NotReviewed(
                        file.name(), Messages.DiffParts_large(shown.length() / 1000, LARGEST_PART / 1000), true);
            }
            if (isGenerated(file) && shown.length() > LARGEST_GENERATED) {
                kept = new NotReviewed(
                        file.name(),
                        Messages.DiffParts_generated(shown.length() / 1000, LARGEST_GENERATED / 1000),
                        true);
                shown = TextFiles.isLock(file.path()) ? addresses(file) : "";
            } else if (kept != null) {
                shown = "";
            } else if (file.after() != null && file.after().isSubmodule()) {
                // The ids of its commits are shown; what is in them is not.
                kept = new NotReviewed(file.name(), Messages.DiffParts_submodule(), true);
            }
            if (!shown.isEmpty() && all + shown.length() > largest) {
                kept = new NotReviewed(file.name(), Messages.DiffParts_excess(largest / 1000), true);
                shown = "";
            }
            if (kept != null) {
                left.add(kept);
            }
            if (shown.isEmpty()) {
                continue;
            }
            all += shown.length();
            if (text.length() + shown.length() > LARGEST_PART) {
                parts.add(new Part(files, text.toString()));
                files.clear();
                text.setLength(0);
            }
            files.add(file.name());
            text.append(shown);
        }
        if (!files.isEmpty()) {
            parts.add(new Part(files, text.toString()));
        }
        return new DiffParts(parts, left);
    }

    /** Why nothing of a file is shown; null if it is. That a file is gone is all there is to it, whatever it held. */
    @CheckForNull
    private static NotReviewed left(File file, Glob paths, Map<String, Long> leftOut) {
        if (!paths.isEmpty() && !paths.matches(file.path())) {
            return new NotReviewed(file.name(), Messages.DiffParts_path(), false);
        }
        if (!file.binary() || file.after() == null) {
            return null;
        }
        Long bytes = leftOut.get(file.path());
        if (bytes != null) {
            return new NotReviewed(
                    file.name(), Messages.DiffParts_large(Math.max(1, bytes / 1000), LARGEST_PART / 1000), true);
        }
        return TextFiles.isMedia(file.path()) && !file.after().isExecutable()
                ? new NotReviewed(file.name(), Messages.DiffParts_media(), false)
                : new NotReviewed(file.name(), Messages.DiffParts_binary(), true);
    }

    private static boolean isGenerated(File file) {
        return TextFiles.isLock(file.path()) || TextFiles.isCompacted(file.path());
    }

    private static String show(File file) {
        FileView view = new FileView(file);
        StringBuilder text = new StringBuilder(head(file));
        if (file.status() == Status.DELETED) {
            // Nothing can be said of its lines; that it is gone may matter to others.
            return text.append(file.deletions()).append(" lines\n").toString();
        }
        for (Hunk hunk : file.hunks()) {
            text.append("@@\n");
            for (Line line : hunk.lines()) {
                text.append(line.newNumber() > 0 ? String.valueOf(line.newNumber()) : "")
                        .append(
                                switch (line.kind()) {
                                    case ADDED -> "\t+";
                                    case REMOVED -> "\t-";
                                    case CONTEXT -> "\t ";
                                })
                        .append(view.marked(line))
                        .append(line.ended() ? "\n" : "\n\\ No newline at end of file\n");
            }
        }
        return text.toString();
    }

    /** Name, status and, in git's words, what is unusual about the file. */
    private static String head(File file) {
        StringBuilder text = new StringBuilder("=== ")
                .append(file.name())
                .append(" (")
                .append(file.status().name().toLowerCase(Locale.ROOT));
        Side side = file.side();
        if (side.isLink()) {
            text.append(", symbolic link to what its line says");
        } else if (side.isSubmodule()) {
            text.append(", submodule at the commit that its line says");
        } else if (file.status() == Status.MODIFIED && file.before().mode() != side.mode()) {
            text.append(String.format(", mode %06o -> %06o", file.before().mode(), side.mode()));
        } else if (side.isExecutable()) {
            text.append(", executable");
        }
        return text.append(file.endsLinesWithReturn() ? ", lines end with CR LF" : "")
                .append(")\n")
                .toString();
    }

    /** Of a long lock file: from where packages come now, and came before. */
    private static String addresses(File file) {
        Map<Kind, Map<String, Integer>> hosts = new EnumMap<>(Kind.class);
        for (Hunk hunk : file.hunks()) {
            for (Line line : hunk.lines()) {
                Matcher host = HOST.matcher(line.text());
                while (host.find()) {
                    hosts.computeIfAbsent(line.kind(), kind -> new TreeMap<>())
                            .merge(VisibleText.name(host.group()), 1, Integer::sum);
                }
            }
        }
        StringBuilder text = new StringBuilder(head(file))
                .append(file.additions())
                .append(" lines added, ")
                .append(file.deletions())
                .append(
                        " lines removed; they are not shown, only the addresses in them and how often they stand there:\n");
        for (Kind kind : List.of(Kind.ADDED, Kind.REMOVED)) {
            hosts.getOrDefault(kind, Map.of()).entrySet().stream()
                    .limit(MOST_HOSTS)
                    .forEach(each -> text.append(kind.name().toLowerCase(Locale.ROOT))
                            .append(": ")
                            .append(each.getKey())
                            .append(" (")
                            .append(each.getValue())
                            .append(")\n"));
        }
        return text.toString();
    }
}
