package io.jenkins.plugins.minibuild.miniprogram.profile;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.minibuild.checkout.GitCheckout;
import io.jenkins.plugins.minibuild.miniprogram.Preview;
import io.jenkins.plugins.minibuild.miniprogram.QrCode;
import io.jenkins.plugins.minibuild.miniprogram.Source;
import io.jenkins.plugins.minibuild.step.Fact;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * How one mini program is built and shipped. Made only of values that can work together; what a step says besides overrides it.
 *
 * @param name how builds call it
 * @param enabled whether builds may use it
 * @param appId the id of the mini program
 * @param privateKeyCredentialsId the id of the credential that holds the upload key
 * @param appType {@code uniapp} or {@code native}
 * @param gitUrl the repository; null for whatever is in the workspace
 * @param branch the branch; null for the default of the remote
 * @param gitCredentialsId the id of the credential for the repository; null for a public one
 * @param projectPath the folder of the project in the repository; null for its root
 * @param install whether dependencies are installed first
 * @param installCommand the line that installs them instead
 * @param buildCommand the line that builds; null for the default of the kind of project
 * @param outputPath where the build puts the program; null for the default of the kind of project
 * @param npm whether npm packages are packed
 * @param autoBuild whether a push may start a build
 * @param buildTimeout minutes for everything
 * @param version the first version, or the one of all uploads
 * @param versionType {@code auto} or {@code manual}
 * @param desc the description; null for branch, commit, message and build number
 * @param es6 compiles newer JavaScript
 * @param es7 compiles newer JavaScript still
 * @param minifyJS makes scripts smaller
 * @param minifyWXML makes templates smaller
 * @param minifyWXSS makes styles smaller
 * @param autoPrefixWXSS adds prefixes to styles
 * @param minify makes everything smaller
 * @param codeProtect protects the code
 * @param useProjectConfig takes the settings of project.config.json instead
 * @param robot the number of the CI robot
 * @param robotRules robots by branch, lines of {@code pattern=number}
 * @param qrcodeFormat {@code image}, {@code base64} or {@code terminal}
 * @param qrcodeSize pixels of the QR code
 * @param pagePath the page that a preview opens
 * @param searchQuery the parameters of that page
 * @param scene the scene of a preview
 * @param expire minutes for which a QR code is valid
 * @param mainBudget kB of the main package; 0 for what WeChat allows
 * @param subpackageBudget kB of each subpackage; 0 for what WeChat allows
 * @param wholeBudget kB of all packages; 0 for what WeChat allows
 * @param notifyOn when to notify: {@code never}, {@code always}, {@code success} or {@code failure}
 * @param notifyChannels names of channels, separated by commas
 */
public record Profile(
        String name,
        boolean enabled,
        String appId,
        String privateKeyCredentialsId,
        String appType,
        String gitUrl,
        String branch,
        String gitCredentialsId,
        String projectPath,
        boolean install,
        String installCommand,
        String buildCommand,
        String outputPath,
        boolean npm,
        boolean autoBuild,
        int buildTimeout,
        String version,
        String versionType,
        String desc,
        boolean es6,
        boolean es7,
        boolean minifyJS,
        boolean minifyWXML,
        boolean minifyWXSS,
        boolean autoPrefixWXSS,
        boolean minify,
        boolean codeProtect,
        boolean useProjectConfig,
        int robot,
        String robotRules,
        String qrcodeFormat,
        int qrcodeSize,
        String pagePath,
        String searchQuery,
        int scene,
        int expire,
        int mainBudget,
        int subpackageBudget,
        int wholeBudget,
        String notifyOn,
        String notifyChannels) {

    /** The kinds of projects. */
    public static final List<String> APP_TYPES =
            Arrays.stream(AppType.values()).map(AppType::symbol).toList();

    /** How versions are made. */
    public static final List<String> VERSION_TYPES = List.of("auto", "manual");

    /** How a step gives the QR code back. */
    public static final List<String> QRCODE_FORMATS =
            Arrays.stream(QrFormat.values()).map(QrFormat::symbol).toList();

    /** The facts of a build by which the notifications act; empty if the profile notifies nobody. */
    public Map<Fact, String> notifyFacts() {
        return notifyOn.equals("never")
                ? Map.of()
                : Map.of(Fact.NOTIFY_ON, notifyOn, Fact.NOTIFY_CHANNELS, notifyChannels == null ? "" : notifyChannels);
    }

    /** When people are notified. */
    public static final List<String> NOTIFY = List.of("never", "always", "success", "failure");

    private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{N}._-]{1,49}");

    /** Checks every value. */
    public Profile {
        name = checkName(name);
        appId = MiniProgram.checkAppId(appId);
        TaskParameters.checkCredentials(privateKeyCredentialsId);
        oneOf("appType", appType, APP_TYPES);
        oneOf("versionType", versionType, VERSION_TYPES);
        oneOf("qrcodeFormat", qrcodeFormat, QRCODE_FORMATS);
        oneOf("notifyOn", notifyOn, NOTIFY);
        checkRepository(gitUrl, branch);
        MiniProgram.checkRelative(projectPath, "projectPath");
        MiniProgram.checkRelative(outputPath, "outputPath");
        TaskParameters.timeout(buildTimeout);
        version = Version.parse(version).toString();
        checkDesc(desc);
        TaskParameters.checkRobot(robot);
        RobotRules.parse(robotRules);
        QrCode.checkSize(qrcodeSize);
        MiniProgram.checkRelative(pagePath == null ? null : pagePath.replaceFirst("^/+", ""), "pagePath");
        Preview.checkScene(scene);
        TaskParameters.checkExpire(expire);
        SizeLimits.check(mainBudget);
        SizeLimits.check(subpackageBudget);
        SizeLimits.check(wholeBudget);
    }

    /** Checks a name. */
    public static String checkName(@CheckForNull String name) {
        String trimmed = name == null ? "" : name.trim();
        if (!NAME.matcher(trimmed).matches()) {
            throw new IllegalArgumentException(Messages.Profile_name(trimmed));
        }
        return trimmed;
    }

    /** Checks that a value is one of those that there are. */
    public static String oneOf(String field, @CheckForNull String value, List<String> all) {
        if (value == null || !all.contains(value)) {
            throw new IllegalArgumentException(Messages.Profile_oneOf(field, String.join(", ", all), value));
        }
        return value;
    }

    /** Checks the length of a description. */
    public static void checkDesc(@CheckForNull String desc) {
        if (desc != null && desc.length() > TaskParameters.LONGEST_TEXT) {
            throw new IllegalArgumentException(Messages.Profile_desc(Integer.toString(TaskParameters.LONGEST_TEXT)));
        }
    }

    /** Checks the address of a repository and the name of a branch; both may be missing. */
    public static void checkRepository(@CheckForNull String url, @CheckForNull String branch) {
        if (url != null && !url.isBlank()) {
            GitCheckout.of(url).branch(branch);
        }
    }

    /**
     * Checks that no two have the same name or the same app.
     *
     * @throws IllegalArgumentException naming the one that is there twice
     */
    public static void checkUnique(List<Profile> all) {
        Set<String> names = new HashSet<>();
        Set<String> apps = new HashSet<>();
        for (Profile each : all) {
            if (!names.add(each.name())) {
                throw new IllegalArgumentException(Messages.Profile_nameTaken(each.name()));
            }
            if (!apps.add(each.appId())) {
                throw new IllegalArgumentException(Messages.Profile_appIdTaken(each.appId()));
            }
        }
    }

    /**
     * Finds the profile that a step names; one of the job itself comes first.
     *
     * @throws IllegalArgumentException when there is none, or it is disabled
     */
    public static Profile find(List<Profile> all, String name) {
        Profile found = all.stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(Messages.Profile_unknown(
                        name, all.stream().map(Profile::name).toList().toString())));
        if (!found.enabled()) {
            throw new IllegalArgumentException(Messages.Profile_disabled(name));
        }
        return found;
    }

    /** Whether versions rise by themselves. */
    public boolean automaticVersion() {
        return versionType.equals("auto");
    }

    /** The compile settings under the names of miniprogram-ci. */
    public Map<String, Boolean> setting() {
        Map<String, Boolean> settings = new LinkedHashMap<>();
        if (useProjectConfig) {
            settings.put("useProjectConfig", true);
            return settings;
        }
        settings.put("es6", es6);
        settings.put("es7", es7);
        settings.put("minifyJS", minifyJS);
        settings.put("minifyWXML", minifyWXML);
        settings.put("minifyWXSS", minifyWXSS);
        settings.put("autoPrefixWXSS", autoPrefixWXSS);
        settings.put("minify", minify);
        settings.put("codeProtect", codeProtect);
        return settings;
    }

    public SizeLimits budget() {
        return new SizeLimits(mainBudget, subpackageBudget, wholeBudget);
    }

    /** Where the code comes from, with what the step says instead. */
    public Source source(@CheckForNull String otherBranch, @CheckForNull String commit) {
        return gitUrl == null
                ? Source.WORKSPACE
                : new Source(
                        gitUrl,
                        gitCredentialsId,
                        otherBranch == null ? branch : otherBranch,
                        commit,
                        otherBranch != null);
    }
}
