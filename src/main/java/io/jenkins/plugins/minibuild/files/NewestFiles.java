package io.jenkins.plugins.minibuild.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Small JSON files in a folder on the controller, one for each key; only the newest are kept. Safe for several threads. */
public final class NewestFiles {
    private static final String END = ".json";

    private final Path folder;
    private final int most;

    /**
     * @param folder need not exist
     * @param most files; more are deleted, the oldest first
     */
    public NewestFiles(Path folder, int most) {
        this.folder = folder;
        this.most = most;
    }

    /** The parsed content; empty if there is none. A damaged file is set aside and counts as none, see {@link StoredFile#readOrSetAside}. */
    public <T> Optional<T> find(String key, StoredFile.Parser<T> parser) throws IOException {
        return StoredFile.readOrSetAside(folder.resolve(key + END), parser);
    }

    /** Replaces the content. */
    public void put(String key, byte[] content) throws IOException {
        StoredFile.replace(folder.resolve(key + END), content);
        deleteOldest();
    }

    private void deleteOldest() throws IOException {
        List<Path> all;
        try (Stream<Path> files = Files.list(folder)) {
            all = files.filter(file -> file.getFileName().toString().endsWith(END))
                    .toList();
        }
        if (all.size() <= most) {
            return;
        }
        List<Path> oldest = all.stream()
                .sorted(Comparator.comparingLong(file -> file.toFile().lastModified()))
                .limit(all.size() - most)
                .toList();
        for (Path each : oldest) {
            Files.deleteIfExists(each);
        }
    }
}
