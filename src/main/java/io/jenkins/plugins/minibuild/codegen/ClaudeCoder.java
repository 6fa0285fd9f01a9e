package io.jenkins.plugins.minibuild.codegen;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import hudson.FilePath;
import io.jenkins.plugins.minibuild.claude.Allowance;
import io.jenkins.plugins.minibuild.claude.ClaudeResult;
import io.jenkins.plugins.minibuild.claude.Ending;
import io.jenkins.plugins.minibuild.process.ScratchFolder;
import io.jenkins.plugins.minibuild.step.BuildContext;
import java.io.IOException;

/** Claude as the one who writes code: its calls go on with one session and share one set of caps. */
final class ClaudeCoder implements Coder, AutoCloseable {
    private final Allowance allowance;
    private final String patch;
    private final ScratchFolder home;

    /**
     * Finds the command and sets its money aside; {@link #close} gives back what is left.
     *
     * @param patch the name of the artifact that its work is kept as
     */
    ClaudeCoder(BuildContext context, Allowance.Parameters parameters, String patch)
            throws IOException, InterruptedException {
        allowance = new Allowance(context, parameters);
        this.patch = patch;
        home = ScratchFolder.in(context.temp(), "claude-home");
    }

    /** The id of the credential that holds the key; empty for none. */
    String keyCredentialsId() {
        return allowance.keyCredentialsId();
    }

    @Override
    public Work work(BuildContext build, FilePath folder, String prompt, @CheckForNull String session)
            throws IOException, InterruptedException {
        if (!allowance.isLeft()) {
            return new Work(Messages.ClaudeCoder_nothingLeft(), String.valueOf(session), "", 0, 0, 0, 0);
        }
        ClaudeResult result = allowance.book(allowance
                .run(folder, prompt, null, false)
                .session(home.path(), session)
                .patch(patch));
        boolean broken =
                switch (result.ending()) {
                    case DONE, TURNS, TIME, BUDGET, OUTPUT, CANCELLED -> false;
                    default -> !result.usedTools();
                };
        if (broken) {
            // Nothing was changed: there is nothing to keep.
            throw new AbortException(Messages.ClaudeCoder_failed(result.message()));
        }
        return new Work(
                result.ending() == Ending.DONE ? null : Messages.ClaudeCoder_failed(result.message()),
                result.session(),
                result.text(),
                result.turns(),
                result.dollars(),
                result.usage().input()
                        + result.usage().cacheRead()
                        + result.usage().cacheWrite(),
                result.usage().output());
    }

    @Override
    public void close() throws IOException {
        try (home) {
            allowance.close();
        }
    }
}
