package io.jenkins.plugins.minibuild.workflow.engine;

import java.util.Map;

/**
 * What is heard of the processes of jobs. Called on threads of the controller, for one job one call after the other, in order. What comes from an agent was
 * checked for form and size, not for truth. Events of a job are numbered from 1; after a new beginning of the following, those up to the known number are not
 * told again, and logs are told from the known place on.
 */
public interface JobNews {
    /** A step has begun. */
    void stepStarted(String job, Event event, int step, int attempt);

    /** A step does not run, since a step before failed or did not, or the job was cancelled. */
    void stepSkipped(String job, Event event, int step);

    /**
     * A step has ended.
     *
     * @param exitCode 128 and more after a signal
     * @param outputs what it wrote to {@code $MINI_BUILD_OUTPUT}
     * @param problem what was wrong with the outputs, for people; empty for nothing
     */
    void stepEnded(String job, Event event, int step, StepEnd end);

    /**
     * More of a step's log.
     *
     * @param offset of the first byte in the step's log on the agent
     */
    void log(String job, int step, long offset, byte[] bytes);

    /** The process has ended after all of its steps. All of its log was told before. */
    void ended(String job, Event event);

    /** The process is gone without having ended: the agent's machine was started again, its files were deleted, somebody killed it. */
    void lost(String job, String reason);

    /**
     * The agent does not answer at present. The process may go on; following begins again as soon as the agent is back.
     *
     * @param job one that is followed
     */
    void away(String job, String reason);

    /**
     * An event on the agent.
     *
     * @param number from 1, in the order of the job
     * @param at the agent's clock, in milliseconds since 1970
     */
    record Event(int number, long at) {}

    /**
     * How a step ended.
     *
     * @param attempt from 1
     * @param exitCode 128 and more after a signal
     * @param last whether no further attempt follows
     * @param outputs what it wrote to {@code $MINI_BUILD_OUTPUT}
     * @param problem what was wrong with the outputs, for people; empty for nothing
     */
    record StepEnd(int attempt, int exitCode, boolean last, Map<String, String> outputs, String problem) {
        /** Copies the outputs. */
        public StepEnd {
            outputs = Map.copyOf(outputs);
        }
    }
}
