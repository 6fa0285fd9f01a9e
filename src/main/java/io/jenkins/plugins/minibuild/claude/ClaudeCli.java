package io.jenkins.plugins.minibuild.claude;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import hudson.EnvVars;
import hudson.FilePath;
import hudson.remoting.VirtualChannel;
import hudson.util.Secret;
import io.jenkins.plugins.minibuild.build.BuildContext;
import io.jenkins.plugins.minibuild.process.CommandException;
import io.jenkins.plugins.minibuild.process.CommandNotFoundException;
import io.jenkins.plugins.minibuild.process.ContainerChoice;
import io.jenkins.plugins.minibuild.process.ContainerRun;
import io.jenkins.plugins.minibuild.process.Deadline;
import io.jenkins.plugins.minibuild.process.ProcessResult;
import io.jenkins.plugins.minibuild.process.ProcessRun;
import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jenkins.MasterToSlaveFileCallable;

/**
 * The {@code claude} command of an agent: where it is, which version it is, how it is called and in which environment. Immutable.
 *
 * <p>Looked for in this order: the tool installation that the user named, or the first one that an admin configured; the agent's PATH.
 */
public final class ClaudeCli {
    /** The oldest version whose options are those that are used here. */
    static final String OLDEST = "2.1.197";

    /** How often the command itself asks again before it gives up. */
    private static final String MAX_RETRIES = "4";

    /** Of the agent's environment the command, and every tool that it runs, sees these and no others. */
    static final Set<String> KEPT_VARIABLES = Set.of(
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

    private static final Pattern VERSION = Pattern.compile("([0-9]{1,6})\\.([0-9]{1,6})\\.([0-9]{1,6})");
    private static final Duration VERSION_LIMIT = Duration.ofMinutes(1);
    /** An image may have to be pulled. */
    private static final Duration CONTAINER_LIMIT = Duration.ofMinutes(15);

    private final String command;
    private final String version;

    /** Null for none: it runs on the agent as it is. */
    @CheckForNull
    private final ContainerChoice container;

    private ClaudeCli(String command, String version, @CheckForNull ContainerChoice container) {
        this.command = command;
        this.version = version;
        this.container = container;
    }

    /**
     * Finds it, asks for its version and tells the log.
     *
     * @param tool the tool installation; null for the usual order
     * @throws AbortException when there is none, it does not run, or it is too old; the message says what to do
     */
    public static ClaudeCli find(BuildContext context, @CheckForNull String tool)
            throws IOException, InterruptedException {
        String command = "claude";
        FilePath home = context.tools().home(ClaudeInstallation.class, tool);
        if (home != null) {
            command = home.act(new Locate());
            if (command == null) {
                throw new AbortException(Messages.ClaudeCli_toolBroken(home.getRemote()));
            }
        }
        return checked(context, command, askVersion(context, command), null);
    }

    private static ClaudeCli checked(
            BuildContext context, String command, String version, @CheckForNull ContainerChoice container)
            throws AbortException {
        context.listener().getLogger().println(Messages.ClaudeCli_found(version, command));
        if (compare(version, OLDEST) < 0) {
            throw new AbortException(Messages.ClaudeCli_old(version, OLDEST));
        }
        if (!version.substring(0, version.indexOf('.')).equals(OLDEST.substring(0, OLDEST.indexOf('.')))) {
            context.listener().getLogger().println(Messages.ClaudeCli_new(version, OLDEST));
        }
        return new ClaudeCli(command, version, container);
    }

    /**
     * As {@link #find(BuildContext, String)}; in a container the image's own command is taken, by its PATH.
     *
     * @param container null for none
     */
    public static ClaudeCli find(
            BuildContext context, @CheckForNull String tool, @CheckForNull ContainerChoice container)
            throws IOException, InterruptedException {
        if (container == null) {
            return find(context, tool);
        }
        if (tool != null) {
            throw new AbortException(Messages.ClaudeCli_toolAndImage());
        }
        FilePath scratch = context.temp().createTempDir("claude", "");
        List<String> lines = new ArrayList<>();
        try {
            ContainerRun run = container.run(context.launcher(), scratch, List.of("claude", "--version"));
            contain(run, context, scratch, null, null);
            run.process().onLine(lines::add).deadline(Deadline.after(CONTAINER_LIMIT));
            ProcessResult result = run.run();
            String said = lines.isEmpty() ? "" : lines.get(0);
            Matcher found = VERSION.matcher(said);
            if (!result.succeeded() || !found.find()) {
                throw new AbortException(
                        Messages.ClaudeCli_notInImage(container.image(), String.join("\n", result.tail())));
            }
            return checked(context, "claude", found.group(), container);
        } catch (CommandNotFoundException e) {
            throw new AbortException(Messages.ClaudeCli_noEngine(container.engine()));
        } finally {
            scratch.deleteRecursive();
        }
    }

    /** Gives a container the environment of the command, and its home. */
    static void contain(
            ContainerRun run,
            BuildContext context,
            FilePath home,
            @CheckForNull Secret key,
            @CheckForNull String baseUrl) {
        run.within(context.environment());
        environment(context, home, key, baseUrl).forEach((name, value) -> {
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

    private static String askVersion(BuildContext context, String command) throws IOException, InterruptedException {
        FilePath scratch = context.temp().createTempDir("claude", "");
        List<String> lines = new ArrayList<>();
        try {
            ProcessResult result = ProcessRun.command(context.launcher(), command, "--version")
                    .in(scratch)
                    .cleanEnvironment(KEPT_VARIABLES)
                    .env(environment(context, scratch, null, null))
                    .onLine(lines::add)
                    .deadline(Deadline.after(VERSION_LIMIT))
                    .what("claude --version")
                    .run();
            Matcher found = VERSION.matcher(lines.isEmpty() ? "" : lines.get(0));
            if (!result.succeeded() || !found.find()) {
                throw new AbortException(Messages.ClaudeCli_broken(command, String.join("\n", result.tail())));
            }
            return found.group();
        } catch (CommandNotFoundException e) {
            throw new AbortException(Messages.ClaudeCli_none(ClaudeInstaller.DEFAULT_VERSION));
        } catch (CommandException e) {
            throw new AbortException(Messages.ClaudeCli_broken(command, e.getMessage()));
        } finally {
            scratch.deleteRecursive();
        }
    }

    private static int compare(String a, String b) {
        String[] left = a.split("\\.");
        String[] right = b.split("\\.");
        for (int i = 0; i < 3; i++) {
            int order = Integer.compare(Integer.parseInt(left[i]), Integer.parseInt(right[i]));
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    /** Such as {@code 2.1.197}. */
    public String version() {
        return version;
    }

    /** Where it runs; null for the agent itself. */
    @CheckForNull
    ContainerChoice container() {
        return container;
    }

    /** What is started on the agent. */
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
                // What is not allowed is refused: there is nobody to ask.
                "--permission-mode",
                "dontAsk",
                "--max-turns",
                String.valueOf(turns),
                "--max-budget-usd",
                String.format(Locale.ROOT, "%.4f", Math.max(dollars, 0.0001)),
                "--tools",
                String.join(",", request.tools())));
        if (!request.allowed().isEmpty()) {
            line.addAll(List.of(
                    "--allowedTools",
                    String.join(
                            ",",
                            request.allowed().stream()
                                    .map(ClaudeCli::here)
                                    .distinct()
                                    .toList())));
        }
        if (!request.disallowed().isEmpty()) {
            line.addAll(List.of("--disallowedTools", String.join(",", request.disallowed())));
        }
        if (request.schema() != null) {
            line.addAll(List.of("--json-schema", request.schema()));
        }
        if (request.model() != null) {
            line.addAll(List.of("--model", request.model()));
        }
        if (!request.trusted()) {
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
     */
    static EnvVars environment(
            BuildContext context, FilePath scratch, @CheckForNull Secret key, @CheckForNull String baseUrl) {
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
        environment.put("CLAUDE_CODE_MAX_RETRIES", MAX_RETRIES);
        if (key != null) {
            environment.put("ANTHROPIC_API_KEY", key.getPlainText());
        }
        if (baseUrl != null) {
            environment.put("ANTHROPIC_BASE_URL", baseUrl);
        }
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
