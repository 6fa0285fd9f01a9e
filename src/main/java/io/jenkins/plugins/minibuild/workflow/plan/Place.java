package io.jenkins.plugins.minibuild.workflow.plan;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.minibuild.workflow.expression.Template;
import io.jenkins.plugins.minibuild.workflow.model.Settings;

/**
 * Where a step runs. Immutable.
 *
 * @param engine what runs it
 * @param command of the container engine, such as {@code podman}; empty for the agent's own choice
 * @param image of a container; null on the host
 * @param registry who may pull the image; null for everybody
 * @param resources of a container; null for no limits
 */
public record Place(
        Engine engine,
        String command,
        @CheckForNull Template image,
        @CheckForNull Settings.Registry registry,
        @CheckForNull Settings.Resources resources) {
    /** On the agent itself. */
    public static final Place HOST = new Place(Engine.HOST, "", null, null, null);

    /** What runs a step. */
    public enum Engine {
        /** The agent itself. */
        HOST,
        /** A container on the agent. */
        CONTAINER
    }
}
