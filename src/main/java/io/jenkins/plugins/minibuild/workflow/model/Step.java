package io.jenkins.plugins.minibuild.workflow.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.minibuild.workflow.expression.Expression;
import io.jenkins.plugins.minibuild.workflow.expression.Template;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A step. Exactly one of command, {@link #uses}, {@link #plugin} and {@link #service} says what it does; a command can have a {@link #language}. Immutable.
 *
 * @param name for people; not empty
 * @param position of its name, or of the step
 * @param settings its own only
 * @param command null if it has none
 * @param uses the name of a step of this plugin; null if it uses none
 * @param with the arguments of {@link #uses}: texts (each the source of a template), numbers, booleans, lists and maps of them
 * @param plugin go-idp's; null for none
 * @param language go-idp's; null for none
 * @param service go-idp's; null for none
 * @param when null for {@code success()}
 * @param retry {@link Retry#NONE} for none
 * @param continueOnError whether the job goes on as if nothing had happened when it fails
 * @param outputs the names that it promises to write to {@code $MINI_BUILD_OUTPUT}; may be empty although it writes some
 */
public record Step(
        String name,
        Position position,
        Settings settings,
        @CheckForNull Template command,
        @CheckForNull String uses,
        Map<String, Object> with,
        @CheckForNull Plugin plugin,
        @CheckForNull Language language,
        @CheckForNull Service service,
        @CheckForNull Expression when,
        Retry retry,
        boolean continueOnError,
        List<String> outputs) {
    /** Copies the collections. */
    public Step {
        with = Collections.unmodifiableMap(new LinkedHashMap<>(with));
        outputs = List.copyOf(outputs);
    }

    /**
     * A container that is configured by variables.
     *
     * @param image null for the step's own
     * @param settings become PIPELINE_PLUGIN_SETTINGS_KEY
     * @param entrypoint never empty
     * @param registry null for the step's own
     */
    public record Plugin(
            @CheckForNull Template image,
            Map<String, Template> settings,
            String entrypoint,
            @CheckForNull Settings.Registry registry) {
        /** Where a plugin's image has its program, as go-idp says. */
        public static final String ENTRYPOINT = "/pipeline/plugin/run";

        /** Copies the settings. */
        public Plugin {
            settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
        }
    }

    /**
     * The language that the command is written in.
     *
     * @param version empty for the image's {@code latest}
     */
    public record Language(String name, String version) {}

    /**
     * Services that the step starts.
     *
     * @param type {@code docker-compose}, {@code docker-swarm} or {@code kubernetes}
     * @param config a path in the workspace, or the text itself
     */
    public record Service(String name, String version, String type, Template config) {}
}
