package io.jenkins.plugins.minibuild.codegen;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.FilePath;
import io.jenkins.plugins.minibuild.step.BuildContext;
import java.io.IOException;

/** Who changes the files: Claude, by its command. One for each run of {@link Codegen}: its caps span all calls. */
public interface Coder {
    /**
     * Works in a folder as the prompt says.
     *
     * @param folder a checkout on the agent
     * @param session of an earlier call to go on with; null to begin
     * @return how it ended, also when a cap was hit; nothing it started is running any more
     * @throws hudson.AbortException when it could not begin, or broke off in a way that a user can mend
     */
    Work work(BuildContext context, FilePath folder, String prompt, @CheckForNull String session)
            throws IOException, InterruptedException;

    /**
     * What was done.
     *
     * @param shortfall why it ended before it was done, for people; null when it was done
     * @param session to go on with
     * @param summary the last words, not yet to be trusted
     * @param turns of this call
     * @param costUsd of this call, in US dollars
     * @param inputTokens including those read from and written to the service's cache
     */
    record Work(
            @CheckForNull String shortfall,
            String session,
            String summary,
            int turns,
            double costUsd,
            long inputTokens,
            long outputTokens) {

        /** The work of two calls. */
        Work plus(Work next) {
            return new Work(
                    next.shortfall,
                    next.session,
                    next.summary,
                    turns + next.turns,
                    costUsd + next.costUsd,
                    inputTokens + next.inputTokens,
                    outputTokens + next.outputTokens);
        }
    }
}
