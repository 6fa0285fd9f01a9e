package io.jenkins.plugins.minibuild.claude;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import io.jenkins.plugins.minibuild.access.ModelPolicy;
import io.jenkins.plugins.minibuild.process.Isolation;
import java.time.Duration;

/**
 * How a step runs the {@code claude} command. Immutable.
 *
 * @param tool the name of the tool installation; null for the first one, or the agent's PATH
 * @param caps on all runs together
 * @param defaults the caps of a step that asks for none
 * @param retries further attempts after a failure that may pass
 * @param trusted whether settings, hooks, MCP servers and instruction files of the repository count
 * @param isolation of everything that the command runs
 */
public record ClaudeOptions(
        ModelAccess access,
        @CheckForNull String tool,
        Caps caps,
        Caps defaults,
        int retries,
        boolean trusted,
        Isolation isolation) {

    /** The same with caps that the step does not choose. */
    public ClaudeOptions with(Caps other) {
        return new ClaudeOptions(access, tool, other, other, retries, trusted, isolation);
    }

    /** The same, but nothing in the repository is trusted. */
    public ClaudeOptions untrusted() {
        return new ClaudeOptions(access, tool, caps, defaults, retries, false, isolation);
    }

    /**
     * The same within a policy: defaults are lowered to its ceilings.
     *
     * @throws AbortException naming the rule of which the step asks for more
     */
    ClaudeOptions within(ModelPolicy policy) throws AbortException {
        int minutes = minutes(caps);
        int allowed = policy.maxMinutes().atMost(asked(minutes, minutes(defaults)), minutes);
        Caps within = new Caps(
                policy.maxTurns().atMost(asked(caps.turns(), defaults.turns()), caps.turns()),
                allowed < minutes ? Duration.ofMinutes(allowed) : caps.time(),
                policy.maxUsdPerRun().atMost(asked(caps.dollars(), defaults.dollars()), caps.dollars()),
                caps.bytes());
        Isolation confined = isolation;
        if (isolation.container() == null) {
            if (isolation.use() == Isolation.SandboxUse.OFF) {
                policy.checkSandboxOff();
            } else if (policy.sandboxRequired().on()) {
                confined = new Isolation(null, Isolation.SandboxUse.REQUIRED, isolation.readable());
            }
        }
        return new ClaudeOptions(access, tool, within, defaults, retries, trusted, confined);
    }

    private static int minutes(Caps caps) {
        return Math.toIntExact(caps.time().plusSeconds(59).toMinutes());
    }

    @CheckForNull
    private static <T> T asked(T value, T standard) {
        return value.equals(standard) ? null : value;
    }
}
