package io.jenkins.plugins.minibuild.merge;

import com.fasterxml.jackson.core.type.TypeReference;
import io.jenkins.plugins.minibuild.files.Json;
import io.jenkins.plugins.minibuild.files.StoredFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The builds whose approved merge requests are looked at from time to time: a file on the controller, the newest 500 of the last 90 days. Safe for several threads. */
final class WatchedBuilds {
    private static final int MOST = 500;
    private static final Duration LONGEST = Duration.ofDays(90);

    private final Path file;

    WatchedBuilds(Path file) {
        this.file = file;
    }

    /** The ids of the builds, the oldest first. */
    synchronized List<String> all() throws IOException {
        return List.copyOf(read().keySet());
    }

    synchronized void add(String build, Instant now) throws IOException {
        Map<String, Long> all = read();
        all.remove(build);
        all.put(build, now.toEpochMilli());
        all.values().removeIf(since -> since < now.minus(LONGEST).toEpochMilli());
        while (all.size() > MOST) {
            all.remove(all.keySet().iterator().next());
        }
        write(all);
    }

    synchronized void remove(List<String> builds) throws IOException {
        Map<String, Long> all = read();
        if (all.keySet().removeAll(builds)) {
            write(all);
        }
    }

    private Map<String, Long> read() throws IOException {
        return StoredFile.<Map<String, Long>>readOrSetAside(
                        file, json -> Json.MAPPER.readValue(json, new TypeReference<LinkedHashMap<String, Long>>() {}))
                .orElseGet(LinkedHashMap::new);
    }

    private void write(Map<String, Long> all) throws IOException {
        StoredFile.replace(file, Json.MAPPER.writeValueAsBytes(all));
    }
}
