package io.jenkins.plugins.minibuild.miniprogram.profile;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What is uploaded, under the names that {@code miniprogram-ci} gives the types. */
public enum ProjectType {
    /** A mini program. */
    MINI_PROGRAM("miniProgram", "miniprogramRoot", "app.json", 2),
    /** A plugin that mini programs use. */
    MINI_PROGRAM_PLUGIN("miniProgramPlugin", "pluginRoot", "plugin.json", 2),
    /** A mini game. */
    MINI_GAME("miniGame", "miniprogramRoot", "game.json", 4),
    /** A plugin that mini games use. */
    MINI_GAME_PLUGIN("miniGamePlugin", "pluginRoot", "plugin.json", 4);

    private final String symbol;
    private final String rootKey;
    private final String entryFile;
    private final int mainPackageLimit;

    ProjectType(String symbol, String rootKey, String entryFile, int mainPackageLimit) {
        this.symbol = symbol;
        this.rootKey = rootKey;
        this.entryFile = entryFile;
        this.mainPackageLimit = mainPackageLimit;
    }

    /** The name that users write and {@code miniprogram-ci} reads. */
    public String symbol() {
        return symbol;
    }

    /** The key of project.config.json that names the folder of the code. */
    public String rootKey() {
        return rootKey;
    }

    /** The file that has to be in that folder. */
    public String entryFile() {
        return entryFile;
    }

    /** The size in MB that WeChat allows for the main package. */
    public int mainPackageLimit() {
        return mainPackageLimit;
    }

    /**
     * Finds a type by its name, in any case of letters.
     *
     * @param name the name; null and empty mean {@link #MINI_PROGRAM}
     * @throws IllegalArgumentException when there is none; the message names the good ones
     */
    public static ProjectType of(@CheckForNull String name) {
        if (name == null || name.isBlank()) {
            return MINI_PROGRAM;
        }
        String wanted = name.trim().toLowerCase(Locale.ROOT);
        return Arrays.stream(values())
                .filter(type -> type.symbol.toLowerCase(Locale.ROOT).equals(wanted))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(Messages.ProjectType_unknown(
                        name.trim(),
                        Arrays.stream(values()).map(ProjectType::symbol).collect(Collectors.joining(", ")))));
    }
}
