package io.jenkins.plugins.minibuild.miniprogram;

import com.fasterxml.jackson.core.JsonProcessingException;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import hudson.FilePath;
import hudson.remoting.VirtualChannel;
import hudson.util.VersionNumber;
import io.jenkins.plugins.minibuild.files.Json;
import io.jenkins.plugins.minibuild.process.AgentAnswer;
import io.jenkins.plugins.minibuild.process.CommandException;
import io.jenkins.plugins.minibuild.process.Deadline;
import io.jenkins.plugins.minibuild.process.ProcessResult;
import io.jenkins.plugins.minibuild.process.ProcessRun;
import io.jenkins.plugins.minibuild.step.BuildContext;
import java.io.File;
import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import jenkins.MasterToSlaveFileCallable;

/**
 * Where {@code miniprogram-ci} is on an agent, and which version it is. Immutable.
 *
 * <p>It is given the upload key, so that the admin chooses it: the tool installation that the user named, or the first one; where there is none, what
 * is on the agent's PATH. Nothing in the workspace is taken, which whoever can push may put there, unless the job says {@value #PROJECT}.
 */
final class CiLocation {

    /** Versions below ignore the compile settings. */
    static final String RECOMMENDED = "2.1.39";

    /** In place of an installation's name: the {@code node_modules} of the project or of a folder above it in the workspace. */
    static final String PROJECT = "project";

    private static final Pattern VERSION = Pattern.compile("[0-9]{1,9}(\\.[0-9]{1,9}){1,3}([-+][0-9A-Za-z.+-]{1,40})?");

    private final String module;
    private final String version;

    private CiLocation(String module, String version) {
        this.module = module;
        this.version = version;
    }

    /**
     * Finds miniprogram-ci and logs which one is used.
     *
     * @param projectPath the project's folder relative to the workspace
     * @param toolName the tool installation to take; {@value #PROJECT} for the project's own; null for the usual order
     * @throws AbortException when there is none; the message says what to do
     */
    static CiLocation find(BuildContext context, String projectPath, @CheckForNull String toolName, Deadline deadline)
            throws IOException, InterruptedException {
        CiLocation found = null;
        String source = "";
        FilePath home =
                PROJECT.equals(toolName) ? null : context.tools().home(MiniprogramCiInstallation.class, toolName);
        if (PROJECT.equals(toolName)) {
            found = of(search(context.workspace(), new InProject(projectPath)));
            source = Messages.CiLocation_project();
            if (found == null) {
                throw new AbortException(Messages.CiLocation_projectNone(PROJECT));
            }
            context.listener().getLogger().println(Messages.CiLocation_projectWarning(PROJECT));
        } else if (home != null) {
            found = of(search(home, new InHome()));
            source = Messages.CiLocation_tool();
            if (found == null) {
                throw new AbortException(Messages.CiLocation_toolBroken(home.getRemote()));
            }
        }
        if (found == null) {
            String path = context.environment().get("PATH");
            found = of(search(context.workspace(), new OnPath(path == null ? "" : path)));
            source = "PATH";
        }
        if (found == null) {
            found = ofNpmGlobal(context, deadline);
            source = Messages.CiLocation_global();
        }
        if (found == null) {
            throw new AbortException(Messages.CiLocation_none(PROJECT));
        }
        context.listener().getLogger().println(Messages.CiLocation_found(found.version, source, found.module));
        if (isOlder(found.version, RECOMMENDED)) {
            context.listener().getLogger().println(Messages.CiLocation_old(found.version, RECOMMENDED));
        }
        return found;
    }

    /** The module's folder on the agent. */
    String module() {
        return module;
    }

    /** The version, or {@code ?} when its package.json does not say. */
    String version() {
        return version;
    }

    @CheckForNull
    private static Found search(FilePath where, Search search) throws IOException, InterruptedException {
        return AgentAnswer.actOrNull(where, search, Found.class);
    }

    @CheckForNull
    private static CiLocation of(@CheckForNull Found found) {
        if (found == null) {
            return null;
        }
        String version = "";
        try {
            version = Json.MAPPER.readTree(found.packageJson).path("version").asText("");
        } catch (JsonProcessingException e) {
            // A broken package.json shows itself when the module is loaded; here it only means that the version is
            // unknown.
            version = "";
        }
        return new CiLocation(found.module, VERSION.matcher(version).matches() ? version : "?");
    }

    /** npm knows folders that need not be on PATH. Without npm there is nothing to ask. */
    @CheckForNull
    private static CiLocation ofNpmGlobal(BuildContext context, Deadline deadline)
            throws IOException, InterruptedException {
        List<String> lines = new ArrayList<>();
        List<String> command =
                context.launcher().isUnix() ? List.of("npm", "root", "-g") : List.of("cmd", "/c", "npm root -g");
        try {
            ProcessResult result = ProcessRun.command(context.launcher(), command)
                    .in(context.temp())
                    .env(context.environment())
                    .keep(lines)
                    .onErrorLine(line -> {})
                    .deadline(deadline)
                    .run();
            if (!result.succeeded() || lines.isEmpty()) {
                return null;
            }
        } catch (CommandException e) {
            return null;
        }
        String root = lines.get(lines.size() - 1).trim();
        return root.isEmpty() ? null : of(search(context.workspace(), new InNodeModules(root)));
    }

    /** Whether a version is older than another; an unknown version counts as new. */
    static boolean isOlder(String version, String than) {
        return VERSION.matcher(version).matches() && new VersionNumber(version).isOlderThan(new VersionNumber(than));
    }

    // ---- on the agent

    /** A module. The agent itself loads it; the controller only shows its folder. */
    private record Found(String module, String packageJson) implements Serializable {
        static final int LARGEST = 1024 * 1024;
        private static final int LONGEST_PATH = 10_000;

        Found {
            AgentAnswer.text("The folder of miniprogram-ci", module, LONGEST_PATH);
            AgentAnswer.text("The package.json of miniprogram-ci", packageJson, LARGEST);
        }
    }

    private abstract static class Search extends MasterToSlaveFileCallable<Found> {
        private static final long serialVersionUID = 1L;
        static final String NAME = "miniprogram-ci";

        @CheckForNull
        static Found module(Path folder) throws IOException {
            Path packageJson = folder.resolve("package.json");
            if (!Files.isRegularFile(packageJson) || Files.size(packageJson) > Found.LARGEST) {
                return null;
            }
            String text = new String(Files.readAllBytes(packageJson), StandardCharsets.UTF_8);
            return new Found(folder.toRealPath().toString(), text);
        }

        /** What builds write there is not the admin's choice, also not by way of a link. */
        @CheckForNull
        static Found outside(File workspace, @CheckForNull Found found) throws IOException {
            Path root = workspace.toPath().toRealPath();
            return found == null || Path.of(found.module).startsWith(root) ? null : found;
        }
    }

    private static final class InProject extends Search {
        private static final long serialVersionUID = 1L;
        private final String projectPath;

        private InProject(String projectPath) {
            this.projectPath = projectPath;
        }

        @Override
        public Found invoke(File workspace, VirtualChannel channel) throws IOException {
            Path root = workspace.toPath();
            Path folder = projectPath.isEmpty() ? root : root.resolve(projectPath);
            while (folder != null && folder.startsWith(root)) {
                Found found = module(folder.resolve("node_modules").resolve(NAME));
                if (found != null) {
                    return found;
                }
                folder = folder.getParent();
            }
            return null;
        }
    }

    private static final class InHome extends Search {
        private static final long serialVersionUID = 1L;

        @Override
        public Found invoke(File home, VirtualChannel channel) throws IOException {
            Path root = home.toPath();
            for (Path folder : List.of(
                    root.resolve("node_modules").resolve(NAME),
                    root.resolve("lib").resolve("node_modules").resolve(NAME),
                    root)) {
                Found found = module(folder);
                if (found != null && (!folder.equals(root) || found.packageJson.contains("\"" + NAME + "\""))) {
                    return found;
                }
            }
            return null;
        }
    }

    private static final class InNodeModules extends Search {
        private static final long serialVersionUID = 1L;

        private final String nodeModules;

        private InNodeModules(String nodeModules) {
            this.nodeModules = nodeModules;
        }

        @Override
        public Found invoke(File workspace, VirtualChannel channel) throws IOException {
            return outside(workspace, module(Path.of(nodeModules).resolve(NAME)));
        }
    }

    private static final class OnPath extends Search {
        private static final long serialVersionUID = 1L;
        private final String path;

        private OnPath(String path) {
            this.path = path;
        }

        @Override
        public Found invoke(File workspace, VirtualChannel channel) throws IOException {
            String folders = path.isEmpty() ? System.getenv().getOrDefault("PATH", "") : path;
            for (String entry : folders.split(Pattern.quote(File.pathSeparator))) {
                Found found = entry.isEmpty() ? null : outside(workspace, commandIn(entry));
                if (found != null) {
                    return found;
                }
            }
            return null;
        }

        @CheckForNull
        private static Found commandIn(String entry) throws IOException {
            try {
                Path folder = Path.of(entry);
                if (!folder.isAbsolute()) {
                    return null;
                }
                Path command = folder.resolve(NAME);
                if (Files.isRegularFile(command)) {
                    // npm links the command to bin/miniprogram-ci.js of the module
                    Path bin = command.toRealPath().getParent();
                    Path module = bin == null ? null : bin.getParent();
                    Found found = module == null ? null : module(module);
                    if (found != null && found.packageJson.contains("\"" + NAME + "\"")) {
                        return found;
                    }
                }
                if (Files.isRegularFile(command) || Files.isRegularFile(folder.resolve(NAME + ".cmd"))) {
                    // on Windows the module is beside the command, in .bin it is above
                    Found beside = module(folder.resolve("node_modules").resolve(NAME));
                    return beside != null ? beside : module(folder.resolveSibling(NAME));
                }
                return null;
            } catch (InvalidPathException e) {
                return null;
            }
        }
    }
}
