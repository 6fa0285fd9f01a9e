package io.jenkins.plugins.minibuild.checkout;

import hudson.model.TaskListener;
import hudson.plugins.git.GitException;
import io.jenkins.plugins.minibuild.checkout.FetchOutcome.TargetProblem;
import io.jenkins.plugins.minibuild.files.FileTree;
import io.jenkins.plugins.minibuild.files.FolderLock;
import io.jenkins.plugins.minibuild.process.OnAgent;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.transport.RefSpec;
import org.eclipse.jgit.transport.URIish;
import org.jenkinsci.plugins.gitclient.FetchCommand;
import org.jenkinsci.plugins.gitclient.GitClient;

/**
 * A bare copy of one repository with everything that builds on this agent have fetched so far. Runs on the agent; the caller holds its lock. It never answers
 * from its own contents alone: every use asks the server first, with the build's own credential.
 *
 * <p>Fetched branches, tags and commits are kept under {@code refs/mini-build/} by a hash of their names, so that no branch name can be in another's
 * way.
 */
@OnAgent
final class Mirror {
    /** Git's depth of a whole history: as {@code --unshallow}, but no error for a repository that is whole already. */
    private static final int INFINITE = Integer.MAX_VALUE;

    /** The length of a checksum. */
    private static final int HASH = 20;

    private static final int[] STEPS = {50, 500, 5000};
    private static final int FETCH_MINUTES = 120;
    private static final int MOST_NAMES = 5;
    private static final Duration UNUSED_REFS = Duration.ofDays(30);
    private static final Pattern PACK = Pattern.compile("pack-[0-9a-f]+\\.pack");

    /** What git says of {@code ID^{commit}} for an id that is of no commit. */
    private static final Pattern OTHER_OBJECT = Pattern.compile("dereferences to (blob|tree) type");

    private final Path folder;
    private final RepositoryUrl url;
    private final GitClient git;
    private final TaskListener listener;

    /** @param git a client in {@code folder} which has the build's credential */
    Mirror(Path folder, RepositoryUrl url, GitClient git, TaskListener listener) {
        this.folder = folder;
        this.url = url;
        this.git = git;
        this.listener = listener;
    }

    Path folder() {
        return folder;
    }

    /** Makes the mirror usable: creates it if it is new, again if it is broken, and removes what killed processes left. */
    void open() throws IOException, InterruptedException {
        FileTree.delete(temporary());
        if (Files.exists(folder) && !looksWhole()) {
            listener.getLogger().println(Messages.Mirror_Rebuilt());
            FileTree.delete(folder);
        }
        if (!Files.exists(folder)) {
            Files.createDirectories(folder);
            git.init_().workspace(folder.toString()).bare(true).execute();
            writeDepth(1);
        }
        GitFolder.renew(folder, null);
        for (String lock : List.of("shallow.lock", "packed-refs.lock", "config.lock", "HEAD.lock", "gc.pid")) {
            Files.deleteIfExists(folder.resolve(lock));
        }
        for (Path file : FileTree.list(refs())) {
            if (file.toString().endsWith(".lock")) {
                Files.delete(file);
            }
        }
        for (Path file : FileTree.list(packs())) {
            if (file.getFileName().toString().startsWith("tmp_")) {
                Files.delete(file);
            }
        }
        Files.setLastModifiedTime(depthFile(), FileTime.from(Instant.now()));
    }

    void drop() throws IOException {
        FileTree.delete(folder);
    }

    /** Where git-client puts the files through which git gets credentials. */
    Path temporary() {
        return folder.resolveSibling(folder.getFileName() + "@tmp");
    }

    private boolean looksWhole() throws IOException {
        if (!Files.isRegularFile(folder.resolve("HEAD"))
                || !Files.isRegularFile(folder.resolve("config"))
                || !Files.isRegularFile(depthFile())
                || !Files.isDirectory(packs())) {
            return false;
        }
        for (Path pack : FileTree.list(packs())) {
            String name = pack.getFileName().toString();
            if (PACK.matcher(name).matches() && !matches(pack, pack.resolveSibling(index(name)))) {
                return false;
            }
        }
        return true;
    }

    /** Whether a pack ends with the checksum that its index has for it; git itself only complains and goes on. */
    private static boolean matches(Path pack, Path index) throws IOException {
        byte[] end = new byte[HASH];
        byte[] expected = new byte[HASH];
        return Files.exists(index)
                && readEnd(pack, HASH, end)
                && readEnd(index, 2 * HASH, expected)
                && Arrays.equals(end, expected);
    }

    private static boolean readEnd(Path file, int before, byte[] bytes) throws IOException {
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            if (in.length() < before) {
                return false;
            }
            in.seek(in.length() - before);
            in.readFully(bytes);
            return true;
        }
    }

    static String index(String pack) {
        return pack.substring(0, pack.length() - "pack".length()) + "idx";
    }

    Path packs() {
        return folder.resolve("objects/pack");
    }

    private Path refs() {
        return folder.resolve("refs/mini-build");
    }

    private Path depthFile() {
        return folder.resolve("mini-build-depth");
    }

    /**
     * Fetches what a build asks for.
     *
     * @param ref a branch, a tag or a whole name such as {@code refs/pull/1/head}; empty for the remote's default
     * @param commit 40 hexadecimal digits of a commit or an annotated tag, or empty
     * @param depth 0 for the full history
     * @param careful whether an earlier attempt broke off: a full history is then fetched in parts, each of which is kept
     */
    FetchOutcome fetch(String ref, String commit, int depth, boolean careful) throws IOException, InterruptedException {
        if (!commit.isEmpty()) {
            return fetchCommit(ref, commit, depth);
        }
        String name = ref;
        if (name.isEmpty()) {
            String head = git.getRemoteSymbolicReferences(url.text(), "HEAD").get("HEAD");
            if (head == null) {
                return withoutDefault(depth, careful);
            }
            name = head;
        }
        if (name.startsWith("refs/")) {
            return fetchRef(name, depth, careful);
        }
        FetchOutcome outcome = fetchRef("refs/heads/" + name, depth, careful);
        if (outcome.failure() == GitFailure.UNKNOWN_REF) {
            outcome = fetchRef("refs/tags/" + name, depth, careful);
        }
        if (outcome.failure() == GitFailure.UNKNOWN_REF) {
            Map<String, ObjectId> references = references();
            return references.isEmpty()
                    ? FetchOutcome.refused(TargetProblem.EMPTY_REPOSITORY, "", List.of())
                    : FetchOutcome.failed(GitFailure.UNKNOWN_REF, name, near(name, references));
        }
        return outcome;
    }

    private FetchOutcome withoutDefault(int depth, boolean careful) throws IOException, InterruptedException {
        Map<String, ObjectId> references = references();
        if (references.isEmpty()) {
            return FetchOutcome.refused(TargetProblem.EMPTY_REPOSITORY, "", List.of());
        }
        if (references.containsKey("HEAD")) {
            // The server's HEAD is no branch but a commit.
            return fetchRef("HEAD", depth, careful);
        }
        return FetchOutcome.refused(TargetProblem.NO_DEFAULT_BRANCH, "", near("main", references));
    }

    private Map<String, ObjectId> references() throws InterruptedException {
        return git.getRemoteReferences(url.text(), null, false, false);
    }

    private FetchOutcome fetchRef(String name, int depth, boolean careful) throws IOException, InterruptedException {
        String kept = keptAs(name);
        try {
            fetchInto(name, kept, depth, careful);
        } catch (GitException e) {
            GitFailure failure = GitFailure.of(text(e));
            if (failure == GitFailure.UNKNOWN_REF) {
                return FetchOutcome.failed(failure, name, List.of());
            }
            throw e;
        }
        return FetchOutcome.of(git.revParse(kept).name(), shortName(name));
    }

    private FetchOutcome fetchCommit(String ref, String commit, int depth) throws IOException, InterruptedException {
        // A credential that may not read the repository gets nothing from the mirror either.
        git.getRemoteReferences(url.text(), "HEAD", false, false);
        String kept = keptAs(commit);
        ObjectId id = ObjectId.fromString(commit);
        if (Files.exists(folder.resolve(kept)) && (depth == 1 || readDepth() == 0) || readDepth() == 0 && has(id)) {
            return found(commit, ref);
        }
        try {
            fetchInto(commit, kept, depth, false);
            return found(commit, ref);
        } catch (GitException e) {
            GitFailure failure = GitFailure.of(text(e));
            if (failure == GitFailure.UNKNOWN_COMMIT) {
                return FetchOutcome.failed(failure, commit, List.of());
            }
            if (failure != GitFailure.COMMIT_NOT_ADVERTISED) {
                throw e;
            }
        }
        listener.getLogger().println(Messages.Mirror_Deepening(commit));
        List<RefSpec> all = new ArrayList<>(List.of(new RefSpec("+refs/heads/*:refs/mini-build-all/*")));
        if (ref.startsWith("refs/") && !ref.startsWith("refs/heads/") && exists(ref)) {
            // The tag or merge request that has the commit.
            all.add(new RefSpec("+" + ref + ":" + keptAs(ref)));
        }
        for (int step : STEPS) {
            execute(all, step);
            if (has(id)) {
                return found(commit, ref);
            }
        }
        execute(all, INFINITE);
        writeDepth(0);
        return has(id) ? found(commit, ref) : FetchOutcome.failed(GitFailure.UNKNOWN_COMMIT, commit, List.of());
    }

    private boolean exists(String ref) throws InterruptedException {
        return git.getRemoteReferences(url.text(), ref, false, false).containsKey(ref);
    }

    /** Whether the mirror has an object; an annotated tag counts, too. */
    private boolean has(ObjectId id) throws InterruptedException {
        try {
            git.revParse(id.name());
            return true;
        } catch (GitException e) {
            return GitFailure.of(text(e)) == GitFailure.NOT_A_COMMIT;
        }
    }

    /** A commit, or the commit of an annotated tag: the id of a tag is none that could be checked out, shown or given a state. */
    private FetchOutcome found(String id, String ref) throws InterruptedException {
        try {
            return FetchOutcome.of(git.revParse(id).name(), shortName(ref));
        } catch (GitException e) {
            Matcher kind = OTHER_OBJECT.matcher(text(e));
            if (!kind.find()) {
                throw e;
            }
            return FetchOutcome.failed(GitFailure.NOT_A_COMMIT, kind.group(1), List.of());
        }
    }

    private void fetchInto(String source, String kept, int depth, boolean careful)
            throws IOException, InterruptedException {
        RefSpec spec = new RefSpec("+" + source + ":" + kept);
        if (depth == 0) {
            if (careful) {
                execute(spec, 1);
                for (int step : STEPS) {
                    execute(spec, step);
                }
            }
            execute(spec, Files.exists(folder.resolve("shallow")) ? INFINITE : 0);
            writeDepth(0);
        } else if (readDepth() == 0) {
            execute(spec, 0);
        } else {
            int deepest = Math.max(depth, readDepth());
            execute(spec, deepest);
            writeDepth(deepest);
        }
    }

    private void execute(RefSpec spec, int depth) throws InterruptedException {
        execute(List.of(spec), depth);
    }

    private void execute(List<RefSpec> specs, int depth) throws InterruptedException {
        try {
            FetchCommand command = git.fetch_()
                    .from(new URIish(url.text()), specs)
                    .tags(false)
                    .prune(specs.stream().anyMatch(RefSpec::isWildcard))
                    .timeout(FETCH_MINUTES);
            (depth == 0 ? command.shallow(false) : command.shallow(true).depth(depth)).execute();
        } catch (URISyntaxException e) {
            throw new GitException("git does not understand the address", e);
        }
    }

    /** The deepest history asked for so far; 0 for all of it. */
    private int readDepth() throws IOException {
        try {
            return Integer.parseInt(Files.readString(depthFile()).trim());
        } catch (NumberFormatException e) {
            return 1;
        }
    }

    private void writeDepth(int depth) throws IOException {
        Files.writeString(depthFile(), String.valueOf(depth));
    }

    private String keptAs(String name) {
        return "refs/mini-build/" + ObjectId.toString(ObjectId.fromRaw(RefName.digest(name)));
    }

    static String shortName(String ref) {
        return ref.replaceFirst("^refs/(heads|tags)/", "");
    }

    /** Branches and tags whose names are most like the one given. */
    private static List<String> near(String name, Map<String, ObjectId> references) {
        return references.keySet().stream()
                .filter(ref -> ref.startsWith("refs/heads/") || ref.startsWith("refs/tags/"))
                .map(Mirror::shortName)
                .distinct()
                .sorted(Comparator.comparingInt((String other) ->
                                RefName.distance(other.toLowerCase(Locale.ROOT), name.toLowerCase(Locale.ROOT)))
                        .thenComparing(Comparator.naturalOrder()))
                .limit(MOST_NAMES)
                .toList();
    }

    /** Forgets branches, tags and commits that no build fetched for a month. */
    void prune() throws IOException {
        Instant oldest = Instant.now().minus(UNUSED_REFS);
        for (Path file : FileTree.list(refs())) {
            if (Files.getLastModifiedTime(file).toInstant().isBefore(oldest)) {
                Files.delete(file);
            }
        }
    }

    int packCount() throws IOException {
        return (int) FileTree.list(packs()).stream()
                .filter(file -> PACK.matcher(file.getFileName().toString()).matches())
                .count();
    }

    /** Gives a repository all objects of the mirror, by hard links where that is possible. */
    void giveObjectsTo(Path gitFolder) throws IOException {
        Path target = Files.createDirectories(gitFolder.resolve("objects/pack"));
        for (Path pack : FileTree.list(packs())) {
            String name = pack.getFileName().toString();
            if (PACK.matcher(name).matches()) {
                FileTree.linkOrCopy(pack, target.resolve(name));
                FileTree.linkOrCopy(pack.resolveSibling(index(name)), target.resolve(index(name)));
            }
        }
        for (Path fan : FileTree.list(folder.resolve("objects"))) {
            if (fan.getFileName().toString().matches("[0-9a-f]{2}")) {
                Path into = Files.createDirectories(
                        gitFolder.resolve("objects").resolve(fan.getFileName().toString()));
                for (Path loose : FileTree.list(fan)) {
                    FileTree.linkOrCopy(loose, into.resolve(loose.getFileName().toString()));
                }
            }
        }
        Path shallow = folder.resolve("shallow");
        if (Files.exists(shallow)) {
            Files.writeString(gitFolder.resolve("shallow"), Files.readString(shallow, StandardCharsets.US_ASCII));
        }
    }

    /** What a failed git command says, its causes included. */
    static String text(Throwable failure) {
        StringBuilder text = new StringBuilder();
        for (Throwable t = failure; t != null && text.length() < 20_000; t = t.getCause()) {
            text.append(Objects.toString(t.getMessage(), t.getClass().getSimpleName()))
                    .append('\n');
        }
        return text.toString();
    }

    /** Deletes mirrors beside this one that no build has used for a while. */
    static void deleteUnused(File mirrors, Duration unused) throws IOException, InterruptedException {
        Instant oldest = Instant.now().minus(unused);
        for (Path candidate : FileTree.list(mirrors.toPath())) {
            Path marker = candidate.resolve("mini-build-depth");
            String name = candidate.getFileName().toString();
            if (name.endsWith(".git")
                    && Files.exists(marker)
                    && Files.getLastModifiedTime(marker).toInstant().isBefore(oldest)) {
                try (FolderLock lock = FolderLock.tryAcquire(lockFile(candidate))) {
                    if (lock != null) {
                        FileTree.delete(candidate);
                    }
                }
            }
        }
    }

    static File lockFile(Path mirror) {
        return new File(mirror + ".lock");
    }
}
