package io.jenkins.plugins.minibuild.review;

import io.jenkins.plugins.minibuild.files.Glob;
import io.jenkins.plugins.minibuild.review.ReviewReport.NotReviewed;
import io.jenkins.plugins.minibuild.review.UnifiedDiff.File;
import io.jenkins.plugins.minibuild.review.UnifiedDiff.Hunk;
import io.jenkins.plugins.minibuild.review.UnifiedDiff.Line;
import io.jenkins.plugins.minibuild.review.UnifiedDiff.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A diff as it is shown to a model, in parts of a size that one question can hold: whole files, never pieces of one. Immutable.
 *
 * @param parts in the order of the files
 * @param notReviewed what is in none of them, and why
 */
record DiffParts(List<Part> parts, List<NotReviewed> notReviewed) {
    /** Characters of one part; about a quarter as many tokens, which leaves a model's context room to read files. */
    static final int LARGEST_PART = 120_000;

    /** Written by tools: nobody reads them, and they are long. */
    private static final Set<String> GENERATED = Set.of(
            "package-lock.json",
            "npm-shrinkwrap.json",
            "yarn.lock",
            "pnpm-lock.yaml",
            "composer.lock",
            "gemfile.lock",
            "cargo.lock",
            "go.sum",
            "poetry.lock");

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
     */
    static DiffParts of(UnifiedDiff diff, Glob paths, int largest) {
        List<NotReviewed> left = new ArrayList<>();
        List<Part> parts = new ArrayList<>();
        List<String> files = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        int all = 0;
        for (File file : diff.files()) {
            if (!paths.isEmpty() && !paths.matches(file.path())) {
                left.add(new NotReviewed(file.path(), Messages.DiffParts_path(), false));
                continue;
            }
            if (file.binary()) {
                left.add(new NotReviewed(file.path(), Messages.DiffParts_binary(), false));
                continue;
            }
            if (isGenerated(file.path())) {
                left.add(new NotReviewed(file.path(), Messages.DiffParts_generated(), false));
                continue;
            }
            String shown = show(file);
            if (shown.length() > LARGEST_PART) {
                left.add(new NotReviewed(
                        file.path(), Messages.DiffParts_large(shown.length() / 1000, LARGEST_PART / 1000), true));
                continue;
            }
            if (all + shown.length() > largest) {
                left.add(new NotReviewed(file.path(), Messages.DiffParts_excess(largest / 1000), true));
                continue;
            }
            all += shown.length();
            if (text.length() + shown.length() > LARGEST_PART) {
                parts.add(new Part(files, text.toString()));
                files.clear();
                text.setLength(0);
            }
            files.add(file.path());
            text.append(shown);
        }
        if (!files.isEmpty()) {
            parts.add(new Part(files, text.toString()));
        }
        return new DiffParts(parts, left);
    }

    private static boolean isGenerated(String path) {
        String name = path.substring(path.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
        return GENERATED.contains(name)
                || name.endsWith(".min.js")
                || name.endsWith(".min.css")
                || name.endsWith(".map");
    }

    private static String show(File file) {
        StringBuilder text = new StringBuilder();
        text.append("=== ")
                .append(file.path())
                .append(" (")
                .append(file.status().name().toLowerCase(Locale.ROOT))
                .append(")\n");
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
                        .append(VisibleText.marked(line.text()))
                        .append('\n');
            }
        }
        return text.toString();
    }
}
