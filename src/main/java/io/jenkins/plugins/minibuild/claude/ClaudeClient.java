package io.jenkins.plugins.minibuild.claude;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import hudson.FilePath;
import hudson.Util;
import io.jenkins.plugins.minibuild.access.ModelPolicy;
import io.jenkins.plugins.minibuild.access.Policies;
import io.jenkins.plugins.minibuild.access.Rule;
import io.jenkins.plugins.minibuild.process.Deadline;
import io.jenkins.plugins.minibuild.step.BuildContext;
import java.io.IOException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Runs the command several times within one set of caps: each run may use what the runs before it left. The caps' money is reserved in the daily
 * budget; {@link #close} gives back the rest. For one thread.
 */
public final class ClaudeClient implements AutoCloseable {
    private final BuildContext context;
    private final ClaudeOptions options;
    private final String title;
    private final String keyCredentialsId;
    private final ClaudeRequest.Model model;
    private final ClaudeCli cli;
    private final List<String> tools;
    private final List<String> disallowed;
    private final DailyBudget budget;
    private final DailyBudget.Reservation reserved;
    private final Deadline deadline;
    private double dollars;
    private int turns;
    private Duration duration = Duration.ZERO;

    /**
     * Finds the command and reserves its money, all within the policy of the job.
     *
     * @param title names the work for people
     * @param tools that the model is offered, by the command's own patterns
     * @param disallowed tools or patterns that are refused
     */
    public ClaudeClient(
            BuildContext context, ClaudeOptions options, String title, List<String> tools, List<String> disallowed)
            throws IOException, InterruptedException {
        Policies.checkNode(context);
        ModelPolicy policy = Policies.of(context).model();
        this.context = context;
        this.options = options.within(policy);
        this.title = title;
        this.disallowed = disallowed;
        ClaudeSettings settings = context.settings().all(ClaudeSettings.class).stream()
                .findFirst()
                .orElse(ClaudeSettings.NONE);
        keyCredentialsId = options.access().keyCredentialsId(settings);
        model = options.access().resolve(context, settings, policy);
        cli = ClaudeCli.find(context, options.tool(), this.options.isolation());
        if (options.trusted()) {
            checkConfined("trustRepository");
        }
        this.tools = cli.offered(context, tools);
        budget = new DailyBudget(context.controllerFolder(), context.clock().withZone(ZoneId.systemDefault()));
        reserved = budget.reserve(scopes(settings, policy), this.options.caps().dollars());
        deadline = Deadline.after(this.options.caps().time());
    }

    /** The daily budgets of the settings and of the policy; of two for one place the smaller counts, and the plugin's default where there is no other. */
    private static List<DailyBudget.Scope> scopes(ClaudeSettings settings, ModelPolicy policy) {
        Map<String, Double> least = new TreeMap<>();
        settings.budgets().forEach(scope -> least.merge(scope.name(), scope.dollars(), Math::min));
        for (Rule<Double> rule : policy.maxUsdPerDay()) {
            Double dollars = rule.value();
            if (dollars != null && (rule.place() != null || !least.containsKey(""))) {
                least.merge(Util.fixNull(rule.place()), dollars, Math::min);
            }
        }
        return least.entrySet().stream()
                .map(each -> new DailyBudget.Scope(each.getKey(), each.getValue()))
                .toList();
    }

    /**
     * Refuses what would run code of the model or of the repository on an agent that can confine nothing, unless the job may do without.
     *
     * @param parameter of the step that asks for it
     * @throws AbortException saying what is missing and what to do
     */
    public void checkConfined(String parameter) throws AbortException {
        if (cli.missing() != null) {
            throw new AbortException(Messages.ClaudeClient_unconfined(parameter, cli.missing()));
        }
    }

    /** The id of the credential that holds the key; empty for none. */
    public String keyCredentialsId() {
        return keyCredentialsId;
    }

    /** Whether no cap is reached yet. */
    public boolean isLeft() {
        return reserved.dollars() > dollars
                && options.caps().turns() > turns
                && !deadline.remaining().isZero();
    }

    /** Says to people that a cap is reached. */
    public static String nothingLeft() {
        return Messages.ClaudeClient_nothingLeft();
    }

    /**
     * Prepares a run with what is left; only while {@link #isLeft}. {@link #book} starts it.
     *
     * @param schema of the structured answer, as JSON; null for none
     */
    public ClaudeRun run(FilePath folder, String prompt, @CheckForNull String schema, boolean readOnly)
            throws IOException, InterruptedException {
        boolean confined = cli.sandbox() != null || cli.container() != null;
        if (!confined && (readOnly || cli.missing() != null)) {
            WorkspacePath.checkLinks(folder);
        }
        Caps caps = options.caps();
        Caps left = new Caps(caps.turns() - turns, deadline.remaining(), reserved.dollars() - dollars, caps.bytes());
        List<String> names = tools.stream()
                .map(each -> each.replaceFirst("\\(.*", ""))
                .distinct()
                .toList();
        return ClaudeRun.of(
                context,
                cli,
                new ClaudeRequest(
                        title,
                        prompt,
                        folder,
                        schema,
                        new ClaudeRequest.Tools(names, readOnly ? List.of() : tools, disallowed),
                        model,
                        new ClaudeRequest.Rules(options.trusted(), readOnly, options.retries(), left)));
    }

    /**
     * Runs it to its end and counts what it used. An aborted run counts with what it used until then; a run whose end is unknown counts with all
     * money that was left.
     */
    public ClaudeResult book(ClaudeRun run) throws IOException, InterruptedException {
        double before = dollars;
        dollars = reserved.dollars();
        ClaudeResult result;
        try {
            result = run.run();
        } catch (InterruptedException e) {
            dollars = before + run.dollars();
            throw e;
        }
        dollars = before + result.usage().dollars();
        turns += result.usage().turns();
        duration = duration.plus(result.usage().duration());
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

    /** Time of all runs so far, without the time between them. */
    public Duration duration() {
        return duration;
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
