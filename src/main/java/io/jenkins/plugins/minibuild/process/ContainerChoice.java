package io.jenkins.plugins.minibuild.process;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.FilePath;
import hudson.Launcher;
import java.io.IOException;
import java.util.List;

/**
 * The container that a job wants commands to run in. Immutable.
 *
 * @param engine the engine's command on the agent: {@code docker}, {@code podman}, or a path
 * @param image its name as the engine knows it
 * @param network of commands that have one, such as {@code host}; null for the engine's default
 */
public record ContainerChoice(
        String engine, String image, @CheckForNull String network) {
    /** @throws IllegalArgumentException when one of them could be taken for an option, or is no name */
    public ContainerChoice {
        checked(engine, "[A-Za-z0-9/][A-Za-z0-9._/ -]*");
        checked(image, ContainerLine.IMAGE);
        if (network != null) {
            checked(network, "[A-Za-z0-9][A-Za-z0-9._-]*");
        }
    }

    private static void checked(String name, String form) {
        if (!name.matches(form)) {
            throw new IllegalArgumentException(Messages.ContainerChoice_name(name));
        }
    }

    /**
     * A run of a command without a network; nothing is started yet.
     *
     * @param folder is mounted at its own path, and is the current folder; writable but for git's {@code .git} in it
     * @throws IOException if the engine does not answer
     */
    public ContainerRun run(Launcher launcher, FilePath folder, List<String> command)
            throws IOException, InterruptedException {
        return run(launcher, folder, command, false);
    }

    /**
     * As the other.
     *
     * @param online whether it has the network that was chosen
     */
    public ContainerRun run(Launcher launcher, FilePath folder, List<String> command, boolean online)
            throws IOException, InterruptedException {
        ContainerRun run =
                ContainerRun.of(ContainerEngine.on(launcher, folder, engine), launcher, folder, image, command);
        if (AgentAnswer.act(folder, new GitFolder(), Boolean.class)) {
            run.mount(folder.child(".git"), true).env(Isolation.NO_HOOKS, "0");
        }
        return !online ? run.network("none") : network == null ? run : run.network(network);
    }
}
