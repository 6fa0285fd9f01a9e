package io.jenkins.plugins.minibuild.miniprogram.profile;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** Which robot a branch has, by lines of {@code pattern=number}; the first line that fits decides. Immutable. */
public final class RobotRules implements Serializable {

    private static final long serialVersionUID = 1L;

    private final LinkedHashMap<String, Integer> robots = new LinkedHashMap<>();

    /**
     * Reads rules.
     *
     * @param text one rule a line; {@code *} in a pattern stands for any characters; null and empty for no rules
     * @throws IllegalArgumentException with a message for the user
     */
    public static RobotRules parse(@CheckForNull String text) {
        RobotRules rules = new RobotRules();
        for (String line : text == null ? new String[0] : text.split("[\n,]")) {
            if (line.isBlank()) {
                continue;
            }
            int equals = line.lastIndexOf('=');
            String pattern = equals < 0 ? "" : line.substring(0, equals).trim();
            if (pattern.isEmpty()) {
                throw new IllegalArgumentException(Messages.RobotRules_line(line.trim()));
            }
            try {
                rules.robots.put(
                        pattern,
                        TaskParameters.checkRobot(
                                Integer.parseInt(line.substring(equals + 1).trim())));
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(Messages.RobotRules_line(line.trim()), e);
            }
        }
        return rules;
    }

    /** The robot of a branch, or the given one where no rule fits. */
    int robotOf(String branch, int otherwise) {
        return robots.entrySet().stream()
                .filter(rule -> !branch.isEmpty() && fits(rule.getKey(), branch))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(otherwise);
    }

    private static boolean fits(String pattern, String branch) {
        StringBuilder regex = new StringBuilder();
        for (String part : pattern.split("\\*", -1)) {
            regex.append(regex.length() == 0 ? "" : ".*").append(Pattern.quote(part));
        }
        return branch.matches(regex.toString());
    }
}
