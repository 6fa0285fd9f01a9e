package io.jenkins.plugins.minibuild.review;

import hudson.AbortException;
import hudson.FilePath;
import io.jenkins.plugins.minibuild.analysis.RepositoryAnalysis;
import io.jenkins.plugins.minibuild.claude.Allowance;
import io.jenkins.plugins.minibuild.claude.ClaudeResult;
import io.jenkins.plugins.minibuild.claude.ConsoleLines;
import io.jenkins.plugins.minibuild.step.BuildContext;
import java.io.IOException;
import java.util.List;

/** Claude as a reviewer: it may read, and nothing else. Its calls share one set of caps. */
final class ClaudeReviewer implements Reviewer, AutoCloseable {
    static final List<String> TOOLS = List.of("Read", "Glob", "Grep");

    private final Allowance allowance;
    private long millis;
    private String model = "";

    /** Finds the command and sets its money aside; {@link #close} gives back what is left. */
    ClaudeReviewer(BuildContext context, Allowance.Parameters parameters) throws IOException, InterruptedException {
        allowance = new Allowance(context, parameters);
    }

    @Override
    public Answer ask(FilePath folder, String prompt, String schema) throws IOException, InterruptedException {
        if (!allowance.isLeft()) {
            return new Answer(null, Messages.ClaudeCoder_nothingLeft());
        }
        ClaudeResult result = allowance.book(allowance.run(folder, prompt, schema, true));
        millis += result.duration().toMillis();
        model = result.model().isEmpty() ? model : ConsoleLines.printable(result.model());
        return switch (result.ending()) {
            case DONE -> new Answer(result.structured(), null);
            case TURNS, TIME, BUDGET, OUTPUT, CANCELLED, OVERLOADED, BROKEN_STREAM ->
                new Answer(null, result.message());
            case FAILED -> {
                if (RepositoryAnalysis.isSchemaFailure(result)) {
                    yield new Answer(null, null);
                }
                throw new AbortException(Messages.ClaudeReviewer_failed(result.message()));
            }
            default -> throw new AbortException(Messages.ClaudeReviewer_failed(result.message()));
        };
    }

    @Override
    public ReviewReport.Cost cost() {
        return new ReviewReport.Cost(allowance.dollars(), allowance.turns(), millis, model);
    }

    @Override
    public void close() throws IOException {
        allowance.close();
    }
}
