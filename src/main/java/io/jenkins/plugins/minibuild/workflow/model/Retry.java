package io.jenkins.plugins.minibuild.workflow.model;

import java.util.List;

/**
 * How often something that failed is run again. Immutable.
 *
 * @param count further attempts after the first; 0 for none, at most 10
 * @param backoffMillis the wait before the first further attempt; it doubles each time, up to ten minutes
 * @param exitCodes those after which it is run again; empty for every one but 0
 */
public record Retry(int count, long backoffMillis, List<Integer> exitCodes) {
    /** No further attempt. */
    public static final Retry NONE = new Retry(0, 0, List.of());

    /** Copies the list. */
    public Retry {
        exitCodes = List.copyOf(exitCodes);
    }

    /** Whether there is a further attempt after that many and this exit code. */
    public boolean after(int attempts, int exitCode) {
        return attempts <= count && exitCode != 0 && (exitCodes.isEmpty() || exitCodes.contains(exitCode));
    }
}
