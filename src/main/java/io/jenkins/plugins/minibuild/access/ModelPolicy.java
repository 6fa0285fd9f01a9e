package io.jenkins.plugins.minibuild.access;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import io.jenkins.plugins.minibuild.files.Glob;
import java.util.List;

/**
 * What Claude may use. Immutable.
 *
 * @param sandboxRequired whether a step is refused on an agent that has neither sandbox nor container
 * @param sandboxOffAllowed whether a step may say {@code sandbox: 'off'}; see {@link #checkSandboxOff}
 * @param maxUsdPerRun US dollars that a run may cost
 * @param maxUsdPerDay US dollars a day for all jobs of the rule's place together: the whole controller, or a folder
 * @param maxTurns answers of the model in a run
 * @param maxMinutes of a run
 * @param models patterns of models, separated by commas; a model has to match each of the rules
 */
public record ModelPolicy(
        Rule<Boolean> sandboxRequired,
        Rule<Boolean> sandboxOffAllowed,
        Rule<Double> maxUsdPerRun,
        List<Rule<Double>> maxUsdPerDay,
        Rule<Integer> maxTurns,
        Rule<Integer> maxMinutes,
        List<Rule<String>> models) {
    static final ModelPolicy SILENT = new ModelPolicy(
            Rule.silent("sandboxRequired"),
            Rule.silent("sandboxOffAllowed"),
            Rule.silent("maxUsdPerRun"),
            List.of(),
            Rule.silent("maxTurns"),
            Rule.silent("maxMinutes"),
            List.of());

    /** Copies the lists. */
    public ModelPolicy {
        maxUsdPerDay = List.copyOf(maxUsdPerDay);
        models = List.copyOf(models);
    }

    /** @throws AbortException if a step must not say {@code sandbox: 'off'} */
    public void checkSandboxOff() throws AbortException {
        if (sandboxRequired.on()) {
            throw sandboxRequired.refusal("sandbox: 'off'");
        }
        sandboxOffAllowed.allow("sandbox: 'off'");
    }

    /**
     * Checks the choice of a model.
     *
     * @param model null for the command's own choice, which is refused where there are rules: nobody knows what it will be
     * @throws AbortException when a rule does not have it
     */
    public void checkModel(@CheckForNull String model) throws AbortException {
        for (Rule<String> each : models) {
            if (model == null || !Glob.names(each.value()).matches(model)) {
                throw each.refusal(model == null ? Messages.ModelPolicy_none() : model);
            }
        }
    }

    /** Both at once: the stricter of each value. */
    ModelPolicy and(ModelPolicy inner) {
        return new ModelPolicy(
                sandboxRequired.larger(inner.sandboxRequired),
                sandboxOffAllowed.smaller(inner.sandboxOffAllowed),
                maxUsdPerRun.smaller(inner.maxUsdPerRun),
                Rule.both(maxUsdPerDay, inner.maxUsdPerDay),
                maxTurns.smaller(inner.maxTurns),
                maxMinutes.smaller(inner.maxMinutes),
                Rule.both(models, inner.models));
    }
}
