package io.jenkins.plugins.minibuild.miniprogram.profile;

import com.cloudbees.plugins.credentials.Credentials;
import com.cloudbees.plugins.credentials.CredentialsMatcher;
import com.cloudbees.plugins.credentials.CredentialsMatchers;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import com.cloudbees.plugins.credentials.domains.URIRequirementBuilder;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.Util;
import hudson.model.Describable;
import hudson.model.Descriptor;
import hudson.model.Item;
import hudson.model.Job;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.minibuild.checkout.RemoteCheck;
import io.jenkins.plugins.minibuild.files.Glob;
import io.jenkins.plugins.minibuild.notify.ChannelConfiguration;
import io.jenkins.plugins.minibuild.notify.Event;
import io.jenkins.plugins.minibuild.step.FormAdapter;
import io.jenkins.plugins.minibuild.step.ProgramNews;
import io.jenkins.plugins.minibuild.step.ServicesAdapter;
import io.jenkins.plugins.minibuild.step.SlotProviderAdapter;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import jenkins.model.Jenkins;
import net.sf.json.JSONObject;
import org.jenkinsci.plugins.plaincredentials.FileCredentials;
import org.jenkinsci.plugins.plaincredentials.StringCredentials;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.verb.POST;

/**
 * The form of a {@link Profile}, as Jenkins stores it and as Configuration as Code writes it. A field without a value has the default of its
 * record and is not stored. {@link #toProfile} checks the values.
 */
public final class ProfileConfiguration implements Describable<ProfileConfiguration> {

    private static final int USUAL_TIMEOUT =
            BuildCommands.DEFAULT.timeoutMinutes().intValue();

    private final String name;
    private final String appId;
    /**
     * By which what belongs to the profile finds it: empty for a new one, and null when whoever made the object knows nothing of it (Configuration as Code,
     * a script, a version of the plugin that had none).
     */
    private String id;

    private Boolean enabled;
    private String privateKeyCredentialsId;
    private String appType;
    private String gitUrl;
    private String branch;
    private String gitCredentialsId;
    private String projectPath;
    private Boolean install;
    private String installCommand;
    private String buildCommand;
    private String outputPath;
    private Boolean npm;
    private Boolean autoBuild;
    private String job;
    private Integer buildTimeout;
    private String version;
    private String versionType;
    private String desc;
    private Integer robot;
    private String robotRules;
    private String qrcodeFormat;
    private Integer qrcodeSize;
    private String pagePath;
    private String searchQuery;
    private Integer scene;
    private Integer expire;
    private Integer mainBudget;
    private Integer subpackageBudget;
    private Integer wholeBudget;
    private String notifyOn;
    private String notifyEvents;
    private String notifyChannels;
    private List<ChannelConfiguration> ownChannels;
    private String allowedJobs;
    private String allowedOverrides;
    /** The compile settings that are not the default, by name; null for none. */
    private TreeMap<String, Boolean> compile;

    /** Takes the values that every profile has. */
    @DataBoundConstructor
    public ProfileConfiguration(String name, String appId) {
        this.name = Util.fixNull(Util.fixEmptyAndTrim(name));
        this.appId = Util.fixNull(Util.fixEmptyAndTrim(appId));
    }

    /** The name by which steps refer to the profile. */
    public String getName() {
        return name;
    }

    /** The id that stays when the profile gets another name; the name for a profile of a version of the plugin that had no ids. The form sends it back. */
    public String identity() {
        return id == null ? name : id;
    }

    /** Whether the form has said which profile this is, or that it is a new one. */
    boolean saysId() {
        return id != null;
    }

    void identify(String identity) {
        this.id = identity;
    }

    /** The AppID of the mini program. */
    public String getAppId() {
        return appId;
    }

    /** Whether steps may use the profile. */
    public boolean isEnabled() {
        return usual(enabled, true);
    }

    @DataBoundSetter
    public void setEnabled(boolean enabled) {
        this.enabled = unless(true, enabled);
    }

    /** The id of the credential that holds the upload key. */
    @CheckForNull
    public String getPrivateKeyCredentialsId() {
        return privateKeyCredentialsId;
    }

    @DataBoundSetter
    public void setPrivateKeyCredentialsId(@CheckForNull String privateKeyCredentialsId) {
        this.privateKeyCredentialsId = Util.fixEmptyAndTrim(privateKeyCredentialsId);
    }

    /** The symbol of an {@link AppType}. */
    public String getAppType() {
        return usual(appType, BuildCommands.DEFAULT.appType());
    }

    @DataBoundSetter
    public void setAppType(@CheckForNull String appType) {
        this.appType = unless(BuildCommands.DEFAULT.appType(), Util.fixEmptyAndTrim(appType));
    }

    /** The address of the repository; null when the project is in the workspace already. */
    @CheckForNull
    public String getGitUrl() {
        return gitUrl;
    }

    @DataBoundSetter
    public void setGitUrl(@CheckForNull String gitUrl) {
        this.gitUrl = Util.fixEmptyAndTrim(gitUrl);
    }

    /** The branch; null for the default branch of the remote. */
    @CheckForNull
    public String getBranch() {
        return branch;
    }

    @DataBoundSetter
    public void setBranch(@CheckForNull String branch) {
        this.branch = Util.fixEmptyAndTrim(branch);
    }

    /** The id of the credential for the repository; null for a public one. */
    @CheckForNull
    public String getGitCredentialsId() {
        return gitCredentialsId;
    }

    @DataBoundSetter
    public void setGitCredentialsId(@CheckForNull String gitCredentialsId) {
        this.gitCredentialsId = Util.fixEmptyAndTrim(gitCredentialsId);
    }

    /** The folder of the project in the repository; null for its root. */
    @CheckForNull
    public String getProjectPath() {
        return projectPath;
    }

    @DataBoundSetter
    public void setProjectPath(@CheckForNull String projectPath) {
        this.projectPath = Util.fixEmptyAndTrim(projectPath);
    }

    /** Whether dependencies are installed first. */
    public boolean isInstall() {
        return usual(install, BuildCommands.DEFAULT.install());
    }

    @DataBoundSetter
    public void setInstall(boolean install) {
        this.install = unless(BuildCommands.DEFAULT.install(), install);
    }

    /** The line that installs them; null for the package manager of the lock file. */
    @CheckForNull
    public String getInstallCommand() {
        return installCommand;
    }

    @DataBoundSetter
    public void setInstallCommand(@CheckForNull String installCommand) {
        this.installCommand = Util.fixEmptyAndTrim(installCommand);
    }

    /** The line that builds the project; null for the one of its {@link AppType}. */
    @CheckForNull
    public String getBuildCommand() {
        return buildCommand;
    }

    @DataBoundSetter
    public void setBuildCommand(@CheckForNull String buildCommand) {
        this.buildCommand = Util.fixEmptyAndTrim(buildCommand);
    }

    /** The folder in which the build puts the program; null for the one of its {@link AppType}. */
    @CheckForNull
    public String getOutputPath() {
        return outputPath;
    }

    @DataBoundSetter
    public void setOutputPath(@CheckForNull String outputPath) {
        this.outputPath = Util.fixEmptyAndTrim(outputPath);
    }

    /** Whether npm packages are packed. */
    public boolean isNpm() {
        return usual(npm, BuildCommands.DEFAULT.npm());
    }

    @DataBoundSetter
    public void setNpm(boolean npm) {
        this.npm = unless(BuildCommands.DEFAULT.npm(), npm);
    }

    /** Whether a push starts a build. */
    public boolean isAutoBuild() {
        return usual(autoBuild, false);
    }

    @DataBoundSetter
    public void setAutoBuild(boolean autoBuild) {
        this.autoBuild = unless(false, autoBuild);
    }

    /** The full name of the job that a push starts; null for none. */
    @CheckForNull
    public String getJob() {
        return job;
    }

    @DataBoundSetter
    public void setJob(@CheckForNull String job) {
        this.job = Util.fixEmptyAndTrim(job);
    }

    /** The minutes for install, build and upload together. */
    public int getBuildTimeout() {
        return usual(buildTimeout, USUAL_TIMEOUT);
    }

    @DataBoundSetter
    public void setBuildTimeout(int buildTimeout) {
        this.buildTimeout = unless(USUAL_TIMEOUT, buildTimeout);
    }

    /** The first version, or with manual versions the one of every upload. */
    public String getVersion() {
        return usual(version, Versioning.DEFAULT.version());
    }

    @DataBoundSetter
    public void setVersion(@CheckForNull String version) {
        this.version = unless(Versioning.DEFAULT.version(), Util.fixEmptyAndTrim(version));
    }

    /** One of {@link Versioning#TYPES}. */
    public String getVersionType() {
        return usual(versionType, Versioning.DEFAULT.type());
    }

    @DataBoundSetter
    public void setVersionType(@CheckForNull String versionType) {
        this.versionType = unless(Versioning.DEFAULT.type(), Util.fixEmptyAndTrim(versionType));
    }

    /** The description of versions; null for branch, commit, message and build number. */
    @CheckForNull
    public String getDesc() {
        return desc;
    }

    @DataBoundSetter
    public void setDesc(@CheckForNull String desc) {
        this.desc = Util.fixEmptyAndTrim(desc);
    }

    /** Whether JavaScript is compiled to ES5. */
    public boolean isEs6() {
        return compile("es6");
    }

    @DataBoundSetter
    public void setEs6(boolean es6) {
        compile("es6", es6);
    }

    /** Whether the compilation to ES5 covers what came after ES6 (async functions, for one). */
    public boolean isEs7() {
        return compile("es7");
    }

    @DataBoundSetter
    public void setEs7(boolean es7) {
        compile("es7", es7);
    }

    /** Whether scripts are minified. */
    public boolean isMinifyJS() {
        return compile("minifyJS");
    }

    @DataBoundSetter
    public void setMinifyJS(boolean minifyJS) {
        compile("minifyJS", minifyJS);
    }

    /** Whether templates are minified. */
    public boolean isMinifyWXML() {
        return compile("minifyWXML");
    }

    @DataBoundSetter
    public void setMinifyWXML(boolean minifyWXML) {
        compile("minifyWXML", minifyWXML);
    }

    /** Whether styles are minified. */
    public boolean isMinifyWXSS() {
        return compile("minifyWXSS");
    }

    @DataBoundSetter
    public void setMinifyWXSS(boolean minifyWXSS) {
        compile("minifyWXSS", minifyWXSS);
    }

    /** Whether styles get vendor prefixes. */
    public boolean isAutoPrefixWXSS() {
        return compile("autoPrefixWXSS");
    }

    @DataBoundSetter
    public void setAutoPrefixWXSS(boolean autoPrefixWXSS) {
        compile("autoPrefixWXSS", autoPrefixWXSS);
    }

    /** Whether all code is minified. */
    public boolean isMinify() {
        return compile("minify");
    }

    @DataBoundSetter
    public void setMinify(boolean minify) {
        compile("minify", minify);
    }

    /** Whether the code is obfuscated. */
    public boolean isCodeProtect() {
        return compile("codeProtect");
    }

    @DataBoundSetter
    public void setCodeProtect(boolean codeProtect) {
        compile("codeProtect", codeProtect);
    }

    /** Whether project.config.json takes the place of the compile settings. */
    public boolean isUseProjectConfig() {
        return compile("useProjectConfig");
    }

    @DataBoundSetter
    public void setUseProjectConfig(boolean useProjectConfig) {
        compile("useProjectConfig", useProjectConfig);
    }

    /** The number of the CI robot. */
    public int getRobot() {
        return usual(robot, Robots.DEFAULT.robot());
    }

    @DataBoundSetter
    public void setRobot(int robot) {
        this.robot = unless(Robots.DEFAULT.robot(), robot);
    }

    /** The robots by branch, lines of {@code pattern=number}. */
    @CheckForNull
    public String getRobotRules() {
        return robotRules;
    }

    @DataBoundSetter
    public void setRobotRules(@CheckForNull String robotRules) {
        this.robotRules = Util.fixEmptyAndTrim(robotRules);
    }

    /** The symbol of a {@link QrFormat}. */
    public String getQrcodeFormat() {
        return usual(qrcodeFormat, PreviewSettings.DEFAULT.qrcodeFormat());
    }

    @DataBoundSetter
    public void setQrcodeFormat(@CheckForNull String qrcodeFormat) {
        this.qrcodeFormat = unless(PreviewSettings.DEFAULT.qrcodeFormat(), Util.fixEmptyAndTrim(qrcodeFormat));
    }

    /** Width and height of the QR code in pixels. */
    public int getQrcodeSize() {
        return usual(qrcodeSize, PreviewSettings.DEFAULT.qrcodeSize());
    }

    @DataBoundSetter
    public void setQrcodeSize(int qrcodeSize) {
        this.qrcodeSize = unless(PreviewSettings.DEFAULT.qrcodeSize(), qrcodeSize);
    }

    /** The page that a preview opens; null for the first page. */
    @CheckForNull
    public String getPagePath() {
        return pagePath;
    }

    @DataBoundSetter
    public void setPagePath(@CheckForNull String pagePath) {
        this.pagePath = Util.fixEmptyAndTrim(pagePath);
    }

    /** The parameters of that page. */
    @CheckForNull
    public String getSearchQuery() {
        return searchQuery;
    }

    @DataBoundSetter
    public void setSearchQuery(@CheckForNull String searchQuery) {
        this.searchQuery = Util.fixEmptyAndTrim(searchQuery);
    }

    /** The scene number that the program gets. */
    public int getScene() {
        return usual(scene, PreviewSettings.DEFAULT.scene());
    }

    @DataBoundSetter
    public void setScene(int scene) {
        this.scene = unless(PreviewSettings.DEFAULT.scene(), scene);
    }

    /** The minutes for which a QR code counts as valid. */
    public int getExpire() {
        return usual(expire, PreviewSettings.DEFAULT.expire());
    }

    @DataBoundSetter
    public void setExpire(int expire) {
        this.expire = unless(PreviewSettings.DEFAULT.expire(), expire);
    }

    /** The budget of the main package in KB; 0 for the limit of WeChat. */
    public int getMainBudget() {
        return usual(mainBudget, SizeLimits.NONE.main());
    }

    @DataBoundSetter
    public void setMainBudget(int mainBudget) {
        this.mainBudget = unless(SizeLimits.NONE.main(), mainBudget);
    }

    /** The budget of each subpackage in KB; 0 for the limit of WeChat. */
    public int getSubpackageBudget() {
        return usual(subpackageBudget, SizeLimits.NONE.subpackage());
    }

    @DataBoundSetter
    public void setSubpackageBudget(int subpackageBudget) {
        this.subpackageBudget = unless(SizeLimits.NONE.subpackage(), subpackageBudget);
    }

    /** The budget of all packages together in KB; 0 for the limit of WeChat. */
    public int getWholeBudget() {
        return usual(wholeBudget, SizeLimits.NONE.whole());
    }

    @DataBoundSetter
    public void setWholeBudget(int wholeBudget) {
        this.wholeBudget = unless(SizeLimits.NONE.whole(), wholeBudget);
    }

    /** One of {@link Notification#CHOICES}. */
    public String getNotifyOn() {
        return usual(notifyOn, Notification.DEFAULT.on());
    }

    @DataBoundSetter
    public void setNotifyOn(@CheckForNull String notifyOn) {
        this.notifyOn = unless(Notification.DEFAULT.on(), Util.fixEmptyAndTrim(notifyOn));
    }

    /** The channels that only messages about this program use. */
    public List<ChannelConfiguration> getOwnChannels() {
        return ownChannels == null ? List.of() : List.copyOf(ownChannels);
    }

    /** @throws IllegalArgumentException when two have the same name */
    @DataBoundSetter
    public void setOwnChannels(@CheckForNull List<ChannelConfiguration> ownChannels) {
        List<ChannelConfiguration> checked = ChannelConfiguration.checkUnique(ownChannels);
        this.ownChannels = checked.isEmpty() ? null : checked;
    }

    /** Ids of events, separated by commas, which cause messages instead of those of {@code notifyOn}; null for none. */
    @CheckForNull
    public String getNotifyEvents() {
        return notifyEvents;
    }

    /** @throws IllegalArgumentException naming the events that there are */
    @DataBoundSetter
    public void setNotifyEvents(@CheckForNull String notifyEvents) {
        Event.parse(notifyEvents);
        this.notifyEvents = Util.fixEmptyAndTrim(notifyEvents);
    }

    /** Names of channels, separated by commas; null for all that the job may use. */
    @CheckForNull
    public String getNotifyChannels() {
        return notifyChannels;
    }

    @DataBoundSetter
    public void setNotifyChannels(@CheckForNull String notifyChannels) {
        this.notifyChannels = Util.fixEmptyAndTrim(notifyChannels);
    }

    /** Patterns of the full names of the jobs that may use the profile; null for all. */
    @CheckForNull
    public String getAllowedJobs() {
        return allowedJobs;
    }

    /** @throws IllegalArgumentException naming a pattern that is none */
    @DataBoundSetter
    public void setAllowedJobs(@CheckForNull String allowedJobs) {
        Glob.names(allowedJobs);
        this.allowedJobs = Util.fixEmptyAndTrim(allowedJobs);
    }

    /** The arguments that a step may give besides the profile, see {@link Overrides}. */
    public String getAllowedOverrides() {
        return usual(allowedOverrides, Overrides.DEFAULT.toString());
    }

    /** @throws IllegalArgumentException naming what is no argument */
    @DataBoundSetter
    public void setAllowedOverrides(@CheckForNull String allowedOverrides) {
        this.allowedOverrides = unless(
                Overrides.DEFAULT.toString(), Overrides.of(allowedOverrides).toString());
    }

    /** Whether a job may use the profile, by its full name. A pattern of an XML that was written by hand can be none: then no job may. */
    public boolean isFor(String jobName) {
        try {
            return Glob.names(allowedJobs).allows(jobName);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** Those of some profiles that a job may use, by its full name. */
    public static List<ProfileConfiguration> usableBy(String jobName, List<ProfileConfiguration> all) {
        return all.stream().filter(each -> each.isFor(jobName)).toList();
    }

    private static <T> T usual(@CheckForNull T value, T usual) {
        return value == null ? usual : value;
    }

    @CheckForNull
    private static <T> T unless(T usual, @CheckForNull T value) {
        return usual.equals(value) ? null : value;
    }

    private boolean compile(String setting) {
        Boolean changed = compile == null ? null : compile.get(setting);
        return usual(changed, CompileSettings.DEFAULT.isOn(setting));
    }

    private void compile(String setting, boolean on) {
        TreeMap<String, Boolean> changed = compile == null ? new TreeMap<>() : compile;
        changed.remove(setting);
        if (on != CompileSettings.DEFAULT.isOn(setting)) {
            changed.put(setting, on);
        }
        compile = changed.isEmpty() ? null : changed;
    }

    /**
     * The messages about builds.
     *
     * @throws IllegalArgumentException with a message for the user
     */
    Notification notification() {
        return new Notification(getNotifyOn(), notifyEvents, notifyChannels);
    }

    /** What a build remembers of the program; the same as that of {@link #toProfile}, but of a profile that may be incomplete. */
    ProgramNews news() {
        return notification().news(name, appId);
    }

    /**
     * The checked values.
     *
     * @throws IllegalArgumentException with a message for the user
     */
    public Profile toProfile() {
        if (job != null && !isFor(job)) {
            throw new IllegalArgumentException(Messages.Profile_jobNotAllowed(job, allowedJobs));
        }
        return new Profile(
                new App(
                        name,
                        isEnabled(),
                        appId,
                        privateKeyCredentialsId,
                        new Repository(gitUrl, branch, gitCredentialsId, projectPath, isAutoBuild()),
                        Overrides.of(allowedOverrides)),
                new BuildCommands(getAppType(), isInstall(), installCommand, buildCommand, outputPath, isNpm(), (double)
                        getBuildTimeout()),
                new Versioning(getVersion(), getVersionType(), desc, new Robots(getRobot(), robotRules)),
                CompileSettings.withChanges(compile == null ? Map.of() : compile),
                new PreviewSettings(getQrcodeFormat(), getQrcodeSize(), pagePath, searchQuery, getScene(), getExpire()),
                new SizeLimits(getMainBudget(), getSubpackageBudget(), getWholeBudget()),
                notification());
    }

    /**
     * As {@link #toProfile}, before the profile is saved. What a version of the plugin has let pass stops no build later, but is not saved again.
     *
     * @throws IllegalArgumentException naming the profile and what is wrong with it
     */
    public Profile checked() {
        try {
            PreviewSettings.checkQuery(searchQuery, pagePath);
            return toProfile();
        } catch (IllegalArgumentException e) {
            // Without its cause: the page of an error shows the innermost message, which names no profile.
            throw new IllegalArgumentException(Messages.Profile_broken(name, e.getMessage()));
        }
    }

    /**
     * The profile that a step names.
     *
     * @param all the profiles that the job may use; its own comes first
     * @throws IllegalArgumentException when there is none of this name, or it is disabled or not complete; the message names it
     */
    public static Profile find(List<ProfileConfiguration> all, String name) {
        ProfileConfiguration found = all.stream()
                .filter(each -> each.name.equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(Messages.Profile_unknown(
                        name,
                        all.stream().map(ProfileConfiguration::getName).toList().toString())));
        if (!found.isEnabled()) {
            throw new IllegalArgumentException(Messages.Profile_disabled(name));
        }
        try {
            return found.toProfile();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(Messages.Profile_incomplete(name, e.getMessage()), e);
        }
    }

    @Extension
    public static final class DescriptorImpl extends Descriptor<ProfileConfiguration> {

        private static final Duration PATIENCE = Duration.ofSeconds(30);

        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.Profile_displayName();
        }

        /** Takes the id from the form beside its fields: it is nothing that Configuration as Code or a script should give. */
        @Override
        public ProfileConfiguration newInstance(@CheckForNull StaplerRequest2 req, @NonNull JSONObject formData)
                throws FormException {
            ProfileConfiguration made = super.newInstance(req, formData);
            made.identify(formData.optString("identity", ""));
            ChannelConfiguration.checkNames(req, made.getNotifyChannels());
            return made;
        }

        @POST
        public FormValidation doCheckJob(@CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, () -> {
                String name = Util.fixEmptyAndTrim(value);
                if (name != null && !(Jenkins.get().getItemByFullName(name) instanceof Job)) {
                    throw new IllegalArgumentException(Messages.Profile_noJob(name));
                }
            });
        }

        /** Checks the name, and that no other profile has it. */
        @POST
        public FormValidation doCheckName(
                @CheckForNull @AncestorInPath Item item, @QueryParameter String value, @QueryParameter String appId) {
            return FormAdapter.check(item, () -> {
                String name = App.checkName(value);
                // What is stored under the same name for the same app is this profile itself.
                if (item == null
                        && MiniProgramsConfiguration.get().getProfiles().stream()
                                .anyMatch(each -> each.getName().equals(name)
                                        && !each.getAppId().equals(appId))) {
                    throw new IllegalArgumentException(Messages.Profile_nameTaken(name));
                }
            });
        }

        /** Checks the id, and that no other profile has it. */
        @POST
        public FormValidation doCheckAppId(
                @CheckForNull @AncestorInPath Item item, @QueryParameter String value, @QueryParameter String name) {
            return FormAdapter.check(item, () -> {
                String id = MiniProgram.checkAppId(value);
                if (item == null
                        && MiniProgramsConfiguration.get().getProfiles().stream()
                                .anyMatch(each -> each.getAppId().equals(id)
                                        && !each.getName().equals(name))) {
                    throw new IllegalArgumentException(Messages.Profile_appIdTaken(id));
                }
            });
        }

        @POST
        public FormValidation doCheckPrivateKeyCredentialsId(
                @CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, () -> requireKey(item, PrivateKey.checkId(value)));
        }

        @POST
        public FormValidation doCheckGitCredentialsId(
                @CheckForNull @AncestorInPath Item item, @QueryParameter String value, @QueryParameter String gitUrl) {
            return FormAdapter.check(item, () -> {
                String id = Util.fixEmptyAndTrim(value);
                if (id != null && find(item, id, gitUrl, FormAdapter.repositoryLogins()) == null) {
                    throw new IllegalArgumentException(Messages.PrivateKey_notFound());
                }
            });
        }

        @POST
        public FormValidation doCheckGitUrl(@CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, () -> Repository.check(value, null));
        }

        @POST
        public FormValidation doCheckBranch(@CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, () -> Repository.check("https://x.example/x/x.git", value));
        }

        @POST
        public FormValidation doCheckProjectPath(
                @CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, () -> MiniProgram.checkRelative(value, "projectPath"));
        }

        @POST
        public FormValidation doCheckOutputPath(@CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, () -> MiniProgram.checkRelative(value, "outputPath"));
        }

        @POST
        public FormValidation doCheckAllowedJobs(
                @CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, () -> Glob.names(value));
        }

        @POST
        public FormValidation doCheckAllowedOverrides(
                @CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, () -> Overrides.of(value));
        }

        @POST
        public FormValidation doCheckBuildTimeout(
                @CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, () -> SlotProviderAdapter.check(BuildCommands.timeout(number(value))));
        }

        @POST
        public FormValidation doCheckVersion(@CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, () -> Version.parse(value));
        }

        @POST
        public FormValidation doCheckDesc(@CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, () -> Versioning.checkDesc(value));
        }

        @POST
        public FormValidation doCheckRobot(@CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, () -> Robots.check(number(value)));
        }

        @POST
        public FormValidation doCheckRobotRules(@CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, () -> Robots.read(value));
        }

        @POST
        public FormValidation doCheckQrcodeSize(@CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, () -> PreviewSettings.checkSize(number(value)));
        }

        @POST
        public FormValidation doCheckPagePath(@CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, () -> PreviewSettings.checkPage(value));
        }

        @POST
        public FormValidation doCheckSearchQuery(
                @CheckForNull @AncestorInPath Item item,
                @QueryParameter String value,
                @QueryParameter String pagePath) {
            return FormAdapter.check(item, () -> PreviewSettings.checkQuery(value, pagePath));
        }

        @POST
        public FormValidation doCheckScene(@CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, () -> PreviewSettings.checkScene(number(value)));
        }

        @POST
        public FormValidation doCheckExpire(@CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, () -> PreviewSettings.checkExpire(number(value)));
        }

        @POST
        public FormValidation doCheckMainBudget(@CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, () -> SizeLimits.check(number(value)));
        }

        @POST
        public FormValidation doCheckSubpackageBudget(
                @CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, () -> SizeLimits.check(number(value)));
        }

        @POST
        public FormValidation doCheckWholeBudget(
                @CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, () -> SizeLimits.check(number(value)));
        }

        @POST
        public ListBoxModel doFillAppTypeItems(@CheckForNull @AncestorInPath Item item) {
            return FormAdapter.choices(item, AppType.symbols());
        }

        @POST
        public ListBoxModel doFillVersionTypeItems(@CheckForNull @AncestorInPath Item item) {
            return FormAdapter.choices(item, Versioning.TYPES);
        }

        @POST
        public ListBoxModel doFillQrcodeFormatItems(@CheckForNull @AncestorInPath Item item) {
            return FormAdapter.choices(item, QrFormat.symbols());
        }

        @POST
        public FormValidation doCheckNotifyEvents(
                @CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, () -> Event.parse(value));
        }

        @POST
        public FormValidation doCheckNotifyChannels(
                @CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, () -> ChannelConfiguration.checkNames(item, value));
        }

        @POST
        public ListBoxModel doFillNotifyOnItems(@CheckForNull @AncestorInPath Item item) {
            return FormAdapter.choices(item, Notification.CHOICES);
        }

        /** Lists the credentials that can hold a key. */
        @POST
        public ListBoxModel doFillPrivateKeyCredentialsIdItems(
                @CheckForNull @AncestorInPath Item item, @QueryParameter String privateKeyCredentialsId) {
            return FormAdapter.credentials(item, null, privateKeyCredentialsId, new KeysOffered());
        }

        /** Lists the credentials that fit the repository. */
        @POST
        public ListBoxModel doFillGitCredentialsIdItems(
                @CheckForNull @AncestorInPath Item item,
                @QueryParameter String gitUrl,
                @QueryParameter String gitCredentialsId) {
            return FormAdapter.credentials(item, gitUrl, gitCredentialsId, FormAdapter.repositoryLogins());
        }

        /**
         * The button "Check": reads the key and asks the repository for the branch. It sends a credential to an address that the form names.
         * Therefore it needs the permission to configure, with which a build could do the same.
         */
        @POST
        public FormValidation doTestProfile(
                @CheckForNull @AncestorInPath Item item,
                @QueryParameter String gitUrl,
                @QueryParameter String branch,
                @QueryParameter String gitCredentialsId,
                @QueryParameter String privateKeyCredentialsId)
                throws InterruptedException {
            FormAdapter.checkCredentialUse(item);
            try {
                String keyId = PrivateKey.checkId(privateKeyCredentialsId);
                StandardCredentials key = find(item, keyId, null, keys());
                if (key == null) {
                    return FormValidation.error(Messages.PrivateKey_notFound());
                }
                PrivateKey.of(key);
                String url = Util.fixEmptyAndTrim(gitUrl);
                if (url == null) {
                    return FormValidation.ok(Messages.Profile_keyIsGood());
                }
                String id = Util.fixEmptyAndTrim(gitCredentialsId);
                StandardCredentials login = id == null ? null : find(item, id, url, FormAdapter.repositoryLogins());
                if (id != null && login == null) {
                    return FormValidation.error(Messages.PrivateKey_notFound());
                }
                String found = RemoteCheck.branch(ServicesAdapter.of(null), url, branch, login, PATIENCE);
                return FormValidation.ok(Messages.Profile_allGood(found));
            } catch (IllegalArgumentException | IOException e) {
                return FormValidation.error(e.getMessage());
            }
        }

        /**
         * Checks that there is a credential that holds an upload key.
         *
         * @throws IllegalArgumentException with a message for the user
         */
        public static void requireKey(@CheckForNull Item item, String id) {
            StandardCredentials key = find(item, id, null, keys());
            if (key == null) {
                throw new IllegalArgumentException(Messages.PrivateKey_notFound());
            }
            try {
                PrivateKey.of(key);
            } catch (IOException e) {
                throw new IllegalArgumentException(e.getMessage(), e);
            }
        }

        /** Offers secret files, and of the secret texts only those that a key was pasted into, well or badly: most are tokens. */
        public static final class KeysOffered implements CredentialsMatcher {
            private static final long serialVersionUID = 1L;

            @Override
            public boolean matches(@NonNull Credentials credentials) {
                return credentials instanceof FileCredentials
                        || credentials instanceof StringCredentials text
                                && PrivateKey.isLike(text.getSecret().getPlainText());
            }
        }

        /** The credential that the job, or Jenkins, has under this id. */
        @CheckForNull
        private static StandardCredentials find(
                @CheckForNull Item item, String id, @CheckForNull String url, CredentialsMatcher fitting) {
            return CredentialsMatchers.firstOrNull(
                    CredentialsProvider.lookupCredentialsInItem(
                            StandardCredentials.class,
                            item,
                            FormAdapter.authentication(item),
                            URIRequirementBuilder.fromUri(url).build()),
                    CredentialsMatchers.allOf(CredentialsMatchers.withId(id), fitting));
        }

        /**
         * Reads a whole number that a form sent.
         *
         * @throws IllegalArgumentException with a message for the user
         */
        public static int number(@CheckForNull String value) {
            try {
                return Integer.parseInt(Util.fixNull(value).trim());
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(Messages.Profile_number(), e);
            }
        }

        /**
         * Reads a number that a form sent.
         *
         * @throws IllegalArgumentException with a message for the user
         */
        public static double decimal(@CheckForNull String value) {
            try {
                return Double.parseDouble(Util.fixNull(value).trim());
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(Messages.Profile_decimal(), e);
            }
        }

        /** Credentials that can hold an upload key. */
        public static CredentialsMatcher keys() {
            return CredentialsMatchers.anyOf(
                    CredentialsMatchers.instanceOf(FileCredentials.class),
                    CredentialsMatchers.instanceOf(StringCredentials.class));
        }
    }
}
