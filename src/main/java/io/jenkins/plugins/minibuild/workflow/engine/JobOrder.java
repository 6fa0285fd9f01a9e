package io.jenkins.plugins.minibuild.workflow.engine;

import java.util.List;

/**
 * What the process of a job is told: steps that run one after the other on the agent. Immutable. It can hold secrets, so it is never stored or printed.
 *
 * @param id of this part of this attempt of the job in this run: letters, digits and {@code -}; unique on the agent. Who starts the same id again starts nothing
 * @param steps at least one
 * @param failed whether a step before these failed already
 * @param timeoutMillis after which the process ends itself, should the controller be away; 0 for never
 */
public record JobOrder(String id, List<StepOrder> steps, boolean failed, long timeoutMillis) {
    /** Copies the list. */
    public JobOrder {
        steps = List.copyOf(steps);
    }
}
