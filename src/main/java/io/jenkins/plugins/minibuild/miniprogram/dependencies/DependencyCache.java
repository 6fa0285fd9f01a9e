package io.jenkins.plugins.minibuild.miniprogram.dependencies;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.EnvVars;
import hudson.FilePath;
import io.jenkins.plugins.minibuild.cache.AgentCache;
import io.jenkins.plugins.minibuild.cache.TreeStore;
import io.jenkins.plugins.minibuild.files.Digest;
import io.jenkins.plugins.minibuild.process.AgentAnswer;
import io.jenkins.plugins.minibuild.process.AgentLostException;
import io.jenkins.plugins.minibuild.process.CommandException;
import io.jenkins.plugins.minibuild.process.Deadline;
import io.jenkins.plugins.minibuild.process.ProcessResult;
import io.jenkins.plugins.minibuild.process.ProcessRun;
import io.jenkins.plugins.minibuild.step.BuildContext;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The dependencies of one project in the cache of its agent. The key of an entry consists of job, purpose, package
 * manager and its version, version of Node.js, platform, lock file, and whatever else decides what is installed ({@link DependencyFacts}). Job and
 * purpose are in it so that another job, or the preview of a branch that nobody has reviewed, cannot decide what lies in the node_modules of a
 * release.
 *
 * <p>A failure of the cache is logged. It costs time, and it never fails the build. Lives on the controller for one build.
 */
public final class DependencyCache {

    /** The variable that sets how many megabytes all entries may have together; 0 switches the cache off. */
    static final String LIMIT_VARIABLE = "MINI_BUILD_DEPENDENCY_CACHE_MB";

    private static final String STORE = "dependencies";
    private static final List<String> MODULES = List.of("node_modules");

    private static final Pattern VERSION = Pattern.compile("v?[0-9][0-9A-Za-z.+-]{0,60}");

    private final BuildContext context;
    private final FilePath project;
    private final String key;
    private final long limit;
    private final boolean local;
    private final AgentCache cache;

    private DependencyCache(
            BuildContext context, FilePath project, @CheckForNull String key, long limit, boolean local) {
        this.local = local;
        this.context = context;
        this.project = project;
        this.key = key;
        this.limit = limit;
        this.cache = AgentCache.of(context, STORE, limit);
    }

    /**
     * Finds the entry of a project's dependencies. The log says why if nothing can be kept for the project.
     *
     * @param purpose what the dependencies are for: a build takes only what builds of the same job have kept for the same purpose
     */
    public static DependencyCache open(
            BuildContext context, FilePath project, InstallCommand command, String purpose, Deadline deadline)
            throws IOException, InterruptedException {
        long limit = AgentCache.limit(context, LIMIT_VARIABLE);
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
        TreeStore.Restored restored = key == null ? null : act(() -> cache.restore(key, project, MODULES));
        if (restored == TreeStore.Restored.CORRUPT) {
            log(Messages.DependencyCache_corrupt());
        }
        boolean there = restored != null && restored.there();
        if (there) {
            log(Messages.DependencyCache_restored(seconds(start)));
        }
        return there;
    }

    /** Keeps what was installed. Call it before anything else can write there. */
    public void save() throws IOException, InterruptedException {
        long start = System.nanoTime();
        TreeStore.Saved saved = key == null ? null : act(() -> cache.save(key, project, MODULES, true));
        if (saved == null) {
            return;
        }
        switch (saved) {
            case KEPT, KNOWN -> log(Messages.DependencyCache_kept(seconds(start)));
            case TOO_LARGE -> log(Messages.DependencyCache_tooLarge(Long.toString(limit >> 20), LIMIT_VARIABLE));
            case NO_SPACE -> log(Messages.DependencyCache_noSpace());
            default -> log(Messages.DependencyCache_unfit());
        }
    }

    /** Deletes the entry of the project. */
    public void drop() throws IOException, InterruptedException {
        if (key != null) {
            act(() -> cache.drop(key));
        }
    }

    /** Makes the agent prepare the copy for the next build, in the background. */
    public void prepareNext() throws IOException, InterruptedException {
        if (key != null) {
            act(() -> {
                cache.prepareNext(key);
                return true;
            });
        }
    }

    // ---- how

    /** A question to the cache. */
    private interface Question<T> {
        T answer() throws IOException, InterruptedException;
    }

    @CheckForNull
    private <T> T act(Question<T> question) throws IOException, InterruptedException {
        try {
            return question.answer();
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
}
