package io.jenkins.plugins.minibuild.miniprogram;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.minibuild.miniprogram.profile.ProjectType;
import java.util.List;

/**
 * What the driver reported of an error: typed where miniprogram-ci or the service gave a code, and cleaned, because it comes
 * from an agent and is going to be shown. Immutable.
 */
final class DriverFailure {

    private static final int LONGEST = 1000;

    private final String code;
    private final Integer serviceCode;
    private final String serviceMessage;
    private final String message;
    private final String phase;
    private final String proxy;
    private final PackageSizes sizes;
    private final List<String> largestFiles;

    DriverFailure(JsonNode event, ProjectType type) {
        code = clean(event.path("code").asText(""));
        serviceCode = event.path("errCode").isInt() ? event.path("errCode").asInt() : null;
        serviceMessage = clean(event.path("errMsg").asText(""));
        message = clean(event.path("message").asText(""));
        phase = clean(event.path("phase").asText(""));
        proxy = clean(event.path("proxy").asText(""));
        sizes = PackageSizes.read(event.get("subPackageInfo"), type);
        largestFiles = LargestFiles.read(event.get("largestFiles")).table();
    }

    /** Removes colours, control characters and stack frames, and cuts what is too long. */
    static String clean(String text) {
        String plain = text.replaceAll("\u001B\\[[0-9;]*[A-Za-z]", "")
                .replaceAll("(?m)^\\s+at .*$", "")
                .replaceAll("//[^/@\\s]*@", "//")
                .replaceAll("[\\p{Cntrl}&&[^\n]]", " ")
                .replaceAll("\\s*\n\\s*", " ")
                .trim();
        return plain.length() > LONGEST ? plain.substring(0, LONGEST) + "..." : plain;
    }

    /** The code of miniprogram-ci or of Node.js; empty for none. */
    String code() {
        return code;
    }

    /** Whether the service answered with this number, in either sign: it is not consistent about it. */
    boolean isService(int number) {
        return serviceCode != null && Math.abs(serviceCode) == Math.abs(number);
    }

    /** The number that the service answered with; null when it did not. */
    Integer serviceCode() {
        return serviceCode;
    }

    /** The service's text if it answered, else the message of miniprogram-ci. */
    String message() {
        String best = serviceMessage.isEmpty() ? message : serviceMessage;
        return best.replaceFirst("^(Error: )+", "");
    }

    /** The message of miniprogram-ci as a whole. */
    String fullMessage() {
        return message;
    }

    /** {@code load}, {@code compile} or {@code upload}. */
    String phase() {
        return phase;
    }

    /** The proxy that was used, without user name and password; empty for none. */
    String proxy() {
        return proxy;
    }

    /** The compiled sizes, when they were too large. */
    PackageSizes sizes() {
        return sizes;
    }

    /** The largest compiled files with their sizes, one a line, when they were too large. */
    List<String> largestFiles() {
        return List.copyOf(largestFiles);
    }
}
