package io.jenkins.plugins.minibuild.step;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import hudson.EnvVars;
import hudson.FilePath;
import hudson.Launcher;
import hudson.model.TaskListener;
import hudson.remoting.VirtualChannel;
import io.jenkins.plugins.minibuild.files.FileTree;
import io.jenkins.plugins.minibuild.files.Json;
import io.jenkins.plugins.minibuild.process.AgentAnswer;
import io.jenkins.plugins.minibuild.process.CommandFailedException;
import io.jenkins.plugins.minibuild.process.CommandNotFoundException;
import io.jenkins.plugins.minibuild.process.Deadline;
import io.jenkins.plugins.minibuild.process.ProcessRun;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import jenkins.MasterToSlaveFileCallable;

/**
 * Puts one version of an npm package into a folder of an agent, whole or not at all: it is installed beside the folder and
 * renamed when it is complete. The controller remembers what is in the folder, so that nothing is done when it is there unchanged, and all is done again
 * when something was changed. No script of a package is run.
 */
public final class NpmTool {

    private static final Pattern INTEGRITY = Pattern.compile("sha512-[A-Za-z0-9+/]{86}==");
    private static final Duration LIMIT = Duration.ofMinutes(15);
    /** Two builds on one agent install the same tool once; the key is agent and folder. */
    private static final ConcurrentHashMap<String, ReentrantLock> LOCKS = new ConcurrentHashMap<>();

    private final String name;
    private final String version;
    private final String integrity;
    private final InstalledTools installed;

    /**
     * @param name of the package, a constant of the plugin: it becomes part of a command
     * @param integrity of the package, as npm writes it; null if it is not known: then that of its first installation is kept to
     * @throws IllegalArgumentException if the version is none
     */
    public NpmTool(String name, String version, @CheckForNull String integrity, InstalledTools installed) {
        this.name = name;
        this.integrity = integrity;
        this.installed = installed;
        this.version = checkVersion(version);
    }

    /**
     * Checks that a version is an exact one, since it becomes part of a command.
     *
     * @throws IllegalArgumentException if it is none; the message is for users
     */
    public static String checkVersion(String version) {
        if (!version.matches("[0-9]{1,5}\\.[0-9]{1,5}\\.[0-9]{1,5}(-[0-9A-Za-z.]{1,30})?")) {
            throw new IllegalArgumentException(Messages.NpmTool_badVersion(version));
        }
        return version;
    }

    /**
     * Installs when the folder does not hold this version.
     *
     * @param environment variables that npm gets besides those of the agent
     * @param agent the agent's name, for messages and for the lock
     * @throws AbortException if there is no npm, it fails, or what it installed is not complete or another package of that name
     */
    public void into(FilePath home, Launcher launcher, EnvVars environment, TaskListener log, String agent)
            throws IOException, InterruptedException {
        ReentrantLock lock = LOCKS.computeIfAbsent(agent + " " + home.getRemote(), key -> new ReentrantLock());
        lock.lockInterruptibly();
        try {
            if (installed.holds(agent, home, version)) {
                return;
            }
            if (installed.knows(agent, home, version) && home.exists()) {
                log.getLogger().println(Messages.NpmTool_changed(name, home.getRemote()));
            }
            log.getLogger().println(Messages.NpmTool_installing(name, version, home.getRemote()));
            FilePath parent = home.getParent();
            if (parent == null) {
                throw new IOException("a tool cannot be installed into " + home.getRemote());
            }
            parent.mkdirs();
            FilePath fresh = parent.createTempDir(file(), "");
            try {
                npm(fresh, launcher, environment, log, agent);
                if (!fresh.child("node_modules/" + name + "/package.json").exists()) {
                    throw new AbortException(Messages.NpmTool_incomplete(name, version, agent));
                }
                checkIntegrity(fresh, log);
                AgentAnswer.actOrNull(home, new Removal(), Void.class);
                fresh.renameTo(home);
                installed.remember(agent, home, version);
            } finally {
                AgentAnswer.actOrNull(fresh, new Removal(), Void.class);
            }
        } finally {
            lock.unlock();
        }
    }

    /** The package's name without its owner. */
    private String file() {
        return name.substring(name.indexOf('/') + 1);
    }

    /** npm has compared the archive with the registry's integrity; this is about a registry that has another archive. */
    private void checkIntegrity(FilePath folder, TaskListener log) throws IOException, InterruptedException {
        String found = AgentAnswer.act(folder, new Integrity(name), String.class);
        if (!INTEGRITY.matcher(found).matches()) {
            log.getLogger().println(Messages.NpmTool_noIntegrity(name, version));
        } else if (integrity != null && !integrity.equals(found)) {
            throw new AbortException(Messages.NpmTool_integrity(name + "@" + version, found, integrity));
        } else {
            installed.checkIntegrity(name + "@" + version, found);
        }
    }

    /** Deletes a folder, read-only ones too. */
    private static final class Removal extends MasterToSlaveFileCallable<Void> {
        private static final long serialVersionUID = 1L;

        @Override
        public Void invoke(File folder, VirtualChannel channel) throws IOException {
            FileTree.delete(folder.toPath());
            return null;
        }
    }

    /** The integrity of a package as npm, since version 7, writes it down; empty if it does not. */
    private static final class Integrity extends MasterToSlaveFileCallable<String> {
        private static final long serialVersionUID = 1L;

        private final String name;

        private Integrity(String name) {
            this.name = name;
        }

        @Override
        public String invoke(File folder, VirtualChannel channel) throws IOException {
            Path lock = folder.toPath().resolve("node_modules/.package-lock.json");
            return Files.isRegularFile(lock)
                    ? Json.parse(Files.readAllBytes(lock))
                            .path("packages")
                            .path("node_modules/" + name)
                            .path("integrity")
                            .asText("")
                    : "";
        }
    }

    private void npm(FilePath folder, Launcher launcher, EnvVars environment, TaskListener log, String agent)
            throws IOException, InterruptedException {
        List<String> command = List.of(
                "npm",
                "install",
                "--prefix",
                folder.getRemote(),
                "--ignore-scripts",
                "--no-audit",
                "--no-fund",
                "--no-save",
                name + "@" + version);
        List<String> line = launcher.isUnix() ? command : List.of("cmd", "/c", String.join(" ", command));
        try {
            ProcessRun.command(launcher, line)
                    .in(folder)
                    .env(environment)
                    .echo(log)
                    .deadline(Deadline.after(LIMIT))
                    .what("npm install " + name + "@" + version)
                    .runOrFail();
        } catch (CommandNotFoundException e) {
            throw new AbortException(Messages.NpmTool_noNpm(agent));
        } catch (CommandFailedException e) {
            if (e.tail().stream()
                    .anyMatch(each -> each.contains("ENOSPC") || each.contains("No space left on device"))) {
                throw new AbortException(Messages.NpmTool_diskFull());
            }
            throw e;
        }
    }
}
