package io.jenkins.plugins.minibuild.claude;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.minibuild.build.StoredFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

/**
 * Profiles of repositories on the controller, a file each. The job is part of the key: what a repository's address and commit are is
 * said by the agent, and no job may read or plant the profile of another's repository by saying something else. Safe for several
 * threads.
 */
final class ProfileCache {
    /** More are deleted, the oldest first. */
    static final int MOST = 500;

    private static final Logger LOGGER = Logger.getLogger(ProfileCache.class.getName());
    private static final String END = ".json";

    private final Path folder;

    /** @param controllerFolder the plugin's own folder on the controller */
    ProfileCache(Path controllerFolder) {
        folder = controllerFolder.resolve("claude-profiles");
    }

    /** One name for all parts, which may hold anything. */
    static String key(String... parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (String part : parts) {
                byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
                digest.update((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
                digest.update(bytes);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The profile; null if there is none that can be read. */
    @CheckForNull
    RepositoryProfile find(String key) throws IOException {
        Path file = folder.resolve(key + END);
        try {
            return RepositoryProfile.parse(Files.readString(file));
        } catch (NoSuchFileException e) {
            return null;
        } catch (RepositoryProfile.InvalidException e) {
            LOGGER.log(Level.FINE, e, () -> file + " is broken and will be written anew");
            return null;
        }
    }

    void put(String key, RepositoryProfile profile) throws IOException {
        StoredFile.replace(folder.resolve(key + END), profile.toJson().getBytes(StandardCharsets.UTF_8));
        deleteOldest();
    }

    private void deleteOldest() throws IOException {
        List<Path> all;
        try (Stream<Path> files = Files.list(folder)) {
            all = files.filter(file -> file.getFileName().toString().endsWith(END))
                    .toList();
        }
        if (all.size() <= MOST) {
            return;
        }
        List<Path> oldest = all.stream()
                .sorted(Comparator.comparingLong(file -> file.toFile().lastModified()))
                .limit(all.size() - MOST)
                .toList();
        for (Path each : oldest) {
            Files.deleteIfExists(each);
        }
    }
}
