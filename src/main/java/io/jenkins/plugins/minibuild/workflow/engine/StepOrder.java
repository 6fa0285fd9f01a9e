package io.jenkins.plugins.minibuild.workflow.engine;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.minibuild.workflow.model.Retry;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the process of a job is told of one step: all templates have their values. Immutable. It can hold secrets, so it is never stored or printed.
 *
 * @param index of the step in its job, from 0
 * @param shell the words before the script, such as {@code [sh, -e, -c]}
 * @param command the script; outside values stand in it as variables only
 * @param workdir absolute, or relative to the workspace; made if it is not there
 * @param environment of this step only; values can be secrets
 * @param container null on the host
 * @param retry within the step
 * @param afterSuccess whether it runs while no step before failed
 * @param afterFailure whether it runs once a step before failed
 * @param afterCancel whether it runs once the job was cancelled or its time was over
 * @param continueOnError whether its failure counts as success for what comes after
 */
public record StepOrder(
        int index,
        List<String> shell,
        String command,
        String workdir,
        Map<String, String> environment,
        @CheckForNull ContainerOrder container,
        Retry retry,
        boolean afterSuccess,
        boolean afterFailure,
        boolean afterCancel,
        boolean continueOnError) {
    /** Copies the collections. */
    public StepOrder {
        shell = List.copyOf(shell);
        environment = Collections.unmodifiableMap(new LinkedHashMap<>(environment));
    }

    /**
     * The container that a step runs in.
     *
     * @param engine the command of the engine; empty for docker or podman, whichever the agent has
     * @param image its name as the engine knows it
     * @param entrypoint in the place of the image's; null for the image's
     * @param cpu processors; 0 for no limit
     * @param memory bytes; 0 for no limit
     * @param login null for none
     */
    public record ContainerOrder(
            String engine,
            String image,
            @CheckForNull String entrypoint,
            double cpu,
            long memory,
            @CheckForNull Login login) {}

    /**
     * Who pulls the image.
     *
     * @param server empty for the one in the image's name
     */
    public record Login(String server, String username, String password) {
        @Override
        public String toString() {
            return "Login[" + server + ", " + username + "]";
        }
    }
}
