package io.jenkins.plugins.minibuild.limits.retention;

import io.jenkins.plugins.minibuild.files.FileTree;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import jenkins.security.MasterToSlaveCallable;

/**
 * Finds and deletes files that may go: entries of a build's folder, and caches and mirrors on an agent. Only the folders named here are
 * caches: the folder of the built-in node is JENKINS_HOME, whose {@code mini-build} also holds data that cannot be made again.
 */
public final class StoredFiles {
    private static final String LOCK = ".lock";

    /** The lock of an entry NAME is the file NAME.lock beside it. */
    private static final String MIRRORS = "mini-build/mirrors";
    /** The lock of an entry NAME is the file locks/NAME beside the folder. */
    private static final String DEPENDENCIES = "mini-build/dependencies/entries";

    private static final String LOCKS = "locks";
    /** The reports of aiReview and the approvals of humanReview, each with its diff. */
    private static final Pattern EVIDENCE = Pattern.compile("(human-)?review-[0-9]+\\.(json|diff)");

    private StoredFiles() {}

    /**
     * The entries of the plugin's folder in a build; the folder itself where it holds no evidence, so that it goes as a whole.
     *
     * @param folder it need not exist
     */
    public static Map<Path, RetentionPlan.Kind> ofBuild(Path folder) throws IOException {
        Map<Path, RetentionPlan.Kind> kinds = new TreeMap<>();
        for (Path entry : FileTree.list(folder)) {
            boolean evidence = EVIDENCE.matcher(entry.getFileName().toString()).matches();
            kinds.put(entry, evidence ? RetentionPlan.Kind.EVIDENCE : RetentionPlan.Kind.OUTPUT);
        }
        return kinds.containsValue(RetentionPlan.Kind.EVIDENCE)
                ? kinds
                : Files.isDirectory(folder) ? Map.of(folder, RetentionPlan.Kind.OUTPUT) : Map.of();
    }

    /** Lists the caches and mirrors of an agent. */
    static final class Survey extends MasterToSlaveCallable<ArrayList<RetentionPlan.Candidate>, IOException> {
        private static final long serialVersionUID = 1L;

        private final String agent;
        private final String root;
        private final long busyMillis;

        /**
         * @param root the agent's own folder
         * @param busyMillis for how long the longest running build of this agent has been running; what was used since
         *     then is in use
         */
        Survey(String agent, String root, long busyMillis) {
            this.agent = agent;
            this.root = root;
            this.busyMillis = busyMillis;
        }

        @Override
        public ArrayList<RetentionPlan.Candidate> call() throws IOException {
            ArrayList<RetentionPlan.Candidate> found = new ArrayList<>();
            long busySince = busyMillis < 0 ? Long.MAX_VALUE : System.currentTimeMillis() - busyMillis;
            for (String kind : List.of(MIRRORS, DEPENDENCIES)) {
                for (Path entry : FileTree.list(Path.of(root, kind))) {
                    if (!entry.getFileName().toString().endsWith(LOCK)) {
                        long used = lastUsed(entry);
                        found.add(new RetentionPlan.Candidate(
                                RetentionPlan.Kind.CACHE,
                                agent,
                                entry.toString(),
                                size(entry),
                                used,
                                used >= busySince));
                    }
                }
            }
            return found;
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

    /** Deletes an entry, unless its lock is held. Returns whether it did. */
    static final class Removal extends MasterToSlaveCallable<Boolean, IOException> {
        private static final long serialVersionUID = 1L;

        private final String path;

        Removal(String path) {
            this.path = path;
        }

        @Override
        public Boolean call() throws IOException {
            Path lock = lockOf(Path.of(path));
            if (!Files.exists(lock)) {
                FileTree.delete(Path.of(path));
                return true;
            }
            try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.WRITE)) {
                if (channel.tryLock() == null) {
                    return false;
                }
                FileTree.delete(Path.of(path));
                return true;
            } catch (OverlappingFileLockException e) {
                // held by another thread of this agent
                return false;
            }
        }
    }

    private static Path lockOf(Path entry) {
        Path folder = entry.getParent();
        return folder.endsWith(DEPENDENCIES)
                ? folder.resolveSibling(LOCKS).resolve(entry.getFileName())
                : Path.of(entry + LOCK);
    }

    /** The bytes of all files in it. */
    public static long size(Path path) throws IOException {
        long[] sum = new long[1];
        Files.walkFileTree(path, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                sum[0] += attributes.isRegularFile() ? attributes.size() : 0;
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
                // deleted meanwhile, or not readable
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, IOException e) {
                return FileVisitResult.CONTINUE;
            }
        });
        return sum[0];
    }
}
