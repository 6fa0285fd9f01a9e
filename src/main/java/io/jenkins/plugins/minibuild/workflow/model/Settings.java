package io.jenkins.plugins.minibuild.workflow.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.minibuild.workflow.expression.Template;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What every level of a workflow can set. A child's value wins over its parent's; of the environment, variable by variable. Immutable.
 *
 * @param environment in the order of the file
 * @param image null for what the parent says; an empty template for none
 * @param registry who may pull the image; null for what the parent says
 * @param workdir relative to the workspace, or absolute; null for what the parent says
 * @param shell a command that takes {@code -c SCRIPT}; null for what the parent says
 * @param timeout of this level as a whole; null for none of its own
 * @param engine {@code host}, {@code docker}, {@code podman}, or an address such as {@code ssh://host}; null for what the parent says
 * @param resources of a container; null for what the parent says
 */
public record Settings(
        Map<String, Template> environment,
        @CheckForNull Template image,
        @CheckForNull Registry registry,
        @CheckForNull Template workdir,
        @CheckForNull String shell,
        @CheckForNull Duration timeout,
        @CheckForNull String engine,
        @CheckForNull Resources resources) {
    /** Nothing set. */
    public static final Settings NONE = new Settings(Map.of(), null, null, null, null, null, null, null);

    /** Copies the environment. */
    public Settings {
        environment = Collections.unmodifiableMap(new LinkedHashMap<>(environment));
    }

    /**
     * Who may pull an image.
     *
     * @param server null for the one in the image's name
     * @param username go-idp's; null where a credential is named
     * @param password go-idp's; null where a credential is named
     * @param credentialsId of a user name with password; null where they stand in the file
     */
    public record Registry(
            @CheckForNull String server,
            @CheckForNull Template username,
            @CheckForNull Template password,
            @CheckForNull String credentialsId) {}

    /**
     * The limits of a container.
     *
     * @param cpu processors, such as 1.5; 0 for no limit
     * @param memory bytes; 0 for no limit
     */
    public record Resources(double cpu, long memory) {}
}
