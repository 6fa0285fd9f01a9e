package io.jenkins.plugins.minibuild.miniprogram;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import hudson.FilePath;
import io.jenkins.plugins.minibuild.files.Json;
import io.jenkins.plugins.minibuild.miniprogram.dependencies.DependencyCache;
import io.jenkins.plugins.minibuild.miniprogram.dependencies.InstallCommand;
import io.jenkins.plugins.minibuild.miniprogram.dependencies.ProjectFiles;
import io.jenkins.plugins.minibuild.miniprogram.dependencies.WorkspaceRoot;
import io.jenkins.plugins.minibuild.miniprogram.profile.AppType;
import io.jenkins.plugins.minibuild.miniprogram.profile.BuildCommands;
import io.jenkins.plugins.minibuild.miniprogram.profile.MiniProgram;
import io.jenkins.plugins.minibuild.process.CommandFailedException;
import io.jenkins.plugins.minibuild.process.CommandNotFoundException;
import io.jenkins.plugins.minibuild.process.Deadline;
import io.jenkins.plugins.minibuild.process.ProcessRun;
import io.jenkins.plugins.minibuild.step.BuildContext;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/**
 * How a project is prepared for the upload: its dependencies are installed, it is built, and the result is checked. Immutable.
 */
public final class BuildPlan {

    private static final String PROJECT_CONFIG = "project.config.json";
    /** What tools write there when the project has no id yet. */
    private static final List<String> NO_APP_ID = List.of("", "touristappid", "touristAppId");

    /** What a shell answers for a command that it does not know. */
    private static final int NOT_FOUND = 127;

    private final boolean install;
    private final String installCommand;
    private final String buildCommand;
    private final String outputPath;
    private final boolean lenient;

    /**
     * Plans.
     *
     * @param commands a command that is not given is that of the type, or none
     * @param lenient whether a project without a package.json is fine although the commands install
     */
    public BuildPlan(BuildCommands commands, boolean lenient) {
        AppType type = AppType.of(commands.appType());
        install = Boolean.TRUE.equals(commands.install());
        installCommand = orElse(commands.installCommand(), "");
        buildCommand = orElse(commands.buildCommand(), type.buildCommand());
        outputPath = orElse(MiniProgram.checkRelative(commands.outputPath(), "outputPath"), type.outputPath());
        this.lenient = lenient;
    }

    private static String orElse(@CheckForNull String given, String usual) {
        return given == null || given.isBlank() ? usual : given.trim();
    }

    /**
     * Carries the plan out on the agent.
     *
     * @return the folder that miniprogram-ci compiles
     * @throws AbortException when a command fails or the project is not what the parameters say
     */
    public Prepared carryOut(BuildContext context, MiniProgram program, Deadline deadline)
            throws IOException, InterruptedException {
        DependencyCache cache = install(context, program, "build", deadline);
        try {
            return build(context, program, deadline);
        } finally {
            if (cache != null) {
                cache.prepareNext();
            }
        }
    }

    /** Whether there is anything to install. */
    boolean installs() {
        return install || !installCommand.isEmpty();
    }

    /**
     * Installs the dependencies, the first half of {@link #carryOut}.
     *
     * @param purpose what for, see {@link DependencyCache#open}
     * @return the cache that has them, which wants {@link DependencyCache#prepareNext} when the build is over; null when there was
     *     nothing to install
     */
    @CheckForNull
    public DependencyCache install(BuildContext context, MiniProgram program, String purpose, Deadline deadline)
            throws IOException, InterruptedException {
        FilePath workspace = context.workspace();
        ProjectFiles sources = ProjectFiles.read(workspace, program.projectPath(), "projectPath");
        FilePath project = child(workspace, program.projectPath());
        if (!installCommand.isEmpty()) {
            return install(context, project, InstallCommand.ofLine(installCommand), purpose, deadline);
        }
        boolean hasPackages = sources.has("package.json");
        if (!install) {
            return null;
        }
        if (lenient && !hasPackages) {
            context.listener().getLogger().println(Messages.BuildPlan_nothingToInstall(shown(program.projectPath())));
            return null;
        }
        if (!hasPackages) {
            throw new AbortException(Messages.BuildPlan_noPackageJson(shown(program.projectPath()), sources.shown()));
        }
        if (WorkspaceRoot.hasLockFile(sources)) {
            return install(context, project, InstallCommand.of(sources), purpose, deadline);
        }
        return installAbove(context, program.projectPath(), sources, purpose, deadline);
    }

    /** Installs a project that has no lock file of its own: in the monorepo that it belongs to, where its package manager has one for all. */
    private static DependencyCache installAbove(
            BuildContext context, String path, ProjectFiles sources, String purpose, Deadline deadline)
            throws IOException, InterruptedException {
        FilePath project = child(context.workspace(), path);
        WorkspaceRoot.Found above = WorkspaceRoot.above(context.workspace(), path);
        InstallCommand own = InstallCommand.of(sources);
        if (above == null) {
            return install(context, project, own, purpose, deadline);
        }
        String where = shown(above.root().path());
        if (above.member()) {
            InstallCommand command = InstallCommand.of(above.root().files());
            context.listener().getLogger().println(Messages.BuildPlan_workspaceRoot(path, where, command.line()));
            return install(context, child(context.workspace(), above.root().path()), command, purpose, deadline);
        }
        String advice = Messages.BuildPlan_lockFileAbove(above.root().lockFile(), where, path, own.line());
        context.listener().getLogger().println(advice);
        try {
            return install(context, project, own, purpose, deadline);
        } catch (CommandFailedException e) {
            // Most likely this is why: the lock file above is of another package manager, or the project needs what
            // lies above.
            throw new AbortException(e.getMessage() + "\n" + advice);
        }
    }

    /** Builds and checks what came out, the second half of {@link #carryOut}. */
    Prepared build(BuildContext context, MiniProgram program, Deadline deadline)
            throws IOException, InterruptedException {
        FilePath workspace = context.workspace();
        if (!buildCommand.isEmpty()) {
            ProjectFiles.read(workspace, program.projectPath(), "projectPath");
            shell(context, child(workspace, program.projectPath()), buildCommand, deadline);
        }
        return check(workspace, program);
    }

    public static DependencyCache install(
            BuildContext context, FilePath project, InstallCommand command, String purpose, Deadline deadline)
            throws IOException, InterruptedException {
        DependencyCache cache = DependencyCache.open(context, project, command, purpose, deadline);
        if (cache.restore()) {
            return cache;
        }
        cache.prepareInstallation();
        try {
            run(context, project, command, deadline);
        } catch (CommandFailedException e) {
            // Of a line that does more than install it is not known whether it may run twice.
            if (command.manager() == null || e.exitCode() == NOT_FOUND || deadline.expired()) {
                throw explained(e);
            }
            if (e.tail().stream().anyMatch(Explanation::isDiskFull)) {
                throw explained(e);
            }
            context.listener().getLogger().println(Messages.DependencyCache_retry(command.line()));
            cache.drop();
            project.child("node_modules").deleteRecursive();
            try {
                run(context, project, command, deadline);
            } catch (CommandFailedException again) {
                throw explained(again);
            }
        }
        cache.save();
        return cache;
    }

    private static void run(BuildContext context, FilePath project, InstallCommand command, Deadline deadline)
            throws IOException, InterruptedException {
        if (command.isLine()) {
            run(ProcessRun.shell(context.launcher(), command.line()).stamped("install"), context, project, deadline);
            return;
        }
        String manager = command.words().get(0);
        List<String> words = context.launcher().isUnix() ? command.words() : windows(command.words());
        try {
            run(
                    ProcessRun.command(context.launcher(), words)
                            .what(command.line())
                            .stamped("install"),
                    context,
                    project,
                    deadline);
        } catch (CommandNotFoundException e) {
            throw new AbortException(Messages.BuildPlan_noPackageManager(manager));
        } catch (CommandFailedException e) {
            if (windowsMissing(context, e)) {
                throw new AbortException(Messages.BuildPlan_noPackageManager(manager));
            }
            throw e;
        }
    }

    private static void run(ProcessRun command, BuildContext context, FilePath project, Deadline deadline)
            throws IOException, InterruptedException {
        command.in(project)
                .env(context.environment())
                .redactor(context.redactor())
                .echo(context.listener())
                .deadline(deadline)
                .runOrFail();
    }

    private static List<String> windows(List<String> command) {
        return List.of("cmd", "/c", String.join(" ", command));
    }

    /** cmd answers 9009 for a command it does not know. */
    private static boolean windowsMissing(BuildContext context, CommandFailedException failure) {
        return !context.launcher().isUnix() && failure.exitCode() == 9009;
    }

    private static void shell(BuildContext context, FilePath project, String line, Deadline deadline)
            throws IOException, InterruptedException {
        try {
            run(ProcessRun.shell(context.launcher(), line).stamped("build"), context, project, deadline);
        } catch (CommandFailedException e) {
            throw explained(e);
        }
    }

    private static IOException explained(CommandFailedException failure) {
        boolean full = failure.tail().stream().anyMatch(Explanation::isDiskFull);
        return full ? new AbortException(Messages.Explanation_diskFull()) : failure;
    }

    private Prepared check(FilePath workspace, MiniProgram program) throws IOException, InterruptedException {
        String path = join(program.projectPath(), outputPath);
        String parameter = outputPath.isEmpty() ? "projectPath" : "outputPath";
        ProjectFiles built = ProjectFiles.read(workspace, path, parameter, PROJECT_CONFIG);
        JsonNode config = built.has(PROJECT_CONFIG)
                ? parse(built.text(PROJECT_CONFIG), join(path, PROJECT_CONFIG))
                : Json.MAPPER.createObjectNode();
        checkAppId(config, program, join(path, PROJECT_CONFIG));

        String root = program.type().rootKey();
        String entry = program.type().entryFile();
        String configured = MiniProgram.checkRelativeIn(config.path(root).asText(""), root, join(path, PROJECT_CONFIG));
        String codePath = join(path, configured);
        ProjectFiles code = ProjectFiles.read(workspace, codePath, configured.isEmpty() ? parameter : root, entry);
        if (!code.has(entry)) {
            if (code.isEmpty() && codePath.isEmpty()) {
                throw new AbortException(Messages.BuildPlan_emptyWorkspace(entry));
            }
            throw new AbortException(
                    Messages.BuildPlan_noEntryFile(entry, shown(codePath), code.shown(), root, parameter));
        }
        return new Prepared(child(workspace, path), shown(path), code.shown(), AppPages.of(code.text(entry)));
    }

    private static JsonNode parse(String text, String path) throws AbortException {
        try {
            JsonNode config = Json.MAPPER.readTree(text.replace("\uFEFF", ""));
            if (config.isObject()) {
                return config;
            }
            throw new AbortException(Messages.BuildPlan_configBroken(path, ""));
        } catch (JsonProcessingException e) {
            throw new AbortException(Messages.BuildPlan_configBroken(path, e.getOriginalMessage()));
        }
    }

    private static void checkAppId(JsonNode config, MiniProgram program, String path) throws AbortException {
        String configured = config.path("appid").asText("").trim();
        if (!NO_APP_ID.contains(configured)
                && !configured.toLowerCase(Locale.ROOT).equals(program.appId())) {
            throw new AbortException(Messages.BuildPlan_otherAppId(program.appId(), configured, path));
        }
    }

    private static FilePath child(FilePath workspace, String path) {
        return path.isEmpty() ? workspace : workspace.child(path);
    }

    static String join(String parent, String child) {
        return parent.isEmpty() ? child : child.isEmpty() ? parent : parent + "/" + child;
    }

    private static String shown(String path) {
        return path.isEmpty() ? Messages.BuildPlan_workspace() : path;
    }

    /**
     * A project that miniprogram-ci can compile.
     *
     * @param folder the folder on the agent
     * @param path the folder relative to the workspace, for messages
     * @param names some names of the files in the folder of the code, for messages
     * @param pages what its entry file lists
     */
    record Prepared(FilePath folder, String path, String names, AppPages pages) {}
}
