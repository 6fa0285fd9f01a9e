package io.jenkins.plugins.minibuild.miniprogram;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.Util;
import hudson.model.Item;
import hudson.model.Job;
import hudson.model.Run;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.minibuild.miniprogram.profile.AppType;
import io.jenkins.plugins.minibuild.miniprogram.profile.CompileSetting;
import io.jenkins.plugins.minibuild.miniprogram.profile.MiniProgram;
import io.jenkins.plugins.minibuild.miniprogram.profile.MiniProgramJobConfiguration;
import io.jenkins.plugins.minibuild.miniprogram.profile.MiniProgramsConfiguration;
import io.jenkins.plugins.minibuild.miniprogram.profile.Profile;
import io.jenkins.plugins.minibuild.miniprogram.profile.ProfileConfiguration;
import io.jenkins.plugins.minibuild.miniprogram.profile.ProjectType;
import io.jenkins.plugins.minibuild.miniprogram.profile.RobotRules;
import io.jenkins.plugins.minibuild.miniprogram.profile.TaskParameters;
import io.jenkins.plugins.minibuild.step.BuildEvent;
import io.jenkins.plugins.minibuild.step.BuildNewsListener;
import io.jenkins.plugins.minibuild.step.BuildTask;
import io.jenkins.plugins.minibuild.step.FormAdapter;
import io.jenkins.plugins.minibuild.step.TaskStep;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import jenkins.model.Jenkins;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/**
 * The parameters that {@code miniprogramUpload} and {@code miniprogramPreview} share. Text may hold {@code $VARIABLES} until
 * the build runs, so that it is checked then; numbers are checked when they are set.
 *
 * @param <R> what the step results in
 */
public abstract class MiniprogramStep<R> extends TaskStep<R> {

    private static final String DEFAULT_TYPE = ProjectType.MINI_PROGRAM.symbol();

    /** Null for what the profile says, or the default, as all below. */
    private String app;

    private String appId;
    private String privateKeyCredentialsId;
    private String projectPath;
    private String type;
    private String desc;
    private Integer robot;
    private Map<String, Boolean> setting;
    private Boolean install;
    private String installCommand;
    private String buildCommand;
    private String outputPath;
    private String ciTool;
    private Double timeoutMinutes;
    private String branch;
    private String commit;
    private boolean doctor;
    private String appType;
    private Boolean npm;
    private boolean quality;

    MiniprogramStep() {}

    /** The name of the profile; null for none. */
    @CheckForNull
    public String getApp() {
        return app;
    }

    /** See {@link #getApp}. */
    @DataBoundSetter
    public void setApp(@CheckForNull String app) {
        this.app = Util.fixEmptyAndTrim(app);
    }

    /** The id of the mini program; null for the profile's. */
    @CheckForNull
    public String getAppId() {
        return appId;
    }

    /** See {@link #getAppId}. */
    @DataBoundSetter
    public final void setAppId(@CheckForNull String appId) {
        this.appId = Util.fixEmptyAndTrim(appId);
    }

    /** The id of the credential that holds the upload key; null for the profile's. */
    @CheckForNull
    public String getPrivateKeyCredentialsId() {
        return privateKeyCredentialsId;
    }

    /** See {@link #getPrivateKeyCredentialsId}. */
    @DataBoundSetter
    public final void setPrivateKeyCredentialsId(@CheckForNull String privateKeyCredentialsId) {
        String id = Util.fixEmptyAndTrim(privateKeyCredentialsId);
        this.privateKeyCredentialsId = id == null ? null : TaskParameters.checkCredentials(id);
    }

    /** The branch to check out; null for the profile's. */
    @CheckForNull
    public String getBranch() {
        return branch;
    }

    /** See {@link #getBranch}. */
    @DataBoundSetter
    public void setBranch(@CheckForNull String branch) {
        this.branch = Util.fixEmptyAndTrim(branch);
    }

    /** The commit to check out; null for the newest of the branch. */
    @CheckForNull
    public String getCommit() {
        return commit;
    }

    /** See {@link #getCommit}. */
    @DataBoundSetter
    public void setCommit(@CheckForNull String commit) {
        this.commit = Util.fixEmptyAndTrim(commit);
    }

    /** Whether only to look whether it could work. */
    public boolean isDoctor() {
        return doctor;
    }

    /** See {@link #isDoctor}. */
    @DataBoundSetter
    public void setDoctor(boolean doctor) {
        this.doctor = doctor;
    }

    /** The folder of the project, relative to the workspace; null for the workspace. */
    @CheckForNull
    public String getProjectPath() {
        return projectPath;
    }

    /** See {@link #getProjectPath}. */
    @DataBoundSetter
    public void setProjectPath(@CheckForNull String projectPath) {
        this.projectPath = Util.fixEmptyAndTrim(projectPath);
    }

    /** The name of a {@link ProjectType}. */
    public String getType() {
        return type == null ? DEFAULT_TYPE : type;
    }

    /** See {@link #getType}. */
    @DataBoundSetter
    public void setType(@CheckForNull String type) {
        String checked = type != null && type.contains("$")
                ? type.trim()
                : ProjectType.of(type).symbol();
        this.type = checked.equals(DEFAULT_TYPE) ? null : checked;
    }

    /** The description of the version; null for the one that miniprogram-ci makes. */
    @CheckForNull
    public String getDesc() {
        return desc;
    }

    /** See {@link #getDesc}. */
    @DataBoundSetter
    public void setDesc(@CheckForNull String desc) {
        this.desc = Util.fixEmptyAndTrim(desc);
    }

    /** The number of the CI robot, 1 to 30; null for the profile's, or 1. */
    @CheckForNull
    public Integer getRobot() {
        return robot;
    }

    /** See {@link #getRobot}. */
    @DataBoundSetter
    public void setRobot(@CheckForNull Integer robot) {
        this.robot = robot == null ? null : (Integer) TaskParameters.checkRobot(robot);
    }

    /** The compile settings by name, all of them booleans; null for those of miniprogram-ci. */
    @CheckForNull
    public Object getSetting() {
        return setting;
    }

    /** Takes a map, or a text as {@link CompileSetting#read} reads it: a form can only send text. */
    @DataBoundSetter
    public void setSetting(@CheckForNull Object setting) {
        Map<String, Boolean> read = CompileSetting.read(setting);
        this.setting = read.isEmpty() ? null : read;
    }

    /** The settings as the form shows them. */
    public String settingText() {
        return setting == null ? "" : CompileSetting.write(setting);
    }

    /** Whether dependencies are installed first, a boolean; null for what the profile says, or false. */
    @CheckForNull
    public Object getInstall() {
        return install;
    }

    /** Takes a boolean, or its text as a form sends it; empty for what the profile says. */
    @DataBoundSetter
    public void setInstall(@CheckForNull Object install) {
        this.install = flag("install", install);
    }

    /** Reads a boolean that may be missing. */
    @CheckForNull
    static Boolean flag(String name, @CheckForNull Object value) {
        String text = value == null ? "" : value.toString().trim();
        if (text.isEmpty()) {
            return null;
        }
        if (!text.equals("true") && !text.equals("false")) {
            throw new IllegalArgumentException(Messages.Step_notBoolean(name, text));
        }
        return Boolean.valueOf(text);
    }

    /** The line that installs dependencies; null for the package manager of the lock file. */
    @CheckForNull
    public String getInstallCommand() {
        return installCommand;
    }

    /** See {@link #getInstallCommand}. */
    @DataBoundSetter
    public void setInstallCommand(@CheckForNull String installCommand) {
        this.installCommand = Util.fixEmptyAndTrim(installCommand);
    }

    /** The line that builds the project; null for none. */
    @CheckForNull
    public String getBuildCommand() {
        return buildCommand;
    }

    /** See {@link #getBuildCommand}. */
    @DataBoundSetter
    public void setBuildCommand(@CheckForNull String buildCommand) {
        this.buildCommand = Util.fixEmptyAndTrim(buildCommand);
    }

    /** Where the build puts the mini program, relative to the project; null for the project itself. */
    @CheckForNull
    public String getOutputPath() {
        return outputPath;
    }

    /** See {@link #getOutputPath}. */
    @DataBoundSetter
    public void setOutputPath(@CheckForNull String outputPath) {
        this.outputPath = Util.fixEmptyAndTrim(outputPath);
    }

    /** The name of the installation of miniprogram-ci to use; null for whichever is found. */
    @CheckForNull
    public String getCiTool() {
        return ciTool;
    }

    /** See {@link #getCiTool}. */
    @DataBoundSetter
    public void setCiTool(@CheckForNull String ciTool) {
        this.ciTool = Util.fixEmptyAndTrim(ciTool);
    }

    /** The time for install, build and upload together, in minutes; null for the profile's, or 30. */
    @CheckForNull
    public Double getTimeoutMinutes() {
        return timeoutMinutes;
    }

    /** See {@link #getTimeoutMinutes}. */
    @DataBoundSetter
    public void setTimeoutMinutes(@CheckForNull Double timeoutMinutes) {
        if (timeoutMinutes != null) {
            TaskParameters.timeout(timeoutMinutes);
        }
        this.timeoutMinutes = timeoutMinutes;
    }

    /** The name of an {@link AppType}; null for the profile's, or {@link AppType#NATIVE}. */
    @CheckForNull
    public String getAppType() {
        return appType;
    }

    /** See {@link #getAppType}. */
    @DataBoundSetter
    public void setAppType(@CheckForNull String appType) {
        String name = Util.fixEmptyAndTrim(appType);
        this.appType =
                name == null || name.contains("$") ? name : AppType.of(name).symbol();
    }

    /** Whether npm packages are packed for the program, a boolean; null for what the profile says, or false. */
    @CheckForNull
    public Object getNpm() {
        return npm;
    }

    /** Takes a boolean, or its text as a form sends it; empty for what the profile says. */
    @DataBoundSetter
    public void setNpm(@CheckForNull Object npm) {
        this.npm = flag("npm", npm);
    }

    /** Whether the quality of the code is checked. */
    public boolean isQuality() {
        return quality;
    }

    /** See {@link #isQuality}. */
    @DataBoundSetter
    public void setQuality(boolean quality) {
        this.quality = quality;
    }

    @Override
    public String slotPool() {
        return "build";
    }

    /** What both tasks take; what the step says comes before what the profile says. */
    TaskParameters parameters(@CheckForNull Profile profile) {
        boolean installs = Boolean.TRUE.equals(or(install, profile, Profile::install));
        // Who says that nothing is installed means the profile's command too.
        String installing = installs ? or(installCommand, profile, Profile::installCommand) : installCommand;
        TaskParameters made = new TaskParameters(
                        new MiniProgram(
                                or(appId, profile, Profile::appId),
                                ProjectType.of(getType()),
                                or(projectPath, profile, Profile::projectPath)),
                        or(privateKeyCredentialsId, profile, Profile::privateKeyCredentialsId))
                .build(
                        installs,
                        Boolean.FALSE.equals(install) ? null : installing,
                        or(buildCommand, profile, Profile::buildCommand),
                        or(outputPath, profile, Profile::outputPath))
                .lenientInstall(install == null && profile != null)
                .desc(or(desc, profile, Profile::desc))
                .appType(AppType.of(or(appType, profile, Profile::appType)))
                .npm(Boolean.TRUE.equals(or(npm, profile, Profile::npm)))
                .quality(quality)
                .tool(ciTool)
                .doctor(doctor);
        Map<String, Boolean> settings = or(setting, profile, Profile::setting);
        Double minutes = or(timeoutMinutes, profile, each -> (double) each.buildTimeout());
        Integer number = or(robot, profile, Profile::robot);
        made.setting(settings == null ? Map.of() : settings)
                .timeoutMinutes(minutes == null ? TaskParameters.DEFAULT_TIMEOUT_MINUTES : minutes)
                .robot(number == null ? 1 : number);
        if (profile != null) {
            made.name(profile.name())
                    .source(profile.source(branch, commit))
                    .budget(profile.budget())
                    .expireMinutes(profile.expire())
                    // A robot that the step names is meant for every branch.
                    .robotRules(RobotRules.parse(robot == null ? profile.robotRules() : null));
        }
        return made;
    }

    /** What the step says, or else the profile. */
    @CheckForNull
    static <T> T or(@CheckForNull T given, @CheckForNull Profile profile, Function<Profile, T> value) {
        return given != null || profile == null ? given : value.apply(profile);
    }

    /** Makes the task when it runs: a parameter that is refused then is the build's error, not one of Jenkins. */
    BuildTask<R> task(Function<Profile, BuildTask<R>> making) {
        return context -> {
            BuildTask<R> made;
            try {
                Profile profile =
                        app == null ? null : Profile.find(context.settings().all(Profile.class), app);
                if (profile != null && !profile.notifyFacts().isEmpty()) {
                    context.record().rememberAll(profile.notifyFacts());
                    context.record().report(BuildEvent.START);
                }
                made = making.apply(profile);
            } catch (IllegalArgumentException e) {
                throw new AbortException(e.getMessage());
            }
            return made.run(context);
        };
    }

    /** Shows a result on the build's page; the first one adds the action. */
    static void show(Run<?, ?> run, MiniprogramAction.Entry entry, @CheckForNull byte[] picture) throws IOException {
        synchronized (run) {
            MiniprogramAction shown = run.getAction(MiniprogramAction.class);
            MiniprogramAction action = shown == null ? new MiniprogramAction() : shown;
            action.add(entry, picture, run.getRootDir().toPath());
            if (shown == null) {
                run.addAction(action);
            }
        }
        run.save();
        BuildNewsListener.fire(run, entry.isPreview() ? BuildEvent.PREVIEW_READY : BuildEvent.UPLOADED, Map.of());
    }

    /** The form of both steps. */
    public abstract static class MiniprogramStepDescriptor extends TaskStepDescriptor {

        @Override
        public String argumentsToString(@NonNull Map<String, Object> namedArgs) {
            Object id = namedArgs.getOrDefault("app", namedArgs.get("appId"));
            return id == null ? null : id.toString();
        }

        /** Lists the credentials that can hold a key. */
        @POST
        public ListBoxModel doFillPrivateKeyCredentialsIdItems(
                @CheckForNull @AncestorInPath Item item, @QueryParameter String privateKeyCredentialsId) {
            return FormAdapter.credentials(
                    item, null, privateKeyCredentialsId, ProfileConfiguration.DescriptorImpl.keys());
        }

        /** Says when a credential is missing or of another kind. */
        @POST
        public FormValidation doCheckPrivateKeyCredentialsId(
                @CheckForNull @AncestorInPath Item item, @QueryParameter String value, @QueryParameter String app) {
            if (!FormAdapter.mayConfigure(item)) {
                return FormValidation.ok();
            }
            String id = Util.fixEmptyAndTrim(value);
            if (id == null && Util.fixEmptyAndTrim(app) != null) {
                return FormValidation.ok();
            }
            if (id == null) {
                return FormValidation.error(Messages.TaskParameters_noCredentials());
            }
            if (id.contains("-----BEGIN")) {
                return FormValidation.error(Messages.Step_keyAsText());
            }
            boolean found = FormAdapter.isVariable(id)
                    || ProfileConfiguration.DescriptorImpl.find(
                                    item, id, null, ProfileConfiguration.DescriptorImpl.keys())
                            != null;
            return found ? FormValidation.ok() : FormValidation.warning(Messages.Step_noSuchCredential());
        }

        /** Checks the form of the id. */
        @POST
        public FormValidation doCheckAppId(
                @CheckForNull @AncestorInPath Item item, @QueryParameter String value, @QueryParameter String app) {
            return unless(app, item, value, () -> MiniProgram.checkAppId(value));
        }

        /** Checks that the path stays inside. */
        @POST
        public FormValidation doCheckProjectPath(
                @CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, value, () -> MiniProgram.checkRelative(value, "projectPath"));
        }

        /** Checks that the path stays inside. */
        @POST
        public FormValidation doCheckOutputPath(@CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, value, () -> MiniProgram.checkRelative(value, "outputPath"));
        }

        /** Checks the settings. */
        @POST
        public FormValidation doCheckSetting(@CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, value, () -> CompileSetting.read(value));
        }

        /** Checks the number of the robot. */
        @POST
        public FormValidation doCheckRobot(@CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return optional(
                    item, value, () -> TaskParameters.checkRobot(ProfileConfiguration.DescriptorImpl.number(value)));
        }

        /** Checks the time. */
        @POST
        public FormValidation doCheckTimeoutMinutes(
                @CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return optional(item, value, () -> TaskParameters.timeout(Double.parseDouble(value.trim())));
        }

        /** Lists the types of projects. */
        @POST
        public ListBoxModel doFillTypeItems(@CheckForNull @AncestorInPath Item item) {
            return FormAdapter.choices(
                    item,
                    Arrays.stream(ProjectType.values()).map(ProjectType::symbol).toList());
        }

        /** Lists what programs are written with. */
        @POST
        public ListBoxModel doFillAppTypeItems(@CheckForNull @AncestorInPath Item item) {
            return orProfile(item, Profile.APP_TYPES);
        }

        /** Lists yes, no, and neither. */
        @POST
        public ListBoxModel doFillNpmItems(@CheckForNull @AncestorInPath Item item) {
            return flags(item);
        }

        /** Some values, and none. */
        static ListBoxModel orProfile(@CheckForNull Item item, List<String> values) {
            ListBoxModel items = new ListBoxModel();
            if (FormAdapter.mayConfigure(item)) {
                items.add(Messages.Step_asProfile(), "");
                values.forEach(value -> items.add(value, value));
            }
            return items;
        }

        /** Lists the installations of miniprogram-ci. */
        @POST
        public ListBoxModel doFillCiToolItems(@CheckForNull @AncestorInPath Item item, @QueryParameter String ciTool) {
            List<String> names = Stream.of(Jenkins.get()
                            .getDescriptorByType(MiniprogramCiInstallation.DescriptorImpl.class)
                            .getInstallations())
                    .map(MiniprogramCiInstallation::getName)
                    .toList();
            return FormAdapter.tools(item, ciTool, Messages.Step_anyTool(), names);
        }

        /** Lists the profiles that the job may use. */
        @POST
        public ListBoxModel doFillAppItems(@CheckForNull @AncestorInPath Item item, @QueryParameter String app) {
            ListBoxModel items = new ListBoxModel();
            Set<String> names = new LinkedHashSet<>();
            if (FormAdapter.mayConfigure(item)) {
                items.add(Messages.Step_noApp(), "");
                if (item instanceof Job<?, ?> job) {
                    MiniProgramJobConfiguration own = job.getProperty(MiniProgramJobConfiguration.class);
                    if (own != null) {
                        names.add(own.getProfile().getName());
                    }
                }
                MiniProgramsConfiguration.get().getProfiles().forEach(each -> names.add(each.getName()));
            }
            if (Util.fixEmptyAndTrim(app) != null) {
                names.add(app.trim());
            }
            names.forEach(name -> items.add(name, name));
            return items;
        }

        /** Lists yes, no, and neither. */
        @POST
        public ListBoxModel doFillInstallItems(@CheckForNull @AncestorInPath Item item) {
            return flags(item);
        }

        /** Yes, no, and neither. */
        static ListBoxModel flags(@CheckForNull Item item) {
            ListBoxModel items = new ListBoxModel();
            if (FormAdapter.mayConfigure(item)) {
                items.add(Messages.Step_asProfile(), "");
                items.add(Messages.Step_yes(), "true");
                items.add(Messages.Step_no(), "false");
            }
            return items;
        }

        /** As {@link #check}, for what may be empty. */
        static FormValidation optional(@CheckForNull Item item, @CheckForNull String value, Runnable check) {
            return FormAdapter.check(item, value, () -> {
                if (Util.fixEmptyAndTrim(value) != null) {
                    check.run();
                }
            });
        }

        /** As {@link #check}, for what may be empty where a profile is named. */
        static FormValidation unless(
                @CheckForNull String app, @CheckForNull Item item, @CheckForNull String value, Runnable check) {
            return Util.fixEmptyAndTrim(app) == null
                    ? FormAdapter.check(item, value, check)
                    : optional(item, value, check);
        }
    }
}
