package io.jenkins.plugins.minibuild.codegen;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.FilePath;
import io.jenkins.plugins.minibuild.step.BuildContext;
import java.io.IOException;

/** Changes files as a prompt asks: Claude, by its command. One object serves one run of {@link Codegen}; its caps span all calls. */
public interface CodeGenerator {
    /**
     * Changes the files of a folder as the prompt asks.
     *
     * @param folder a checkout on the agent
     * @param session of an earlier call that is continued; null for a new one
     * @return the end of the call, also when a cap was reached; none of its processes runs any more
     * @throws hudson.AbortException when it could not begin, or ended in a way that a user can mend
     */
    Reply work(BuildContext context, FilePath folder, String prompt, @CheckForNull String session)
            throws IOException, InterruptedException;

    /** The id of the secret text that the generator uses, and could have written into a file; empty for none. */
    default String keyCredentialsId() {
        return "";
    }

    /**
     * The end of a call.
     *
     * @param shortfall for people: why it ended before the work was done; null when the work was done
     * @param session that the next call can continue
     * @param summary the model's last words, not yet to be trusted
     */
    record Reply(@CheckForNull String shortfall, String session, String summary, Usage usage) {
        /** The last reply with the usage of both. */
        Reply plus(Reply next) {
            return new Reply(next.shortfall, next.session, next.summary, usage.plus(next.usage));
        }
    }

    /**
     * What calls used.
     *
     * @param turns answers of the model
     * @param costUsd US dollars
     * @param inputTokens including those read from and written to the service's cache
     */
    record Usage(int turns, double costUsd, long inputTokens, long outputTokens) {
        static final Usage NONE = new Usage(0, 0, 0, 0);

        Usage plus(Usage other) {
            return new Usage(
                    turns + other.turns,
                    costUsd + other.costUsd,
                    inputTokens + other.inputTokens,
                    outputTokens + other.outputTokens);
        }
    }
}
