package io.jenkins.plugins.minibuild.claude;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.FilePath;
import hudson.util.Secret;
import io.jenkins.plugins.minibuild.files.Glob;
import java.util.List;

/**
 * One task for the command, and the limits on it. Immutable.
 *
 * @param title names the task for people
 * @param prompt goes over standard input
 * @param folder on the agent; the command's working directory
 * @param schema of the structured answer, as JSON; null for none
 */
public record ClaudeRequest(
        String title,
        String prompt,
        FilePath folder,
        @CheckForNull String schema,
        Tools tools,
        Model model,
        Rules rules) {

    /**
     * The tools of the model, by the command's names and patterns, such as {@code Bash(git *)}. The command refuses every use of a tool that is
     * neither allowed nor harmless in the folder.
     *
     * @param offered to the model, no others; empty for none
     * @param allowed everywhere, without a question
     * @param disallowed always refused
     */
    public record Tools(List<String> offered, List<String> allowed, List<String> disallowed) {
        /** Copies the lists. */
        public Tools {
            offered = List.copyOf(offered);
            allowed = List.copyOf(allowed);
            disallowed = List.copyOf(disallowed);
        }
    }

    /**
     * The model and its service.
     *
     * @param name null for the command's own choice
     * @param key of the service; the command never gets it
     * @param service its address
     * @param allowed the names of models that may be asked match each of these
     */
    public record Model(@CheckForNull String name, Secret key, String service, List<Glob> allowed) {
        /** Copies the list. */
        public Model {
            allowed = List.copyOf(allowed);
        }
    }

    /**
     * How the command runs.
     *
     * @param trusted whether settings, hooks, MCP servers and instruction files of the repository count
     * @param readOnly whether an attempt changes nothing, so that it can always be repeated
     * @param retries further attempts after a failure that may pass
     */
    public record Rules(boolean trusted, boolean readOnly, int retries, Caps caps) {}
}
