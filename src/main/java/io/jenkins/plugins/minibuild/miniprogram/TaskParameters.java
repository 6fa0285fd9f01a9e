package io.jenkins.plugins.minibuild.miniprogram;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What {@link Upload} and {@link Preview} share: which program, which key, how it is built and compiled. Filled by a step,
 * then only read. Every method that takes a bad value throws {@link IllegalArgumentException} with a message for the user.
 */
public final class TaskParameters {

    /** How long install, build and upload may take together unless told otherwise. */
    public static final double DEFAULT_TIMEOUT_MINUTES = 30;

    private static final int ROBOTS = 30;
    private static final int LONGEST_TEXT = 2000;

    private final MiniProgram program;
    private final String credentialsId;
    private BuildPlan plan = new BuildPlan(false, null, null, null);
    private Map<String, Boolean> setting = Map.of();
    private int robot = 1;
    private String desc = "";
    private String tool;
    private AppType appType = AppType.NATIVE;
    private boolean npm;
    private boolean sourceMap;
    private boolean quality;
    private Duration timeout = timeout(DEFAULT_TIMEOUT_MINUTES);

    /**
     * Names program and key.
     *
     * @param credentialsId the id of a secret file or secret text that holds the app's key
     */
    public TaskParameters(MiniProgram program, @CheckForNull String credentialsId) {
        if (credentialsId == null || credentialsId.isBlank()) {
            throw new IllegalArgumentException(Messages.TaskParameters_noCredentials());
        }
        this.program = program;
        this.credentialsId = credentialsId.trim();
    }

    /** See the parameters of {@link BuildPlan}. */
    public TaskParameters build(
            boolean install,
            @CheckForNull String installCommand,
            @CheckForNull String buildCommand,
            @CheckForNull String outputPath) {
        plan = new BuildPlan(install, installCommand, buildCommand, outputPath);
        return this;
    }

    /** What the program is written with, which decides build command and output where {@link #build} says nothing. */
    public TaskParameters appType(AppType type) {
        appType = type;
        return this;
    }

    /** Whether npm packages are packed for the program, as "Build npm" of the developer tools does. */
    public TaskParameters npm(boolean pack) {
        npm = pack;
        return this;
    }

    /** Whether the source map of what was uploaded is kept as an artifact. */
    public TaskParameters sourceMap(boolean keep) {
        sourceMap = keep;
        return this;
    }

    /** Whether the quality of the code is checked. */
    public TaskParameters quality(boolean check) {
        quality = check;
        return this;
    }

    /** The compile settings; empty for those of miniprogram-ci itself. */
    public TaskParameters setting(Map<String, Boolean> settings) {
        setting = new LinkedHashMap<>(settings);
        return this;
    }

    /** The number of the CI robot, 1 to 30, under which the version appears at WeChat. */
    public TaskParameters robot(int number) {
        robot = checkRobot(number);
        return this;
    }

    /** The description of the version; null and empty leave it to miniprogram-ci. */
    public TaskParameters desc(@CheckForNull String text) {
        String trimmed = text == null ? "" : text.trim();
        desc = trimmed.length() > LONGEST_TEXT ? trimmed.substring(0, LONGEST_TEXT) : trimmed;
        return this;
    }

    /** The name of the tool installation of miniprogram-ci; null for whichever is found. */
    public TaskParameters tool(@CheckForNull String name) {
        tool = name == null || name.isBlank() ? null : name.trim();
        return this;
    }

    /** The time for everything, in minutes; fractions are allowed. */
    public TaskParameters timeoutMinutes(double minutes) {
        timeout = timeout(minutes);
        return this;
    }

    /** Checks a robot number. */
    public static int checkRobot(int number) {
        if (number < 1 || number > ROBOTS) {
            throw new IllegalArgumentException(Messages.TaskParameters_robot(number, ROBOTS));
        }
        return number;
    }

    /** Checks a time and makes a duration of it. */
    public static Duration timeout(double minutes) {
        if (!(minutes > 0) || minutes > Duration.ofDays(7).toMinutes()) {
            throw new IllegalArgumentException(Messages.TaskParameters_timeout(minutes));
        }
        return Duration.ofMillis(Math.max(1, Math.round(minutes * 60_000)));
    }

    MiniProgram program() {
        return program;
    }

    String credentialsId() {
        return credentialsId;
    }

    BuildPlan plan() {
        return plan.of(appType);
    }

    boolean npm() {
        return npm;
    }

    boolean sourceMap() {
        return sourceMap;
    }

    boolean quality() {
        return quality;
    }

    Map<String, Boolean> setting() {
        return setting;
    }

    int robot() {
        return robot;
    }

    String desc() {
        return desc;
    }

    @CheckForNull
    String tool() {
        return tool;
    }

    Duration timeout() {
        return timeout;
    }
}
