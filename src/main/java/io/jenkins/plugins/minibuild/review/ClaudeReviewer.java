package io.jenkins.plugins.minibuild.review;

import hudson.AbortException;
import hudson.FilePath;
import io.jenkins.plugins.minibuild.claude.ClaudeClient;
import io.jenkins.plugins.minibuild.claude.ClaudeOptions;
import io.jenkins.plugins.minibuild.claude.ClaudeResult;
import io.jenkins.plugins.minibuild.claude.ConsoleLines;
import io.jenkins.plugins.minibuild.step.BuildContext;
import java.io.IOException;
import java.util.List;

/** Claude as a reviewer: it reads files and does nothing else. All its questions share one set of caps. */
final class ClaudeReviewer implements Reviewer, AutoCloseable {
    private static final List<String> TOOLS = List.of("Read", "Glob", "Grep");

    private final ClaudeClient claude;
    private String model = "";

    /** Finds the command and reserves its money; {@link #close} gives back the rest. */
    ClaudeReviewer(BuildContext context, ClaudeOptions options) throws IOException, InterruptedException {
        claude = new ClaudeClient(context, options, Messages.AiReviewStep_title(), TOOLS, List.of());
    }

    @Override
    public Reply ask(FilePath folder, String prompt, String schema) throws IOException, InterruptedException {
        if (!claude.isLeft()) {
            return new Reply(null, ClaudeClient.nothingLeft());
        }
        ClaudeResult result = claude.book(claude.run(folder, prompt, schema, true));
        model = result.model().isEmpty() ? model : ConsoleLines.printable(result.model());
        if (result.missedSchema()) {
            return new Reply(null, null);
        }
        return switch (result.endReason()) {
            case DONE -> new Reply(result.structured(), null);
            case TURNS, TIME, BUDGET, OUTPUT, CANCELLED, OVERLOADED, BROKEN_STREAM -> new Reply(null, result.message());
            default -> throw new AbortException(Messages.ClaudeReviewer_failed(result.message()));
        };
    }

    @Override
    public ReviewReport.Cost cost() {
        return new ReviewReport.Cost(
                claude.dollars(), claude.turns(), claude.duration().toMillis(), model);
    }

    @Override
    public void close() throws IOException {
        claude.close();
    }
}
