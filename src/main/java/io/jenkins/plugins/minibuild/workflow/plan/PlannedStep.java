package io.jenkins.plugins.minibuild.workflow.plan;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.minibuild.workflow.expression.Expression;
import io.jenkins.plugins.minibuild.workflow.expression.Template;
import io.jenkins.plugins.minibuild.workflow.model.Retry;
import io.jenkins.plugins.minibuild.workflow.model.Step;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A step with all that it inherits. Immutable; in JSON as its components.
 *
 * @param name for people
 * @param phase when in its job it runs
 * @param command null if it has none
 * @param uses the name of a step of this plugin, which the controller runs; null for one that runs in the job's process
 * @param with arguments of {@link #uses}; texts are sources of templates
 * @param plugin null for none
 * @param language null for none
 * @param service null for none
 * @param place where it runs
 * @param shell a command that takes {@code -c SCRIPT}, in words, such as {@code [sh]} or {@code [bash, -eo, pipefail]}
 * @param workdir relative to the job's workspace, or absolute; empty for the workspace
 * @param environment of all levels
 * @param timeoutMillis its own; 0 for none
 * @param when null for {@code success()}
 * @param retry {@link Retry#NONE} for none
 * @param continueOnError whether its failure counts as success for what comes after
 * @param outputs the names that it promises
 */
public record PlannedStep(
        String name,
        Phase phase,
        @CheckForNull Template command,
        @CheckForNull String uses,
        Map<String, Object> with,
        @CheckForNull Step.Plugin plugin,
        @CheckForNull Step.Language language,
        @CheckForNull Step.Service service,
        Place place,
        List<String> shell,
        Template workdir,
        Map<String, Template> environment,
        long timeoutMillis,
        @CheckForNull Expression when,
        Retry retry,
        boolean continueOnError,
        List<String> outputs) {
    /** When a step runs in its job. */
    public enum Phase {
        /** Before the others. */
        PRE,
        /** One of its steps. */
        MAIN,
        /** After the others, however they ended. */
        POST
    }

    /** Copies the collections. */
    public PlannedStep {
        with = Collections.unmodifiableMap(new LinkedHashMap<>(with));
        shell = List.copyOf(shell);
        environment = Collections.unmodifiableMap(new LinkedHashMap<>(environment));
        outputs = List.copyOf(outputs);
    }
}
