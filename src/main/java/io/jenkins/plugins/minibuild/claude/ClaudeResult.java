package io.jenkins.plugins.minibuild.claude;

import com.fasterxml.jackson.databind.JsonNode;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.time.Duration;

/**
 * How a run ended and what it used. Immutable.
 *
 * @param message what happened and what to do, for people, without secrets; empty when it is done
 * @param text the model's last words; may be empty
 * @param structured the answer by the schema; null without one
 * @param dollars US dollars, all attempts together
 * @param turns of the last attempt
 * @param usage tokens, all attempts together
 * @param session the id of the last attempt's session; may be empty
 * @param model that was used; may be empty
 * @param usedTools whether the model asked for a tool in any attempt
 */
public record ClaudeResult(
        Ending ending,
        String message,
        String text,
        @CheckForNull JsonNode structured,
        double dollars,
        int turns,
        StreamEvent.Usage usage,
        Duration duration,
        String session,
        String model,
        boolean usedTools) {}
