package io.jenkins.plugins.minibuild.process;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import hudson.FilePath;
import hudson.Launcher;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * How a job isolates commands that a model or a repository chose from the rest of the agent. Immutable.
 *
 * @param container the container that they run in; null for none
 * @param use whether they run in a {@link Sandbox} where there is no container
 * @param readable further folders of the agent that the sandbox shows read-only: absolute paths, or paths that begin with {@code ~/}
 */
public record Isolation(@CheckForNull ContainerChoice container, SandboxUse use, List<String> readable) {

    /** Set to 0 it keeps the package husky from putting hooks into {@code .git}, which cannot be changed and would fail the installation. */
    static final String NO_HOOKS = "HUSKY";

    /** What to do with a sandbox. */
    public enum SandboxUse {
        /** The commands run in a sandbox if the agent can make one; else nothing runs that could run commands. */
        AUTO,
        /** Nothing runs on an agent that cannot make one. */
        REQUIRED,
        /** The commands run as the agent's user. */
        OFF;

        /**
         * The one of a name, in any case.
         *
         * @throws IllegalArgumentException if there is none; the message names those that there are
         */
        public static SandboxUse of(String name) {
            return Stream.of(values())
                    .filter(each -> each.name().equalsIgnoreCase(name))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(Messages.Isolation_use(name)));
        }

        /** The word in a job's configuration. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Copies the list. */
    public Isolation {
        readable = List.copyOf(readable);
    }

    /** No isolation. */
    public static Isolation none() {
        return new Isolation(null, SandboxUse.OFF, List.of());
    }

    /**
     * The sandbox for commands that run in no container, on a controller thread.
     *
     * @param scratch an existing folder on the agent
     * @param missing takes the reason when there should be one and the agent has none
     * @return null when they run as the agent's user
     * @throws AbortException when one is required and the agent has none
     */
    @CheckForNull
    public Sandbox sandbox(Launcher launcher, FilePath scratch, Consumer<String> missing)
            throws IOException, InterruptedException {
        return sandbox(launcher, Sandbox.STANDARD, scratch, missing);
    }

    /**
     * The sandbox for code that nobody has read: the agent has to have one, unless the job may do without.
     *
     * @return null when it runs as the agent's user, because the job may do without
     * @throws AbortException when the agent has none
     */
    @CheckForNull
    public Sandbox confinement(Launcher launcher, FilePath scratch) throws IOException, InterruptedException {
        Isolation required = use == SandboxUse.OFF ? this : new Isolation(container, SandboxUse.REQUIRED, readable);
        return required.sandbox(launcher, scratch, reason -> {});
    }

    /** As the other, with another command of bubblewrap. */
    @CheckForNull
    Sandbox sandbox(Launcher launcher, String bwrap, FilePath scratch, Consumer<String> missing)
            throws IOException, InterruptedException {
        if (container != null || use == SandboxUse.OFF) {
            return null;
        }
        try {
            return Sandbox.find(launcher, bwrap, scratch, readable);
        } catch (SandboxMissingException e) {
            if (use == SandboxUse.REQUIRED) {
                throw new AbortException(Messages.Isolation_required(e.getMessage()));
            }
            missing.accept(e.getMessage());
            return null;
        }
    }

    /**
     * The folders that a list names, separated by commas or line breaks.
     *
     * @throws IllegalArgumentException if one of them is no absolute path
     */
    public static List<String> readable(@CheckForNull String list) {
        List<String> paths = Stream.of((list == null ? "" : list).split("[,\\r\\n]+"))
                .map(String::strip)
                .filter(each -> !each.isEmpty())
                .distinct()
                .toList();
        for (String path : paths) {
            if (!path.matches("(~?/)[^\\p{Cntrl}]*") || List.of(path.split("/")).contains("..")) {
                throw new IllegalArgumentException(Messages.Isolation_path(path));
            }
        }
        return paths;
    }
}
