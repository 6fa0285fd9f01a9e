package io.jenkins.plugins.minibuild.miniprogram;

import io.jenkins.plugins.minibuild.miniprogram.profile.MiniProgram;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Explains an error of miniprogram-ci and its remedy. Each rule is a row of the table in docs/miniprogram.md; the first rule that matches is used, so the
 * rules go from the most special to the most general.
 */
final class Explanation {

    /** The host that everything is sent to. */
    static final String HOST = "servicewechat.com";

    private static final Pattern INVALID_IP =
            Pattern.compile("invalid ip:?\\s*([0-9a-fA-F.:]*[0-9a-fA-F])", Pattern.CASE_INSENSITIVE);
    private static final Pattern TOO_LARGE =
            Pattern.compile("exceed(s|ed)? (the )?max(imum)? (size )?limit", Pattern.CASE_INSENSITIVE);
    private static final Pattern DISK_FULL =
            Pattern.compile("ENOSPC|No space left on device|EDQUOT|Disk quota exceeded|not enough space on the disk");
    private static final Pattern NETWORK = Pattern.compile(
            "ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ESOCKETTIMEDOUT|ECONNRESET|EHOSTUNREACH|ENETUNREACH|EPIPE"
                    + "|socket hang up|tunneling socket|socket disconnected");
    private static final Pattern CERTIFICATE = Pattern.compile(
            "self[- ]signed certificate|unable to (verify|get)|CERT_|certificate has expired|altnames",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern NOT_JSON =
            Pattern.compile("Unexpected token|is not valid JSON|Unexpected end of JSON");
    /** The entry file itself is what is missing: not a file that it names, as in {@code app.json: "theme.json" file not found}. */
    private static final Pattern NO_ENTRY = Pattern.compile(
            "(^|[\\s:/,\"'])(app|game|plugin)\\.json[\"']? (file )?(is |was )?(not found|not exist|does not exist|could not be found)",
            Pattern.CASE_INSENSITIVE);
    /** A file that another file names, with its place there: {@code app.json: ["tabBar"]["list"][0]["iconPath"]: "img/a.png" not found}. */
    private static final Pattern NO_NAMED_FILE = Pattern.compile("([^\\s:\"]+\\.json):.{0,300}?"
            + "(?:corresponding (?:\\S+ )?file: ?\"([^\"\\[\\]]+)\"|\"([^\"\\[\\]]+)\"(?: file)? not found)");

    private static final Pattern NO_COMPONENT =
            Pattern.compile("\\[\"usingComponents\"\\]\\[\"([^\"]+)\"\\]: \"([^\"]+)\"");
    private static final List<String> COMPILE_CODES = List.of(
            "10005", "10006", "10007", "10008", "10009", "10031", "10032", "10033", "10034", "10035", "10036", "10037",
            "10038", "10045", "10046", "10091", "10092", "10093");

    private final MiniProgram program;
    private final String credentialsId;
    private final String path;
    private final String names;

    /**
     * Prepares for the errors of one run.
     *
     * @param program what was compiled
     * @param credentialsId the credential of the key
     * @param path the folder that was compiled, relative to the workspace
     * @param names some names of what is in it
     */
    Explanation(MiniProgram program, String credentialsId, String path, String names) {
        this.program = program;
        this.credentialsId = credentialsId;
        this.path = path;
        this.names = names;
    }

    /** Says what a failure means; one paragraph, except that sizes follow as a table. */
    String of(DriverFailure failure) {
        String all = failure.fullMessage() + " " + failure.message();
        if (failure.code().equals("NODE_TOO_OLD")) {
            return Messages.Explanation_nodeTooOld(failure.message());
        }
        if (failure.code().equals("ENOSPC") || isDiskFull(all)) {
            return Messages.Explanation_diskFull();
        }
        Matcher ip = INVALID_IP.matcher(all);
        if (ip.find()) {
            return notAllowed(ip.group(1));
        }
        if (failure.isService(10008)) {
            return notAllowed("?");
        }
        if (failure.isService(80200) || TOO_LARGE.matcher(all).find()) {
            return tooLarge(failure);
        }
        if (failure.code().equals("20002") || isSignature(failure)) {
            return Messages.Explanation_wrongKey(credentialsId, program.appId(), withCode(failure));
        }
        Matcher component = NO_COMPONENT.matcher(all);
        if (component.find()) {
            return Messages.Explanation_noComponent(component.group(1), component.group(2), failure.message());
        }
        Matcher named = NO_NAMED_FILE.matcher(all);
        if (named.find()) {
            String missing = named.group(2) == null ? named.group(3) : named.group(2);
            if (!missing.equals(program.type().entryFile())) {
                return Messages.Explanation_noNamedFile(named.group(1), missing, failure.message());
            }
        }
        if (failure.isService(800059)
                || failure.code().endsWith("800059")
                || failure.code().equals("20000")
                || NO_ENTRY.matcher(all).find()) {
            return Messages.Explanation_noEntryFile(
                    program.type().entryFile(), path, names, program.type().rootKey(), failure.message());
        }
        if (failure.isService(80082)) {
            return Messages.Explanation_plugin(program.appId(), withCode(failure));
        }
        if (failure.isService(40013)) {
            return Messages.Explanation_unknownApp(program.appId(), withCode(failure));
        }
        if (failure.isService(80057) || failure.code().endsWith("80057")) {
            return Messages.Explanation_notCompiled(path, names, withCode(failure));
        }
        if (CERTIFICATE.matcher(all).find()) {
            return Messages.Explanation_certificate(HOST, proxy(failure), failure.message());
        }
        if (NETWORK.matcher(all).find()) {
            return Messages.Explanation_network(HOST, proxy(failure), failure.message());
        }
        if (failure.serviceCode() != null) {
            return Messages.Explanation_service(withCode(failure));
        }
        if (!failure.phase().equals("compile") && NOT_JSON.matcher(all).find()) {
            return Messages.Explanation_notJson(HOST, proxy(failure), failure.message());
        }
        if (failure.phase().equals("npm")) {
            return Messages.Explanation_npm(path, failure.message());
        }
        if (failure.phase().equals("load")) {
            return Messages.Explanation_load(failure.message());
        }
        if (COMPILE_CODES.contains(failure.code())) {
            return Messages.Explanation_compile(failure.message(), failure.code());
        }
        return Messages.Explanation_other(
                failure.message(), failure.code().isEmpty() ? "" : " (" + failure.code() + ")");
    }

    /** Whether a text says that no space is left on the disk. */
    static boolean isDiskFull(String text) {
        return DISK_FULL.matcher(text).find();
    }

    /** Whether the network failed, so that no reply of the service came. */
    static boolean isNetwork(DriverFailure failure) {
        String all = failure.fullMessage() + " " + failure.message();
        return failure.serviceCode() == null
                && NETWORK.matcher(all).find()
                && !CERTIFICATE.matcher(all).find()
                && !INVALID_IP.matcher(all).find();
    }

    private String notAllowed(String address) {
        String message = Messages.Explanation_address(address, program.appId());
        return address.contains(":") ? message + " " + Messages.Explanation_addressV6() : message;
    }

    private String tooLarge(DriverFailure failure) {
        StringBuilder message =
                new StringBuilder(Messages.Explanation_tooLarge(program.type().mainPackageLimit(), withCode(failure)));
        failure.sizes().table().forEach(line -> message.append('\n').append(line));
        if (!failure.largestFiles().isEmpty()) {
            message.append('\n').append(Messages.Explanation_largestFiles());
            failure.largestFiles().forEach(line -> message.append('\n').append(line));
        }
        return message.toString();
    }

    private static boolean isSignature(DriverFailure failure) {
        String text = failure.message().toLowerCase(Locale.ROOT);
        return failure.serviceCode() != null && text.contains("signature");
    }

    private static String withCode(DriverFailure failure) {
        return failure.serviceCode() == null
                ? failure.message()
                : failure.message() + " (" + failure.serviceCode() + ")";
    }

    private static String proxy(DriverFailure failure) {
        return failure.proxy().isEmpty() ? Messages.Explanation_noProxy() : Messages.Explanation_proxy(failure.proxy());
    }
}
