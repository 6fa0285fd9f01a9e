package io.jenkins.plugins.minibuild.process;

import hudson.AbortException;
import hudson.EnvVars;
import hudson.FilePath;
import hudson.Launcher;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * One run of one command in a new container, through docker or podman. Set it up, its {@link #process} too, then call
 * {@link #run} once, from the controller.
 *
 * <p>The container sees the folders that it is given and nothing else of the agent; it has no capabilities and can gain
 * none. Its variables are given by name only, so that no value is in an argument list. Its processes carry the mark of the
 * {@link ProcessRun} and of the limits around it, by which they are found from outside and ended with it (TERM, KILL after
 * {@link ProcessRun#GRACE}): at the deadline, when the build is aborted, and by leash.sh (see {@link ProcessRun}) when the agent is lost. Then the container is removed
 * by its name, which also ends it where its processes cannot be seen or signalled, as those of an engine on another machine.
 */
public final class ContainerRun {
    /** The variable by which the limits know the processes of a block. */
    public static final String LIMITS_MARK = "MINI_BUILD_LIMITS";

    private static final Logger LOGGER = Logger.getLogger(ContainerRun.class.getName());

    private static final Duration REMOVAL = Duration.ofSeconds(30);
    /** docker-run(1), podman-run(1): the engine itself failed. */
    private static final int ENGINE_FAILED = 125;

    private final ContainerEngine engine;
    private final Launcher launcher;
    private final FilePath workspace;
    private final String image;
    private final List<String> command;
    private final ContainerLine line;
    private final ProcessRun process;
    private final String name = "mini-build-" + UUID.randomUUID();
    private final Map<String, String> variables = new TreeMap<>();

    private ContainerRun(
            ContainerEngine engine, Launcher launcher, FilePath workspace, String image, List<String> command) {
        this.engine = engine;
        this.launcher = launcher;
        this.workspace = workspace;
        this.image = image;
        this.command = List.copyOf(command);
        this.line = new ContainerLine(engine, image)
                .name(name)
                .option("--cap-drop=ALL", "--security-opt=no-new-privileges")
                .workdir(workspace.getRemote())
                .asAgent();
        this.process = ProcessRun.command(launcher, engine.command())
                .in(workspace)
                .what(command.get(0) + " in a container of " + image);
    }

    /**
     * A run of the command with the workspace mounted at its own path, writable, as the current folder.
     *
     * @param image its name as the engine knows it
     * @throws IllegalArgumentException if the image's name could be taken for an option, or a path cannot be mounted
     */
    public static ContainerRun of(
            ContainerEngine engine, Launcher launcher, FilePath workspace, String image, List<String> command) {
        ContainerRun run = new ContainerRun(engine, launcher, workspace, image, command);
        run.mount(workspace, false);
        return run;
    }

    /** Mounts one more folder or file of the agent at its own path. */
    public ContainerRun mount(FilePath path, boolean readOnly) {
        line.mount(path.getRemote(), readOnly);
        return this;
    }

    /** A variable of the command in the container; its value is in no argument list. */
    public ContainerRun env(String key, String value) {
        if (!key.matches("[A-Za-z_][A-Za-z0-9_]*")) {
            throw new IllegalArgumentException(Messages.ContainerRun_variable(key));
        }
        if (ContainerLine.steers(key)) {
            throw new IllegalArgumentException(Messages.ContainerRun_steers(key, engine.command()));
        }
        variables.put(key, value);
        return this;
    }

    /** A variable whose value stands in the argument list, where everybody on the agent's machine can read it. */
    public ContainerRun visibleEnv(String key, String value) {
        line.visibleEnv(key, value);
        return this;
    }

    /** Makes the limits of the block, to which this environment belongs, hold for the container too. */
    public ContainerRun within(EnvVars environment) {
        String mark = environment.get(LIMITS_MARK);
        if (mark != null) {
            variables.put(LIMITS_MARK, mark);
        }
        return this;
    }

    /** The network, such as {@code none}; the engine's default without this call. */
    public ContainerRun network(String network) {
        line.option("--network=" + network);
        return this;
    }

    /** The process that runs the engine's command: for the deadline, the input, and the consumers of its lines. */
    public ProcessRun process() {
        return process;
    }

    /** The name of the container. */
    public String name() {
        return name;
    }

    /**
     * Runs the command to its end. Afterwards the container is gone.
     *
     * @throws AbortException if the engine could not start it, for example because there is no such image
     * @throws IOException as {@link ProcessRun#run}
     * @throws InterruptedException if this thread was interrupted; the container is gone then
     */
    public ProcessResult run() throws IOException, InterruptedException {
        process.env(variables);
        line.env(ProcessRun.MARK);
        variables.keySet().forEach(line::env);
        line.words(command).forEach(process::arg);
        boolean ended = false;
        try {
            ProcessResult result = process.run();
            ended = result.exitCode() != ENGINE_FAILED;
            if (!ended) {
                throw new AbortException(
                        Messages.ContainerRun_notRun(engine.command(), image, String.join("\n    ", result.tail())));
            }
            return result;
        } finally {
            if (!ended) {
                remove();
            }
        }
    }

    /** Removes the container, in any state. It reports no failure: the user has to read the first one. */
    private void remove() {
        boolean interrupted = Thread.interrupted();
        try {
            ProcessRun removal = ProcessRun.command(launcher, engine.command(), "rm", "--force");
            if (engine.podman()) {
                // It would give the container ten seconds more; docker gives none.
                removal.arg("--time=0");
            }
            ProcessResult result = removal.arg(name)
                    .in(workspace)
                    .deadline(Deadline.after(REMOVAL))
                    .run();
            // That there is none is what is wanted.
            if (!result.succeeded()
                    && result.tail().stream()
                            .noneMatch(l -> l.toLowerCase(Locale.ROOT).contains("no such container"))) {
                LOGGER.log(Level.WARNING, "The container {0} may be left: {1}", new Object[] {name, result.tail()});
            }
        } catch (InterruptedException e) {
            interrupted = true;
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, "The container " + name + " may be left", e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
