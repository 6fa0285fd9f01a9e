package io.jenkins.plugins.minibuild.review;

import io.jenkins.plugins.minibuild.diff.UnifiedDiff;
import io.jenkins.plugins.minibuild.files.StoredFile;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The reviews of one build: {@code review-N.json} and the diff that was reviewed, {@code review-N.diff}, in the plugin's folder of the build. On the
 * controller.
 */
public final class ReviewStore {
    private static final Pattern NAME = Pattern.compile("review-([1-9][0-9]{0,5})\\.json");

    private final Path folder;

    /** @param folder the plugin's own folder among the build's files; it need not exist */
    public ReviewStore(Path folder) {
        this.folder = folder;
    }

    /**
     * Keeps a report as the next one of the build.
     *
     * @param diff that was reviewed, secrets masked
     * @return it with its number
     */
    public ReviewReport add(ReviewReport report, byte[] diff) throws IOException {
        Files.createDirectories(folder);
        for (int n = numbers().stream().max(Comparator.naturalOrder()).orElse(0) + 1; ; n++) {
            try {
                // Of two reviews at the same time, the one that creates the file has the number.
                Files.write(Files.createFile(folder.resolve("review-" + n + ".diff")), diff);
            } catch (FileAlreadyExistsException e) {
                continue;
            }
            ReviewReport numbered = report.numbered(n);
            StoredFile.replace(folder.resolve("review-" + n + ".json"), numbered.toJson());
            return numbered;
        }
    }

    /** The reports in their order; one that cannot be read is left out. */
    public List<ReviewReport> all() throws IOException {
        List<ReviewReport> reports = new ArrayList<>();
        for (int number : numbers()) {
            find(number).ifPresent(reports::add);
        }
        return reports;
    }

    /** The last report; empty if there is none. */
    public Optional<ReviewReport> latest() throws IOException {
        List<ReviewReport> all = all();
        return all.isEmpty() ? Optional.empty() : Optional.of(all.get(all.size() - 1));
    }

    /** Whether there is any, without reading it. */
    public boolean isEmpty() throws IOException {
        return numbers().isEmpty();
    }

    /** The report with that number; empty if there is none, or it cannot be read. */
    public Optional<ReviewReport> find(int number) throws IOException {
        return StoredFile.readOrSetAside(folder.resolve("review-" + number + ".json"), ReviewReport::parse);
    }

    /** The diff that the review with that number was about; its SHA-256 is that of the masked text, the report has the true one. */
    public Optional<UnifiedDiff> diff(int number) throws IOException {
        Optional<byte[]> stored = StoredFile.read(folder.resolve("review-" + number + ".diff"));
        return stored.isEmpty() ? Optional.empty() : Optional.of(UnifiedDiff.parse(stored.get()));
    }

    private List<Integer> numbers() throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> NAME.matcher(file.getFileName().toString()))
                    .filter(Matcher::matches)
                    .map(match -> Integer.valueOf(match.group(1)))
                    .sorted()
                    .toList();
        }
    }
}
