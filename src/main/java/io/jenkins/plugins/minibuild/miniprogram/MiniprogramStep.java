package io.jenkins.plugins.minibuild.miniprogram;

import com.cloudbees.plugins.credentials.CredentialsMatcher;
import com.cloudbees.plugins.credentials.CredentialsMatchers;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import com.cloudbees.plugins.credentials.common.StandardListBoxModel;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.Util;
import hudson.model.Item;
import hudson.model.Run;
import hudson.security.ACL;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.minibuild.build.BuildTask;
import io.jenkins.plugins.minibuild.build.TaskStep;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.plaincredentials.FileCredentials;
import org.jenkinsci.plugins.plaincredentials.StringCredentials;
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
    private static final int DEFAULT_ROBOT = 1;

    private final String appId;
    private final String privateKeyCredentialsId;
    private String projectPath;
    /** Null for the default, as robot and time: a stored job that lacks one gets the default, not a zero. */
    private String type;

    private String desc;
    private Integer robot;
    private Map<String, Boolean> setting;
    private boolean install;
    private String installCommand;
    private String buildCommand;
    private String outputPath;
    private String ciTool;
    private Double timeoutMinutes;
    /** Null for {@link AppType#NATIVE}. */
    private String appType;

    private boolean npm;
    private boolean quality;

    MiniprogramStep(String appId, String privateKeyCredentialsId) {
        this.appId = Util.fixNull(Util.fixEmptyAndTrim(appId));
        this.privateKeyCredentialsId = Util.fixNull(Util.fixEmptyAndTrim(privateKeyCredentialsId));
        if (this.privateKeyCredentialsId.contains("-----BEGIN")) {
            throw new IllegalArgumentException(Messages.Step_keyAsText());
        }
    }

    /** The id of the mini program. */
    public String getAppId() {
        return appId;
    }

    /** The id of the credential that holds the upload key. */
    public String getPrivateKeyCredentialsId() {
        return privateKeyCredentialsId;
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

    /** The number of the CI robot, 1 to 30. */
    public int getRobot() {
        return robot == null ? DEFAULT_ROBOT : robot;
    }

    /** See {@link #getRobot}. */
    @DataBoundSetter
    public void setRobot(int robot) {
        int checked = TaskParameters.checkRobot(robot);
        this.robot = checked == DEFAULT_ROBOT ? null : (Integer) checked;
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

    /** Whether dependencies are installed first. */
    public boolean isInstall() {
        return install;
    }

    /** See {@link #isInstall}. */
    @DataBoundSetter
    public void setInstall(boolean install) {
        this.install = install;
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

    /** The time for install, build and upload together, in minutes. */
    public double getTimeoutMinutes() {
        return timeoutMinutes == null ? TaskParameters.DEFAULT_TIMEOUT_MINUTES : timeoutMinutes;
    }

    /** See {@link #getTimeoutMinutes}. */
    @DataBoundSetter
    public void setTimeoutMinutes(double timeoutMinutes) {
        Duration checked = TaskParameters.timeout(timeoutMinutes);
        this.timeoutMinutes =
                checked.equals(TaskParameters.timeout(TaskParameters.DEFAULT_TIMEOUT_MINUTES)) ? null : timeoutMinutes;
    }

    /** The name of an {@link AppType}. */
    public String getAppType() {
        return appType == null ? AppType.NATIVE.symbol() : appType;
    }

    /** See {@link #getAppType}. */
    @DataBoundSetter
    public void setAppType(@CheckForNull String appType) {
        AppType checked = AppType.of(appType);
        this.appType = checked == AppType.NATIVE ? null : checked.symbol();
    }

    /** Whether npm packages are packed for the program. */
    public boolean isNpm() {
        return npm;
    }

    /** See {@link #isNpm}. */
    @DataBoundSetter
    public void setNpm(boolean npm) {
        this.npm = npm;
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

    /** What both tasks take. */
    TaskParameters parameters() {
        return new TaskParameters(
                        new MiniProgram(appId, ProjectType.of(getType()), projectPath), privateKeyCredentialsId)
                .build(install, installCommand, buildCommand, outputPath)
                .setting(setting == null ? Map.of() : setting)
                .robot(getRobot())
                .desc(desc)
                .tool(ciTool)
                .timeoutMinutes(getTimeoutMinutes())
                .appType(AppType.of(appType))
                .npm(npm)
                .quality(quality);
    }

    /** Makes the task when it runs: a parameter that is refused then is the build's error, not one of Jenkins. */
    static <R> BuildTask<R> task(Supplier<BuildTask<R>> making) {
        return context -> {
            BuildTask<R> made;
            try {
                made = making.get();
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
    }

    /** The form of both steps. */
    public abstract static class MiniprogramStepDescriptor extends TaskStepDescriptor {

        @Override
        public String argumentsToString(@NonNull Map<String, Object> namedArgs) {
            Object id = namedArgs.get("appId");
            return id == null ? null : id.toString();
        }

        /** Lists the credentials that can hold a key. */
        @POST
        public ListBoxModel doFillPrivateKeyCredentialsIdItems(
                @CheckForNull @AncestorInPath Item item, @QueryParameter String privateKeyCredentialsId) {
            StandardListBoxModel items = new StandardListBoxModel();
            String current = Util.fixNull(privateKeyCredentialsId);
            boolean allowed = item == null
                    ? Jenkins.get().hasPermission(Jenkins.ADMINISTER)
                    : item.hasPermission(Item.CONFIGURE) || item.hasPermission(CredentialsProvider.USE_ITEM);
            if (allowed) {
                items.includeEmptyValue()
                        .includeMatchingAs(ACL.SYSTEM2, item, StandardCredentials.class, List.of(), keys());
            }
            return items.includeCurrentValue(current);
        }

        /** Says when a credential is missing or of another kind. */
        @POST
        public FormValidation doCheckPrivateKeyCredentialsId(
                @CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            if (!mayConfigure(item)) {
                return FormValidation.ok();
            }
            String id = Util.fixEmptyAndTrim(value);
            if (id == null) {
                return FormValidation.error(Messages.TaskParameters_noCredentials());
            }
            if (id.contains("-----BEGIN")) {
                return FormValidation.error(Messages.Step_keyAsText());
            }
            boolean found = id.contains("$")
                    || CredentialsProvider.lookupCredentialsInItem(
                                    StandardCredentials.class, item, ACL.SYSTEM2, List.of())
                            .stream()
                            .anyMatch(credentials -> credentials.getId().equals(id) && keys().matches(credentials));
            return found ? FormValidation.ok() : FormValidation.warning(Messages.Step_noSuchCredential());
        }

        /** Checks the form of the id. */
        @POST
        public FormValidation doCheckAppId(@CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return check(item, value, () -> MiniProgram.checkAppId(value));
        }

        /** Checks that the path stays inside. */
        @POST
        public FormValidation doCheckProjectPath(
                @CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return check(item, value, () -> MiniProgram.checkRelative(value, "projectPath"));
        }

        /** Checks that the path stays inside. */
        @POST
        public FormValidation doCheckOutputPath(@CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return check(item, value, () -> MiniProgram.checkRelative(value, "outputPath"));
        }

        /** Checks the settings. */
        @POST
        public FormValidation doCheckSetting(@CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return check(item, value, () -> CompileSetting.read(value));
        }

        /** Checks the number of the robot. */
        @POST
        public FormValidation doCheckRobot(@CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return check(item, value, () -> TaskParameters.checkRobot(Integer.parseInt(value.trim())));
        }

        /** Checks the time. */
        @POST
        public FormValidation doCheckTimeoutMinutes(
                @CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return check(item, value, () -> TaskParameters.timeout(Double.parseDouble(value.trim())));
        }

        /** Lists the types of projects. */
        @POST
        public ListBoxModel doFillTypeItems(@CheckForNull @AncestorInPath Item item) {
            ListBoxModel items = new ListBoxModel();
            if (mayConfigure(item)) {
                for (ProjectType type : ProjectType.values()) {
                    items.add(type.symbol(), type.symbol());
                }
            }
            return items;
        }

        /** Lists what programs are written with. */
        @POST
        public ListBoxModel doFillAppTypeItems(@CheckForNull @AncestorInPath Item item) {
            ListBoxModel items = new ListBoxModel();
            if (mayConfigure(item)) {
                for (AppType type : AppType.values()) {
                    items.add(type.symbol(), type.symbol());
                }
            }
            return items;
        }

        /** Lists the installations of miniprogram-ci. */
        @POST
        public ListBoxModel doFillCiToolItems(@CheckForNull @AncestorInPath Item item, @QueryParameter String ciTool) {
            ListBoxModel items = new ListBoxModel();
            String current = Util.fixNull(ciTool);
            boolean listed = current.isEmpty();
            if (mayConfigure(item)) {
                items.add(Messages.Step_anyTool(), "");
                for (MiniprogramCiInstallation tool : Jenkins.get()
                        .getDescriptorByType(MiniprogramCiInstallation.DescriptorImpl.class)
                        .getInstallations()) {
                    items.add(tool.getName(), tool.getName());
                    listed |= tool.getName().equals(current);
                }
            }
            if (!listed) {
                items.add(current, current);
            }
            return items;
        }

        /** Runs a check of the plain classes, where the user may configure. */
        static FormValidation check(@CheckForNull Item item, @CheckForNull String value, Runnable check) {
            boolean allowed =
                    item == null ? Jenkins.get().hasPermission(Jenkins.ADMINISTER) : item.hasPermission(Item.CONFIGURE);
            if (!allowed || value != null && value.contains("$")) {
                return FormValidation.ok();
            }
            try {
                check.run();
                return FormValidation.ok();
            } catch (IllegalArgumentException e) {
                return FormValidation.error(e.getMessage());
            }
        }

        static boolean mayConfigure(@CheckForNull Item item) {
            return item == null ? Jenkins.get().hasPermission(Jenkins.ADMINISTER) : item.hasPermission(Item.CONFIGURE);
        }

        private static CredentialsMatcher keys() {
            return CredentialsMatchers.anyOf(
                    CredentialsMatchers.instanceOf(FileCredentials.class),
                    CredentialsMatchers.instanceOf(StringCredentials.class));
        }
    }
}
