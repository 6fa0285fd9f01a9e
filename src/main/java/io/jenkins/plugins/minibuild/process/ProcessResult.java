package io.jenkins.plugins.minibuild.process;

import java.time.Duration;
import java.util.List;

/**
 * How a command ended.
 *
 * @param exitCode the code; 128 + n where signal n ended it
 * @param tail its last lines of output, secrets masked, oldest first
 * @param duration from start to end
 */
public record ProcessResult(int exitCode, List<String> tail, Duration duration) {
    public ProcessResult {
        tail = List.copyOf(tail);
    }

    public boolean succeeded() {
        return exitCode == 0;
    }
}
