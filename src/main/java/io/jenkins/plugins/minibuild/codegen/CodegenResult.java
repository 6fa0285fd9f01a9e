package io.jenkins.plugins.minibuild.codegen;

import io.jenkins.plugins.minibuild.diff.ChangedFile;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A requirement that was implemented.
 *
 * @param session the generator's
 * @param summary the generator's, cleaned
 */
public record CodegenResult(
        Branch branch,
        List<ChangedFile> files,
        CodeGenerator.Usage usage,
        Duration took,
        String session,
        String summary) {

    /**
     * The branch with the work.
     *
     * @param base the branch that it began at
     * @param commit the id of the newest commit
     * @param pushed whether the server has it
     */
    public record Branch(String name, String base, String commit, boolean pushed) {}

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
        map.put("branch", branch.name());
        map.put("baseBranch", branch.base());
        map.put("commit", branch.commit());
        map.put("pushed", branch.pushed());
        map.put("files", files.stream().map(ChangedFile::toMap).toList());
        map.put("additions", additions());
        map.put("deletions", deletions());
        map.put("cost", usage.costUsd());
        map.put("inputTokens", usage.inputTokens());
        map.put("outputTokens", usage.outputTokens());
        map.put("turns", usage.turns());
        map.put("duration", took.toMillis() / 1000.0);
        map.put("sessionId", session);
        map.put("summary", summary);
        return map;
    }
}
