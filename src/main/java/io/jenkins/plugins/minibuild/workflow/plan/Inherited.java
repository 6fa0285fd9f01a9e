package io.jenkins.plugins.minibuild.workflow.plan;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.minibuild.workflow.expression.Template;
import io.jenkins.plugins.minibuild.workflow.model.Settings;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The settings of a level and of those around it. Immutable.
 *
 * @param environment of all levels; the innermost wins
 * @param engine in words; empty for the one that fits the image
 * @param image null for none
 */
record Inherited(
        Map<String, Template> environment,
        String engine,
        @CheckForNull Template image,
        @CheckForNull Settings.Registry registry,
        @CheckForNull Template workdir,
        @CheckForNull String shell,
        @CheckForNull Settings.Resources resources) {
    static final Inherited NOTHING = new Inherited(Map.of(), "", null, null, null, null, null);

    /** With the settings of the next level. */
    Inherited with(Settings own) {
        Map<String, Template> all = new LinkedHashMap<>(environment);
        all.putAll(own.environment());
        Template ownImage = own.image();
        boolean none = ownImage != null && ownImage.source().isBlank();
        return new Inherited(
                all,
                // An image on this level means a container, whatever was said around it.
                own.engine() != null ? own.engine() : ownImage != null ? "" : engine,
                none ? null : ownImage != null ? ownImage : image,
                own.registry() != null ? own.registry() : registry,
                own.workdir() != null ? own.workdir() : workdir,
                own.shell() != null ? own.shell() : shell,
                own.resources() != null ? own.resources() : resources);
    }
}
