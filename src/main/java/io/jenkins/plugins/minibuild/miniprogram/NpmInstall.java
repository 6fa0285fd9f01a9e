package io.jenkins.plugins.minibuild.miniprogram;

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
 * Puts one version of miniprogram-ci into a folder of an agent, whole or not at all: it is installed beside the folder and
 * renamed when it is complete. A file in the folder says which version it is, so that nothing is done when it is there.
 */
final class NpmInstall {

    private static final String MARKER = ".miniprogram-ci-version";
    private static final Duration LIMIT = Duration.ofMinutes(15);
    /** Two builds on one agent install the same tool once; the key is agent and folder. */
    private static final ConcurrentHashMap<String, ReentrantLock> LOCKS = new ConcurrentHashMap<>();

    private final String version;

    NpmInstall(String version) {
        this.version = checkVersion(version);
    }

    /** Checks that a version is an exact one, since it becomes part of a command. */
    static String checkVersion(String version) {
        if (!version.matches("[0-9]{1,5}\\.[0-9]{1,5}\\.[0-9]{1,5}(-[0-9A-Za-z.]{1,30})?")) {
            throw new IllegalArgumentException(Messages.Installer_badVersion(version));
        }
        return version;
    }

    /**
     * Installs when the folder does not hold this version.
     *
     * @param environment variables that npm gets besides those of the agent
     * @param agent the agent's name, for messages and for the lock
     */
    void into(FilePath home, Launcher launcher, EnvVars environment, TaskListener log, String agent)
            throws IOException, InterruptedException {
        ReentrantLock lock = LOCKS.computeIfAbsent(agent + " " + home.getRemote(), key -> new ReentrantLock());
        lock.lockInterruptibly();
        try {
            if (isInstalled(home)) {
                return;
            }
            log.getLogger().println(Messages.Installer_installing(version, home.getRemote()));
            FilePath parent = home.getParent();
            if (parent == null) {
                throw new IOException("a tool cannot be installed into " + home.getRemote());
            }
            parent.mkdirs();
            FilePath fresh = parent.createTempDir("miniprogram-ci", "");
            try {
                npm(fresh, launcher, environment, log, agent);
                if (!fresh.child("node_modules/miniprogram-ci/package.json").exists()) {
                    throw new AbortException(Messages.Installer_incomplete(version, agent));
                }
                fresh.child(MARKER).write(version, "UTF-8");
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

    private boolean isInstalled(FilePath home) throws IOException, InterruptedException {
        FilePath marker = home.child(MARKER);
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
                "miniprogram-ci@" + version);
        List<String> line = launcher.isUnix() ? command : List.of("cmd", "/c", String.join(" ", command));
        try {
            ProcessRun.command(launcher, line)
                    .in(folder)
                    .env(environment)
                    .echo(log)
                    .deadline(Deadline.after(LIMIT))
                    .what("npm install miniprogram-ci@" + version)
                    .runOrFail();
        } catch (CommandNotFoundException e) {
            throw new AbortException(Messages.Installer_noNpm(agent));
        } catch (CommandFailedException e) {
            if (e.tail().stream().anyMatch(Explanation::isDiskFull)) {
                throw new AbortException(Messages.Explanation_diskFull());
            }
            throw e;
        }
    }
}
