package io.jenkins.plugins.minibuild.merge;

import com.fasterxml.jackson.core.type.TypeReference;
import io.jenkins.plugins.minibuild.files.Json;
import io.jenkins.plugins.minibuild.files.StoredFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The approved merge requests that are looked at from time to time, each with the last build that opened or changed it: a file on the controller, the newest 500 of
 * the last 90 days. Safe for several threads.
 */
final class WatchedRequests {
    private static final TypeReference<LinkedHashMap<String, Watch>> STORED = new TypeReference<>() {};
    private static final int MOST = 500;
    private static final Duration LONGEST = Duration.ofDays(90);

    private final Path file;

    WatchedRequests(Path file) {
        this.file = file;
    }

    /**
     * @param build its id
     * @param since milliseconds since 1970
     */
    record Watch(String build, long since) {}

    /** The ids of the builds by the addresses of their merge requests, the oldest first. */
    synchronized Map<String, Watch> all() throws IOException {
        return StoredFile.<Map<String, Watch>>readOrSetAside(file, json -> Json.MAPPER.readValue(json, STORED))
                .orElseGet(LinkedHashMap::new);
    }

    /** Takes the place of an earlier build that did the same. */
    synchronized void add(String url, String build, Instant now) throws IOException {
        Map<String, Watch> all = all();
        all.remove(url);
        all.put(url, new Watch(build, now.toEpochMilli()));
        all.values().removeIf(each -> each.since() < now.minus(LONGEST).toEpochMilli());
        while (all.size() > MOST) {
            all.remove(all.keySet().iterator().next());
        }
        write(all);
    }

    synchronized void remove(Collection<String> urls) throws IOException {
        Map<String, Watch> all = all();
        if (all.keySet().removeAll(urls)) {
            write(all);
        }
    }

    private void write(Map<String, Watch> all) throws IOException {
        StoredFile.replace(file, Json.MAPPER.writeValueAsBytes(all));
    }
}
