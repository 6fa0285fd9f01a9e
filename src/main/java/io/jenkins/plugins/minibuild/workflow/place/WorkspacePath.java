package io.jenkins.plugins.minibuild.workflow.place;

import java.util.Arrays;

/** Paths below a workspace, with slashes: those that a workflow names, and those that an agent names. */
final class WorkspacePath {
    static final int LONGEST = 1000;
    private static final int LONGEST_SEGMENT = 255;

    private WorkspacePath() {}

    /**
     * A path that a workflow names.
     *
     * @param what names the value in the message
     * @return without a slash at its end
     * @throws IllegalArgumentException if it is none below the workspace, is the workspace itself, has wildcards, or leads into {@code .git}
     */
    static String checked(String what, String given) {
        String path =
                given.strip().replace('\\', '/').replaceFirst("^(\\./+)+", "").replaceFirst("/+$", "");
        if (!isPlain(path)
                || path.startsWith("~")
                || path.chars().anyMatch(c -> c == '*' || c == '?')
                || Arrays.stream(path.split("/")).anyMatch(each -> each.equalsIgnoreCase(".git"))) {
            throw new IllegalArgumentException(Messages.WorkspacePath_bad(what, shown(given)));
        }
        return path;
    }

    /** Whether a path is relative, has no {@code ..}, and can be shown and stored as it is. */
    static boolean isPlain(String path) {
        return !path.isEmpty()
                && path.length() <= LONGEST
                && !path.matches("(?s)[A-Za-z]:.*")
                && path.codePoints().noneMatch(WorkspacePath::unprintable)
                && Arrays.stream(path.split("/", -1))
                        .allMatch(each -> !each.isEmpty()
                                && !each.equals(".")
                                && !each.equals("..")
                                && each.length() <= LONGEST_SEGMENT);
    }

    private static boolean unprintable(int c) {
        int type = Character.getType(c);
        return c == '\\'
                || Character.isISOControl(c)
                || type == Character.FORMAT
                || type == Character.SURROGATE
                || type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR;
    }

    /** A text of others as a message can hold it. */
    static String shown(String text) {
        StringBuilder shown = new StringBuilder();
        text.codePoints().limit(200).forEach(c -> shown.appendCodePoint(unprintable(c) && c != '\\' ? '?' : c));
        return shown.toString();
    }
}
