package io.jenkins.plugins.minibuild.workflow.run;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.Map;

/**
 * How a step stands. Immutable; in JSON as its components.
 *
 * @param attempt the last one that began; 0 before the first
 * @param started of the first attempt, milliseconds since 1970; 0 before it began
 * @param ended milliseconds since 1970; 0 before it ended
 * @param exitCode of the last attempt; null if it has none
 * @param text an error or a reason, for people; empty for nothing
 * @param outputs what it wrote
 */
public record StepState(
        State state,
        int attempt,
        long started,
        long ended,
        @CheckForNull Integer exitCode,
        String text,
        Map<String, String> outputs) {
    /** Not begun. */
    static final StepState PENDING = new StepState(State.PENDING, 0, 0, 0, null, "", Map.of());

    /** Copies the outputs. */
    public StepState {
        outputs = Map.copyOf(outputs);
    }

    StepState after(Entry entry) {
        State next = entry.state() == null ? state : entry.state();
        return new StepState(
                next,
                Math.max(attempt, entry.attempt()),
                started == 0 && next != State.SKIPPED && next != State.PENDING ? entry.at() : started,
                next.isOpen() ? 0 : entry.at(),
                entry.exitCode() == null ? exitCode : entry.exitCode(),
                entry.text().isEmpty() ? text : entry.text(),
                entry.data().isEmpty() ? outputs : entry.data());
    }
}
