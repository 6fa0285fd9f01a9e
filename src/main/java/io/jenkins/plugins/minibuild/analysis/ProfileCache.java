package io.jenkins.plugins.minibuild.analysis;

import io.jenkins.plugins.minibuild.files.Digest;
import io.jenkins.plugins.minibuild.files.NewestFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Profiles of repositories on the controller, a file each. The job is part of the key, because the agent tells a repository's address and commit: with a
 * false address no job reads or replaces the profile of another job's repository. Safe for several threads.
 */
final class ProfileCache {
    /** More are deleted, the oldest first. */
    static final int MOST = 500;

    private final NewestFiles files;

    /** @param controllerFolder the plugin's own folder on the controller */
    ProfileCache(Path controllerFolder) {
        files = new NewestFiles(controllerFolder.resolve("claude-profiles"), MOST);
    }

    /** One name for all parts, which may hold anything. */
    static String key(String... parts) {
        return Digest.ofParts(parts);
    }

    /** The profile; empty if there is none that can be read. */
    Optional<RepositoryProfile> find(String key) throws IOException {
        return files.find(key, content -> {
            try {
                return RepositoryProfile.parse(new String(content, StandardCharsets.UTF_8));
            } catch (RepositoryProfile.InvalidException e) {
                throw new IOException(e.getMessage(), e);
            }
        });
    }

    void put(String key, RepositoryProfile profile) throws IOException {
        files.put(key, profile.toJson().getBytes(StandardCharsets.UTF_8));
    }
}
