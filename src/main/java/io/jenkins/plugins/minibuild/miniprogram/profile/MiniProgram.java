package io.jenkins.plugins.minibuild.miniprogram.profile;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import java.util.regex.Pattern;

/** A mini program in the workspace: its AppID, its type and its folder. Immutable. */
public final class MiniProgram {

    private static final Pattern APP_ID = Pattern.compile("wx[0-9a-f]{16}");

    private final String appId;
    private final ProjectType type;
    private final String projectPath;

    /**
     * Names a mini program.
     *
     * @param appId {@code wx} and 16 hexadecimal digits
     * @param type the type of the project
     * @param projectPath the project's folder, relative to the workspace; null or empty for the workspace itself
     * @throws IllegalArgumentException when the id or the path is not of that form
     */
    public MiniProgram(String appId, ProjectType type, @CheckForNull String projectPath) {
        this.appId = checkAppId(appId);
        this.type = type;
        this.projectPath = checkRelative(projectPath, "projectPath");
    }

    /** The id, {@code wx} and 16 hexadecimal digits. */
    public String appId() {
        return appId;
    }

    /** The type. */
    public ProjectType type() {
        return type;
    }

    /** The folder relative to the workspace, with slashes; empty for the workspace itself. */
    public String projectPath() {
        return projectPath;
    }

    /**
     * Trims an id and checks its form.
     *
     * @throws IllegalArgumentException with a message for the user
     */
    public static String checkAppId(@CheckForNull String appId) {
        String trimmed = appId == null ? "" : appId.trim();
        if (trimmed.isEmpty()) {
            throw new IllegalArgumentException(Messages.MiniProgram_appIdMissing());
        }
        if (!APP_ID.matcher(trimmed).matches()) {
            throw new IllegalArgumentException(Messages.MiniProgram_appIdMalformed(trimmed));
        }
        return trimmed;
    }

    /** As {@link #checkRelative} for a path that a file of the project names. */
    public static String checkRelativeIn(String path, String key, String file) throws AbortException {
        try {
            // miniprogram-ci takes a slash in front for the project's folder
            return checkRelative(path.trim().replaceFirst("^/+", ""), key);
        } catch (IllegalArgumentException e) {
            throw new AbortException(file + ": " + e.getMessage());
        }
    }

    /**
     * Checks that a path is relative and does not climb out of where it starts. Symbolic links are checked on the agent,
     * see {@link ProjectFiles}.
     *
     * @param path the path as the user wrote it; null or empty for the folder itself
     * @param parameter the name of the parameter, for the message
     * @return the path with slashes, without {@code .} and without a slash at either end
     * @throws IllegalArgumentException with a message for the user
     */
    public static String checkRelative(@CheckForNull String path, String parameter) {
        String slashed = path == null ? "" : path.trim().replace('\\', '/');
        if (slashed.startsWith("/") || slashed.matches("[A-Za-z]:.*") || slashed.indexOf('\0') >= 0) {
            throw new IllegalArgumentException(Messages.MiniProgram_pathAbsolute(parameter, slashed));
        }
        StringBuilder clean = new StringBuilder();
        for (String part : slashed.split("/")) {
            if (part.equals("..")) {
                throw new IllegalArgumentException(Messages.MiniProgram_pathOutside(parameter, slashed));
            }
            if (!part.isEmpty() && !part.equals(".")) {
                clean.append(clean.length() == 0 ? "" : "/").append(part);
            }
        }
        return clean.toString();
    }
}
