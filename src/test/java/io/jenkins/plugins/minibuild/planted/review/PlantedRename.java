package io.jenkins.plugins.minibuild.planted.review;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Breaks: stored files are replaced by files.StoredFile. */
public final class PlantedRename {
    void replace(Path fresh, Path file) throws IOException {
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
