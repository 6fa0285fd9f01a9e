package io.jenkins.plugins.minibuild.miniprogram.profile;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.minibuild.files.Glob;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The CI robot that a branch uses: a version appears at WeChat under the number of its robot.
 *
 * @param robot the robot of branches without a rule, 1 to 30
 * @param rules lines of {@code pattern=number}, in which {@code *} stands for any characters; the first line that matches a branch decides;
 *     null for none
 */
public record Robots(int robot, @CheckForNull String rules) {

    /** The robot of a profile, or of a step, that names none. */
    public static final Robots DEFAULT = new Robots(1, null);

    private static final int MOST = 30;

    /** @throws IllegalArgumentException with a message for the user */
    public Robots {
        check(robot);
        read(rules);
    }

    /** The robot of a branch; a branch without a name has no rule. */
    public int of(String branch) {
        return read(rules).entrySet().stream()
                .filter(rule ->
                        !branch.isEmpty() && Glob.wildcard(rule.getKey()).matches(branch))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(robot);
    }

    /**
     * The robot, as far as it is known before the checkout.
     *
     * @param branch null if it is not known
     * @return null if the branch decides and is not known
     */
    @CheckForNull
    public Integer before(@CheckForNull String branch) {
        return read(rules).isEmpty() ? (Integer) robot : branch == null ? null : (Integer) of(branch);
    }

    /** The name of a robot of an app, which only one upload may use at a time: of two, WeChat keeps one version. */
    public static String name(String appId, int robot) {
        return "robot " + appId + "#" + robot;
    }

    /**
     * Checks the number of a robot.
     *
     * @throws IllegalArgumentException with a message for the user
     */
    public static int check(int number) {
        if (number < 1 || number > MOST) {
            throw new IllegalArgumentException(Messages.Robots_number(number, MOST));
        }
        return number;
    }

    /**
     * The robots by pattern.
     *
     * @throws IllegalArgumentException with a message for the user
     */
    static Map<String, Integer> read(@CheckForNull String text) {
        Map<String, Integer> robots = new LinkedHashMap<>();
        for (String line : text == null ? new String[0] : text.split("[\n,]")) {
            if (line.isBlank()) {
                continue;
            }
            int equals = line.lastIndexOf('=');
            String pattern = equals < 0 ? "" : line.substring(0, equals).trim();
            if (pattern.isEmpty()) {
                throw new IllegalArgumentException(Messages.Robots_line(line.trim()));
            }
            Glob.checkRefs(pattern);
            try {
                robots.put(
                        pattern,
                        check(Integer.parseInt(line.substring(equals + 1).trim())));
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(Messages.Robots_line(line.trim()), e);
            }
        }
        return robots;
    }
}
