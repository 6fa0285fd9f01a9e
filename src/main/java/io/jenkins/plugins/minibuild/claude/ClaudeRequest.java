package io.jenkins.plugins.minibuild.claude;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.FilePath;
import hudson.util.Secret;
import java.util.List;

/**
 * What the command is asked to do, and what it may use. Immutable.
 *
 * @param title for people: what it works on
 * @param prompt goes over standard input
 * @param folder on the agent in which it works
 * @param tools that the model is offered, no others; empty for none
 * @param allowed tools that it may use everywhere without being asked, with the command's own patterns, such as {@code Bash(git *)};
 *     what is neither allowed nor harmless in the folder is refused
 * @param disallowed tools or patterns that are refused
 * @param schema of the structured answer, as JSON; null for none
 * @param model null for the command's own choice
 * @param key for the model's service; null when the agent's command is logged in otherwise
 * @param baseUrl of the model's service; null for the ordinary one
 * @param trusted whether settings, hooks, MCP servers and instruction files of the repository count
 * @param readOnly whether an attempt can be repeated whatever the one before did
 * @param retries further attempts after a failure that may pass
 */
public record ClaudeRequest(
        String title,
        String prompt,
        FilePath folder,
        List<String> tools,
        List<String> allowed,
        List<String> disallowed,
        @CheckForNull String schema,
        @CheckForNull String model,
        @CheckForNull Secret key,
        @CheckForNull String baseUrl,
        boolean trusted,
        boolean readOnly,
        int retries,
        Caps caps) {
    /** Copies the lists. */
    public ClaudeRequest {
        tools = List.copyOf(tools);
        allowed = List.copyOf(allowed);
        disallowed = List.copyOf(disallowed);
    }
}
