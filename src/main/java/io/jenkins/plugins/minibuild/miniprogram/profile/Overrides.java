package io.jenkins.plugins.minibuild.miniprogram.profile;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Util;
import io.jenkins.plugins.minibuild.step.FormAdapter;
import java.util.List;
import java.util.Map;

/**
 * The arguments that a step may give although its profile decides. Immutable.
 *
 * @param names the names of the arguments, sorted
 */
public record Overrides(List<String> names) {
    /** What changes neither the program that is built nor where it goes. */
    public static final Overrides DEFAULT = new Overrides(List.of(
            "desc",
            "expire",
            "pagePath",
            "qrcodeFormat",
            "qrcodeSize",
            "robot",
            "scene",
            "searchQuery",
            "timeoutMinutes"));

    /** All arguments that a profile can keep to itself. */
    private static final List<String> ALL = List.of(
            "appId",
            "appType",
            "autoVersion",
            "branch",
            "buildCommand",
            "ciTool",
            "commit",
            "desc",
            "expire",
            "install",
            "installCommand",
            "npm",
            "outputPath",
            "pagePath",
            "privateKeyCredentialsId",
            "projectPath",
            "qrcodeFormat",
            "qrcodeSize",
            "robot",
            "scene",
            "searchQuery",
            "setting",
            "timeoutMinutes",
            "type",
            "version");

    private static final String NONE = "none";

    /** Copies the list. */
    public Overrides {
        names = List.copyOf(names);
    }

    /**
     * Reads a list.
     *
     * @param list names separated by commas, {@code none} or {@code *}; null or empty for {@link #DEFAULT}
     * @throws IllegalArgumentException naming what is no argument, and all that are
     */
    public static Overrides of(@CheckForNull String list) {
        String text = Util.fixEmptyAndTrim(list);
        if (text == null) {
            return DEFAULT;
        }
        if (text.equals("*")) {
            return new Overrides(ALL);
        }
        List<String> names = text.equals(NONE)
                ? List.of()
                : FormAdapter.names(text).stream().sorted().toList();
        for (String each : names) {
            if (!ALL.contains(each)) {
                throw new IllegalArgumentException(Messages.Overrides_unknown(each, String.join(", ", ALL)));
            }
        }
        return new Overrides(names);
    }

    /**
     * Refuses an argument that the profile keeps to itself.
     *
     * @param profile its name, for the message
     * @param given the arguments of the step; null for one that it does not give
     * @throws IllegalArgumentException naming the argument, the profile and what it lets through
     */
    public void check(String profile, Map<String, Object> given) {
        given.forEach((name, value) -> {
            if (value != null && !names.contains(name)) {
                throw new IllegalArgumentException(Messages.Overrides_refused(name, profile, this));
            }
        });
    }

    /** As a form shows it. */
    @Override
    public String toString() {
        if (names.isEmpty()) {
            return NONE;
        }
        return names.equals(ALL) ? "*" : String.join(", ", names);
    }
}
