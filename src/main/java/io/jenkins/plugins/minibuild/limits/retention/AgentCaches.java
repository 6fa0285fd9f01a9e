package io.jenkins.plugins.minibuild.limits.retention;

import hudson.remoting.VirtualChannel;
import io.jenkins.plugins.minibuild.files.FileTree;
import io.jenkins.plugins.minibuild.process.AgentAnswer;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import jenkins.security.MasterToSlaveCallable;

/** The caches and mirrors of one agent. */
final class AgentCaches {
    /** For the files of a large cache; an agent that says nothing must not stop the work for all others. */
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final String agent;
    private final VirtualChannel channel;
    private final String root;

    /** @param root the agent's own folder, as the controller has it */
    AgentCaches(String agent, VirtualChannel channel, String root) {
        this.agent = agent;
        this.channel = channel;
        this.root = root;
    }

    /**
     * What is there.
     *
     * @param now in milliseconds of the wall clock
     * @param busyMillis for how long the longest running build of this agent has been running; what was used since then is in use; negative for none
     * @throws IOException also if the agent names what no cache is called
     */
    List<RetentionPlan.Candidate> candidates(long now, long busyMillis) throws IOException, InterruptedException {
        List<RetentionPlan.Candidate> candidates = new ArrayList<>();
        for (CacheFolder folder : CacheFolder.values()) {
            StoredCaches found = AgentAnswer.ask(channel, new Survey(root, folder), StoredCaches.class)
                    .within(PATIENCE);
            for (StoredCaches.Entry entry : found.entries()) {
                if (!folder.accepts(entry.name())) {
                    throw new IOException(Messages.AgentCaches_name(folder.path()));
                }
                candidates.add(new RetentionPlan.Candidate(
                        RetentionPlan.Kind.CACHE,
                        new RetentionPlan.OnAgent(agent, root, folder, entry.name()),
                        entry.bytes(),
                        now - Math.min(now, entry.idleMillis()),
                        entry.idleMillis() <= busyMillis));
            }
        }
        return candidates;
    }

    /** Deletes an entry unless its lock is held; whether it did. */
    boolean delete(CacheFolder folder, String name) throws IOException, InterruptedException {
        return AgentAnswer.ask(channel, new Removal(root, folder, name), Boolean.class)
                .within(PATIENCE);
    }

    // ---- on the agent

    /** Lists a folder of caches. */
    static final class Survey extends MasterToSlaveCallable<StoredCaches, IOException> {
        private static final long serialVersionUID = 1L;

        private final String root;
        private final CacheFolder folder;

        Survey(String root, CacheFolder folder) {
            this.root = root;
            this.folder = folder;
        }

        @Override
        public StoredCaches call() throws IOException {
            long now = System.currentTimeMillis();
            List<StoredCaches.Entry> found = new ArrayList<>();
            for (Path entry : FileTree.list(FileTree.below(Path.of(root), folder.path()))) {
                String name = entry.getFileName().toString();
                if (folder.accepts(name)) {
                    found.add(new StoredCaches.Entry(name, FileTree.size(entry), Math.max(0, now - lastUsed(entry))));
                }
            }
            found.sort(Comparator.comparingLong(StoredCaches.Entry::idleMillis).reversed());
            return new StoredCaches(List.copyOf(found.subList(0, Math.min(StoredCaches.MOST, found.size()))));
        }

        /** The newest time of the entry and its direct children: a build that uses a cache touches one of them. */
        private static long lastUsed(Path entry) throws IOException {
            long newest =
                    Files.getLastModifiedTime(entry, LinkOption.NOFOLLOW_LINKS).toMillis();
            for (Path child : FileTree.list(entry)) {
                newest = Math.max(
                        newest,
                        Files.getLastModifiedTime(child, LinkOption.NOFOLLOW_LINKS)
                                .toMillis());
            }
            return newest;
        }
    }

    /** Deletes an entry of a folder of caches, unless its lock is held. Returns whether it did. */
    static final class Removal extends MasterToSlaveCallable<Boolean, IOException> {
        private static final long serialVersionUID = 1L;

        private final String root;
        private final CacheFolder folder;
        private final String name;

        Removal(String root, CacheFolder folder, String name) {
            this.root = root;
            this.folder = folder;
            this.name = name;
        }

        @Override
        public Boolean call() throws IOException {
            if (!folder.accepts(name)) {
                throw new IOException(Messages.AgentCaches_name(folder.path()));
            }
            Path caches = FileTree.below(Path.of(root), folder.path());
            Path entry = caches.resolve(name);
            Path lock = folder.lock(caches, name);
            if (!Files.exists(lock, LinkOption.NOFOLLOW_LINKS)) {
                FileTree.delete(entry);
                return true;
            }
            try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
                if (channel.tryLock() == null) {
                    return false;
                }
                FileTree.delete(entry);
                return true;
            } catch (OverlappingFileLockException e) {
                // held by another thread of this agent
                return false;
            }
        }
    }
}
