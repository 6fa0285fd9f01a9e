package io.jenkins.plugins.minibuild.miniprogram.dependencies;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.EnvVars;
import hudson.FilePath;
import hudson.remoting.VirtualChannel;
import io.jenkins.plugins.minibuild.files.Digest;
import io.jenkins.plugins.minibuild.process.AgentAnswer;
import io.jenkins.plugins.minibuild.process.AgentLostException;
import io.jenkins.plugins.minibuild.process.CommandException;
import io.jenkins.plugins.minibuild.process.Deadline;
import io.jenkins.plugins.minibuild.process.ProcessResult;
import io.jenkins.plugins.minibuild.process.ProcessRun;
import io.jenkins.plugins.minibuild.step.BuildContext;
import java.io.File;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import jenkins.MasterToSlaveFileCallable;

/**
 * The dependencies of one project in the cache of its agent, see {@link DependencyStore}. The key of an entry consists of job, purpose, package
 * manager and its version, version of Node.js, platform, lock file, and whatever else decides what is installed ({@link DependencyFacts}). Job and
 * purpose are in it so that another job, or the preview of a branch that nobody has reviewed, cannot decide what lies in the node_modules of a
 * release.
 *
 * <p>A failure of the cache is logged. It costs time, and it never fails the build. Lives on the controller for one build.
 */
public final class DependencyCache {

    /** The most megabytes that all entries of an agent may have together, unless {@link #LIMIT_VARIABLE} is set. */
    static final long DEFAULT_MEGABYTES = 5 * 1024L;

    /** The variable that sets another limit; 0 switches the cache off. */
    static final String LIMIT_VARIABLE = "MINI_BUILD_DEPENDENCY_CACHE_MB";

    private static final String PLACE = "mini-build/dependencies";
    /** For copying gigabytes on a slow disk. */
    private static final Duration PATIENCE = Duration.ofHours(1);

    private static final Pattern VERSION = Pattern.compile("v?[0-9][0-9A-Za-z.+-]{0,60}");

    private final BuildContext context;
    private final FilePath project;
    private final String key;
    private final long limit;
    private final boolean local;

    private DependencyCache(
            BuildContext context, FilePath project, @CheckForNull String key, long limit, boolean local) {
        this.local = local;
        this.context = context;
        this.project = project;
        this.key = key;
        this.limit = limit;
    }

    /**
     * Finds the entry of a project's dependencies. The log says why if nothing can be kept for the project.
     *
     * @param purpose what the dependencies are for: a build takes only what builds of the same job have kept for the same purpose
     */
    public static DependencyCache open(
            BuildContext context, FilePath project, InstallCommand command, String purpose, Deadline deadline)
            throws IOException, InterruptedException {
        long limit = limit(context);
        DependencyFacts facts = command.manager() == null ? null : facts(context, project, command);
        String key = limit == 0 ? null : key(context, project, command, facts, purpose, deadline);
        return new DependencyCache(context, project, key, limit, facts != null && facts.local());
    }

    /**
     * Makes the project ready for an installation. Packages that were copied from folders of the agent are taken for up to date by package managers when only
     * the folders have changed, so what an earlier build left goes.
     */
    public void prepareInstallation() throws IOException, InterruptedException {
        FilePath modules = project.child("node_modules");
        if (local && modules.exists()) {
            log(Messages.DependencyCache_local());
            modules.deleteRecursive();
        }
    }

    /** Puts the dependencies into the project. Returns false if they have to be installed. */
    public boolean restore() throws IOException, InterruptedException {
        long start = System.nanoTime();
        DependencyStore.Restored restored =
                key == null ? null : act(new Restore(key, limit, project.getRemote()), DependencyStore.Restored.class);
        if (restored == DependencyStore.Restored.CORRUPT) {
            log(Messages.DependencyCache_corrupt());
        }
        boolean there = restored == DependencyStore.Restored.RENAMED || restored == DependencyStore.Restored.COPIED;
        if (there) {
            log(Messages.DependencyCache_restored(seconds(start)));
        }
        return there;
    }

    /** Keeps what was installed. Call it before anything else can write there. */
    public void save() throws IOException, InterruptedException {
        long start = System.nanoTime();
        DependencyStore.Saved saved =
                key == null ? null : act(new Save(key, limit, project.getRemote()), DependencyStore.Saved.class);
        if (saved == null) {
            return;
        }
        switch (saved) {
            case KEPT -> log(Messages.DependencyCache_kept(seconds(start)));
            case TOO_LARGE -> log(Messages.DependencyCache_tooLarge(Long.toString(limit >> 20), LIMIT_VARIABLE));
            case NO_SPACE -> log(Messages.DependencyCache_noSpace());
            default -> log(Messages.DependencyCache_unfit());
        }
    }

    /** Deletes the entry of the project. */
    public void drop() throws IOException, InterruptedException {
        if (key != null) {
            act(new Drop(key, limit), Boolean.class);
        }
    }

    /** Makes the agent prepare the copy for the next build, in the background. */
    public void prepareNext() throws IOException, InterruptedException {
        if (key != null) {
            act(new Prepare(key, limit), Void.class);
        }
    }

    // ---- how

    @CheckForNull
    private <T> T act(MasterToSlaveFileCallable<T> work, Class<T> type) throws IOException, InterruptedException {
        try {
            FilePath store = context.agentRoot().child(PLACE);
            store.mkdirs();
            return AgentAnswer.actOrNull(store, work, type, PATIENCE);
        } catch (IOException e) {
            if (AgentLostException.isAgentLost(e)) {
                throw e;
            }
            log(Messages.DependencyCache_trouble(e.getMessage()));
            return null;
        }
    }

    private void log(String line) {
        context.listener().getLogger().println(line);
    }

    private static String seconds(long start) {
        return String.format(Locale.ROOT, "%.1f", (System.nanoTime() - start) / 1e9);
    }

    private static long limit(BuildContext context) {
        String text = context.environment().getOrDefault(LIMIT_VARIABLE, "").trim();
        if (text.isEmpty()) {
            return DEFAULT_MEGABYTES << 20;
        }
        if (text.matches("[0-9]{1,9}")) {
            return Long.parseLong(text) << 20;
        }
        context.listener().getLogger().println(Messages.DependencyCache_badLimit(LIMIT_VARIABLE, text));
        return DEFAULT_MEGABYTES << 20;
    }

    private static DependencyFacts facts(BuildContext context, FilePath project, InstallCommand command)
            throws IOException, InterruptedException {
        EnvVars environment = context.environment();
        return AgentAnswer.act(
                project,
                new DependencyFacts.Read(
                        command.manager(),
                        command.ignoresScripts(),
                        new TreeMap<>(environment),
                        environment.getOrDefault("PATH", "")),
                DependencyFacts.class);
    }

    @CheckForNull
    private static String key(
            BuildContext context,
            FilePath project,
            InstallCommand command,
            @CheckForNull DependencyFacts facts,
            String purpose,
            Deadline deadline)
            throws IOException, InterruptedException {
        if (facts == null) {
            context.listener().getLogger().println(Messages.DependencyCache_otherCommand());
            return null;
        }
        DependencyFacts.Refusal refusal = facts.refusal();
        if (refusal != null) {
            context.listener().getLogger().println(reason(refusal, facts.detail()));
            return null;
        }
        String manager = command.manager();
        String node = version(context, project, "node", deadline);
        String version = facts.managerVersion().isEmpty()
                ? version(context, project, manager, deadline)
                : facts.managerVersion();
        // Without the command the installation fails, and says it better.
        if (node.isEmpty() || version.isEmpty() || facts.digest().isEmpty()) {
            return null;
        }
        return Digest.ofParts(
                        context.record().jobName(), purpose, manager, version, node, facts.digest(), command.line())
                .substring(0, 40);
    }

    private static String reason(DependencyFacts.Refusal refusal, String detail) {
        return switch (refusal) {
            case NO_LOCK_FILE -> Messages.DependencyCache_noLockFile();
            case SCRIPTS -> Messages.DependencyCache_scripts();
            case WORKSPACES -> Messages.DependencyCache_workspaces();
            case LOCAL -> Messages.DependencyCache_unknownInput(detail);
            case PROGRAM -> Messages.DependencyCache_program(detail);
        };
    }

    private static String version(BuildContext context, FilePath project, String command, Deadline deadline)
            throws IOException, InterruptedException {
        List<String> lines = new ArrayList<>();
        List<String> words = context.launcher().isUnix()
                ? List.of(command, "--version")
                : List.of("cmd", "/c", command + " --version");
        try {
            ProcessResult result = ProcessRun.command(context.launcher(), words)
                    .in(project)
                    .env(context.environment())
                    .keep(lines)
                    .onErrorLine(line -> {})
                    .deadline(deadline)
                    .run();
            String last = lines.isEmpty() ? "" : lines.get(lines.size() - 1).trim();
            return result.succeeded() && VERSION.matcher(last).matches() ? last : "";
        } catch (CommandException e) {
            return "";
        }
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

        public DependencyStore open(File root) throws IOException {
            return new DependencyStore(root.toPath(), limit);
        }
    }

    private static final class Restore extends InStore<DependencyStore.Restored> {
        private static final long serialVersionUID = 1L;
        private final String project;

        private Restore(String key, long limit, String project) {
            super(key, limit);
            this.project = project;
        }

        @Override
        public DependencyStore.Restored invoke(File root, VirtualChannel channel)
                throws IOException, InterruptedException {
            return open(root).restore(key, new File(project).toPath());
        }
    }

    private static final class Save extends InStore<DependencyStore.Saved> {
        private static final long serialVersionUID = 1L;
        private final String project;

        private Save(String key, long limit, String project) {
            super(key, limit);
            this.project = project;
        }

        @Override
        public DependencyStore.Saved invoke(File root, VirtualChannel channel)
                throws IOException, InterruptedException {
            return open(root).save(key, new File(project).toPath());
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

    private static final class Prepare extends InStore<Void> {
        private static final long serialVersionUID = 1L;

        private Prepare(String key, long limit) {
            super(key, limit);
        }

        @Override
        public Void invoke(File root, VirtualChannel channel) throws IOException {
            DependencyStore store = open(root);
            Background.POOL.execute(() -> {
                try {
                    store.prepare(key);
                } catch (IOException e) {
                    // A failure costs the next build the time of a copy; nobody waits for it here.
                    Logger.getLogger(DependencyCache.class.getName())
                            .log(Level.FINE, "no dependencies made ready under " + root, e);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            return null;
        }
    }

    /** The thread that prepares copies on the agent. It ends when it has nothing to do. */
    private static final class Background {
        private static final ThreadPoolExecutor POOL = pool();

        private static ThreadPoolExecutor pool() {
            ThreadPoolExecutor pool =
                    new ThreadPoolExecutor(1, 1, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), work -> {
                        Thread thread = new Thread(work, "mini-build dependencies");
                        thread.setDaemon(true);
                        return thread;
                    });
            pool.allowCoreThreadTimeOut(true);
            return pool;
        }
    }
}
