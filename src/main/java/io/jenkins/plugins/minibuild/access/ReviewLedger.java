package io.jenkins.plugins.minibuild.access;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import io.jenkins.plugins.minibuild.files.Json;
import io.jenkins.plugins.minibuild.files.StoredFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What people were asked about in all builds of one job: {@code reviews.json} in the plugin's folder of the job. It outlives the builds, so that neither a new build
 * nor the deletion of an old one makes a review undone. On the controller; safe for several threads.
 */
public final class ReviewLedger {
    /** Reviews are rare: one lock for all jobs is enough. */
    private static final Object LOCK = new Object();

    private static final int MOST = 2000;
    private static final ObjectReader READER = Json.MAPPER
            .readerFor(new TypeReference<List<ReviewRecord>>() {})
            .without(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    private final Path file;

    /** @param folder the plugin's own among the job's files; it need not exist */
    public ReviewLedger(Path folder) {
        file = folder.resolve("reviews.json");
    }

    /** Keeps a review as the newest one, or as it is now. */
    public void put(ReviewRecord review) throws IOException {
        synchronized (LOCK) {
            List<ReviewRecord> all = new ArrayList<>(all());
            int at = 0;
            while (at < all.size() && !all.get(at).isSame(review)) {
                at++;
            }
            if (at < all.size()) {
                all.set(at, review);
            } else {
                all.add(review);
            }
            StoredFile.replace(file, Json.MAPPER.writeValueAsBytes(shortened(all)));
        }
    }

    /** Without the oldest ones, if there are too many; the last of a branch stays as long as others can go. */
    private static List<ReviewRecord> shortened(List<ReviewRecord> all) {
        if (all.size() <= MOST) {
            return all;
        }
        Set<String> seen = new HashSet<>();
        List<ReviewRecord> kept = new ArrayList<>();
        int others = MOST / 2;
        for (int i = all.size() - 1; i >= 0 && kept.size() < MOST; i--) {
            boolean last = seen.add(all.get(i).change().head().name());
            if (last || others-- > 0) {
                kept.add(0, all.get(i));
            }
        }
        return kept;
    }

    /**
     * How many different people have approved a commit: the newest decision about it counts, and gives 0 unless it was an approval.
     *
     * @param commit its full id
     * @throws IOException when the file cannot be read: nobody knows then what was decided
     */
    public int approvals(String commit) throws IOException {
        List<ReviewRecord> all = all();
        for (int i = all.size() - 1; i >= 0; i--) {
            ReviewRecord each = all.get(i);
            if (!each.outcome().equals("waiting")
                    && each.change().head().commit().equals(commit)) {
                return each.isApproved()
                        ? (int) each.approvals().stream()
                                .map(one -> one.user().toLowerCase(Locale.ROOT))
                                .distinct()
                                .count()
                        : 0;
            }
        }
        return 0;
    }

    private List<ReviewRecord> all() throws IOException {
        Optional<byte[]> json = StoredFile.read(file);
        return json.isEmpty() ? List.of() : READER.readValue(json.get());
    }

    /**
     * The newest review of a branch. A review whose branch or repository is not known counts for each.
     *
     * @param isRepository whether an address is that of the repository: it may be written in several ways
     * @throws IOException when the file cannot be read: nobody knows then what was decided
     */
    public Optional<ReviewRecord> latest(String branch, Predicate<String> isRepository) throws IOException {
        List<ReviewRecord> all = all();
        for (int i = all.size() - 1; i >= 0; i--) {
            ReviewedChange change = all.get(i).change();
            boolean sameBranch =
                    change.head().name().isEmpty() || change.head().name().equals(branch);
            if (sameBranch && (change.url().isEmpty() || isRepository.test(change.url()))) {
                return Optional.of(all.get(i));
            }
        }
        return Optional.empty();
    }
}
