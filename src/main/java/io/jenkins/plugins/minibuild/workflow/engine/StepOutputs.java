package io.jenkins.plugins.minibuild.workflow.engine;

import io.jenkins.plugins.minibuild.process.OnAgent;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a step wrote to {@code $MINI_BUILD_OUTPUT}: lines {@code name=value}; of a name the last one counts. Immutable.
 *
 * @param line where the problem is, from 1; 0 for none
 */
@OnAgent
record StepOutputs(Map<String, String> values, JobNewsFormat.OutputProblem problem, int line) {
    static final StepOutputs NONE = new StepOutputs(Map.of(), JobNewsFormat.OutputProblem.NONE, 0);

    /** Reads the file. A bad line is left out and told; of too much nothing is taken. */
    static StepOutputs read(Path file) {
        byte[] all;
        try {
            if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                return Files.exists(file, LinkOption.NOFOLLOW_LINKS)
                        ? new StepOutputs(Map.of(), JobNewsFormat.OutputProblem.UNREADABLE, 0)
                        : NONE;
            }
            try (InputStream in = Files.newInputStream(file)) {
                all = in.readNBytes(JobNewsFormat.MOST_OUTPUT_BYTES + 1);
            }
        } catch (IOException e) {
            return new StepOutputs(Map.of(), JobNewsFormat.OutputProblem.UNREADABLE, 0);
        }
        // Broken UTF-8 grows when it is replaced.
        String text = new String(all, StandardCharsets.UTF_8);
        if (all.length > JobNewsFormat.MOST_OUTPUT_BYTES
                || text.getBytes(StandardCharsets.UTF_8).length > JobNewsFormat.MOST_OUTPUT_BYTES) {
            return new StepOutputs(Map.of(), JobNewsFormat.OutputProblem.TOO_LONG, 0);
        }
        Map<String, String> values = new LinkedHashMap<>();
        int bad = 0;
        int number = 0;
        for (String line : text.split("\n", -1)) {
            number++;
            if (line.isEmpty()) {
                continue;
            }
            int equals = line.indexOf('=');
            if (equals < 1 || !line.substring(0, equals).matches(JobNewsFormat.OUTPUT_NAME)) {
                bad = bad == 0 ? number : bad;
                continue;
            }
            values.put(line.substring(0, equals), line.substring(equals + 1));
            if (values.size() > JobNewsFormat.MOST_OUTPUTS) {
                return new StepOutputs(Map.of(), JobNewsFormat.OutputProblem.TOO_MANY, number);
            }
        }
        return new StepOutputs(
                values, bad == 0 ? JobNewsFormat.OutputProblem.NONE : JobNewsFormat.OutputProblem.LINE, bad);
    }
}
