package io.jenkins.plugins.minibuild.codegen;

import io.jenkins.plugins.minibuild.review.ChangedFile;
import java.io.Serializable;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What came of a requirement.
 *
 * @param branch the work is on
 * @param base the branch it began at
 * @param commit its id
 * @param pushed whether the server has it
 * @param session the coder's
 * @param summary the coder's, cleaned
 */
public record CodegenResult(
        String branch,
        String base,
        String commit,
        boolean pushed,
        List<ChangedFile> files,
        int turns,
        double costUsd,
        long inputTokens,
        long outputTokens,
        Duration took,
        String session,
        String summary)
        implements Serializable {

    /** Lines, binary files not counted. */
    public int additions() {
        return files.stream().mapToInt(file -> Math.max(0, file.additions())).sum();
    }

    /** Lines, binary files not counted. */
    public int deletions() {
        return files.stream().mapToInt(file -> Math.max(0, file.deletions())).sum();
    }

    /** What a Pipeline is given; {@code duration} in seconds. */
    public Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("branch", branch);
        map.put("baseBranch", base);
        map.put("commit", commit);
        map.put("pushed", pushed);
        map.put("files", files.stream().map(ChangedFile::toMap).toList());
        map.put("additions", additions());
        map.put("deletions", deletions());
        map.put("cost", costUsd);
        map.put("inputTokens", inputTokens);
        map.put("outputTokens", outputTokens);
        map.put("turns", turns);
        map.put("duration", took.toMillis() / 1000.0);
        map.put("sessionId", session);
        map.put("summary", summary);
        return map;
    }
}
