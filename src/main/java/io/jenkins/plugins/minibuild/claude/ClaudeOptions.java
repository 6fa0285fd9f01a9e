package io.jenkins.plugins.minibuild.claude;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.minibuild.process.Isolation;

/**
 * How a step runs the {@code claude} command. Immutable.
 *
 * @param tool the name of the tool installation; null for the first one, or the agent's PATH
 * @param caps on all runs together
 * @param retries further attempts after a failure that may pass
 * @param trusted whether settings, hooks, MCP servers and instruction files of the repository count
 * @param isolation of everything that the command runs
 */
public record ClaudeOptions(
        ModelAccess access, @CheckForNull String tool, Caps caps, int retries, boolean trusted, Isolation isolation) {

    /** The same with other caps. */
    public ClaudeOptions with(Caps other) {
        return new ClaudeOptions(access, tool, other, retries, trusted, isolation);
    }

    /** The same, but nothing in the repository is trusted. */
    public ClaudeOptions untrusted() {
        return new ClaudeOptions(access, tool, caps, retries, false, isolation);
    }
}
