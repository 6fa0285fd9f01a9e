package io.jenkins.plugins.minibuild.codegen;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import hudson.FilePath;
import io.jenkins.plugins.minibuild.claude.ClaudeClient;
import io.jenkins.plugins.minibuild.claude.ClaudeResult;
import io.jenkins.plugins.minibuild.claude.EndReason;
import io.jenkins.plugins.minibuild.process.ScratchFolder;
import io.jenkins.plugins.minibuild.step.BuildContext;
import java.io.IOException;

/** Claude as a code generator: its calls continue one session. */
final class ClaudeCodeGenerator implements CodeGenerator, AutoCloseable {
    private final ClaudeClient claude;
    private final String patch;
    private final ScratchFolder home;

    /**
     * @param claude is closed with this
     * @param patch the name of the artifact that keeps the work
     */
    ClaudeCodeGenerator(BuildContext context, ClaudeClient claude, String patch)
            throws IOException, InterruptedException {
        this.claude = claude;
        this.patch = patch;
        home = ScratchFolder.in(context.temp(), "claude-home");
    }

    @Override
    public String keyCredentialsId() {
        return claude.keyCredentialsId();
    }

    @Override
    public Reply work(BuildContext build, FilePath folder, String prompt, @CheckForNull String session)
            throws IOException, InterruptedException {
        if (!claude.isLeft()) {
            return new Reply(ClaudeClient.nothingLeft(), String.valueOf(session), "", Usage.NONE);
        }
        ClaudeResult result = claude.book(claude.run(folder, prompt, null, false)
                .session(home.path(), session)
                .patch(patch));
        boolean failed =
                switch (result.endReason()) {
                    case DONE, TURNS, TIME, BUDGET, OUTPUT, CANCELLED -> false;
                    default -> !result.usage().tools();
                };
        if (failed) {
            // No file was changed: there is nothing to keep.
            throw new AbortException(Messages.ClaudeCodeGenerator_failed(result.message()));
        }
        ClaudeResult.Usage usage = result.usage();
        return new Reply(
                result.endReason() == EndReason.DONE ? null : Messages.ClaudeCodeGenerator_failed(result.message()),
                result.session(),
                result.text(),
                new Usage(
                        usage.turns(),
                        usage.dollars(),
                        usage.tokens().input()
                                + usage.tokens().cacheRead()
                                + usage.tokens().cacheWrite(),
                        usage.tokens().output()));
    }

    @Override
    public void close() throws IOException {
        try (home) {
            claude.close();
        }
    }
}
