package io.jenkins.plugins.minibuild.miniprogram.profile;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.minibuild.miniprogram.BuildPlan;
import io.jenkins.plugins.minibuild.miniprogram.Preview;
import io.jenkins.plugins.minibuild.miniprogram.QrCode;
import io.jenkins.plugins.minibuild.miniprogram.Source;
import io.jenkins.plugins.minibuild.miniprogram.Upload;
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
    /** How much of a description the service shows. */
    public static final int LONGEST_TEXT = 200;

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
    private String name = "";
    private Source source = Source.WORKSPACE;
    private RobotRules robotRules = RobotRules.parse(null);
    private SizeLimits budget = SizeLimits.NONE;
    private Duration life = QrCode.LIFE;
    private boolean doctor;

    /**
     * Names program and key.
     *
     * @param credentialsId the id of a secret file or secret text that holds the app's key
     */
    public TaskParameters(MiniProgram program, @CheckForNull String credentialsId) {
        this.program = program;
        this.credentialsId = checkCredentials(credentialsId);
    }

    /** Trims the id of a credential and checks that there is one, and that it is not the key itself. */
    public static String checkCredentials(@CheckForNull String credentialsId) {
        if (credentialsId == null || credentialsId.isBlank()) {
            throw new IllegalArgumentException(Messages.TaskParameters_noCredentials());
        }
        if (credentialsId.contains("-----BEGIN")) {
            throw new IllegalArgumentException(Messages.Step_keyAsText());
        }
        return credentialsId.trim();
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

    /** Whether a project without a package.json is fine although it is said to install: a profile's default says so. */
    public TaskParameters lenientInstall(boolean lenient) {
        plan = lenient ? plan.lenient() : plan;
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
        desc = cut(text == null ? "" : text.trim());
        return this;
    }

    /** Cuts a description to what the service shows, not inside a character. */
    public static String cut(String text) {
        return cut(text, LONGEST_TEXT);
    }

    /** Cuts a text, not inside a character that takes two. */
    public static String cut(String text, int length) {
        if (text.length() <= length) {
            return text;
        }
        return text.substring(0, Character.isHighSurrogate(text.charAt(length - 1)) ? length - 1 : length);
    }

    /** The name of the profile, for people; null for none. */
    public TaskParameters name(@CheckForNull String profile) {
        name = profile == null ? "" : profile;
        return this;
    }

    /** Where the code comes from; the workspace unless told otherwise. */
    public TaskParameters source(Source repository) {
        source = repository;
        return this;
    }

    /** Which robot a branch has; {@link #robot} for those without a rule. */
    public TaskParameters robotRules(RobotRules rules) {
        robotRules = rules;
        return this;
    }

    /** How large packages may become before people are told. */
    public TaskParameters budget(SizeLimits limits) {
        budget = limits;
        return this;
    }

    /** How long a QR code is taken for valid, in minutes. */
    public TaskParameters expireMinutes(int minutes) {
        life = Duration.ofMinutes(checkExpire(minutes));
        return this;
    }

    /** Checks how long a QR code is taken for valid. */
    public static int checkExpire(int minutes) {
        if (minutes < 1 || minutes > 24 * 60) {
            throw new IllegalArgumentException(Messages.TaskParameters_expire(Integer.toString(minutes)));
        }
        return minutes;
    }

    /** Whether only to look whether it could work. */
    public TaskParameters doctor(boolean only) {
        doctor = only;
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

    public MiniProgram program() {
        return program;
    }

    public String credentialsId() {
        return credentialsId;
    }

    public BuildPlan plan() {
        return plan.of(appType);
    }

    public boolean npm() {
        return npm;
    }

    public boolean sourceMap() {
        return sourceMap;
    }

    public boolean quality() {
        return quality;
    }

    public Map<String, Boolean> setting() {
        return setting;
    }

    /** Before the branch is known, and where no rule fits it. */
    public int robot() {
        return robot;
    }

    public int robotOf(String branch) {
        return robotRules.robotOf(branch, robot);
    }

    /** Who it is, for people: the profile, or the app. */
    public String title() {
        return name.isEmpty() ? program.appId() : name;
    }

    public Source source() {
        return source;
    }

    public SizeLimits budget() {
        return budget;
    }

    public Duration life() {
        return life;
    }

    public boolean doctor() {
        return doctor;
    }

    public String desc() {
        return desc;
    }

    @CheckForNull
    public String tool() {
        return tool;
    }

    public Duration timeout() {
        return timeout;
    }
}
