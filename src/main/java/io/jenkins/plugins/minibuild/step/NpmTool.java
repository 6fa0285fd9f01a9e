package io.jenkins.plugins.minibuild.step;

import hudson.AbortException;
import hudson.EnvVars;
import hudson.FilePath;
import hudson.Launcher;
import hudson.model.TaskListener;
import io.jenkins.plugins.minibuild.process.CommandFailedException;
import io.jenkins.plugins.minibuild.process.CommandNotFoundException;
import io.jenkins.plugins.minibuild.process.Deadline;
import io.jenkins.plugins.minibuild.process.ProcessRun;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Puts one version of an npm package into a folder of an agent, whole or not at all: it is installed beside the folder and
 * renamed when it is complete. A file in the folder says which version it is, so that nothing is done when it is there. No script of
 * a package is run.
 */
public final class NpmTool {

    private static final Duration LIMIT = Duration.ofMinutes(15);
    /** Two builds on one agent install the same tool once; the key is agent and folder. */
    private static final ConcurrentHashMap<String, ReentrantLock> LOCKS = new ConcurrentHashMap<>();

    private final String name;
    private final String version;

    /**
     * @param name of the package, a constant of the plugin: it becomes part of a command
     * @throws IllegalArgumentException if the version is none
     */
    public NpmTool(String name, String version) {
        this.name = name;
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
     * @throws AbortException if there is no npm, it fails, or what it installed is not complete
     */
    public void into(FilePath home, Launcher launcher, EnvVars environment, TaskListener log, String agent)
            throws IOException, InterruptedException {
        ReentrantLock lock = LOCKS.computeIfAbsent(agent + " " + home.getRemote(), key -> new ReentrantLock());
        lock.lockInterruptibly();
        try {
            if (isInstalled(home)) {
                return;
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
                fresh.child(marker()).write(version, "UTF-8");
                home.deleteRecursive();
                fresh.renameTo(home);
            } finally {
                if (fresh.exists()) {
                    fresh.deleteRecursive();
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** The package's name without its owner. */
    private String file() {
        return name.substring(name.indexOf('/') + 1);
    }

    private String marker() {
        return "." + file() + "-version";
    }

    private boolean isInstalled(FilePath home) throws IOException, InterruptedException {
        FilePath marker = home.child(marker());
        return marker.exists() && marker.readToString().trim().equals(version);
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
