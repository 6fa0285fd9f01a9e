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
import io.jenkins.plugins.minibuild.miniprogram.profile.BuildCommands;
import io.jenkins.plugins.minibuild.miniprogram.profile.CompileSettings;
import io.jenkins.plugins.minibuild.miniprogram.profile.MiniProgram;
import io.jenkins.plugins.minibuild.miniprogram.profile.MiniProgramsConfiguration;
import io.jenkins.plugins.minibuild.miniprogram.profile.PrivateKey;
import io.jenkins.plugins.minibuild.miniprogram.profile.Profile;
import io.jenkins.plugins.minibuild.miniprogram.profile.ProfileConfiguration;
import io.jenkins.plugins.minibuild.miniprogram.profile.ProjectType;
import io.jenkins.plugins.minibuild.miniprogram.profile.Robots;
import io.jenkins.plugins.minibuild.step.BuildEvent;
import io.jenkins.plugins.minibuild.step.BuildNewsListener;
import io.jenkins.plugins.minibuild.step.BuildTask;
import io.jenkins.plugins.minibuild.step.FormAdapter;
import io.jenkins.plugins.minibuild.step.ProgramNews;
import io.jenkins.plugins.minibuild.step.ShellLine;
import io.jenkins.plugins.minibuild.step.SlotProviderAdapter;
import io.jenkins.plugins.minibuild.step.TaskStep;
import io.jenkins.plugins.minibuild.step.TimeLimit;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
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
    private CompileSettings setting;
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

    @DataBoundSetter
    public void setApp(@CheckForNull String app) {
        this.app = Util.fixEmptyAndTrim(app);
    }

    /** The id of the mini program; null for the profile's. */
    @CheckForNull
    public String getAppId() {
        return appId;
    }

    @DataBoundSetter
    public final void setAppId(@CheckForNull String appId) {
        this.appId = Util.fixEmptyAndTrim(appId);
    }

    /** The id of the credential that holds the upload key; null for the profile's. */
    @CheckForNull
    public String getPrivateKeyCredentialsId() {
        return privateKeyCredentialsId;
    }

    @DataBoundSetter
    public final void setPrivateKeyCredentialsId(@CheckForNull String privateKeyCredentialsId) {
        String id = Util.fixEmptyAndTrim(privateKeyCredentialsId);
        this.privateKeyCredentialsId = id == null ? null : PrivateKey.checkId(id);
    }

    /** The branch to check out; null for the profile's. */
    @CheckForNull
    public String getBranch() {
        return branch;
    }

    @DataBoundSetter
    public void setBranch(@CheckForNull String branch) {
        this.branch = Util.fixEmptyAndTrim(branch);
    }

    /** The commit to check out; null for the newest of the branch. */
    @CheckForNull
    public String getCommit() {
        return commit;
    }

    @DataBoundSetter
    public void setCommit(@CheckForNull String commit) {
        this.commit = Util.fixEmptyAndTrim(commit);
    }

    /** Whether the step only checks that the agent and the project are ready, and then ends. */
    public boolean isDoctor() {
        return doctor;
    }

    @DataBoundSetter
    public void setDoctor(boolean doctor) {
        this.doctor = doctor;
    }

    /** The folder of the project, relative to the workspace; null for the workspace. */
    @CheckForNull
    public String getProjectPath() {
        return projectPath;
    }

    @DataBoundSetter
    public void setProjectPath(@CheckForNull String projectPath) {
        this.projectPath = Util.fixEmptyAndTrim(projectPath);
    }

    /** The name of a {@link ProjectType}. */
    public String getType() {
        return type == null ? DEFAULT_TYPE : type;
    }

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

    @DataBoundSetter
    public void setDesc(@CheckForNull String desc) {
        this.desc = Util.fixEmptyAndTrim(desc);
    }

    /** The number of the CI robot, 1 to 30; null for the profile's, or 1. */
    @CheckForNull
    public Integer getRobot() {
        return robot;
    }

    @DataBoundSetter
    public void setRobot(@CheckForNull Integer robot) {
        this.robot = robot == null ? null : (Integer) Robots.check(robot);
    }

    /** The compile settings by name, all of them booleans; null for those of miniprogram-ci. */
    @CheckForNull
    public Object getSetting() {
        return setting == null ? null : setting.flags();
    }

    /** Takes a map, or a text as {@link CompileSettings#read} reads it: a form can only send text. */
    @DataBoundSetter
    public void setSetting(@CheckForNull Object setting) {
        CompileSettings read = CompileSettings.read(setting);
        this.setting = read.flags().isEmpty() ? null : read;
    }

    /** The settings as the form shows them. */
    public String settingText() {
        return setting == null ? "" : setting.text();
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

    @ShellLine
    @DataBoundSetter
    public void setInstallCommand(@CheckForNull String installCommand) {
        this.installCommand = Util.fixEmptyAndTrim(installCommand);
    }

    /** The line that builds the project; null for none. */
    @CheckForNull
    public String getBuildCommand() {
        return buildCommand;
    }

    @ShellLine
    @DataBoundSetter
    public void setBuildCommand(@CheckForNull String buildCommand) {
        this.buildCommand = Util.fixEmptyAndTrim(buildCommand);
    }

    /** Where the build puts the mini program, relative to the project; null for the project itself. */
    @CheckForNull
    public String getOutputPath() {
        return outputPath;
    }

    @DataBoundSetter
    public void setOutputPath(@CheckForNull String outputPath) {
        this.outputPath = Util.fixEmptyAndTrim(outputPath);
    }

    /** The name of the installation of miniprogram-ci to use; null for whichever is found. */
    @CheckForNull
    public String getCiTool() {
        return ciTool;
    }

    @DataBoundSetter
    public void setCiTool(@CheckForNull String ciTool) {
        this.ciTool = Util.fixEmptyAndTrim(ciTool);
    }

    /** The time for install, build and upload together, in minutes; null for the profile's, or 30. */
    @CheckForNull
    public Double getTimeoutMinutes() {
        return timeoutMinutes;
    }

    @DataBoundSetter
    public void setTimeoutMinutes(@CheckForNull Double timeoutMinutes) {
        if (timeoutMinutes != null) {
            BuildCommands.timeout(timeoutMinutes);
        }
        this.timeoutMinutes = timeoutMinutes;
    }

    /** The name of an {@link AppType}; null for the profile's, or {@link AppType#NATIVE}. */
    @CheckForNull
    public String getAppType() {
        return appType;
    }

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

    @DataBoundSetter
    public void setQuality(boolean quality) {
        this.quality = quality;
    }

    @Override
    public String slotPool() {
        return "build";
    }

    @Override
    @CheckForNull
    public TimeLimit timeLimit(Job<?, ?> job) {
        return timeLimit(app == null ? List.of() : MiniProgramsConfiguration.of(job));
    }

    @CheckForNull
    TimeLimit timeLimit(List<ProfileConfiguration> profiles) {
        try {
            Profile profile = app == null ? null : ProfileConfiguration.find(profiles, app);
            Duration time = parameters(profile).build().timeout();
            return new TimeLimit(time, timeoutMinutes != null || !time.equals(BuildCommands.DEFAULT.timeout()));
        } catch (IllegalArgumentException e) {
            // The task says it when it runs.
            return null;
        }
    }

    /** The parameters of the task; those of the step come before those of the profile. */
    TaskParameters parameters(@CheckForNull Profile profile) {
        BuildCommands commands =
                new BuildCommands(appType, install, installCommand, buildCommand, outputPath, npm, timeoutMinutes);
        MiniProgram program = new MiniProgram(
                profile == null ? appId : Profile.or(appId, profile.app().appId()),
                ProjectType.of(getType()),
                profile == null
                        ? projectPath
                        : Profile.or(projectPath, profile.app().repository().projectPath()));
        if (profile == null) {
            return common(new TaskParameters(program, privateKeyCredentialsId))
                    .build(commands.or(BuildCommands.WITHOUT_PROFILE))
                    .desc(desc)
                    .setting(Profile.or(setting, CompileSettings.NONE))
                    .robots(robots(Robots.DEFAULT));
        }
        String keyId = Profile.or(privateKeyCredentialsId, profile.app().privateKeyCredentialsId());
        return common(new TaskParameters(program, keyId))
                .name(profile.app().name())
                .source(Source.of(profile.app().repository(), branch, commit))
                .build(commands.or(profile.build()))
                .lenientInstall(install == null)
                .desc(Profile.or(desc, profile.versioning().desc()))
                .setting(Profile.or(setting, profile.setting()))
                .robots(robots(profile.versioning().robots()))
                .budget(profile.budget());
    }

    private TaskParameters common(TaskParameters parameters) {
        return parameters.quality(quality).tool(ciTool).doctor(doctor);
    }

    /** The arguments that a profile can keep to itself, by name; null for one that this step does not give. */
    Map<String, Object> given() {
        Map<String, Object> given = new LinkedHashMap<>();
        given.put("appId", appId);
        given.put("privateKeyCredentialsId", privateKeyCredentialsId);
        given.put("projectPath", projectPath);
        given.put("type", type);
        given.put("desc", desc);
        given.put("robot", robot);
        given.put("setting", setting);
        given.put("install", install);
        given.put("installCommand", installCommand);
        given.put("buildCommand", buildCommand);
        given.put("outputPath", outputPath);
        given.put("ciTool", ciTool);
        given.put("timeoutMinutes", timeoutMinutes);
        given.put("appType", appType);
        given.put("npm", npm);
        given.put("branch", branch);
        given.put("commit", commit);
        return given;
    }

    /** A robot that the step names is used for every branch. */
    private Robots robots(Robots others) {
        return robot == null ? others : new Robots(robot, null);
    }

    /** What it makes, as messages name it: {@code upload} or {@code preview}. */
    abstract String kind();

    /** Makes the task when it runs: a parameter that is refused then is the build's error, not one of Jenkins. */
    BuildTask<R> task(Function<Profile, BuildTask<R>> making) {
        return context -> {
            BuildTask<R> made;
            try {
                Profile profile = app == null
                        ? null
                        : ProfileConfiguration.find(context.settings().all(ProfileConfiguration.class), app);
                if (profile != null) {
                    profile.app().overrides().check(app, given());
                }
                ProgramNews program = (profile == null
                                ? ProgramNews.without(Profile.or(appId, ""), kind())
                                : profile.notification()
                                        .news(
                                                profile.app().name(),
                                                profile.app().appId()))
                        .begun(kind());
                if (!program.name().isEmpty()) {
                    context.record().rememberAll(program.facts());
                }
                if (program.isTold()) {
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
        MiniprogramAction action;
        synchronized (run) {
            MiniprogramAction shown = run.getAction(MiniprogramAction.class);
            action = shown == null ? new MiniprogramAction() : shown;
            action.add(entry, picture, run.getRootDir().toPath());
            if (shown == null) {
                run.addAction(action);
            }
        }
        run.save();
        BuildNewsListener.fire(
                run,
                entry.isPreview() ? BuildEvent.PREVIEW_READY : BuildEvent.UPLOADED,
                action.newsFacts(action.getEntries().indexOf(entry)));
    }

    /** The form of both steps. */
    public abstract static class MiniprogramStepDescriptor extends TaskStepDescriptor {

        @Override
        public String argumentsToString(@NonNull Map<String, Object> namedArgs) {
            Object id = namedArgs.getOrDefault("app", namedArgs.get("appId"));
            return id == null ? null : id.toString();
        }

        @POST
        public ListBoxModel doFillPrivateKeyCredentialsIdItems(
                @CheckForNull @AncestorInPath Item item, @QueryParameter String privateKeyCredentialsId) {
            return FormAdapter.credentials(
                    item, null, privateKeyCredentialsId, new ProfileConfiguration.DescriptorImpl.KeysOffered());
        }

        /** Says when a credential is missing or of another kind. */
        @POST
        public FormValidation doCheckPrivateKeyCredentialsId(
                @CheckForNull @AncestorInPath Item item, @QueryParameter String value, @QueryParameter String app) {
            if (Util.fixEmptyAndTrim(value) == null && Util.fixEmptyAndTrim(app) != null) {
                return FormValidation.ok();
            }
            FormValidation form = FormAdapter.check(item, value, () -> PrivateKey.checkId(value));
            if (form.kind != FormValidation.Kind.OK) {
                return form;
            }
            FormValidation there = FormAdapter.check(
                    item, value, () -> ProfileConfiguration.DescriptorImpl.requireKey(item, value.trim()));
            return there.kind == FormValidation.Kind.OK ? there : FormValidation.warning(there.getMessage());
        }

        @POST
        public FormValidation doCheckAppId(
                @CheckForNull @AncestorInPath Item item, @QueryParameter String value, @QueryParameter String app) {
            return unless(app, item, value, () -> MiniProgram.checkAppId(value));
        }

        @POST
        public FormValidation doCheckProjectPath(
                @CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, value, () -> MiniProgram.checkRelative(value, "projectPath"));
        }

        @POST
        public FormValidation doCheckOutputPath(@CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, value, () -> MiniProgram.checkRelative(value, "outputPath"));
        }

        @POST
        public FormValidation doCheckSetting(@CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, value, () -> CompileSettings.read(value));
        }

        @POST
        public FormValidation doCheckRobot(@CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return optional(item, value, () -> Robots.check(ProfileConfiguration.DescriptorImpl.number(value)));
        }

        @POST
        public FormValidation doCheckTimeoutMinutes(
                @CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return optional(
                    item,
                    value,
                    () -> SlotProviderAdapter.check(
                            BuildCommands.timeout(ProfileConfiguration.DescriptorImpl.decimal(value))));
        }

        @POST
        public ListBoxModel doFillTypeItems(@CheckForNull @AncestorInPath Item item) {
            return FormAdapter.choices(
                    item,
                    Arrays.stream(ProjectType.values()).map(ProjectType::symbol).toList());
        }

        @POST
        public ListBoxModel doFillAppTypeItems(@CheckForNull @AncestorInPath Item item) {
            return orProfile(item, AppType.symbols());
        }

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

        @POST
        public ListBoxModel doFillCiToolItems(@CheckForNull @AncestorInPath Item item, @QueryParameter String ciTool) {
            List<String> names = Stream.of(Jenkins.get()
                            .getDescriptorByType(MiniprogramCiInstallation.DescriptorImpl.class)
                            .getInstallations())
                    .map(MiniprogramCiInstallation::getName)
                    .toList();
            ListBoxModel items = FormAdapter.tools(item, ciTool, Messages.Step_anyTool(), names);
            if (FormAdapter.mayConfigure(item)) {
                items.removeIf(each -> each.value.equals(CiLocation.PROJECT));
                items.add(Messages.Step_projectTool(), CiLocation.PROJECT);
            }
            return items;
        }

        /** Lists the profiles that the job may use. */
        @POST
        public ListBoxModel doFillAppItems(@CheckForNull @AncestorInPath Item item, @QueryParameter String app) {
            ListBoxModel items = new ListBoxModel();
            Set<String> names = new LinkedHashSet<>();
            if (FormAdapter.mayConfigure(item)) {
                items.add(Messages.Step_noApp(), "");
                if (item instanceof Job<?, ?> job) {
                    MiniProgramsConfiguration.of(job).forEach(each -> names.add(each.getName()));
                } else {
                    MiniProgramsConfiguration.get().getProfiles().stream()
                            .filter(each -> item == null || each.isFor(item.getFullName()))
                            .forEach(each -> names.add(each.getName()));
                }
            }
            if (Util.fixEmptyAndTrim(app) != null) {
                names.add(app.trim());
            }
            names.forEach(name -> items.add(name, name));
            return items;
        }

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
