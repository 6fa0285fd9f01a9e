package io.jenkins.plugins.minibuild.notify;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.minibuild.files.StoredFile;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;

/** The pictures of messages, one file each. Several messages can share one. Safe for use by several threads. */
final class Pictures {
    /** For how long a picture is kept: DingTalk's clients fetch it when somebody looks at the message. */
    static final Duration AGE = Duration.ofDays(7);

    private static final Pattern NAME = Pattern.compile("[0-9a-f-]{36}\\.img");
    private static final int MOST = 1_000;

    private final Path folder;
    private final Clock clock;

    /** @param folder is made when it is needed */
    Pictures(Path folder, Clock clock) {
        this.folder = folder;
        this.clock = clock;
    }

    /** Keeps a picture; returns its name, which nobody can guess. */
    String put(byte[] picture) throws IOException {
        String name = UUID.randomUUID() + ".img";
        StoredFile.replace(folder.resolve(name), picture);
        Files.setLastModifiedTime(folder.resolve(name), FileTime.from(clock.instant()));
        return name;
    }

    /** A picture; empty if there is none with that name, or if it is too old. */
    byte[] read(@CheckForNull String name) throws IOException {
        if (name == null || !NAME.matcher(name).matches()) {
            return new byte[0];
        }
        Path file = folder.resolve(name);
        try {
            return isOld(Files.getLastModifiedTime(file)) ? new byte[0] : Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            return new byte[0];
        }
    }

    private boolean isOld(FileTime modified) {
        return modified.toInstant().isBefore(clock.instant().minus(AGE));
    }

    /** Deletes pictures that are too old or too many. */
    void clean() throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        record Aged(Path file, FileTime modified) {}
        List<Aged> all = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path each : files) {
                try {
                    all.add(new Aged(each, Files.getLastModifiedTime(each)));
                } catch (NoSuchFileException e) {
                    // deleted meanwhile
                }
            }
        }
        all.sort(Comparator.comparing(Aged::modified).reversed());
        for (int i = 0; i < all.size(); i++) {
            if (i >= MOST || isOld(all.get(i).modified())) {
                Files.deleteIfExists(all.get(i).file());
            }
        }
    }
}
