package io.jenkins.plugins.minibuild.workflow.place;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import hudson.FilePath;
import hudson.remoting.VirtualChannel;
import io.jenkins.plugins.minibuild.cache.AgentCache;
import io.jenkins.plugins.minibuild.cache.TreeStore;
import io.jenkins.plugins.minibuild.files.Digest;
import io.jenkins.plugins.minibuild.files.FileTree;
import io.jenkins.plugins.minibuild.files.Glob;
import io.jenkins.plugins.minibuild.process.AgentAnswer;
import io.jenkins.plugins.minibuild.process.AgentLostException;
import io.jenkins.plugins.minibuild.step.BuildContext;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import jenkins.MasterToSlaveFileCallable;

/**
 * The caches of jobs of workflows: folders that an agent keeps from one build to the next. An entry belongs to one Jenkins job, one {@link CacheScope}, one
 * key, the contents of the files that the cache names, and its paths; it is never changed once it is there.
 *
 * <p>A failure of a cache is a line of the log. It costs time, and it never fails a job; only a cache that no agent could ever keep does. Lives on the
 * controller; its methods wait for the agent.
 */
public final class Caches {
    /** The variable that sets how many megabytes all entries of an agent may have together; 0 switches caches off. */
    public static final String LIMIT_VARIABLE = "MINI_BUILD_CACHE_MB";

    private static final String STORE = "caches";
    private static final int LONGEST_KEY = 500;
    private static final int MOST_PATHS = 50;
    private static final int MOST_FILES = 10_000;
    private static final long MOST_BYTES = 1L << 30;

    private final BuildContext context;
    private final CacheScope scope;
    private final long limit;
    private final AgentCache store;

    private Caches(BuildContext context, CacheScope scope) {
        this.context = context;
        this.scope = scope;
        this.limit = AgentCache.limit(context, LIMIT_VARIABLE);
        this.store = AgentCache.of(context, STORE, limit);
    }

    /**
     * A cache of a job whose references were replaced.
     *
     * @param key for people, such as {@code npm}
     * @param files patterns of files whose contents are a part of the key
     * @param paths below the workspace
     */
    public record Resolved(String key, List<String> files, List<String> paths) {
        /** Copies the lists. */
        public Resolved {
            files = List.copyOf(files);
            paths = List.copyOf(paths);
        }
    }

    /**
     * Puts what is kept into the workspace, in place of what is there.
     *
     * @return for each cache the digest of its files as they are now, for {@link #save}; empty for one that is not used
     * @throws AbortException if a key, a pattern or a path is none
     */
    public static List<String> restore(BuildContext context, CacheScope scope, List<Resolved> caches)
            throws IOException, InterruptedException {
        List<Checked> checked = checked(caches);
        Caches all = new Caches(context, scope);
        List<String> contents = new ArrayList<>();
        for (Checked cache : checked) {
            String content = all.limit == 0 ? "" : all.contents(cache);
            contents.add(content);
            if (!content.isEmpty()) {
                all.restore(cache, content);
            }
        }
        return contents;
    }

    /**
     * Keeps the paths of caches of which the agent has no entry yet. To be called only after all steps of the job ended well.
     *
     * @param contents what {@link #restore} returned; empty after a restart of the controller: then the files count as they are now
     * @throws AbortException if a key, a pattern or a path is none
     */
    public static void save(BuildContext context, CacheScope scope, List<Resolved> caches, List<String> contents)
            throws IOException, InterruptedException {
        List<Checked> checked = checked(caches);
        Caches all = new Caches(context, scope);
        if (all.limit == 0) {
            return;
        }
        for (int i = 0; i < checked.size(); i++) {
            Checked cache = checked.get(i);
            String content = contents.size() == checked.size() ? contents.get(i) : all.contents(cache);
            if (!content.isEmpty()) {
                all.save(cache, content);
            }
        }
    }

    // ---- how

    /** A cache whose values are what they have to be. */
    private record Checked(String key, Glob files, List<String> paths) {
        static Checked of(Resolved given) {
            String key = given.key().strip();
            if (key.isEmpty() || key.length() > LONGEST_KEY || key.chars().anyMatch(c -> c < ' ')) {
                throw new IllegalArgumentException(Messages.Caches_key(WorkspacePath.shown(key), LONGEST_KEY));
            }
            List<String> paths = new ArrayList<>();
            for (String each : given.paths()) {
                paths.add(WorkspacePath.checked(Messages.Caches_paths(key), each));
            }
            if (paths.isEmpty() || paths.size() > MOST_PATHS) {
                throw new IllegalArgumentException(Messages.Caches_noPaths(key, MOST_PATHS));
            }
            // A path inside another one is kept with that.
            List<String> outer = paths.stream()
                    .distinct()
                    .filter(each -> paths.stream().noneMatch(other -> each.startsWith(other + "/")))
                    .sorted()
                    .toList();
            return new Checked(key, Glob.paths(String.join("\n", given.files())), outer);
        }
    }

    private static List<Checked> checked(List<Resolved> caches) throws AbortException {
        try {
            return caches.stream().map(Checked::of).toList();
        } catch (IllegalArgumentException e) {
            throw (AbortException) new AbortException(e.getMessage()).initCause(e);
        }
    }

    /** The digest of a cache's files; empty if it cannot be used. */
    private String contents(Checked cache) throws IOException, InterruptedException {
        if (cache.files().isEmpty()) {
            return Digest.sha256Hex("");
        }
        Contents found =
                act(cache, () -> AgentAnswer.act(context.workspace(), new ReadContents(cache.files()), Contents.class));
        if (found != null && found.files() == 0) {
            log(Messages.Caches_noFiles(cache.key(), cache.files()));
        }
        return found == null || found.files() == 0 ? "" : found.digest();
    }

    private String entry(Checked cache, String content, String where) {
        return Digest.ofParts(
                        "workflow",
                        context.record().jobName(),
                        where,
                        cache.key(),
                        content,
                        String.join("\n", cache.paths()))
                .substring(0, 40);
    }

    private void restore(Checked cache, String content) throws IOException, InterruptedException {
        long start = System.nanoTime();
        FilePath workspace = context.workspace();
        for (String where : scope.all()) {
            String entry = entry(cache, content, where);
            TreeStore.Restored restored = act(cache, () -> store.restore(entry, workspace, cache.paths()));
            if (restored == null) {
                return;
            }
            if (restored == TreeStore.Restored.CORRUPT) {
                log(Messages.Caches_corrupt(cache.key()));
            }
            if (restored.there()) {
                log(
                        where.equals(scope.own())
                                ? Messages.Caches_restored(cache.key(), seconds(start))
                                : Messages.Caches_restoredFrom(
                                        cache.key(), where.substring(where.indexOf('\n') + 1), seconds(start)));
                act(cache, () -> {
                    store.prepareNext(entry);
                    return true;
                });
                return;
            }
        }
        log(Messages.Caches_missing(cache.key()));
    }

    private void save(Checked cache, String content) throws IOException, InterruptedException {
        long start = System.nanoTime();
        String entry = entry(cache, content, scope.own());
        TreeStore.Saved saved = act(cache, () -> store.save(entry, context.workspace(), cache.paths(), false));
        if (saved == null) {
            return;
        }
        String paths = String.join(", ", cache.paths());
        switch (saved) {
            case KEPT -> {
                log(Messages.Caches_kept(cache.key(), seconds(start)));
                act(cache, () -> {
                    store.prepareNext(entry);
                    return true;
                });
            }
            case KNOWN -> {}
            case NOTHING -> log(Messages.Caches_nothing(cache.key(), paths));
            case TOO_LARGE -> log(Messages.Caches_tooLarge(cache.key(), Long.toString(limit >> 20), LIMIT_VARIABLE));
            case NO_SPACE -> log(Messages.Caches_noSpace(cache.key()));
            case BUSY -> log(Messages.Caches_busy(cache.key()));
            case UNFIT -> log(Messages.Caches_unfit(cache.key(), paths));
        }
    }

    /** A question to the agent. */
    private interface Question<T> {
        T answer() throws IOException, InterruptedException;
    }

    @CheckForNull
    private <T> T act(Checked cache, Question<T> question) throws IOException, InterruptedException {
        try {
            return question.answer();
        } catch (IOException e) {
            if (AgentLostException.isAgentLost(e)) {
                throw e;
            }
            log(Messages.Caches_trouble(cache.key(), WorkspacePath.shown(String.valueOf(e.getMessage()))));
            return null;
        }
    }

    private void log(String line) {
        context.listener().getLogger().println(line);
    }

    private static String seconds(long start) {
        return String.format(Locale.ROOT, "%.1f", (System.nanoTime() - start) / 1e9);
    }

    // ---- on the agent

    /**
     * What the files of a cache hold.
     *
     * @param digest 64 hexadecimal digits, of their names and contents
     * @param files how many
     */
    record Contents(String digest, int files) implements Serializable {
        Contents {
            AgentAnswer.text("The digest of a cache's files", digest, 64);
            AgentAnswer.number("The number of a cache's files", files, 0, MOST_FILES);
            if (!digest.matches("[0-9a-f]{64}")) {
                throw new IllegalArgumentException("The digest of a cache's files is none");
            }
        }
    }

    /** Reads the files of a cache below the workspace. */
    private static final class ReadContents extends MasterToSlaveFileCallable<Contents> {
        private static final long serialVersionUID = 1L;

        private final Glob files;

        private ReadContents(Glob files) {
            this.files = files;
        }

        @Override
        public Contents invoke(File workspace, VirtualChannel channel) throws IOException, InterruptedException {
            Path root = workspace.toPath();
            WorkspaceFiles found = WorkspaceFiles.find(root, files, MOST_FILES);
            if (found.many() || found.bytes() > MOST_BYTES) {
                throw new IOException(Messages.Caches_manyFiles(files, MOST_FILES));
            }
            MessageDigest all = Digest.sha256();
            for (Map.Entry<String, Path> each : found.found().entrySet()) {
                all.update(Digest.sha256(each.getKey().getBytes(StandardCharsets.UTF_8)));
                all.update(digest(root, each.getValue()));
            }
            return new Contents(
                    HexFormat.of().formatHex(all.digest()), found.found().size());
        }

        private static byte[] digest(Path root, Path file) throws IOException, InterruptedException {
            MessageDigest one = Digest.sha256();
            byte[] buffer = new byte[1 << 16];
            try (InputStream in = Channels.newInputStream(FileTree.open(root, file))) {
                for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                    if (Thread.interrupted()) {
                        throw new InterruptedException();
                    }
                    one.update(buffer, 0, n);
                }
            }
            return one.digest();
        }
    }
}
