package io.jenkins.plugins.minibuild.cache;

import hudson.FilePath;
import hudson.remoting.VirtualChannel;
import io.jenkins.plugins.minibuild.files.FileTree;
import io.jenkins.plugins.minibuild.process.AgentAnswer;
import io.jenkins.plugins.minibuild.step.BuildContext;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.MasterToSlaveFileCallable;

/**
 * A {@link TreeStore} in the agent's own folder, as the controller uses it. Keys are digests of everything that decides what an entry may be used for, the
 * job first of all: whoever knows the key gets the entry. Can be used from several threads; its methods wait for the agent.
 */
public final class AgentCache {
    /** The most megabytes that all entries of a store may have together, where a build sets nothing else. */
    public static final long DEFAULT_MEGABYTES = 5 * 1024L;

    /** For copying gigabytes on a slow disk. */
    private static final Duration PATIENCE = Duration.ofHours(1);

    private final FilePath store;
    private final long limit;

    private AgentCache(FilePath store, long limit) {
        this.store = store;
        this.limit = limit;
    }

    /**
     * The store of a build's agent.
     *
     * @param name of its folder; one of those that the limits of the agent know
     * @param limit in bytes, of all entries together
     */
    public static AgentCache of(BuildContext context, String name, long limit) {
        return new AgentCache(context.agentRoot().child("mini-build/" + name), limit);
    }

    /**
     * The limit that a variable of the build sets in megabytes; a value that is none is reported.
     *
     * @return in bytes; 0 where the build wants no cache
     */
    public static long limit(BuildContext context, String variable) {
        String text = context.environment().getOrDefault(variable, "").trim();
        if (text.isEmpty()) {
            return DEFAULT_MEGABYTES << 20;
        }
        if (text.matches("[0-9]{1,9}")) {
            return Long.parseLong(text) << 20;
        }
        context.listener().getLogger().println(Messages.AgentCache_badLimit(variable, text));
        return DEFAULT_MEGABYTES << 20;
    }

    /**
     * Puts the parts of a key into a folder.
     *
     * @param folder that exists
     * @param paths of the parts below it, with slashes, as they were saved; none lies in another one
     * @throws IOException also if a link is on the way to one of them
     */
    public TreeStore.Restored restore(String key, FilePath folder, List<String> paths)
            throws IOException, InterruptedException {
        return act(new Restore(key, limit, folder.getRemote(), paths), TreeStore.Restored.class);
    }

    /**
     * Keeps the parts of a folder that exist, unless the key has an entry.
     *
     * @param closed whether parts with links that lead out of them are not kept
     * @throws IOException also if a link is on the way to one of them
     */
    public TreeStore.Saved save(String key, FilePath folder, List<String> paths, boolean closed)
            throws IOException, InterruptedException {
        return act(new Save(key, limit, folder.getRemote(), paths, closed), TreeStore.Saved.class);
    }

    /** Deletes the entry of a key. Returns whether there was one. */
    public boolean drop(String key) throws IOException, InterruptedException {
        return act(new Drop(key, limit), Boolean.class);
    }

    /** Makes the agent prepare the copy for the next build, in the background. */
    public void prepareNext(String key) throws IOException, InterruptedException {
        act(new Prepare(key, limit), Boolean.class);
    }

    private <T> T act(MasterToSlaveFileCallable<T> work, Class<T> type) throws IOException, InterruptedException {
        store.mkdirs();
        return AgentAnswer.act(store, work, type, PATIENCE);
    }

    // ---- on the agent

    /** Waits until the copies that {@link #prepareNext} began in this process are made. */
    public static void settle() throws InterruptedException {
        try {
            Background.POOL.submit(() -> {}).get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private abstract static class InStore<T> extends MasterToSlaveFileCallable<T> {
        private static final long serialVersionUID = 1L;
        final String key;
        final long limit;

        InStore(String key, long limit) {
            this.key = key;
            this.limit = limit;
        }

        final TreeStore open(File root) throws IOException {
            return new TreeStore(root.toPath(), limit);
        }

        static List<TreeStore.Part> parts(String folder, List<String> paths) throws IOException {
            Path root = Path.of(folder);
            List<TreeStore.Part> parts = new ArrayList<>();
            for (String path : paths) {
                int slash = path.lastIndexOf('/');
                Path parent = slash < 0 ? root : FileTree.below(root, path.substring(0, slash));
                String name = path.substring(slash + 1);
                if (name.isEmpty() || name.equals(".") || name.equals("..") || path.contains("../")) {
                    throw new IOException(path + " is not below the folder");
                }
                parts.add(new TreeStore.Part(parts.size() + "-" + name, parent.resolve(name)));
            }
            return parts;
        }
    }

    private static final class Restore extends InStore<TreeStore.Restored> {
        private static final long serialVersionUID = 1L;
        private final String folder;
        private final List<String> paths;

        private Restore(String key, long limit, String folder, List<String> paths) {
            super(key, limit);
            this.folder = folder;
            this.paths = paths;
        }

        @Override
        public TreeStore.Restored invoke(File root, VirtualChannel channel) throws IOException, InterruptedException {
            return open(root).restore(key, parts(folder, paths));
        }
    }

    private static final class Save extends InStore<TreeStore.Saved> {
        private static final long serialVersionUID = 1L;
        private final String folder;
        private final List<String> paths;
        private final boolean closed;

        private Save(String key, long limit, String folder, List<String> paths, boolean closed) {
            super(key, limit);
            this.folder = folder;
            this.paths = paths;
            this.closed = closed;
        }

        @Override
        public TreeStore.Saved invoke(File root, VirtualChannel channel) throws IOException, InterruptedException {
            return open(root).save(key, parts(folder, paths), closed);
        }
    }

    private static final class Drop extends InStore<Boolean> {
        private static final long serialVersionUID = 1L;

        private Drop(String key, long limit) {
            super(key, limit);
        }

        @Override
        public Boolean invoke(File root, VirtualChannel channel) throws IOException, InterruptedException {
            return open(root).drop(key);
        }
    }

    private static final class Prepare extends InStore<Boolean> {
        private static final long serialVersionUID = 1L;

        private Prepare(String key, long limit) {
            super(key, limit);
        }

        @Override
        public Boolean invoke(File root, VirtualChannel channel) throws IOException {
            TreeStore store = open(root);
            Background.POOL.execute(() -> {
                try {
                    store.prepare(key);
                } catch (IOException e) {
                    // A failure costs the next build the time of a copy; nobody waits for it here.
                    Logger.getLogger(AgentCache.class.getName()).log(Level.FINE, "no copy made ready under " + root, e);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            return true;
        }
    }

    /** The thread that prepares copies on the agent. It ends when it has nothing to do. */
    private static final class Background {
        private static final ThreadPoolExecutor POOL = pool();

        private static ThreadPoolExecutor pool() {
            ThreadPoolExecutor pool =
                    new ThreadPoolExecutor(1, 1, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), work -> {
                        Thread thread = new Thread(work, "mini-build caches");
                        thread.setDaemon(true);
                        return thread;
                    });
            pool.allowCoreThreadTimeOut(true);
            return pool;
        }
    }
}
