package io.jenkins.plugins.minibuild.access;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.List;
import java.util.Optional;

/**
 * What no Jenkinsfile can weaken: of one place (the system configuration, a folder), or of several together. Immutable.
 *
 * @param uploadGates each of them holds
 */
public record Policy(ReviewPolicy review, ModelPolicy model, CodePolicy code, List<UploadGate> uploadGates) {
    /** Nobody says anything. */
    static final Policy SILENT = new Policy(ReviewPolicy.SILENT, ModelPolicy.SILENT, CodePolicy.SILENT, List.of());

    /** US dollars that a run of Claude may cost unless an administrator says otherwise. */
    static final double USD_PER_RUN = 20;

    /** US dollars that all runs of Claude may cost in a day unless an administrator says otherwise. */
    static final double USD_PER_DAY = 100;

    /** What holds until an administrator says otherwise. */
    public static final Policy DEFAULT = SILENT.withDefaults();

    /** Copies the list. */
    public Policy {
        uploadGates = List.copyOf(uploadGates);
    }

    /** Both at once: the stricter of each value. It is never weaker than one of the two. */
    public Policy and(Policy inner) {
        return new Policy(
                review.and(inner.review),
                model.and(inner.model),
                code.and(inner.code),
                Rule.both(uploadGates, inner.uploadGates));
    }

    /**
     * The gate that asks for an approval of an upload's commit; empty if none does.
     *
     * @param profile empty for none
     * @param branch null if it is not known: then every gate of the profile holds
     */
    public Optional<UploadGate> uploadGate(String profile, @CheckForNull String branch) {
        return uploadGates.stream().filter(each -> each.covers(profile, branch)).findFirst();
    }

    /** The same, with what only administrators allow. */
    Policy allowing(Rule<Boolean> sandboxOff, Rule<Boolean> builtInNode) {
        return new Policy(
                review,
                new ModelPolicy(
                        model.sandboxRequired(),
                        sandboxOff,
                        model.maxUsdPerRun(),
                        model.maxUsdPerDay(),
                        model.maxTurns(),
                        model.maxMinutes(),
                        model.models()),
                new CodePolicy(code.protectedPaths(), code.forks(), builtInNode),
                uploadGates);
    }

    /** The same, with the plugin's defaults for what nobody has set. */
    Policy withDefaults() {
        return new Policy(
                        review,
                        new ModelPolicy(
                                model.sandboxRequired(),
                                model.sandboxOffAllowed(),
                                model.maxUsdPerRun().orDefault(USD_PER_RUN),
                                model.maxUsdPerDay().isEmpty()
                                        ? List.of(new Rule<>("maxUsdPerDay", USD_PER_DAY, null))
                                        : model.maxUsdPerDay(),
                                model.maxTurns(),
                                model.maxMinutes(),
                                model.models()),
                        new CodePolicy(
                                code.protectedPaths(),
                                code.forks().orDefault(Forks.MEMBERS),
                                code.builtInNodeAllowed()),
                        uploadGates)
                .allowing(
                        model.sandboxOffAllowed().orDefault(false),
                        code.builtInNodeAllowed().orDefault(false));
    }
}
