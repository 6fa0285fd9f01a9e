package io.jenkins.plugins.minibuild.analysis;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.minibuild.files.Digest;
import io.jenkins.plugins.minibuild.files.NewestFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Profiles of repositories on the controller, a file each. The job is part of the key: what a repository's address and commit are is
 * said by the agent, and no job may read or plant the profile of another's repository by saying something else. Safe for several
 * threads.
 */
final class ProfileCache {
    /** More are deleted, the oldest first. */
    static final int MOST = 500;

    private static final Logger LOGGER = Logger.getLogger(ProfileCache.class.getName());

    private final NewestFiles files;

    /** @param controllerFolder the plugin's own folder on the controller */
    ProfileCache(Path controllerFolder) {
        files = new NewestFiles(controllerFolder.resolve("claude-profiles"), MOST);
    }

    /** One name for all parts, which may hold anything. */
    static String key(String... parts) {
        return Digest.ofParts(parts);
    }

    /** The profile; null if there is none that can be read. */
    @CheckForNull
    RepositoryProfile find(String key) throws IOException {
        byte[] stored = files.find(key).orElse(null);
        try {
            return stored == null ? null : RepositoryProfile.parse(new String(stored, StandardCharsets.UTF_8));
        } catch (RepositoryProfile.InvalidException e) {
            LOGGER.log(Level.FINE, e, () -> "a profile is broken and will be written anew");
            return null;
        }
    }

    void put(String key, RepositoryProfile profile) throws IOException {
        files.put(key, profile.toJson().getBytes(StandardCharsets.UTF_8));
    }
}
