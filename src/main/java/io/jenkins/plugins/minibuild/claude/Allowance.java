package io.jenkins.plugins.minibuild.claude;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.FilePath;
import hudson.Util;
import hudson.util.Secret;
import io.jenkins.plugins.minibuild.analysis.RepositoryAnalysis;
import io.jenkins.plugins.minibuild.process.Deadline;
import io.jenkins.plugins.minibuild.process.Isolation;
import io.jenkins.plugins.minibuild.step.BuildContext;
import java.io.IOException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;

/**
 * What several runs of the command have in common: the command, its key, and one set of caps, of which each run gets what the ones before have left. For
 * one thread; {@link #close} gives back what is left of the money.
 */
public final class Allowance implements AutoCloseable {
    /**
     * What a step says of its runs; null stands for what the admin configured.
     *
     * @param title for people: what they work on
     * @param tools that the model is offered, with the command's own patterns
     * @param disallowed tools or patterns that are refused
     * @param tool the tool installation; null for the usual order
     * @param trusted whether settings and instruction files of the repository count
     * @param isolation of what the command does
     */
    public record Parameters(
            String title,
            @CheckForNull String apiKeyCredentialsId,
            @CheckForNull String baseUrl,
            @CheckForNull String model,
            @CheckForNull String tool,
            List<String> tools,
            List<String> disallowed,
            Caps caps,
            int retries,
            boolean trusted,
            Isolation isolation) {}

    private final BuildContext context;
    private final Parameters parameters;
    private final ClaudeSettings settings;
    private final Secret key;
    private final ClaudeCli cli;
    private final List<String> tools;
    private final DailyBudget budget;
    private final DailyBudget.Reservation reserved;
    private final Deadline deadline;
    private double dollars;
    private int turns;

    /** Finds the command and sets its money aside. */
    public Allowance(BuildContext context, Parameters parameters) throws IOException, InterruptedException {
        this.context = context;
        this.parameters = parameters;
        settings = context.settings().all(ClaudeSettings.class).stream()
                .findFirst()
                .orElse(ClaudeSettings.NONE);
        key = RepositoryAnalysis.key(context, parameters.apiKeyCredentialsId(), parameters.baseUrl(), settings);
        cli = ClaudeCli.find(context, parameters.tool(), parameters.isolation());
        tools = cli.offered(context, parameters.tools());
        budget = new DailyBudget(context.controllerFolder(), context.clock().withZone(ZoneId.systemDefault()));
        reserved = budget.reserve(settings.budgets(), parameters.caps().dollars());
        deadline = Deadline.after(parameters.caps().time());
    }

    /** The id of the credential that holds the key; empty for none. */
    public String keyCredentialsId() {
        String own = parameters.apiKeyCredentialsId();
        return Util.fixNull(own == null ? settings.apiKeyCredentialsId() : own);
    }

    /** Whether no cap is reached yet. */
    public boolean isLeft() {
        return reserved.dollars() > dollars
                && parameters.caps().turns() > turns
                && !deadline.remaining().isZero();
    }

    /** A run with what is left; only while {@link #isLeft}. Its result is to be {@linkplain #book booked}. */
    public ClaudeRun run(FilePath folder, String prompt, @CheckForNull String schema, boolean readOnly)
            throws IOException {
        Caps caps = parameters.caps();
        Duration time = deadline.remaining();
        ClaudeRequest request = new ClaudeRequest(
                parameters.title(),
                prompt,
                folder,
                tools.stream()
                        .map(each -> each.replaceFirst("\\(.*", ""))
                        .distinct()
                        .toList(),
                readOnly ? List.of() : tools,
                parameters.disallowed(),
                schema,
                parameters.model() == null ? settings.model() : parameters.model(),
                key,
                parameters.baseUrl() == null ? settings.baseUrl() : parameters.baseUrl(),
                parameters.trusted(),
                readOnly,
                parameters.retries(),
                new Caps(caps.turns() - turns, time, reserved.dollars() - dollars, caps.bytes()));
        return ClaudeRun.of(context, cli, request);
    }

    /** Runs it to its end. Until it is known what it did cost, it may have cost all of it. */
    public ClaudeResult book(ClaudeRun run) throws IOException, InterruptedException {
        double before = dollars;
        dollars = reserved.dollars();
        ClaudeResult result = run.run();
        dollars = before + result.dollars();
        turns += result.turns();
        return result;
    }

    /** US dollars so far. */
    public double dollars() {
        return dollars;
    }

    /** Answers of the model so far. */
    public int turns() {
        return turns;
    }

    @Override
    public void close() throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            budget.settle(reserved, dollars);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
