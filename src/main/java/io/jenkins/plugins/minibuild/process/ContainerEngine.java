package io.jenkins.plugins.minibuild.process;

import hudson.AbortException;
import hudson.FilePath;
import hudson.Launcher;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * A container engine on an agent, by its command. podman takes docker's command line, and can hide behind its name; they differ in how the
 * owner of files is mapped. Immutable.
 *
 * @param command its name or path: {@code docker}, {@code podman}
 * @param podman whether it is podman, whatever its name is
 * @param rootless whether it runs without root's rights
 * @param uid of the agent's user; 0 is root
 * @param gid of the agent's user's group
 */
public record ContainerEngine(String command, boolean podman, boolean rootless, long uid, long gid) {
    /** The command of the engine unless the job names another one. */
    public static final String STANDARD = "docker";

    /** A daemon that hangs must not hold up a build. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /**
     * Asks the engine of an agent what it is, on a controller thread.
     *
     * @param folder an existing folder on the agent
     * @throws CommandNotFoundException if there is no such command
     * @throws AbortException if it does not answer, for example because its daemon does not run
     */
    public static ContainerEngine on(Launcher launcher, FilePath folder, String command)
            throws IOException, InterruptedException {
        if (!launcher.isUnix()) {
            throw new AbortException(Messages.ContainerEngine_notUnix());
        }
        boolean podman = ask(launcher, folder, command, "--version").contains("podman");
        boolean rootless = podman
                ? ask(launcher, folder, command, "info", "--format", "{{.Host.Security.Rootless}}")
                        .equals("true")
                : ask(launcher, folder, command, "info", "--format", "{{.SecurityOptions}}")
                        .contains("rootless");
        return new ContainerEngine(
                command, podman, rootless, number(launcher, folder, "-u"), number(launcher, folder, "-g"));
    }

    /**
     * Asks for docker, and for podman where there is no docker or its service does not answer.
     *
     * @throws AbortException if neither answers
     */
    public static ContainerEngine any(Launcher launcher, FilePath folder) throws IOException, InterruptedException {
        try {
            return on(launcher, folder, STANDARD);
        } catch (CommandNotFoundException noDocker) {
            try {
                return on(launcher, folder, "podman");
            } catch (CommandNotFoundException e) {
                throw new AbortException(Messages.ContainerEngine_none());
            }
        } catch (AbortException noService) {
            try {
                return on(launcher, folder, "podman");
            } catch (CommandNotFoundException e) {
                throw noService;
            }
        }
    }

    private static long number(Launcher launcher, FilePath folder, String option)
            throws IOException, InterruptedException {
        return Long.parseLong(ask(launcher, folder, "id", option));
    }

    private static String ask(Launcher launcher, FilePath folder, String... command)
            throws IOException, InterruptedException {
        StringBuilder answer = new StringBuilder();
        ProcessResult result = ProcessRun.command(launcher, command)
                .in(folder)
                .deadline(Deadline.after(PATIENCE))
                .onErrorLine(line -> {})
                .onLine(line -> answer.append(answer.isEmpty() ? "" : "\n").append(line))
                .what(String.join(" ", command))
                .run();
        if (!result.succeeded()) {
            throw new AbortException(Messages.ContainerEngine_failed(
                    String.join(" ", command), result.exitCode(), String.join(" ", result.tail())));
        }
        return answer.toString().strip();
    }

    /** The options with which files that a container writes into a mounted folder belong to the agent's user. */
    List<String> userOptions() {
        if (!rootless) {
            return uid == 0 ? List.of() : List.of("--user", uid + ":" + gid);
        }
        // Without root's rights the engine maps the user to root of the container. podman can keep the number.
        return podman ? List.of("--userns=keep-id", "--user", uid + ":" + gid) : List.of("--user", "0:0");
    }
}
