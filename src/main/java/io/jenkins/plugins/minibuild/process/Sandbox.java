package io.jenkins.plugins.minibuild.process;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import hudson.FilePath;
import hudson.Launcher;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A sandbox of <a href="https://github.com/containers/bubblewrap">bubblewrap</a> on an agent. A command in it sees its working folder, a home of
 * its own and the programs of the agent, but no other file of the agent and no process outside. It can change the working folder, except the
 * folder {@code .git}: git settings and hooks would run outside the sandbox later, and other checkouts may share the objects. It has no network
 * but a loopback interface of its own, unless it is given the agent's. The processes end with the process that started them, and carry the mark of their {@link ProcessRun}. Immutable.
 */
public final class Sandbox {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Pattern VERSION = Pattern.compile("[0-9]+(\\.[0-9]+)+");
    private static final String SCRIPT = script();

    /**
     * The namespaces of the sandbox, but for the network. As root the command has no capabilities.
     *
     * @see <a href="https://manpages.debian.org/bookworm/bubblewrap/bwrap.1.en.html">bwrap(1)</a>
     */
    private static final List<String> NAMESPACES = List.of(
            "--unshare-user-try",
            "--unshare-ipc",
            "--unshare-pid",
            "--unshare-uts",
            "--unshare-cgroup-try",
            "--cap-drop",
            "ALL",
            "--die-with-parent",
            "--new-session");

    /** The command. */
    static final String STANDARD = "bwrap";

    private final Launcher launcher;
    private final String bwrap;
    private final List<String> readable;
    private final String version;

    private Sandbox(Launcher launcher, String bwrap, List<String> readable, String version) {
        this.launcher = launcher;
        this.bwrap = bwrap;
        this.readable = readable;
        this.version = version;
    }

    /**
     * Tries one, on a controller thread.
     *
     * @param bwrap bubblewrap's command
     * @param scratch an existing folder on the agent
     * @param readable see {@link Isolation#readable}
     * @throws SandboxMissingException when the agent has no bubblewrap, or it may not do its work there
     * @throws AbortException when a readable folder does not exist
     */
    static Sandbox find(Launcher launcher, String bwrap, FilePath scratch, List<String> readable)
            throws IOException, InterruptedException {
        if (!launcher.isUnix()) {
            throw new SandboxMissingException(Messages.Sandbox_notUnix());
        }
        StringBuilder answer = new StringBuilder();
        try {
            ask(ProcessRun.command(launcher, bwrap, "--version").in(scratch).onLine(answer::append));
            Matcher number = VERSION.matcher(answer);
            Sandbox sandbox = new Sandbox(launcher, bwrap, readable, number.find() ? number.group() : "");
            ask(sandbox.run(List.of("/bin/sh", "-c", ":"), scratch, false, scratch, Map.of(), Reach.NOTHING));
            return sandbox;
        } catch (CommandNotFoundException e) {
            throw new SandboxMissingException(Messages.Sandbox_notInstalled());
        }
    }

    private static void ask(ProcessRun run) throws IOException, InterruptedException {
        ProcessResult result = run.deadline(Deadline.after(PATIENCE)).run();
        if (!result.succeeded()) {
            throw new SandboxMissingException(
                    Messages.Sandbox_refused(result.exitCode(), String.join(" ", result.tail())));
        }
    }

    /** Bubblewrap's version; empty when it does not tell. */
    public String version() {
        return version;
    }

    /**
     * What a command in it reaches besides.
     *
     * @param network whether the agent's network
     * @param folder that can be changed, at its own path; null for none
     */
    public record Reach(boolean network, @CheckForNull FilePath folder) {
        /** No network, no other folder. */
        public static final Reach NOTHING = new Reach(false, null);
    }

    /**
     * A run of a command in it; nothing is started yet.
     *
     * @param folder is at its own path, and is the current folder
     * @param writable whether the folder can be changed
     * @param home a folder that can be changed, at its own path and as {@code /tmp}
     * @param environment of the command, besides what it inherits: says where programs are looked for
     * @throws AbortException when a readable folder does not exist
     */
    public ProcessRun run(
            List<String> command,
            FilePath folder,
            boolean writable,
            FilePath home,
            Map<String, String> environment,
            Reach reach)
            throws IOException, InterruptedException {
        SandboxLayout.View view = AgentAnswer.act(
                home,
                new SandboxLayout(command.get(0), folder.getRemote(), environment, readable),
                SandboxLayout.View.class);
        if (!view.missing().isEmpty()) {
            throw new AbortException(Messages.Sandbox_missing(view.missing().get(0)));
        }
        List<String> line =
                new ArrayList<>(List.of("/bin/sh", "-c", SCRIPT, "mini-build", view.passwd(), view.group(), bwrap));
        line.addAll(NAMESPACES);
        if (!reach.network()) {
            line.add("--unshare-net");
        }
        line.addAll(List.of("--proc", "/proc", "--dev", "/dev", "--bind", home.getRemote(), "/tmp"));
        line.addAll(view.options());
        String work = folder.getRemote();
        line.addAll(List.of(writable ? "--bind" : "--ro-bind", work, work));
        line.addAll(List.of("--bind", home.getRemote(), home.getRemote()));
        if (reach.folder() != null) {
            line.addAll(
                    List.of("--bind", reach.folder().getRemote(), reach.folder().getRemote()));
        }
        if (AgentAnswer.act(folder, new GitFolder(), Boolean.class)) {
            String git = folder.child(".git").getRemote();
            line.addAll(List.of("--ro-bind", git, git));
        }
        line.addAll(List.of("--remount-ro", "/", "--chdir", work));
        line.addAll(command);
        return ProcessRun.command(launcher, line)
                .in(folder)
                .env(environment)
                .env(Isolation.NO_HOOKS, "0")
                .what(command.get(0));
    }

    private static String script() {
        try (InputStream in = Sandbox.class.getResourceAsStream("sandbox.sh")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException("The plugin is broken: sandbox.sh is missing", e);
        }
    }
}
