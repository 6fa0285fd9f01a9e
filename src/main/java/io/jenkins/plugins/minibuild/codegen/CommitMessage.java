package io.jenkins.plugins.minibuild.codegen;

import io.jenkins.plugins.minibuild.diff.VisibleText;
import io.jenkins.plugins.minibuild.forge.ServiceText;
import java.util.regex.Pattern;

/** The message of a generated commit: text for a team's history, without commands for the service or its machines. */
final class CommitMessage {
    private static final int LONGEST_SUBJECT = 72;
    private static final int LONGEST_SUMMARY = 4000;

    /** What keeps builds, checks or reviews from running on most services, and what is signed by others. */
    private static final Pattern ORDERS = Pattern.compile(
            "(?im)\\[[^\\]\\n]{0,20}\\b(?:skip|no)[ _-]?(?:ci|actions|cd|checks?|azurepipelines)[^\\]\\n]{0,20}]"
                    + "|\\[(?:ci|cd|actions)[ _-]skip]|\\*\\*\\*NO_CI\\*\\*\\*"
                    + "|^[ \\t]*(?:skip-checks|skip-ci|ci-skip|co-authored-by|signed-off-by|reviewed-by|approved-by)[ \\t]*:.*$");

    private CommitMessage() {}

    /**
     * @param partial whether the work was broken off
     * @param summary the model's words
     */
    static String of(Requirement requirement, boolean partial, String summary, String generatedBy) {
        String title = oneLine(requirement.title().isEmpty() ? firstLine(requirement) : requirement.title());
        StringBuilder message = new StringBuilder(partial ? "wip: " : "feat: ");
        message.append(cut(title, LONGEST_SUBJECT - message.length()));
        String body = plain(summary);
        if (!body.isEmpty()) {
            message.append("\n\n").append(cut(body, LONGEST_SUMMARY));
        }
        message.append("\n\n");
        if (partial) {
            message.append("Partial: the work was broken off, see the build.\n");
        }
        if (!requirement.id().isEmpty()) {
            message.append("Requirement: ").append(requirement.id()).append('\n');
        }
        if (!requirement.link().isEmpty()) {
            message.append("Link: ").append(withoutOrders(requirement.link())).append('\n');
        }
        return message.append("Generated-by: ")
                .append(oneLine(generatedBy))
                .append('\n')
                .toString();
    }

    private static String firstLine(Requirement requirement) {
        String text = requirement.description().isEmpty() ? requirement.document() : requirement.description();
        return text.lines().filter(line -> !line.isBlank()).findFirst().orElse("");
    }

    private static String oneLine(String text) {
        return plain(text).replaceAll("\\s+", " ").strip();
    }

    private static String plain(String text) {
        return ServiceText.plain(withoutOrders(text)).strip();
    }

    private static String withoutOrders(String text) {
        String visible = VisibleText.of(text).text();
        String before;
        do {
            // A removal can join two halves to a new command.
            before = visible;
            visible = ORDERS.matcher(visible).replaceAll("");
        } while (!visible.equals(before));
        return visible.strip();
    }

    private static String cut(String text, int length) {
        return text.codePointCount(0, text.length()) <= length
                ? text
                : text.substring(0, text.offsetByCodePoints(0, length - 1)) + "…";
    }
}
