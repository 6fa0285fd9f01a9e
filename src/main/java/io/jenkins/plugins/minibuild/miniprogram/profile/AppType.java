package io.jenkins.plugins.minibuild.miniprogram.profile;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.Arrays;
import java.util.List;

/** The framework of a program. It decides how the program is built when no command is given. */
public enum AppType {
    /** WeChat's own files; built only where a command is given. */
    NATIVE("native", "", ""),
    /** Vue files, compiled by uni-app. */
    UNIAPP("uniapp", "npm run build:mp-weixin", "dist/build/mp-weixin");

    private final String symbol;
    private final String buildCommand;
    private final String outputPath;

    AppType(String symbol, String buildCommand, String outputPath) {
        this.symbol = symbol;
        this.buildCommand = buildCommand;
        this.outputPath = outputPath;
    }

    /** The name in parameters and profiles. */
    public String symbol() {
        return symbol;
    }

    /** The line that builds such a program unless another is given; empty for none. */
    public String buildCommand() {
        return buildCommand;
    }

    /** Where that line puts the program; empty for the project's folder. */
    public String outputPath() {
        return outputPath;
    }

    /** All symbols. */
    public static List<String> symbols() {
        return Arrays.stream(values()).map(AppType::symbol).toList();
    }

    /**
     * Finds a type by its name; null and empty mean {@link #NATIVE}.
     *
     * @throws IllegalArgumentException with a message for the user
     */
    public static AppType of(@CheckForNull String symbol) {
        String trimmed = symbol == null ? "" : symbol.trim();
        if (trimmed.isEmpty()) {
            return NATIVE;
        }
        for (AppType type : values()) {
            if (type.symbol.equals(trimmed)) {
                return type;
            }
        }
        throw new IllegalArgumentException(Messages.AppType_unknown(trimmed, String.join(", ", symbols())));
    }
}
