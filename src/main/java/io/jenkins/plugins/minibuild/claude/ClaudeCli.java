package io.jenkins.plugins.minibuild.claude;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import hudson.EnvVars;
import hudson.FilePath;
import hudson.remoting.VirtualChannel;
import hudson.util.VersionNumber;
import io.jenkins.plugins.minibuild.process.AgentAnswer;
import io.jenkins.plugins.minibuild.process.CommandException;
import io.jenkins.plugins.minibuild.process.CommandNotFoundException;
import io.jenkins.plugins.minibuild.process.ContainerChoice;
import io.jenkins.plugins.minibuild.process.ContainerRun;
import io.jenkins.plugins.minibuild.process.Deadline;
import io.jenkins.plugins.minibuild.process.Isolation;
import io.jenkins.plugins.minibuild.process.ProcessResult;
import io.jenkins.plugins.minibuild.process.ProcessRun;
import io.jenkins.plugins.minibuild.process.Sandbox;
import io.jenkins.plugins.minibuild.process.ScratchFolder;
import io.jenkins.plugins.minibuild.step.BuildContext;
import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import jenkins.MasterToSlaveFileCallable;

/**
 * The {@code claude} command of an agent: where it is, which version it is, how it is called and in which environment. Immutable.
 *
 * <p>Looked for in this order: the tool installation that the user named, or the first one that an admin configured; only where there is none, the
 * PATH, which a job can change.
 */
public final class ClaudeCli {
    /** The oldest version whose options are those that are used here. */
    static final String OLDEST = "2.1.197";

    /** How often the command itself asks again before it gives up. */
    private static final String MAX_RETRIES = "4";

    /** The variables of the agent's environment that the command, and every tool that it runs, can see; no others. */
    public static final Set<String> KEPT_VARIABLES = Set.of(
            "PATH",
            "LANG",
            "LC_ALL",
            "LC_CTYPE",
            "TZ",
            "SHELL",
            "HTTP_PROXY",
            "HTTPS_PROXY",
            "NO_PROXY",
            "SSL_CERT_FILE",
            "SSL_CERT_DIR",
            "NODE_EXTRA_CA_CERTS",
            "JAVA_HOME",
            // Windows does not work without these.
            "SYSTEMROOT",
            "WINDIR",
            "COMSPEC",
            "PATHEXT",
            "PROGRAMFILES",
            "PROGRAMDATA");

    /** The tools that run no command. The rules of {@code claude} limit those for files to the folder. */
    private static final Set<String> RUNS_NOTHING = Set.of(
            "Read",
            "Write",
            "Edit",
            "MultiEdit",
            "Glob",
            "Grep",
            "LS",
            "NotebookRead",
            "NotebookEdit",
            "TodoWrite",
            "WebFetch",
            "WebSearch");

    private static final Pattern VERSION = Pattern.compile("([0-9]{1,6})\\.([0-9]{1,6})\\.([0-9]{1,6})");
    private static final Duration VERSION_LIMIT = Duration.ofMinutes(1);
    /** An image may have to be pulled. */
    private static final Duration CONTAINER_LIMIT = Duration.ofMinutes(15);

    private final String command;
    private final String version;
    private final Enclosure enclosure;

    private ClaudeCli(String command, String version, Enclosure enclosure) {
        this.command = command;
        this.version = version;
        this.enclosure = enclosure;
    }

    /**
     * How the command is isolated on this agent.
     *
     * @param container null for none
     * @param sandbox null for none
     * @param missing why the agent has no sandbox although the job wants one; null if it has one, or the job wants none
     */
    private record Enclosure(
            @CheckForNull ContainerChoice container,
            @CheckForNull Sandbox sandbox,
            @CheckForNull String missing) {}

    /**
     * Finds it, asks for its version and tells the log. In a container the image's own command is taken, by its PATH.
     *
     * @param tool the tool installation; null for the usual order
     * @throws AbortException when there is none, it does not run, or it is too old, or a sandbox that is required cannot be had; the message
     *     says what to do
     */
    public static ClaudeCli find(BuildContext context, @CheckForNull String tool, Isolation isolation)
            throws IOException, InterruptedException {
        try (ScratchFolder folder = ScratchFolder.in(context.temp(), "claude")) {
            FilePath scratch = folder.path();
            if (isolation.container() != null) {
                return inContainer(context, tool, isolation.container(), scratch);
            }
            String[] missing = new String[1];
            Sandbox sandbox = isolation.sandbox(context.launcher(), scratch, reason -> missing[0] = reason);
            String command = locate(context, tool);
            ClaudeCli cli = checked(
                    context,
                    command,
                    askVersion(context, command, sandbox, scratch),
                    new Enclosure(null, sandbox, missing[0]));
            if (sandbox != null) {
                context.listener().getLogger().println(Messages.ClaudeCli_sandbox(sandbox.version()));
            }
            return cli;
        }
    }

    private static String locate(BuildContext context, @CheckForNull String tool)
            throws IOException, InterruptedException {
        FilePath home = context.tools().home(ClaudeInstallation.class, tool);
        if (home == null) {
            context.listener().getLogger().println(Messages.ClaudeCli_fromPath());
            return "claude";
        }
        String command = AgentAnswer.actOrNull(home, new Locate(), String.class);
        if (command == null) {
            throw new AbortException(Messages.ClaudeCli_toolBroken(home.getRemote()));
        }
        return command;
    }

    private static ClaudeCli checked(BuildContext context, String command, String version, Enclosure enclosure)
            throws AbortException {
        context.listener().getLogger().println(Messages.ClaudeCli_found(version, command));
        if (new VersionNumber(version).isOlderThan(new VersionNumber(OLDEST))) {
            throw new AbortException(Messages.ClaudeCli_old(version, OLDEST));
        }
        if (!version.substring(0, version.indexOf('.')).equals(OLDEST.substring(0, OLDEST.indexOf('.')))) {
            context.listener().getLogger().println(Messages.ClaudeCli_new(version, OLDEST));
        }
        return new ClaudeCli(command, version, enclosure);
    }

    private static ClaudeCli inContainer(
            BuildContext context, @CheckForNull String tool, ContainerChoice container, FilePath scratch)
            throws IOException, InterruptedException {
        if (tool != null) {
            throw new AbortException(Messages.ClaudeCli_toolAndImage());
        }
        List<String> lines = new ArrayList<>();
        try {
            ContainerRun run = container.run(context.launcher(), scratch, List.of("claude", "--version"));
            contain(run, context, scratch, Map.of());
            run.process().keep(lines).deadline(Deadline.after(CONTAINER_LIMIT));
            ProcessResult result = run.run();
            String said = lines.isEmpty() ? "" : lines.get(0);
            Matcher found = VERSION.matcher(said);
            if (!result.succeeded() || !found.find()) {
                throw new AbortException(
                        Messages.ClaudeCli_notInImage(container.image(), String.join("\n", result.tail())));
            }
            return checked(context, "claude", found.group(), new Enclosure(container, null, null));
        } catch (CommandNotFoundException e) {
            throw new AbortException(Messages.ClaudeCli_noEngine(container.engine()));
        }
    }

    /** Gives a container the environment of the command, and its home. */
    static void contain(ContainerRun run, BuildContext context, FilePath home, Map<String, String> model) {
        run.within(context.environment());
        environment(context, home, model).forEach((name, value) -> {
            // The image has a PATH of its own; the marks are the container's business.
            if (name.equals("PATH") || name.startsWith("MINI_BUILD_")) {
                return;
            }
            if (value.equals(home.getRemote())) {
                run.visibleEnv(name, value);
            } else {
                run.env(name, value);
            }
        });
    }

    private static String askVersion(
            BuildContext context, String command, @CheckForNull Sandbox sandbox, FilePath scratch)
            throws IOException, InterruptedException {
        List<String> lines = new ArrayList<>();
        EnvVars environment = environment(context, scratch, Map.of());
        List<String> line = List.of(command, "--version");
        try {
            ProcessRun run = sandbox == null
                    ? ProcessRun.command(context.launcher(), line).in(scratch).env(environment)
                    : sandbox.run(line, scratch, false, scratch, environment, Sandbox.Reach.NOTHING);
            ProcessResult result = run.cleanEnvironment(KEPT_VARIABLES)
                    .keep(lines)
                    .deadline(Deadline.after(VERSION_LIMIT))
                    .what("claude --version")
                    .run();
            Matcher found = VERSION.matcher(lines.isEmpty() ? "" : lines.get(0));
            if (result.succeeded() && found.find()) {
                return found.group();
            }
            if (sandbox != null) {
                return hidden(context, command, scratch, result);
            }
            throw new AbortException(Messages.ClaudeCli_broken(command, String.join("\n", result.tail())));
        } catch (CommandNotFoundException e) {
            throw new AbortException(Messages.ClaudeCli_none(ClaudeInstaller.DEFAULT_VERSION));
        } catch (CommandException e) {
            throw new AbortException(Messages.ClaudeCli_broken(command, e.getMessage()));
        }
    }

    /** Fails as it would without a sandbox, or because of the sandbox. */
    private static String hidden(BuildContext context, String command, FilePath scratch, ProcessResult result)
            throws IOException, InterruptedException {
        askVersion(context, command, null, scratch);
        throw new AbortException(Messages.ClaudeCli_hidden(command, String.join("\n", result.tail())));
    }

    /** Such as {@code 2.1.197}. */
    public String version() {
        return version;
    }

    /** The container that it runs in; null for none. */
    @CheckForNull
    ContainerChoice container() {
        return enclosure.container();
    }

    /** The sandbox that it runs in; null for none. */
    @CheckForNull
    Sandbox sandbox() {
        return enclosure.sandbox();
    }

    /** Why the agent has neither sandbox nor container although the job wants one; null if it has, or the job wants none. */
    @CheckForNull
    String missing() {
        return enclosure.missing();
    }

    /**
     * The tools that the model is offered. A tool that can run commands is left out where the agent has no sandbox although the job wants one; the log
     * says so.
     */
    List<String> offered(BuildContext context, List<String> tools) {
        if (enclosure.missing() == null) {
            return tools;
        }
        Map<Boolean, List<String>> harmless = tools.stream()
                .collect(Collectors.partitioningBy(tool -> RUNS_NOTHING.contains(tool.replaceFirst("\\(.*", ""))));
        if (!harmless.get(false).isEmpty()) {
            context.listener()
                    .getLogger()
                    .println(Messages.ClaudeCli_noSandbox(String.join(", ", harmless.get(false)), enclosure.missing()));
        }
        return harmless.get(true);
    }

    /** The program that is started on the agent: a path, or a name that the PATH finds. */
    public String command() {
        return command;
    }

    /** The whole command for a request. Other users of the agent's machine can read it: nothing in it is secret. */
    List<String> arguments(ClaudeRequest request, int turns, double dollars) {
        List<String> line = new ArrayList<>(List.of(
                command,
                "-p",
                "--output-format",
                "stream-json",
                "--verbose",
                "--include-partial-messages",
                // Nobody is there to answer a question: every use of a tool that is not allowed is refused.
                "--permission-mode",
                "dontAsk",
                "--max-turns",
                String.valueOf(turns),
                "--max-budget-usd",
                String.format(Locale.ROOT, "%.4f", Math.max(dollars, 0.0001)),
                "--tools",
                String.join(",", request.tools().offered())));
        if (!request.tools().allowed().isEmpty()) {
            line.addAll(List.of(
                    "--allowedTools",
                    String.join(
                            ",",
                            request.tools().allowed().stream()
                                    .map(ClaudeCli::here)
                                    .distinct()
                                    .toList())));
        }
        if (!request.tools().disallowed().isEmpty()) {
            line.addAll(List.of(
                    "--disallowedTools", String.join(",", request.tools().disallowed())));
        }
        if (request.schema() != null) {
            line.addAll(List.of("--json-schema", request.schema()));
        }
        if (request.model().name() != null) {
            line.addAll(List.of("--model", request.model().name()));
        }
        if (!request.rules().trusted()) {
            line.addAll(List.of("--safe-mode", "--strict-mcp-config", "--setting-sources", ""));
        }
        return line;
    }

    /**
     * A tool for files is allowed in the folder only: its name alone would allow it on the whole machine. What reads is ruled by Read, what writes
     * by Edit.
     *
     * @see <a href="https://code.claude.com/docs/en/permissions">the command's own description of its rules</a>
     */
    private static String here(String tool) {
        return switch (tool) {
            case "Read", "Glob", "Grep", "LS", "NotebookRead" -> "Read(./**)";
            case "Write", "Edit", "MultiEdit", "NotebookEdit" -> "Edit(./**)";
            default -> tool;
        };
    }

    /**
     * The variables that it gets besides {@link #KEPT_VARIABLES}: a home of its own, the model's service, and the marks by which the
     * plugin finds its processes.
     *
     * @param scratch a folder that is deleted afterwards
     * @param model how the model is reached, see {@link ModelProxy#environment}; may be empty
     */
    static EnvVars environment(BuildContext context, FilePath scratch, Map<String, String> model) {
        EnvVars environment = new EnvVars();
        context.environment().forEach((name, value) -> {
            if (name.startsWith("MINI_BUILD_") || name.equals("PATH")) {
                environment.put(name, value);
            }
        });
        for (String home : new TreeSet<>(Set.of("HOME", "USERPROFILE", "TMPDIR", "TEMP", "TMP"))) {
            environment.put(home, scratch.getRemote());
        }
        environment.put("CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "1");
        environment.put("DISABLE_TELEMETRY", "1");
        environment.put("DISABLE_AUTOUPDATER", "1");
        // Nothing outlives the run: a command that the model only started would be ended in its middle, and nobody
        // would read how it ended.
        environment.put("CLAUDE_CODE_DISABLE_BACKGROUND_TASKS", "1");
        environment.put("CLAUDE_CODE_MAX_RETRIES", MAX_RETRIES);
        environment.putAll(model);
        return environment;
    }

    /**
     * Finds the program in the home of a tool: npm leaves a launcher there that is of no use when the scripts of packages are not run,
     * and the program itself in a package for its platform.
     */
    private static final class Locate extends MasterToSlaveFileCallable<String> {
        private static final long serialVersionUID = 1L;

        @Override
        public String invoke(File home, VirtualChannel channel) throws IOException {
            Path packages = home.toPath().resolve("node_modules/@anthropic-ai");
            List<Path> candidates = new ArrayList<>();
            if (Files.isDirectory(packages)) {
                try (DirectoryStream<Path> found = Files.newDirectoryStream(packages, "claude-code-*")) {
                    for (Path each : found) {
                        candidates.add(each.resolve("claude"));
                        candidates.add(each.resolve("claude.exe"));
                    }
                }
                // An old npm may install both kinds for Linux; the one for musl runs on few machines.
                candidates.sort((a, b) -> Boolean.compare(
                        a.toString().contains("-musl"), b.toString().contains("-musl")));
            }
            for (String place : List.of("claude", "claude.exe", "bin/claude", "bin/claude.exe")) {
                candidates.add(home.toPath().resolve(place));
            }
            for (Path each : candidates) {
                if (Files.isRegularFile(each)) {
                    return each.toString();
                }
            }
            return null;
        }
    }
}
