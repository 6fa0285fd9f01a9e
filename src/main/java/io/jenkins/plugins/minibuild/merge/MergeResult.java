package io.jenkins.plugins.minibuild.merge;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.minibuild.forge.MergeRequest;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The result of {@code createMergeRequest}.
 *
 * @param service its name for people
 * @param repository its address
 * @param created whether it was opened now, or an open one was changed
 * @param approved the commit that people have approved; null if nobody had to
 */
public record MergeResult(
        String service,
        String repository,
        MergeRequest request,
        boolean created,
        @CheckForNull String approved) {
    /** What a Pipeline is given. */
    Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("url", request.url());
        map.put("number", request.number());
        map.put("state", request.state().word());
        map.put("created", created);
        map.put("draft", request.draft());
        map.put("title", request.title());
        map.put("source", request.source());
        map.put("target", request.target());
        return map;
    }
}
