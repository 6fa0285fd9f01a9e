package io.jenkins.plugins.minibuild.workflow.place;

import hudson.AbortException;
import hudson.FilePath;
import hudson.remoting.VirtualChannel;
import io.jenkins.plugins.minibuild.files.Digest;
import io.jenkins.plugins.minibuild.files.FileTree;
import io.jenkins.plugins.minibuild.files.Glob;
import io.jenkins.plugins.minibuild.process.AgentAnswer;
import io.jenkins.plugins.minibuild.step.BuildContext;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.nio.channels.Channels;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.MasterToSlaveFileCallable;
import jenkins.util.VirtualFile;

/**
 * The artifacts of jobs of workflows. They are kept as artifacts of the build, under a folder for each job, by whatever keeps the artifacts of this Jenkins; a
 * job that needs another one gets the artifacts of that at the same paths.
 *
 * <p>What is not kept: links, empty folders, anything below {@code .git}, and the owner of a file. Permissions come back where the keeper of the
 * artifacts knows them; Jenkins' own does. Lives on the controller; its methods wait for the agent.
 */
public final class Artifacts {
    private static final int MOST_FILES = 10_000;
    /** Folders of an artifact's path. */
    private static final int DEEPEST = 200;

    private static final long DEFAULT_BYTES = 2L << 30;
    private static final int LONGEST_NAME = 60;
    private static final int MOST_PATTERNS = 100;
    /** For copying gigabytes on a slow disk. */
    private static final Duration PATIENCE = Duration.ofHours(1);

    private Artifacts() {}

    /**
     * How much a job may keep.
     *
     * @param files at most 10,000
     * @param bytes of all of them
     */
    public record Limits(int files, long bytes) {
        /** 10,000 files, 2 GiB. */
        public static final Limits DEFAULT = new Limits(MOST_FILES, DEFAULT_BYTES);

        /** Checks the values. */
        public Limits {
            if (files < 1 || files > MOST_FILES || bytes < 1) {
                throw new IllegalArgumentException("files " + files + ", bytes " + bytes);
            }
        }
    }

    /**
     * The folder of a job among the artifacts.
     *
     * @param job its id; that of a combination of a matrix has spaces, commas and brackets
     * @return one segment of letters, digits, dots, dashes and underscores, different for different ids on disks that take upper and lower case for the same, too
     */
    public static String folder(String job) {
        String plain = job.replaceAll("[^A-Za-z0-9._-]+", "-").replaceAll("^[.-]+|[.-]+$", "");
        if (!plain.isEmpty()
                && plain.equals(job)
                && plain.equals(job.toLowerCase(Locale.ROOT))
                && plain.length() <= LONGEST_NAME) {
            return plain;
        }
        String begin = plain.substring(0, Math.min(plain.length(), LONGEST_NAME));
        return (begin.isEmpty() ? "job" : begin) + "-" + Digest.sha256Hex(job).substring(0, 8);
    }

    /**
     * Keeps files of the workspace. A pattern without wildcards may name a folder: all that is in it is kept. No match is a line of the log and no
     * failure: artifacts are kept however a job ended, and one that failed before it wrote them has a better error to show. Can be repeated; a file of the
     * same path is replaced.
     *
     * @param folder what {@link #folder} made
     * @param patterns as {@link Glob#paths} has them
     * @throws AbortException if a pattern is none, or if there are more files or bytes than the limits allow; then nothing is kept
     */
    public static void keep(BuildContext context, String folder, List<String> patterns, Limits limits)
            throws IOException, InterruptedException {
        Glob wanted = wanted(patterns);
        if (wanted.isEmpty()) {
            return;
        }
        // Copied first, on the agent: what the keeper of artifacts reads then is not changed by other jobs, and has no
        // links.
        FilePath staged = context.temp().child("mini-build-artifacts").child(folder);
        try {
            Staged found = AgentAnswer.act(
                    staged, new Stage(context.workspace().getRemote(), wanted, limits), Staged.class, PATIENCE);
            switch (found.outcome()) {
                case MANY -> throw new AbortException(Messages.Artifacts_many(wanted, limits.files()));
                case LARGE -> throw new AbortException(Messages.Artifacts_large(wanted, size(limits.bytes())));
                case WHOLE -> {}
            }
            log(context, found, wanted);
            if (found.paths().isEmpty()) {
                return;
            }
            Map<String, String> paths = new LinkedHashMap<>();
            for (String each : found.paths()) {
                paths.put(folder + "/" + each, each);
            }
            context.record().archiveAll(paths, staged);
            log(context, Messages.Artifacts_kept(paths.size(), size(found.bytes()), folder));
        } finally {
            delete(staged);
        }
    }

    private static void log(BuildContext context, Staged found, Glob wanted) {
        if (found.paths().isEmpty()) {
            log(context, Messages.Artifacts_none(wanted));
        }
        if (found.links() > 0) {
            log(context, Messages.Artifacts_links(found.links()));
        }
        if (found.unfit() > 0) {
            log(context, Messages.Artifacts_unfit(found.unfit()));
        }
    }

    private static void log(BuildContext context, String line) {
        context.listener().getLogger().println(line);
    }

    private static Glob wanted(List<String> patterns) throws AbortException {
        if (patterns.size() > MOST_PATTERNS) {
            throw new AbortException(Messages.Artifacts_patterns(MOST_PATTERNS));
        }
        StringBuilder all = new StringBuilder();
        for (String line : patterns) {
            for (String each : line.split("[,\n]")) {
                String pattern = each.strip().replaceFirst("^(\\./+)+", "");
                boolean wild = pattern.contains("*") || pattern.contains("?");
                // The pattern of all that is below a folder also matches a file of that name.
                all.append(pattern)
                        .append(pattern.isEmpty() || wild || pattern.endsWith("/") ? "" : "/**")
                        .append('\n');
            }
        }
        try {
            return Glob.paths(all.toString());
        } catch (IllegalArgumentException e) {
            throw (AbortException) new AbortException(Messages.Artifacts_pattern(e.getMessage())).initCause(e);
        }
    }

    private static String size(long bytes) {
        return bytes < 1 << 20
                ? (bytes + 1023) / 1024 + " KB"
                : String.format(Locale.ROOT, "%.1f MB", bytes / (double) (1 << 20));
    }

    /** In a finally block: an interruption must not leave the copies behind, and a lost agent must not hide the first failure. */
    private static void delete(FilePath staged) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            AgentAnswer.act(staged, new Clear(), Boolean.class);
        } catch (IOException e) {
            // The next build that keeps artifacts of this job deletes it.
            Logger.getLogger(Artifacts.class.getName()).log(Level.FINE, e, () -> "Not deleted: " + staged);
        } catch (InterruptedException e) {
            interrupted = true;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * Puts the artifacts of a job into a workspace, at the paths that they had. What is there already is replaced. Can be repeated.
     *
     * @param root the folder of the job among the artifacts; it need not exist
     * @param context of the workspace
     * @param job its name, for people
     * @throws AbortException if there are more than the limits allow
     */
    public static void restore(VirtualFile root, BuildContext context, String job, Limits limits)
            throws IOException, InterruptedException {
        List<String> paths = new ArrayList<>();
        if (root.exists()) {
            list(root, "", 0, paths, limits);
        }
        if (paths.isEmpty()) {
            return;
        }
        Collections.sort(paths);
        Delivery delivery = new Delivery(context.workspace());
        long bytes = 0;
        for (String path : paths) {
            VirtualFile file = root;
            for (String name : path.split("/")) {
                file = file.child(name);
            }
            try (InputStream in = file.open()) {
                bytes += delivery.file(path, in, limits.bytes() - bytes, file.mode(), file.lastModified());
            }
            if (bytes > limits.bytes()) {
                throw new AbortException(Messages.Artifacts_restoreLarge(job, size(limits.bytes())));
            }
        }
        delivery.flush();
        log(context, Messages.Artifacts_restored(paths.size(), size(bytes), job));
    }

    private static void list(VirtualFile folder, String path, int depth, List<String> paths, Limits limits)
            throws IOException {
        for (VirtualFile each : depth < DEEPEST ? folder.list() : new VirtualFile[0]) {
            String inside = path + each.getName();
            // What another step has archived here can have any name.
            if (!WorkspacePath.isPlain(inside)) {
                continue;
            }
            if (each.isDirectory()) {
                list(each, inside + "/", depth + 1, paths, limits);
            } else if (each.isFile()) {
                paths.add(inside);
            }
            if (paths.size() > limits.files()) {
                throw new AbortException(Messages.Artifacts_many(path, limits.files()));
            }
        }
    }

    // ---- on the agent

    /** How copying ended. */
    enum Outcome {
        /** All that matched was copied. */
        WHOLE,
        /** There are too many files. */
        MANY,
        /** They are too large. */
        LARGE
    }

    /**
     * What was copied.
     *
     * @param paths below the workspace, with slashes
     * @param bytes of all of them
     * @param links how many links matched
     * @param unfit how many files matched whose names cannot be kept
     */
    record Staged(Outcome outcome, List<String> paths, long bytes, int links, int unfit) implements Serializable {
        Staged(Outcome outcome, List<String> paths, long bytes, int links, int unfit) {
            this.outcome = outcome;
            this.paths = AgentAnswer.list("The list of artifacts", paths, String.class, MOST_FILES);
            this.bytes = AgentAnswer.number("The size of the artifacts", bytes, 0, Long.MAX_VALUE);
            this.links = (int) AgentAnswer.number("The number of links", links, 0, Integer.MAX_VALUE);
            this.unfit = (int) AgentAnswer.number("The number of files", unfit, 0, Integer.MAX_VALUE);
            if (outcome == null) {
                throw new IllegalArgumentException("The outcome is missing");
            }
            for (String each : this.paths) {
                if (!WorkspacePath.isPlain(each)) {
                    throw new IllegalArgumentException("An artifact is called " + WorkspacePath.shown(each));
                }
            }
        }
    }

    /** Copies what matches into the folder that it is called on. */
    private static final class Stage extends MasterToSlaveFileCallable<Staged> {
        private static final long serialVersionUID = 1L;

        private final String workspace;
        private final Glob wanted;
        private final int files;
        private final long bytes;

        private Stage(String workspace, Glob wanted, Limits limits) {
            this.workspace = workspace;
            this.wanted = wanted;
            this.files = limits.files();
            this.bytes = limits.bytes();
        }

        @Override
        public Staged invoke(File folder, VirtualChannel channel) throws IOException, InterruptedException {
            Path root = Path.of(workspace);
            Path staged = folder.toPath();
            FileTree.delete(staged);
            WorkspaceFiles found = WorkspaceFiles.find(root, wanted, files);
            if (found.many()) {
                return new Staged(Outcome.MANY, List.of(), 0, 0, 0);
            }
            if (found.bytes() > bytes) {
                return new Staged(Outcome.LARGE, List.of(), 0, 0, 0);
            }
            Files.createDirectories(staged);
            long copied = 0;
            for (Map.Entry<String, Path> each : found.found().entrySet()) {
                Path target = staged.resolve(each.getValue());
                Files.createDirectories(target.getParent());
                try {
                    copied += copy(root, each.getValue(), target, bytes - copied);
                } catch (AccessDeniedException e) {
                    throw WorkspaceFiles.readable(root, root.resolve(each.getValue()), e);
                }
                if (copied > bytes) {
                    return new Staged(Outcome.LARGE, List.of(), 0, 0, 0);
                }
            }
            return new Staged(
                    Outcome.WHOLE, new ArrayList<>(found.found().keySet()), copied, found.links(), found.unfit());
        }

        /** Files grow while they are read. */
        private static long copy(Path root, Path path, Path target, long most)
                throws IOException, InterruptedException {
            long copied = 0;
            byte[] buffer = new byte[1 << 16];
            try (InputStream in = Channels.newInputStream(FileTree.open(root, path));
                    OutputStream out = Files.newOutputStream(target)) {
                for (int n = in.read(buffer); n >= 0 && copied <= most; n = in.read(buffer)) {
                    if (Thread.interrupted()) {
                        throw new InterruptedException();
                    }
                    out.write(buffer, 0, n);
                    copied += n;
                }
            }
            boolean posix = root.getFileSystem().supportedFileAttributeViews().contains("posix");
            Class<? extends BasicFileAttributes> kind = posix ? PosixFileAttributes.class : BasicFileAttributes.class;
            BasicFileAttributes found = Files.readAttributes(root.resolve(path), kind, LinkOption.NOFOLLOW_LINKS);
            if (found instanceof PosixFileAttributes owned) {
                Files.setPosixFilePermissions(target, owned.permissions());
            }
            Files.setLastModifiedTime(target, found.lastModifiedTime());
            return copied;
        }
    }

    /** Deletes a folder. */
    private static final class Clear extends MasterToSlaveFileCallable<Boolean> {
        private static final long serialVersionUID = 1L;

        @Override
        public Boolean invoke(File folder, VirtualChannel channel) throws IOException {
            FileTree.delete(folder.toPath());
            return true;
        }
    }
}
