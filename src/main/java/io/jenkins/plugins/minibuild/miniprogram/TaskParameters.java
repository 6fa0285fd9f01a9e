package io.jenkins.plugins.minibuild.miniprogram;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.minibuild.miniprogram.profile.BuildCommands;
import io.jenkins.plugins.minibuild.miniprogram.profile.CompileSettings;
import io.jenkins.plugins.minibuild.miniprogram.profile.MiniProgram;
import io.jenkins.plugins.minibuild.miniprogram.profile.PrivateKey;
import io.jenkins.plugins.minibuild.miniprogram.profile.Robots;
import io.jenkins.plugins.minibuild.miniprogram.profile.SizeLimits;
import io.jenkins.plugins.minibuild.miniprogram.profile.Versioning;

/**
 * The parameters that {@link Upload} and {@link Preview} share. A step fills them; the task only reads them. Every method that refuses a value
 * throws {@link IllegalArgumentException} with a message for the user.
 */
public final class TaskParameters {

    private final MiniProgram program;
    private final String credentialsId;
    private BuildCommands build = BuildCommands.WITHOUT_PROFILE;
    private boolean lenient;
    private CompileSettings setting = CompileSettings.NONE;
    private Robots robots = Robots.DEFAULT;
    private String desc = "";
    private String tool;
    private boolean sourceMap;
    private boolean quality;
    private String name = "";
    private Source source = Source.WORKSPACE;
    private SizeLimits budget = SizeLimits.NONE;
    private boolean doctor;

    /**
     * Names program and key.
     *
     * @param credentialsId the id of a secret file or secret text that holds the upload key of the program
     */
    public TaskParameters(MiniProgram program, @CheckForNull String credentialsId) {
        this.program = program;
        this.credentialsId = PrivateKey.checkId(credentialsId);
    }

    /** How the project is installed and built, every value given that has a default. */
    public TaskParameters build(BuildCommands commands) {
        build = commands;
        return this;
    }

    /** Whether a project without a package.json is fine although {@link #build} installs: true where only the default of a profile installs. */
    public TaskParameters lenientInstall(boolean isLenient) {
        lenient = isLenient;
        return this;
    }

    /** Whether the source map of an upload is kept as an artifact. */
    public TaskParameters sourceMap(boolean keep) {
        sourceMap = keep;
        return this;
    }

    /** Whether miniprogram-ci checks the quality of the code. */
    public TaskParameters quality(boolean check) {
        quality = check;
        return this;
    }

    /** The compile settings. */
    public TaskParameters setting(CompileSettings settings) {
        setting = settings;
        return this;
    }

    /** The CI robots. */
    public TaskParameters robots(Robots choice) {
        robots = choice;
        return this;
    }

    /** The description of the version; null and empty for branch, commit, message and build number. */
    public TaskParameters desc(@CheckForNull String text) {
        desc = Versioning.cut(text == null ? "" : text.trim(), Versioning.LONGEST_DESC);
        return this;
    }

    /** The name of the profile; null for none. */
    public TaskParameters name(@CheckForNull String profile) {
        name = profile == null ? "" : profile;
        return this;
    }

    /** Where the code comes from; the workspace unless this is called. */
    public TaskParameters source(Source repository) {
        source = repository;
        return this;
    }

    /** The size budget. */
    public TaskParameters budget(SizeLimits limits) {
        budget = limits;
        return this;
    }

    /** Whether the task only checks that the agent and the project are ready, and then ends without building or sending anything. */
    public TaskParameters doctor(boolean only) {
        doctor = only;
        return this;
    }

    /** The name of the tool installation of miniprogram-ci; null for the first that is found. */
    public TaskParameters tool(@CheckForNull String installation) {
        tool = installation == null || installation.isBlank() ? null : installation.trim();
        return this;
    }

    public MiniProgram program() {
        return program;
    }

    public String credentialsId() {
        return credentialsId;
    }

    public BuildCommands build() {
        return build;
    }

    public BuildPlan plan() {
        return new BuildPlan(build, lenient);
    }

    public boolean sourceMap() {
        return sourceMap;
    }

    public boolean quality() {
        return quality;
    }

    public CompileSettings setting() {
        return setting;
    }

    public Robots robots() {
        return robots;
    }

    /** The name of the profile, or the AppID where there is no profile. */
    public String title() {
        return name.isEmpty() ? program.appId() : name;
    }

    public Source source() {
        return source;
    }

    public SizeLimits budget() {
        return budget;
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
}
