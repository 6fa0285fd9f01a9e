package io.jenkins.plugins.minibuild.miniprogram;

import io.jenkins.plugins.minibuild.step.Fact;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An upload that was on its way and of which no answer is known: Jenkins was stopped, or the build was aborted. The build remembers it from before the
 * first byte is sent until the service has answered. Immutable.
 *
 * @param appId the program's id
 * @param robot the CI robot
 * @param version the version that may or may not have reached the service
 */
record OpenUpload(String appId, int robot, String version) {
    private static final Pattern KEY = Pattern.compile("openUpload-(\\w+)-(\\d{1,2})");

    /** The fact of the build under which it is remembered; its value is the version, and empty once the service has answered. */
    static Fact fact(String appId, int robot) {
        return new Fact("openUpload-" + appId + "-" + robot);
    }

    /** Those that are open, by app and robot. */
    static List<OpenUpload> in(Map<Fact, String> facts) {
        return facts.entrySet().stream()
                .flatMap(each -> {
                    Matcher key = KEY.matcher(each.getKey().key());
                    return key.matches() && !each.getValue().isEmpty()
                            ? List.of(new OpenUpload(key.group(1), Integer.parseInt(key.group(2)), each.getValue()))
                                    .stream()
                            : List.<OpenUpload>of().stream();
                })
                .sorted(Comparator.comparing(OpenUpload::appId).thenComparing(OpenUpload::robot))
                .toList();
    }

    /** What is known of it and how to see the rest, for people. */
    String shown() {
        return Messages.OpenUpload_shown(version, appId, Integer.toString(robot));
    }
}
