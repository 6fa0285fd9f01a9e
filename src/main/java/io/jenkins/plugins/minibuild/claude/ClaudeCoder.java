package io.jenkins.plugins.minibuild.claude;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import hudson.FilePath;
import hudson.Util;
import hudson.util.Secret;
import io.jenkins.plugins.minibuild.build.BuildContext;
import io.jenkins.plugins.minibuild.codegen.Coder;
import io.jenkins.plugins.minibuild.process.ContainerChoice;
import io.jenkins.plugins.minibuild.process.Deadline;
import java.io.IOException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;

/** Claude as the one who writes code: its calls go on with one session and share one set of caps. */
final class ClaudeCoder implements Coder, AutoCloseable {
    /** What a step says of it. */
    record Parameters(
            String title,
            @CheckForNull String apiKeyCredentialsId,
            @CheckForNull String baseUrl,
            @CheckForNull String model,
            @CheckForNull String tool,
            List<String> allowedTools,
            List<String> disallowedTools,
            Caps caps,
            int retries,
            boolean trusted,
            String patch,
            @CheckForNull ContainerChoice container) {}

    private final BuildContext context;
    private final Parameters parameters;
    private final ClaudeSettings settings;
    private final Secret key;
    private final ClaudeCli cli;
    private final DailyBudget budget;
    private final DailyBudget.Reservation reserved;
    private final Deadline deadline;
    private final FilePath home;
    private double dollars;
    private int turns;

    /** Finds the command and sets its money aside; {@link #close} gives back what is left. */
    ClaudeCoder(BuildContext context, Parameters parameters) throws IOException, InterruptedException {
        this.context = context;
        this.parameters = parameters;
        settings = context.settings().all(ClaudeSettings.class).stream()
                .findFirst()
                .orElse(ClaudeSettings.NONE);
        key = RepositoryAnalysis.key(context, parameters.apiKeyCredentialsId(), parameters.baseUrl(), settings);
        cli = ClaudeCli.find(context, parameters.tool(), parameters.container());
        home = context.temp().createTempDir("claude-home", "");
        budget = new DailyBudget(context.controllerFolder(), context.clock().withZone(ZoneId.systemDefault()));
        reserved = budget.reserve(settings.budgets(), parameters.caps().dollars());
        deadline = Deadline.after(parameters.caps().time());
    }

    /** The id of the credential that holds the key. */
    String keyCredentialsId() {
        String own = parameters.apiKeyCredentialsId();
        return Util.fixNull(own == null ? settings.apiKeyCredentialsId() : own);
    }

    @Override
    public Work work(BuildContext build, FilePath folder, String prompt, @CheckForNull String session)
            throws IOException, InterruptedException {
        Caps caps = parameters.caps();
        double left = reserved.dollars() - dollars;
        Duration time = deadline.remaining();
        if (left <= 0 || caps.turns() <= turns || time.isZero()) {
            return new Work(Messages.ClaudeCoder_nothingLeft(), String.valueOf(session), "", 0, 0, 0, 0);
        }
        ClaudeRequest request = new ClaudeRequest(
                parameters.title(),
                prompt,
                folder,
                parameters.allowedTools().stream()
                        .map(tool -> tool.replaceFirst("\\(.*", ""))
                        .distinct()
                        .toList(),
                parameters.allowedTools(),
                parameters.disallowedTools(),
                null,
                parameters.model() == null ? settings.model() : parameters.model(),
                key,
                parameters.baseUrl() == null ? settings.baseUrl() : parameters.baseUrl(),
                parameters.trusted(),
                false,
                parameters.retries(),
                new Caps(caps.turns() - turns, time, left, caps.bytes()));
        // Until it is known what it did cost, it may have cost all of it.
        double before = dollars;
        dollars = reserved.dollars();
        ClaudeResult result = ClaudeRun.of(context, cli, request)
                .session(home, session)
                .patch(parameters.patch())
                .run();
        dollars = before + result.dollars();
        turns += result.turns();
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
    public void close() throws IOException, InterruptedException {
        boolean interrupted = Thread.interrupted();
        try {
            budget.settle(reserved, dollars);
        } finally {
            home.deleteRecursive();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
