package io.jenkins.plugins.minibuild.step;

import java.io.Serializable;
import java.time.Duration;

/**
 * The time that a step gives itself. The slot that it holds is taken from it only when this time has passed.
 *
 * @param time in which the step ends its own work
 * @param given whether the job or a profile says it; false for the default of the step
 * @param afterwards what it may need besides: it reports what went wrong, or saves what is finished
 */
public record TimeLimit(Duration time, boolean given, Duration afterwards) implements Serializable {
    /** Enough for a message and for pushing a branch. */
    public static final Duration AFTERWARDS = Duration.ofMinutes(5);

    public TimeLimit(Duration time, boolean given) {
        this(time, given, AFTERWARDS);
    }
}
