package io.jenkins.plugins.minibuild.checkout;

import hudson.EnvVars;
import hudson.FilePath;
import hudson.remoting.VirtualChannel;
import io.jenkins.plugins.minibuild.process.AgentAnswer;
import io.jenkins.plugins.minibuild.process.CommandException;
import io.jenkins.plugins.minibuild.process.Deadline;
import io.jenkins.plugins.minibuild.process.ProcessRun;
import io.jenkins.plugins.minibuild.step.BuildContext;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import jenkins.MasterToSlaveFileCallable;

/**
 * Reads the repository in a folder of the workspace. Nothing that a build may have written there is run or followed: the settings of the machine and of
 * its user are not read, hooks, the file system monitor, filters and signatures are off, and no server is reached. What git prints is checked, as every
 * answer of an agent. A folder without a repository, an agent without git, and a git that takes longer than a minute all give empty answers.
 */
public final class LocalGit {
    private static final Duration LIMIT = Duration.ofMinutes(1);
    /** Bytes of a commit's description: a message of megabytes is cut. */
    private static final int MOST_PRINTED = 1 << 20;

    private static final Map<String, String> SETTINGS = Map.of(
            "core.hooksPath", "/dev/null",
            "core.fsmonitor", "false",
            "core.attributesFile", "/dev/null",
            "core.excludesFile", "/dev/null",
            "core.alternateRefsCommand", "",
            "log.showSignature", "false",
            "protocol.allow", "never");

    private final BuildContext context;
    private final FilePath folder;
    private final String exe;

    private LocalGit(BuildContext context, FilePath folder, String exe) {
        this.context = context;
        this.folder = folder;
        this.exe = exe;
    }

    /** @param folder the top of a checkout; a repository around it does not count */
    public static LocalGit in(BuildContext context, FilePath folder) throws IOException, InterruptedException {
        return new LocalGit(context, folder, GitCheckout.executable(context));
    }

    /** As {@link #in}, but the folder may also be below the top of a checkout. A repository around the workspace does not count. */
    public static LocalGit around(BuildContext context, FilePath folder) throws IOException, InterruptedException {
        FilePath top = folder;
        while (!top.child(".git").exists()) {
            FilePath parent = top.getParent();
            if (parent == null || top.equals(context.workspace())) {
                return in(context, folder);
            }
            top = parent;
        }
        return in(context, top);
    }

    /**
     * The address that the repository was cloned from, as its own settings say, without what {@code include} or {@code insteadOf} would make of it.
     * Anyone who wrote to the workspace may have changed it.
     */
    public Optional<String> origin() throws IOException, InterruptedException {
        return single("config", "--file", ".git/config", "--no-includes", "--get", "remote.origin.url");
    }

    /** The id of the commit that is checked out. */
    public Optional<String> head() throws IOException, InterruptedException {
        return git("rev-parse", "--verify", "--quiet", "HEAD^{commit}").filter(RefName::isCommit);
    }

    /** The branch that is checked out; empty where a commit is. */
    public Optional<String> branch() throws IOException, InterruptedException {
        return git("symbolic-ref", "--quiet", "--short", "HEAD").filter(RefName::isValid);
    }

    /** The branches of the server, as they were when they were fetched last, whose newest commit is checked out. */
    public List<String> remoteBranches() throws IOException, InterruptedException {
        return lines(gitDir(List.of(
                        "for-each-ref", "--points-at", "HEAD", "--format=%(refname:lstrip=3)", "refs/remotes/origin")))
                .orElse(List.of())
                .stream()
                .filter(name -> !name.equals("HEAD") && RefName.isValid(name))
                .toList();
    }

    /** @param name HEAD or an id */
    public Optional<Commit> commit(String name) throws IOException, InterruptedException {
        return printed(gitDir(List.of(
                        "log",
                        "-1",
                        "--no-show-signature",
                        "--no-color",
                        "--no-mailmap",
                        "--encoding=UTF-8",
                        Commit.FORMAT,
                        name,
                        "--")))
                .map(Commit::parse);
    }

    /**
     * The commits that one commit has and another has not, newest first.
     *
     * @param from the older commit; where it is not among what the other one is made of, the newest commits that are later are listed
     * @param most how many
     * @return empty where there is no git, or no such commit
     */
    List<ListedCommit> changes(String from, String to, int most) throws IOException, InterruptedException {
        Optional<Commit> older = commit(from);
        boolean follows = succeeds(
                git(gitDir(List.of("merge-base", "--is-ancestor", from, to))).keep(new ArrayList<>()));
        // A shallow history may end before the older commit, and a forced push may have replaced or taken it back.
        Instant since = follows || older.isEmpty() ? Instant.MIN : older.get().time();
        String range = follows ? from + ".." + to : to;
        return printed(gitDir(List.of(
                        "-c",
                        "core.quotePath=false",
                        "log",
                        "--max-count=" + most,
                        "--no-show-signature",
                        "--no-color",
                        "--no-mailmap",
                        "--no-renames",
                        "--name-status",
                        "--encoding=UTF-8",
                        ListedCommit.FORMAT,
                        range,
                        "--")))
                .map(ListedCommit::parseAll)
                .orElse(List.of())
                .stream()
                .filter(each -> Instant.ofEpochMilli(each.time()).isAfter(since))
                .toList();
    }

    /**
     * Whether the files are those of the commit that is checked out. Git compares them by a copy of the index in a folder with settings of its own,
     * because filters that the repository's settings name would be run. Changes inside of submodules do not count. False when in doubt.
     */
    public boolean isClean() throws IOException, InterruptedException {
        Optional<String> head = head();
        if (head.isEmpty()) {
            return false;
        }
        FilePath own = context.temp().createTempDir("status", ".git");
        try {
            return AgentAnswer.act(folder, new IndexCopy(own.getRemote(), head.get()), Boolean.class)
                    && lines(List.of(
                                    "--git-dir=" + own.getRemote(),
                                    "--work-tree=" + folder.getRemote(),
                                    "status",
                                    "--porcelain",
                                    "--ignore-submodules=dirty"))
                            .filter(List::isEmpty)
                            .isPresent();
        } finally {
            own.deleteRecursive();
        }
    }

    private Optional<String> git(String... arguments) throws IOException, InterruptedException {
        return one(lines(gitDir(List.of(arguments))));
    }

    private Optional<String> single(String... arguments) throws IOException, InterruptedException {
        return one(lines(List.of(arguments)));
    }

    private static Optional<String> one(Optional<List<String>> lines) {
        return lines.filter(all -> all.size() == 1 && !all.get(0).isBlank()).map(all -> all.get(0));
    }

    /** With a named folder git neither searches for a repository nor refuses one of another user of the agent. */
    private List<String> gitDir(List<String> arguments) {
        List<String> all =
                new ArrayList<>(List.of("--git-dir=" + folder.child(".git").getRemote()));
        all.addAll(arguments);
        return all;
    }

    private Optional<List<String>> lines(List<String> arguments) throws IOException, InterruptedException {
        List<String> lines = new ArrayList<>();
        return succeeds(git(arguments).keep(lines)) ? Optional.of(lines) : Optional.empty();
    }

    /** What git prints, as it is, to {@value #MOST_PRINTED} bytes; empty if it fails. */
    private Optional<String> printed(List<String> arguments) throws IOException, InterruptedException {
        ByteArrayOutputStream bytes = new BoundedBytes();
        return succeeds(git(arguments).output(bytes))
                ? Optional.of(bytes.toString(StandardCharsets.UTF_8))
                : Optional.empty();
    }

    private static final class BoundedBytes extends ByteArrayOutputStream {
        @Override
        public synchronized void write(byte[] given, int offset, int length) {
            super.write(given, offset, Math.min(length, MOST_PRINTED - size()));
        }
    }

    private static boolean succeeds(ProcessRun git) throws IOException, InterruptedException {
        try {
            return git.run().succeeded();
        } catch (CommandException e) {
            return false;
        }
    }

    private ProcessRun git(List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(exe));
        SETTINGS.forEach((key, value) -> command.addAll(List.of("-c", key + "=" + value)));
        command.addAll(arguments);
        return ProcessRun.command(context.launcher(), command)
                .in(folder)
                .env(environment(context.environment()))
                .redactor(context.redactor())
                .what("git")
                .deadline(Deadline.after(LIMIT))
                .onErrorLine(line -> {});
    }

    private static EnvVars environment(EnvVars build) {
        EnvVars env = new EnvVars();
        build.forEach((name, value) -> {
            if (!name.startsWith("GIT_")) {
                env.put(name, value);
            }
        });
        // Git before 2.32 does not know GIT_CONFIG_GLOBAL.
        env.put("HOME", "/dev/null");
        env.put("XDG_CONFIG_HOME", "/dev/null");
        env.putAll(Map.of(
                "LC_ALL", "C",
                "GIT_CONFIG_NOSYSTEM", "1",
                "GIT_CONFIG_GLOBAL", "/dev/null",
                "GIT_ATTR_NOSYSTEM", "1",
                "GIT_NO_REPLACE_OBJECTS", "1",
                "GIT_NO_LAZY_FETCH", "1",
                "GIT_ALLOW_PROTOCOL", "none",
                "GIT_OPTIONAL_LOCKS", "0",
                "GIT_TERMINAL_PROMPT", "0"));
        return env;
    }

    /** Makes a repository that has the objects and the index of the one in a folder, and none of its settings. Runs on the agent. */
    private static final class IndexCopy extends MasterToSlaveFileCallable<Boolean> {
        private static final long serialVersionUID = 1L;

        private final String target;
        private final String commit;

        IndexCopy(String target, String commit) {
            this.target = target;
            this.commit = commit;
        }

        /** @return false when the folder has no repository of its own, or one that is made of links */
        @Override
        public Boolean invoke(File folder, VirtualChannel channel) throws IOException {
            Path git = folder.toPath().resolve(".git");
            Path index = git.resolve("index");
            if (!Files.isDirectory(git, LinkOption.NOFOLLOW_LINKS)
                    || !Files.isRegularFile(index, LinkOption.NOFOLLOW_LINKS)) {
                return false;
            }
            Path own = Path.of(target);
            Files.createDirectories(own.resolve("refs"));
            Files.createDirectories(own.resolve("objects/info"));
            Files.createDirectories(own.resolve("info"));
            Files.writeString(own.resolve("HEAD"), commit + "\n");
            Files.writeString(own.resolve("objects/info/alternates"), git.resolve("objects") + "\n");
            Files.copy(index, own.resolve("index"), java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
            Path excluded = git.resolve("info/exclude");
            if (Files.isRegularFile(excluded, LinkOption.NOFOLLOW_LINKS)) {
                Files.copy(excluded, own.resolve("info/exclude"));
            }
            return true;
        }
    }
}
