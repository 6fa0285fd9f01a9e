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
        return isBelow(path)
                && !path.matches("(?s)[A-Za-z]:.*")
                && path.codePoints().noneMatch(WorkspacePath::unprintable);
    }

    /** Whether a path is relative and has no {@code ..}; it may have characters that cannot be shown. */
    static boolean isBelow(String path) {
        return !path.isEmpty()
                && path.length() <= LONGEST
                && path.indexOf('\0') < 0
                && Arrays.stream(path.split("/", -1))
                        .allMatch(each -> !each.isEmpty()
                                && !each.equals(".")
                                && !each.equals("..")
                                && each.length() <= LONGEST_SEGMENT);
    }

    /**
     * Whether a link stays below the workspace, wherever other links of the same kind lead: it may go up only at its beginning, and not further than to the
     * workspace. ({@code a/../b} can be anywhere if {@code a} is a link.)
     *
     * @param path of the link
     */
    static boolean staysBelow(String path, String target) {
        if (target.isEmpty() || target.length() > LONGEST || target.indexOf('\0') >= 0 || target.startsWith("/")) {
            return false;
        }
        int depth = (int) path.chars().filter(c -> c == '/').count();
        boolean down = false;
        for (String each : target.split("/")) {
            if (each.equals("..")) {
                depth--;
                if (down || depth < 0) {
                    return false;
                }
            } else if (!each.isEmpty() && !each.equals(".")) {
                down = true;
            }
        }
        return true;
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
