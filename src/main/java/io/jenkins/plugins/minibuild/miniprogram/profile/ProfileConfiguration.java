package io.jenkins.plugins.minibuild.miniprogram.profile;

import com.cloudbees.jenkins.plugins.sshcredentials.SSHUserPrivateKey;
import com.cloudbees.plugins.credentials.CredentialsMatcher;
import com.cloudbees.plugins.credentials.CredentialsMatchers;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import com.cloudbees.plugins.credentials.common.StandardUsernamePasswordCredentials;
import com.cloudbees.plugins.credentials.domains.DomainRequirement;
import com.cloudbees.plugins.credentials.domains.URIRequirementBuilder;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.Util;
import hudson.model.Describable;
import hudson.model.Descriptor;
import hudson.model.Item;
import hudson.model.Job;
import hudson.security.ACL;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.minibuild.checkout.RemoteCheck;
import io.jenkins.plugins.minibuild.miniprogram.Preview;
import io.jenkins.plugins.minibuild.miniprogram.PrivateKey;
import io.jenkins.plugins.minibuild.miniprogram.QrCode;
import io.jenkins.plugins.minibuild.step.FormAdapter;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.plaincredentials.FileCredentials;
import org.jenkinsci.plugins.plaincredentials.StringCredentials;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/**
 * The form of a {@link Profile}, as it is stored and as Configuration as Code writes it. A field that is not stored has its default;
 * values are checked as a whole by {@link #toProfile}, which everything that takes one calls.
 */
public final class ProfileConfiguration implements Describable<ProfileConfiguration> {

    private final String name;
    private Boolean enabled;
    private final String appId;
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
    private Boolean es6;
    private Boolean es7;
    private Boolean minifyJS;
    private Boolean minifyWXML;
    private Boolean minifyWXSS;
    private Boolean autoPrefixWXSS;
    private Boolean minify;
    private Boolean codeProtect;
    private Boolean useProjectConfig;
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
    private String notifyChannels;

    /** Takes what every profile has. */
    @DataBoundConstructor
    public ProfileConfiguration(String name, String appId) {
        this.name = Util.fixNull(Util.fixEmptyAndTrim(name));
        this.appId = Util.fixNull(Util.fixEmptyAndTrim(appId));
    }

    /** How builds call it. */
    public String getName() {
        return name;
    }

    /** Whether builds may use it. */
    public boolean isEnabled() {
        return enabled == null ? true : enabled;
    }

    /** See {@link #isEnabled}. */
    @DataBoundSetter
    public void setEnabled(boolean enabled) {
        this.enabled = unless(true, enabled);
    }

    /** The id of the mini program. */
    public String getAppId() {
        return appId;
    }

    /** The id of the credential that holds the upload key. */
    @CheckForNull
    public String getPrivateKeyCredentialsId() {
        return privateKeyCredentialsId;
    }

    /** See {@link #getPrivateKeyCredentialsId}. */
    @DataBoundSetter
    public void setPrivateKeyCredentialsId(@CheckForNull String privateKeyCredentialsId) {
        this.privateKeyCredentialsId = Util.fixEmptyAndTrim(privateKeyCredentialsId);
    }

    /** {@code uniapp} or {@code native}. */
    public String getAppType() {
        return appType == null ? "uniapp" : appType;
    }

    /** See {@link #getAppType}. */
    @DataBoundSetter
    public void setAppType(@CheckForNull String appType) {
        this.appType = unless("uniapp", Util.fixEmptyAndTrim(appType));
    }

    /** The repository; null for whatever is in the workspace. */
    @CheckForNull
    public String getGitUrl() {
        return gitUrl;
    }

    /** See {@link #getGitUrl}. */
    @DataBoundSetter
    public void setGitUrl(@CheckForNull String gitUrl) {
        this.gitUrl = Util.fixEmptyAndTrim(gitUrl);
    }

    /** The branch; null for the default of the remote. */
    @CheckForNull
    public String getBranch() {
        return branch;
    }

    /** See {@link #getBranch}. */
    @DataBoundSetter
    public void setBranch(@CheckForNull String branch) {
        this.branch = Util.fixEmptyAndTrim(branch);
    }

    /** The id of the credential for the repository; null for a public one. */
    @CheckForNull
    public String getGitCredentialsId() {
        return gitCredentialsId;
    }

    /** See {@link #getGitCredentialsId}. */
    @DataBoundSetter
    public void setGitCredentialsId(@CheckForNull String gitCredentialsId) {
        this.gitCredentialsId = Util.fixEmptyAndTrim(gitCredentialsId);
    }

    /** The folder of the project in the repository; null for its root. */
    @CheckForNull
    public String getProjectPath() {
        return projectPath;
    }

    /** See {@link #getProjectPath}. */
    @DataBoundSetter
    public void setProjectPath(@CheckForNull String projectPath) {
        this.projectPath = Util.fixEmptyAndTrim(projectPath);
    }

    /** Whether dependencies are installed first. */
    public boolean isInstall() {
        return install == null ? true : install;
    }

    /** See {@link #isInstall}. */
    @DataBoundSetter
    public void setInstall(boolean install) {
        this.install = unless(true, install);
    }

    /** The line that installs them instead. */
    @CheckForNull
    public String getInstallCommand() {
        return installCommand;
    }

    /** See {@link #getInstallCommand}. */
    @DataBoundSetter
    public void setInstallCommand(@CheckForNull String installCommand) {
        this.installCommand = Util.fixEmptyAndTrim(installCommand);
    }

    /** The line that builds; null for the default of the kind of project. */
    @CheckForNull
    public String getBuildCommand() {
        return buildCommand;
    }

    /** See {@link #getBuildCommand}. */
    @DataBoundSetter
    public void setBuildCommand(@CheckForNull String buildCommand) {
        this.buildCommand = Util.fixEmptyAndTrim(buildCommand);
    }

    /** Where the build puts the program; null for the default of the kind of project. */
    @CheckForNull
    public String getOutputPath() {
        return outputPath;
    }

    /** See {@link #getOutputPath}. */
    @DataBoundSetter
    public void setOutputPath(@CheckForNull String outputPath) {
        this.outputPath = Util.fixEmptyAndTrim(outputPath);
    }

    /** Whether npm packages are packed. */
    public boolean isNpm() {
        return npm == null ? false : npm;
    }

    /** See {@link #isNpm}. */
    @DataBoundSetter
    public void setNpm(boolean npm) {
        this.npm = unless(false, npm);
    }

    /** Whether a push may start a build. */
    public boolean isAutoBuild() {
        return autoBuild == null ? false : autoBuild;
    }

    /** See {@link #isAutoBuild}. */
    @DataBoundSetter
    public void setAutoBuild(boolean autoBuild) {
        this.autoBuild = unless(false, autoBuild);
    }

    /** The full name of the job that a push starts; null for none. */
    @CheckForNull
    public String getJob() {
        return job;
    }

    /** See {@link #getJob}. */
    @DataBoundSetter
    public void setJob(@CheckForNull String job) {
        this.job = Util.fixEmptyAndTrim(job);
    }

    /** Minutes for everything. */
    public int getBuildTimeout() {
        return buildTimeout == null ? 30 : buildTimeout;
    }

    /** See {@link #getBuildTimeout}. */
    @DataBoundSetter
    public void setBuildTimeout(int buildTimeout) {
        this.buildTimeout = unless(30, buildTimeout);
    }

    /** The first version, or the one of all uploads. */
    public String getVersion() {
        return version == null ? "1.0.0" : version;
    }

    /** See {@link #getVersion}. */
    @DataBoundSetter
    public void setVersion(@CheckForNull String version) {
        this.version = unless("1.0.0", Util.fixEmptyAndTrim(version));
    }

    /** {@code auto} or {@code manual}. */
    public String getVersionType() {
        return versionType == null ? "auto" : versionType;
    }

    /** See {@link #getVersionType}. */
    @DataBoundSetter
    public void setVersionType(@CheckForNull String versionType) {
        this.versionType = unless("auto", Util.fixEmptyAndTrim(versionType));
    }

    /** The description; null for branch, commit, message and build number. */
    @CheckForNull
    public String getDesc() {
        return desc;
    }

    /** See {@link #getDesc}. */
    @DataBoundSetter
    public void setDesc(@CheckForNull String desc) {
        this.desc = Util.fixEmptyAndTrim(desc);
    }

    /** Compiles newer JavaScript. */
    public boolean isEs6() {
        return es6 == null ? true : es6;
    }

    /** See {@link #isEs6}. */
    @DataBoundSetter
    public void setEs6(boolean es6) {
        this.es6 = unless(true, es6);
    }

    /** Compiles newer JavaScript still. */
    public boolean isEs7() {
        return es7 == null ? true : es7;
    }

    /** See {@link #isEs7}. */
    @DataBoundSetter
    public void setEs7(boolean es7) {
        this.es7 = unless(true, es7);
    }

    /** Makes scripts smaller. */
    public boolean isMinifyJS() {
        return minifyJS == null ? true : minifyJS;
    }

    /** See {@link #isMinifyJS}. */
    @DataBoundSetter
    public void setMinifyJS(boolean minifyJS) {
        this.minifyJS = unless(true, minifyJS);
    }

    /** Makes templates smaller. */
    public boolean isMinifyWXML() {
        return minifyWXML == null ? true : minifyWXML;
    }

    /** See {@link #isMinifyWXML}. */
    @DataBoundSetter
    public void setMinifyWXML(boolean minifyWXML) {
        this.minifyWXML = unless(true, minifyWXML);
    }

    /** Makes styles smaller. */
    public boolean isMinifyWXSS() {
        return minifyWXSS == null ? true : minifyWXSS;
    }

    /** See {@link #isMinifyWXSS}. */
    @DataBoundSetter
    public void setMinifyWXSS(boolean minifyWXSS) {
        this.minifyWXSS = unless(true, minifyWXSS);
    }

    /** Adds prefixes to styles. */
    public boolean isAutoPrefixWXSS() {
        return autoPrefixWXSS == null ? true : autoPrefixWXSS;
    }

    /** See {@link #isAutoPrefixWXSS}. */
    @DataBoundSetter
    public void setAutoPrefixWXSS(boolean autoPrefixWXSS) {
        this.autoPrefixWXSS = unless(true, autoPrefixWXSS);
    }

    /** Makes everything smaller. */
    public boolean isMinify() {
        return minify == null ? false : minify;
    }

    /** See {@link #isMinify}. */
    @DataBoundSetter
    public void setMinify(boolean minify) {
        this.minify = unless(false, minify);
    }

    /** Protects the code. */
    public boolean isCodeProtect() {
        return codeProtect == null ? false : codeProtect;
    }

    /** See {@link #isCodeProtect}. */
    @DataBoundSetter
    public void setCodeProtect(boolean codeProtect) {
        this.codeProtect = unless(false, codeProtect);
    }

    /** Takes the settings of project.config.json instead. */
    public boolean isUseProjectConfig() {
        return useProjectConfig == null ? false : useProjectConfig;
    }

    /** See {@link #isUseProjectConfig}. */
    @DataBoundSetter
    public void setUseProjectConfig(boolean useProjectConfig) {
        this.useProjectConfig = unless(false, useProjectConfig);
    }

    /** The number of the CI robot. */
    public int getRobot() {
        return robot == null ? 1 : robot;
    }

    /** See {@link #getRobot}. */
    @DataBoundSetter
    public void setRobot(int robot) {
        this.robot = unless(1, robot);
    }

    /** Robots by branch, lines of {@code pattern=number}. */
    @CheckForNull
    public String getRobotRules() {
        return robotRules;
    }

    /** See {@link #getRobotRules}. */
    @DataBoundSetter
    public void setRobotRules(@CheckForNull String robotRules) {
        this.robotRules = Util.fixEmptyAndTrim(robotRules);
    }

    /** {@code image}, {@code base64} or {@code terminal}. */
    public String getQrcodeFormat() {
        return qrcodeFormat == null ? "image" : qrcodeFormat;
    }

    /** See {@link #getQrcodeFormat}. */
    @DataBoundSetter
    public void setQrcodeFormat(@CheckForNull String qrcodeFormat) {
        this.qrcodeFormat = unless("image", Util.fixEmptyAndTrim(qrcodeFormat));
    }

    /** Pixels of the QR code. */
    public int getQrcodeSize() {
        return qrcodeSize == null ? 200 : qrcodeSize;
    }

    /** See {@link #getQrcodeSize}. */
    @DataBoundSetter
    public void setQrcodeSize(int qrcodeSize) {
        this.qrcodeSize = unless(200, qrcodeSize);
    }

    /** The page that a preview opens. */
    @CheckForNull
    public String getPagePath() {
        return pagePath;
    }

    /** See {@link #getPagePath}. */
    @DataBoundSetter
    public void setPagePath(@CheckForNull String pagePath) {
        this.pagePath = Util.fixEmptyAndTrim(pagePath);
    }

    /** The parameters of that page. */
    @CheckForNull
    public String getSearchQuery() {
        return searchQuery;
    }

    /** See {@link #getSearchQuery}. */
    @DataBoundSetter
    public void setSearchQuery(@CheckForNull String searchQuery) {
        this.searchQuery = Util.fixEmptyAndTrim(searchQuery);
    }

    /** The scene of a preview. */
    public int getScene() {
        return scene == null ? 1011 : scene;
    }

    /** See {@link #getScene}. */
    @DataBoundSetter
    public void setScene(int scene) {
        this.scene = unless(1011, scene);
    }

    /** Minutes for which a QR code is valid. */
    public int getExpire() {
        return expire == null ? 30 : expire;
    }

    /** See {@link #getExpire}. */
    @DataBoundSetter
    public void setExpire(int expire) {
        this.expire = unless(30, expire);
    }

    /** KB of the main package; 0 for what WeChat allows. */
    public int getMainBudget() {
        return mainBudget == null ? 0 : mainBudget;
    }

    /** See {@link #getMainBudget}. */
    @DataBoundSetter
    public void setMainBudget(int mainBudget) {
        this.mainBudget = unless(0, mainBudget);
    }

    /** KB of each subpackage; 0 for what WeChat allows. */
    public int getSubpackageBudget() {
        return subpackageBudget == null ? 0 : subpackageBudget;
    }

    /** See {@link #getSubpackageBudget}. */
    @DataBoundSetter
    public void setSubpackageBudget(int subpackageBudget) {
        this.subpackageBudget = unless(0, subpackageBudget);
    }

    /** KB of all packages; 0 for what WeChat allows. */
    public int getWholeBudget() {
        return wholeBudget == null ? 0 : wholeBudget;
    }

    /** See {@link #getWholeBudget}. */
    @DataBoundSetter
    public void setWholeBudget(int wholeBudget) {
        this.wholeBudget = unless(0, wholeBudget);
    }

    /** When to notify: {@code never}, {@code always}, {@code success} or {@code failure}. */
    public String getNotifyOn() {
        return notifyOn == null ? "never" : notifyOn;
    }

    /** See {@link #getNotifyOn}. */
    @DataBoundSetter
    public void setNotifyOn(@CheckForNull String notifyOn) {
        this.notifyOn = unless("never", Util.fixEmptyAndTrim(notifyOn));
    }

    /** Names of channels, separated by commas. */
    @CheckForNull
    public String getNotifyChannels() {
        return notifyChannels;
    }

    /** See {@link #getNotifyChannels}. */
    @DataBoundSetter
    public void setNotifyChannels(@CheckForNull String notifyChannels) {
        this.notifyChannels = Util.fixEmptyAndTrim(notifyChannels);
    }

    @CheckForNull
    private static <T> T unless(T usual, @CheckForNull T value) {
        return usual.equals(value) ? null : value;
    }

    /**
     * The checked values.
     *
     * @throws IllegalArgumentException with a message for the user
     */
    public Profile toProfile() {
        return new Profile(
                getName(),
                isEnabled(),
                getAppId(),
                getPrivateKeyCredentialsId(),
                getAppType(),
                getGitUrl(),
                getBranch(),
                getGitCredentialsId(),
                getProjectPath(),
                isInstall(),
                getInstallCommand(),
                getBuildCommand(),
                getOutputPath(),
                isNpm(),
                isAutoBuild(),
                getBuildTimeout(),
                getVersion(),
                getVersionType(),
                getDesc(),
                isEs6(),
                isEs7(),
                isMinifyJS(),
                isMinifyWXML(),
                isMinifyWXSS(),
                isAutoPrefixWXSS(),
                isMinify(),
                isCodeProtect(),
                isUseProjectConfig(),
                getRobot(),
                getRobotRules(),
                getQrcodeFormat(),
                getQrcodeSize(),
                getPagePath(),
                getSearchQuery(),
                getScene(),
                getExpire(),
                getMainBudget(),
                getSubpackageBudget(),
                getWholeBudget(),
                getNotifyOn(),
                getNotifyChannels());
    }

    /** The form and its checks. */
    @Extension
    public static final class DescriptorImpl extends Descriptor<ProfileConfiguration> {

        private static final Duration PATIENCE = Duration.ofSeconds(30);

        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.Profile_displayName();
        }

        /** Says when there is no such job. */
        @POST
        public FormValidation doCheckJob(@CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            boolean allowed =
                    item == null ? Jenkins.get().hasPermission(Jenkins.ADMINISTER) : item.hasPermission(Item.CONFIGURE);
            String name = Util.fixEmptyAndTrim(value);
            return !allowed || name == null || Jenkins.get().getItemByFullName(name) instanceof Job
                    ? FormValidation.ok()
                    : FormValidation.error(Messages.Profile_noJob(name));
        }

        /** Checks the name, and that no other profile has it. */
        @POST
        public FormValidation doCheckName(
                @CheckForNull @AncestorInPath Item item, @QueryParameter String value, @QueryParameter String appId) {
            return FormAdapter.check(item, () -> {
                String name = Profile.checkName(value);
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

        /** Checks that there is such a credential. */
        @POST
        public FormValidation doCheckPrivateKeyCredentialsId(
                @CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, () -> {
                String id = TaskParameters.checkCredentials(value);
                if (find(item, id, null, keys()) == null) {
                    throw new IllegalArgumentException(Messages.Step_noSuchCredential());
                }
            });
        }

        /** Checks that there is such a credential. */
        @POST
        public FormValidation doCheckGitCredentialsId(
                @CheckForNull @AncestorInPath Item item, @QueryParameter String value, @QueryParameter String gitUrl) {
            return FormAdapter.check(item, () -> {
                String id = Util.fixEmptyAndTrim(value);
                if (id != null && find(item, id, gitUrl, logins()) == null) {
                    throw new IllegalArgumentException(Messages.Step_noSuchCredential());
                }
            });
        }

        /** Checks the field of this name. */
        @POST
        public FormValidation doCheckGitUrl(@CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, () -> Profile.checkRepository(value, null));
        }

        /** Checks the field of this name. */
        @POST
        public FormValidation doCheckBranch(@CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, () -> Profile.checkRepository("https://x.example/x/x.git", value));
        }

        /** Checks the field of this name. */
        @POST
        public FormValidation doCheckProjectPath(
                @CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, () -> MiniProgram.checkRelative(value, "projectPath"));
        }

        /** Checks the field of this name. */
        @POST
        public FormValidation doCheckOutputPath(@CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, () -> MiniProgram.checkRelative(value, "outputPath"));
        }

        /** Checks the field of this name. */
        @POST
        public FormValidation doCheckBuildTimeout(
                @CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, () -> TaskParameters.timeout(number(value)));
        }

        /** Checks the field of this name. */
        @POST
        public FormValidation doCheckVersion(@CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, () -> Version.parse(value));
        }

        /** Checks the field of this name. */
        @POST
        public FormValidation doCheckDesc(@CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, () -> Profile.checkDesc(value));
        }

        /** Checks the field of this name. */
        @POST
        public FormValidation doCheckRobot(@CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, () -> TaskParameters.checkRobot(number(value)));
        }

        /** Checks the field of this name. */
        @POST
        public FormValidation doCheckRobotRules(@CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, () -> RobotRules.parse(value));
        }

        /** Checks the field of this name. */
        @POST
        public FormValidation doCheckQrcodeSize(@CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, () -> QrCode.checkSize(number(value)));
        }

        /** Checks the field of this name. */
        @POST
        public FormValidation doCheckPagePath(@CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, () -> MiniProgram.checkRelative(value.replaceFirst("^/+", ""), "pagePath"));
        }

        /** Checks the field of this name. */
        @POST
        public FormValidation doCheckScene(@CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, () -> Preview.checkScene(number(value)));
        }

        /** Checks the field of this name. */
        @POST
        public FormValidation doCheckExpire(@CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, () -> TaskParameters.checkExpire(number(value)));
        }

        /** Checks the field of this name. */
        @POST
        public FormValidation doCheckMainBudget(@CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, () -> SizeLimits.check(number(value)));
        }

        /** Checks the field of this name. */
        @POST
        public FormValidation doCheckSubpackageBudget(
                @CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, () -> SizeLimits.check(number(value)));
        }

        /** Checks the field of this name. */
        @POST
        public FormValidation doCheckWholeBudget(
                @CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, () -> SizeLimits.check(number(value)));
        }

        /** Lists the choices. */
        @POST
        public ListBoxModel doFillAppTypeItems(@CheckForNull @AncestorInPath Item item) {
            return FormAdapter.choices(item, Profile.APP_TYPES);
        }

        /** Lists the choices. */
        @POST
        public ListBoxModel doFillVersionTypeItems(@CheckForNull @AncestorInPath Item item) {
            return FormAdapter.choices(item, Profile.VERSION_TYPES);
        }

        /** Lists the choices. */
        @POST
        public ListBoxModel doFillQrcodeFormatItems(@CheckForNull @AncestorInPath Item item) {
            return FormAdapter.choices(item, Profile.QRCODE_FORMATS);
        }

        /** Lists the choices. */
        @POST
        public ListBoxModel doFillNotifyOnItems(@CheckForNull @AncestorInPath Item item) {
            return FormAdapter.choices(item, Profile.NOTIFY);
        }

        /** Lists the credentials that can hold a key. */
        @POST
        public ListBoxModel doFillPrivateKeyCredentialsIdItems(
                @CheckForNull @AncestorInPath Item item, @QueryParameter String privateKeyCredentialsId) {
            return FormAdapter.credentials(item, null, privateKeyCredentialsId, keys());
        }

        /** Lists the credentials that fit the repository. */
        @POST
        public ListBoxModel doFillGitCredentialsIdItems(
                @CheckForNull @AncestorInPath Item item,
                @QueryParameter String gitUrl,
                @QueryParameter String gitCredentialsId) {
            return FormAdapter.credentials(item, gitUrl, gitCredentialsId, logins());
        }

        /**
         * The button "Check": the key, the repository and the branch. It sends a credential to an address that the form names, so that
         * only who may configure, and could have a build do the same, may press it.
         */
        @POST
        public FormValidation doTestProfile(
                @CheckForNull @AncestorInPath Item item,
                @QueryParameter String gitUrl,
                @QueryParameter String branch,
                @QueryParameter String gitCredentialsId,
                @QueryParameter String privateKeyCredentialsId)
                throws InterruptedException {
            FormAdapter.checkConfigure(item);
            try {
                String keyId = TaskParameters.checkCredentials(privateKeyCredentialsId);
                StandardCredentials key = find(item, keyId, null, keys());
                if (key == null) {
                    return FormValidation.error(Messages.Step_noSuchCredential());
                }
                PrivateKey.of(key);
                String url = Util.fixEmptyAndTrim(gitUrl);
                if (url == null) {
                    return FormValidation.ok(Messages.Profile_keyIsGood());
                }
                String id = Util.fixEmptyAndTrim(gitCredentialsId);
                StandardCredentials login = id == null ? null : find(item, id, url, logins());
                if (id != null && login == null) {
                    return FormValidation.error(Messages.Step_noSuchCredential());
                }
                String found = RemoteCheck.branch(url, branch, login, PATIENCE);
                return FormValidation.ok(Messages.Profile_allGood(found));
            } catch (IllegalArgumentException | IOException e) {
                return FormValidation.error(e.getMessage());
            }
        }

        /** The credential that the job, or Jenkins, has under this id. */
        @CheckForNull
        public static StandardCredentials find(
                @CheckForNull Item item, String id, @CheckForNull String url, CredentialsMatcher fitting) {
            return CredentialsMatchers.firstOrNull(
                    CredentialsProvider.lookupCredentialsInItem(
                            StandardCredentials.class, item, ACL.SYSTEM2, requirements(url)),
                    CredentialsMatchers.allOf(CredentialsMatchers.withId(id), fitting));
        }

        private static List<DomainRequirement> requirements(@CheckForNull String url) {
            return url == null || url.isBlank()
                    ? List.of()
                    : URIRequirementBuilder.fromUri(url).build();
        }

        /** Reads a whole number that a form sent. */
        public static int number(@CheckForNull String value) {
            try {
                return Integer.parseInt(value == null ? "" : value.trim());
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(Messages.Profile_number(), e);
            }
        }

        /** Credentials that can hold an upload key. */
        public static CredentialsMatcher keys() {
            return CredentialsMatchers.anyOf(
                    CredentialsMatchers.instanceOf(FileCredentials.class),
                    CredentialsMatchers.instanceOf(StringCredentials.class));
        }

        private static CredentialsMatcher logins() {
            return CredentialsMatchers.anyOf(
                    CredentialsMatchers.instanceOf(StringCredentials.class),
                    CredentialsMatchers.instanceOf(StandardUsernamePasswordCredentials.class),
                    CredentialsMatchers.instanceOf(SSHUserPrivateKey.class));
        }
    }
}
