package io.jenkins.plugins.minibuild.claude;

import com.fasterxml.jackson.databind.JsonNode;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.time.Duration;

/**
 * The end of a run and its usage. Immutable.
 *
 * @param message what happened and what to do, for people, without secrets; empty when it is done
 * @param text the model's last words; may be empty
 * @param structured the answer by the schema; null without one
 * @param session the id of the last attempt's session; may be empty
 * @param model that was used; may be empty
 */
public record ClaudeResult(
        EndReason endReason,
        String message,
        String text,
        @CheckForNull JsonNode structured,
        Usage usage,
        String session,
        String model) {

    /**
     * What the run used.
     *
     * @param dollars US dollars, all attempts together
     * @param turns of the last attempt
     * @param tokens all attempts together
     * @param duration all attempts together
     * @param tools whether the model asked for a tool in any attempt
     */
    public record Usage(double dollars, int turns, StreamEvent.Usage tokens, Duration duration, boolean tools) {}

    /** Whether the model never brought its answer into the form of the schema. */
    public boolean missedSchema() {
        return endReason == EndReason.FAILED && message.contains("error_max_structured_output_retries");
    }
}
