package io.jenkins.plugins.minibuild.review;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import io.jenkins.plugins.minibuild.access.ReviewedChange;
import io.jenkins.plugins.minibuild.checkout.RefName;
import io.jenkins.plugins.minibuild.files.Json;
import io.jenkins.plugins.minibuild.files.StoredFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The changes that a build made itself, each as it was when it was made: {@code change-COMMIT.json} and {@code change-COMMIT.diff} in the plugin's folder of the
 * build. On the controller.
 */
public final class ChangeStore {
    private static final ObjectReader READER =
            Json.MAPPER.readerFor(ReviewedChange.class).without(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    private final Path folder;

    /** @param folder the plugin's own folder among the build's files; it need not exist */
    public ChangeStore(Path folder) {
        this.folder = folder;
    }

    /** @param masked the diff, secrets masked */
    public void put(ReviewedChange change, byte[] masked) throws IOException {
        String commit = change.head().commit();
        // The state last, so that a change with a state has its diff.
        StoredFile.replace(file(commit, "diff"), masked);
        StoredFile.replace(file(commit, "json"), Json.MAPPER.writeValueAsBytes(change));
    }

    /** The change whose newest commit this is. */
    public Optional<ReviewedChange> find(String commit) throws IOException {
        return StoredFile.readOrSetAside(file(commit, "json"), READER::readValue);
    }

    /** Its diff, secrets masked; empty if there is none. */
    public Optional<byte[]> diff(String commit) throws IOException {
        return StoredFile.read(file(commit, "diff"));
    }

    private Path file(String commit, String end) {
        if (!RefName.isCommit(commit)) {
            throw new IllegalArgumentException(commit);
        }
        return folder.resolve("change-" + commit + "." + end);
    }
}
