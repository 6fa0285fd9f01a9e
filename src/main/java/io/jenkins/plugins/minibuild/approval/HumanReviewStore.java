package io.jenkins.plugins.minibuild.approval;

import io.jenkins.plugins.minibuild.files.StoredFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The human reviews of one build: {@code human-review-N.json} and {@code human-review-N.diff} in the plugin's folder of the build. On the controller.
 * Safe for several threads: a change is read and written under one lock.
 */
public final class HumanReviewStore {
    /** Verdicts are rare: one lock for all builds is enough. */
    private static final Object LOCK = new Object();

    private final Path folder;

    /** @param folder the plugin's own folder among the build's files; it need not exist */
    public HumanReviewStore(Path folder) {
        this.folder = folder;
    }

    private Path state(int number) {
        return folder.resolve("human-review-" + number + ".json");
    }

    private Path patch(int number) {
        return folder.resolve("human-review-" + number + ".diff");
    }

    /**
     * Keeps a review as the next one of the build.
     *
     * @param diff that is looked at, secrets masked
     * @return it with its number
     */
    HumanReview add(HumanReview review, byte[] diff) throws IOException {
        synchronized (LOCK) {
            int number = count() + 1;
            HumanReview numbered = review.numbered(number);
            // The state last, so that a review with a state has its diff.
            StoredFile.replace(patch(number), diff);
            StoredFile.replace(state(number), numbered.toJson());
            return numbered;
        }
    }

    /** How many there are, with those whose file is broken. */
    public int count() {
        int number = 0;
        while (exists(number + 1)) {
            number++;
        }
        return number;
    }

    private boolean exists(int number) {
        return Files.exists(state(number)) || Files.exists(patch(number));
    }

    /** Whether there is any; needs no reading. */
    public boolean isEmpty() {
        return !exists(1);
    }

    /** The reviews in their order, without those whose file is broken. */
    public List<HumanReview> all() throws IOException {
        List<HumanReview> all = new ArrayList<>();
        for (int number = 1; number <= count(); number++) {
            find(number).ifPresent(all::add);
        }
        return all;
    }

    /**
     * The last one; empty if there is none.
     *
     * @throws IOException when its file is broken: an earlier review must not count instead
     */
    public Optional<HumanReview> latest() throws IOException {
        int count = count();
        return count == 0 ? Optional.empty() : Optional.of(get(count));
    }

    private Optional<HumanReview> find(int number) throws IOException {
        return StoredFile.readOrSetAside(state(number), HumanReview::parse);
    }

    /**
     * One by its number.
     *
     * @throws NoSuchElementException if there is none with that number
     * @throws IOException when its file is broken
     */
    HumanReview get(int number) throws IOException {
        if (number < 1 || !exists(number)) {
            throw new NoSuchElementException(Messages.HumanReview_unknown(number));
        }
        return find(number).orElseThrow(() -> new IOException(Messages.HumanReview_broken(number)));
    }

    /** The diff that is looked at, secrets masked. */
    byte[] diff(int number) throws IOException {
        return Files.exists(patch(number)) ? Files.readAllBytes(patch(number)) : "".getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Changes a review. When the change throws, nothing is stored.
     *
     * @return the changed one
     */
    HumanReview update(int number, UnaryOperator<HumanReview> change) throws IOException {
        synchronized (LOCK) {
            HumanReview changed = change.apply(get(number));
            StoredFile.replace(state(number), changed.toJson());
            return changed;
        }
    }
}
