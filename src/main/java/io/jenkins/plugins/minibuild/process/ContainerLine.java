package io.jenkins.plugins.minibuild.process;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The words of an engine's command that runs a new container: what every use of containers has in common. Set it up, then call {@link #words}. One thread. */
public final class ContainerLine {
    /** An image name that the engine cannot take for an option. */
    static final String IMAGE = "[A-Za-z0-9][A-Za-z0-9._:/@-]*";

    /** The variables that select another engine or break the engine's command. */
    private static final Set<String> ENGINE_VARIABLES =
            Set.of("PATH", "HOME", "TMPDIR", "USER", "BUILDKIT_HOST", "STORAGE_DRIVER", "STORAGE_OPTS");

    private static final List<String> ENGINE_PREFIXES =
            List.of("DOCKER_", "CONTAINER_", "CONTAINERS_", "PODMAN_", "XDG_", "LD_", "_");

    private final ContainerEngine engine;
    private final String image;
    private final List<String> words = new ArrayList<>(List.of("run", "--rm", "--interactive"));
    private final List<String> tail = new ArrayList<>();

    /** @throws IllegalArgumentException if the image's name could be taken for an option */
    public ContainerLine(ContainerEngine engine, String image) {
        if (!image.matches(IMAGE)) {
            throw new IllegalArgumentException(Messages.ContainerRun_image(image));
        }
        this.engine = engine;
        this.image = image;
    }

    /** Its name, which is also the value of a label. */
    public ContainerLine name(String name) {
        words.addAll(List.of("--name", name, "--label", "io.jenkins.plugins.minibuild=" + name));
        return this;
    }

    /** The current folder in it. */
    public ContainerLine workdir(String path) {
        words.addAll(List.of("--workdir", path));
        return this;
    }

    /** Makes files that it writes into a mounted folder belong to the agent's user. */
    public ContainerLine asAgent() {
        words.addAll(engine.userOptions());
        return this;
    }

    /** Another option of the engine's {@code run}. */
    public ContainerLine option(String... option) {
        words.addAll(List.of(option));
        return this;
    }

    /**
     * Mounts a folder or file of the agent at its own path.
     *
     * @throws IllegalArgumentException if the path cannot be mounted
     */
    public ContainerLine mount(String path, boolean readOnly) {
        // --mount is a line of CSV
        if (!path.startsWith("/") || path.matches("(?s).*[,\"\\r\\n].*")) {
            throw new IllegalArgumentException(Messages.ContainerRun_mount(path));
        }
        tail.addAll(List.of("--mount", "type=bind,source=" + path + ",target=" + path + (readOnly ? ",readonly" : "")));
        return this;
    }

    /** Hands a variable of the engine's command on; its value is in no argument list. {@link #steers} must be false. */
    public ContainerLine env(String name) {
        tail.addAll(List.of("--env", name));
        return this;
    }

    /** A variable whose value stands in the argument list, where everybody on the agent's machine can read it. */
    public ContainerLine visibleEnv(String name, String value) {
        tail.addAll(List.of("--env", name + "=" + value));
        return this;
    }

    /** Whether a variable of that name steers the engine's command itself. */
    public static boolean steers(String name) {
        return ENGINE_VARIABLES.contains(name) || ENGINE_PREFIXES.stream().anyMatch(name::startsWith);
    }

    /** All words behind the engine's command; the image's own command runs when the list is empty. */
    public List<String> words(List<String> command) {
        List<String> line = new ArrayList<>(words);
        line.addAll(tail);
        line.add(image);
        line.addAll(command);
        return line;
    }
}
