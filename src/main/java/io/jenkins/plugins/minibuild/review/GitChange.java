package io.jenkins.plugins.minibuild.review;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import hudson.FilePath;
import io.jenkins.plugins.minibuild.checkout.GitRemote;
import io.jenkins.plugins.minibuild.checkout.RefName;
import io.jenkins.plugins.minibuild.diff.PrintedChange;
import io.jenkins.plugins.minibuild.diff.TextFiles;
import io.jenkins.plugins.minibuild.process.Deadline;
import io.jenkins.plugins.minibuild.process.ProcessResult;
import io.jenkins.plugins.minibuild.process.ProcessRun;
import io.jenkins.plugins.minibuild.step.BuildContext;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A change between two commits, or between a commit and what a work tree holds, read through a git repository of the plugin's own. The work tree's
 * {@code .git} is only asked for names and lends its objects: its settings may have been changed by whoever worked there, and git runs what they name.
 * Everything is beside the workspace and gone after {@link #close}.
 */
public final class GitChange implements AutoCloseable {
    /** More is no change that anybody reviews. */
    private static final int LARGEST_DIFF = 32 << 20;

    private static final int LONGEST_RULES = 64 << 10;
    private static final int SHALLOW = 200;
    private static final Duration PATIENCE = Duration.ofMinutes(20);
    private static final String EMPTY = "file:///none";
    /** What the settings of an agent and the files of a change cannot overrule: which files are text. */
    private static final String ATTRIBUTES = TextFiles.attributes();

    private final BuildContext context;
    private final FilePath workTree;
    private final GitRemote remote;
    private final boolean reachable;
    private final FilePath scratch;
    private final FilePath repository;

    private String baseName = "";
    private String baseTip = "";
    private String baseCommit = "";
    private String headName = "";
    private String headCommit = "";
    private String tree = "";
    private boolean uncommitted;

    private GitChange(BuildContext context, FilePath workTree, GitRemote remote, boolean reachable, FilePath scratch) {
        this.context = context;
        this.workTree = workTree;
        this.remote = remote;
        this.reachable = reachable;
        this.scratch = scratch;
        this.repository = scratch.child("change.git");
    }

    /**
     * Finds both sides.
     *
     * @throws AbortException if one of them cannot be found, or they have nothing in common; the message says what to do
     */
    public static GitChange of(BuildContext context, ReviewRequest.Source source)
            throws IOException, InterruptedException {
        String url = source.url();
        if (url == null && source.credentialsId() != null) {
            throw new AbortException(Messages.GitChange_credentialWithoutUrl());
        }
        GitRemote remote = GitRemote.of(context, url == null ? EMPTY : url, source.credentialsId());
        FilePath scratch = context.temp().createTempDir("review", "");
        GitChange change = new GitChange(context, source.workTree(), remote, url != null, scratch);
        try {
            change.open();
            change.find(source.base(), source.head());
            return change;
        } catch (IOException | InterruptedException | RuntimeException e) {
            change.close();
            throw e;
        }
    }

    private void open() throws IOException, InterruptedException {
        List<String> places = new ArrayList<>();
        ProcessResult asked = run(
                        List.of(
                                remote.executable(),
                                "rev-parse",
                                "--show-prefix",
                                "--git-path",
                                "objects",
                                "--git-path",
                                "shallow"),
                        workTree)
                .onLine(places::add)
                .run();
        if (!asked.succeeded() || places.size() != 3) {
            throw new AbortException(Messages.GitChange_noCheckout(workTree.getRemote()));
        }
        if (!places.get(0).isEmpty()) {
            throw new AbortException(Messages.GitChange_notTheTop(workTree.getRemote(), places.get(0)));
        }
        repository.mkdirs();
        run(List.of(remote.executable(), "init", "--quiet", "--bare", repository.getRemote()), scratch)
                .onLine(line -> {})
                .runOrFail();
        repository.child("info").mkdirs();
        repository.child("info/attributes").write(ATTRIBUTES, "UTF-8");
        repository
                .child("objects/info/alternates")
                .write(workTree.child(places.get(1)).getRemote() + "\n", "UTF-8");
        FilePath shallow = workTree.child(places.get(2));
        if (shallow.exists()) {
            List<String> ends =
                    shallow.readToString().lines().filter(RefName::isCommit).toList();
            repository.child("shallow").write(String.join("\n", ends) + "\n", "UTF-8");
        }
    }

    private void find(@CheckForNull String base, @CheckForNull String head) throws IOException, InterruptedException {
        headName = head == null ? "" : head;
        headCommit = head == null ? local("HEAD") : commit(head, "head");
        if (headCommit.isEmpty()) {
            throw new AbortException(Messages.GitChange_noCommit(workTree.getRemote()));
        }
        baseName = base == null ? standardBase() : base;
        baseTip = baseName.isEmpty() ? headCommit : commit(baseName, "base");
        baseCommit = mergeBase();
        if (head == null) {
            git("read-tree", headCommit);
            git(true, "add", "--all", "--", ".");
            tree = single("write-tree");
            uncommitted = !tree.equals(single("rev-parse", "--verify", headCommit + "^{tree}"));
        } else {
            tree = single("rev-parse", "--verify", headCommit + "^{tree}");
        }
    }

    /** What the merge request that is built wants to change, else the remote's default branch; empty for neither. */
    private String standardBase() throws IOException, InterruptedException {
        for (String variable : List.of("MINIBUILD_TARGET_BRANCH", "CHANGE_TARGET")) {
            String target = context.environment().getOrDefault(variable, "");
            if (RefName.isValid(target)) {
                return target;
            }
        }
        if (reachable) {
            String standard = remote.defaultBranch(scratch);
            return standard == null ? "" : standard;
        }
        String origin = "refs/remotes/origin/";
        List<String> lines = new ArrayList<>();
        ProcessResult asked = run(List.of(remote.executable(), "symbolic-ref", "--quiet", origin + "HEAD"), workTree)
                .onLine(lines::add)
                .run();
        boolean known = asked.succeeded() && lines.size() == 1 && lines.get(0).startsWith(origin);
        String name = known ? lines.get(0).substring(origin.length()) : "";
        return RefName.isValid(name) ? name : "";
    }

    private String commit(String name, String kept) throws IOException, InterruptedException {
        if (!RefName.isValid(name)) {
            throw new AbortException(Messages.GitChange_badName(name));
        }
        if (reachable && !RefName.isCommit(name) && remote.branches(scratch).containsKey(name)) {
            return fetched(name, kept, repository.child("shallow").exists() ? SHALLOW : 0);
        }
        if (RefName.isCommit(name)) {
            if (succeeds("cat-file", "-e", name + "^{commit}")) {
                return name;
            }
            throw new AbortException(Messages.GitChange_unknownCommit(name));
        }
        for (String prefix : List.of("refs/remotes/origin/", "refs/heads/", "refs/tags/")) {
            String found = local(prefix + name);
            if (!found.isEmpty()) {
                return found;
            }
        }
        throw new AbortException(
                reachable ? Messages.GitChange_unknown(name) : Messages.GitChange_unknownWithoutUrl(name));
    }

    private String fetched(String branch, String kept, int depth) throws IOException, InterruptedException {
        String to = "refs/mini-build/" + kept;
        remote.fetch(repository, "+refs/heads/" + branch + ":" + to, depth);
        return single("rev-parse", "--verify", to + "^{commit}");
    }

    /** What a name means in the checkout; empty if it means nothing. */
    private String local(String name) throws IOException, InterruptedException {
        List<String> lines = new ArrayList<>();
        ProcessResult asked = run(
                        List.of(remote.executable(), "rev-parse", "--verify", "--quiet", name + "^{commit}"), workTree)
                .onLine(lines::add)
                .run();
        return asked.succeeded() && lines.size() == 1 && RefName.isCommit(lines.get(0)) ? lines.get(0) : "";
    }

    private String mergeBase() throws IOException, InterruptedException {
        List<String> found = new ArrayList<>();
        for (boolean whole : new boolean[] {false, true}) {
            if (whole) {
                if (!reachable || !repository.child("shallow").exists()) {
                    break;
                }
                // A shallow history may lack just the commit that both have in common.
                for (String name : Stream.of(baseName, headName)
                        .filter(each -> !each.isEmpty())
                        .toList()) {
                    if (!RefName.isCommit(name)) {
                        fetched(name, "whole", Integer.MAX_VALUE);
                    }
                }
            }
            if (command(false, List.of("merge-base", baseTip, headCommit))
                            .onLine(found::add)
                            .run()
                            .succeeded()
                    && found.size() == 1
                    && RefName.isCommit(found.get(0))) {
                return found.get(0);
            }
            found.clear();
        }
        throw new AbortException(Messages.GitChange_nothingInCommon(baseName, headName.isEmpty() ? "HEAD" : headName));
    }

    /** As it was asked for, or found; empty when only changes without a commit are looked at. */
    public String baseName() {
        return baseName;
    }

    /** As it was asked for; empty for the work tree. */
    public String headName() {
        return headName;
    }

    /** Where the head left the base. */
    public String baseCommit() {
        return baseCommit;
    }

    /** The newest commit of the change. */
    public String headCommit() {
        return headCommit;
    }

    /** Whether the work tree's changes, which are in no commit, are part of it. */
    public boolean isUncommitted() {
        return uncommitted;
    }

    /** The diff of all of it, as git prints it; the same change gives the same bytes. */
    public byte[] diff() throws IOException, InterruptedException {
        return printed().patch();
    }

    /** The diff of all of it, read and compared with git's own list of its files. */
    public PrintedChange printed() throws IOException, InterruptedException {
        return since(baseCommit);
    }

    /**
     * The diff of what came after a commit.
     *
     * @throws AbortException if it is too large, or cannot be read to its end; the message is for users
     */
    PrintedChange since(String commit) throws IOException, InterruptedException {
        Limited bytes = new Limited(LARGEST_DIFF);
        List<String> arguments = new ArrayList<>(List.of("diff-tree", "-r", "--unified=5"));
        arguments.addAll(PrintedChange.OPTIONS);
        arguments.addAll(PrintedChange.FORMATS);
        arguments.addAll(List.of(commit, tree));
        ProcessRun command = command(false, arguments).output(bytes).stopWhen(() -> bytes.over);
        ProcessResult result = command.run();
        if (bytes.over) {
            throw new AbortException(Messages.GitChange_tooLarge(String.valueOf(LARGEST_DIFF >> 20)));
        }
        if (!result.succeeded()) {
            throw new AbortException(Messages.GitChange_notPrinted(result.exitCode()));
        }
        return PrintedChange.read(bytes.toByteArray());
    }

    /** Whether a commit is there and the head came from it. */
    boolean follows(String commit) throws IOException, InterruptedException {
        return RefName.isCommit(commit) && succeeds("merge-base", "--is-ancestor", commit, headCommit);
    }

    /** The text of a file at the tip of the base; empty if there is none. */
    String baseFile(String path) throws IOException, InterruptedException {
        Limited bytes = new Limited(LONGEST_RULES);
        ProcessResult read = command(false, List.of("cat-file", "blob", baseTip + ":" + path))
                .output(bytes)
                .stopWhen(() -> bytes.over)
                .run();
        return read.succeeded() || bytes.over ? bytes.toString(StandardCharsets.UTF_8) : "";
    }

    /** Writes the files of the new side to a folder of their own, symbolic links as plain files; nothing that is in no commit of the change or ignored. */
    FilePath snapshot() throws IOException, InterruptedException {
        FilePath folder = scratch.child("files");
        folder.mkdirs();
        git("read-tree", tree);
        run(
                        List.of(
                                remote.executable(),
                                "--git-dir=" + repository.getRemote(),
                                "--work-tree=" + folder.getRemote(),
                                "-c",
                                "core.bare=false",
                                "-c",
                                "core.symlinks=false",
                                "checkout-index",
                                "--all",
                                "--force",
                                "--quiet"),
                        folder)
                .onLine(line -> {})
                .runOrFail();
        return folder;
    }

    private boolean succeeds(String... arguments) throws IOException, InterruptedException {
        return command(false, List.of(arguments)).onLine(line -> {}).run().succeeded();
    }

    private void git(String... arguments) throws IOException, InterruptedException {
        git(false, arguments);
    }

    private void git(boolean files, String... arguments) throws IOException, InterruptedException {
        command(files, List.of(arguments)).onLine(line -> {}).runOrFail();
    }

    private String single(String... arguments) throws IOException, InterruptedException {
        List<String> lines = new ArrayList<>();
        command(false, List.of(arguments)).onLine(lines::add).runOrFail();
        if (lines.size() != 1 || !RefName.isCommit(lines.get(0))) {
            throw new AbortException(Messages.GitChange_nonsense());
        }
        return lines.get(0);
    }

    private ProcessRun command(boolean files, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(remote.executable(), "--git-dir=" + repository.getRemote()));
        if (files) {
            command.addAll(List.of("--work-tree=" + workTree.getRemote(), "-c", "core.bare=false"));
        }
        command.addAll(List.of("-c", "core.quotePath=true", "-c", "core.autocrlf=false"));
        command.addAll(arguments);
        return run(command, files ? workTree : scratch);
    }

    private ProcessRun run(List<String> command, FilePath folder) {
        return ProcessRun.command(context.launcher(), command)
                .env(remote.environment())
                .env(Map.of("GIT_OPTIONAL_LOCKS", "0"))
                .redactor(context.redactor())
                .what("git")
                .in(folder)
                .deadline(Deadline.after(PATIENCE))
                .onErrorLine(line -> {});
    }

    /** Deletes everything that was written. */
    @Override
    public void close() throws IOException, InterruptedException {
        boolean interrupted = Thread.interrupted();
        try {
            scratch.deleteRecursive();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Keeps the beginning and knows whether there was more. */
    private static final class Limited extends OutputStream {
        private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
        private final int most;
        private volatile boolean over;

        Limited(int most) {
            this.most = most;
        }

        @Override
        public void write(int b) {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public synchronized void write(byte[] bytes, int offset, int length) {
            int room = most - kept.size();
            over |= length > room;
            kept.write(bytes, offset, Math.min(room, length));
        }

        synchronized byte[] toByteArray() {
            return kept.toByteArray();
        }

        String toString(java.nio.charset.Charset charset) {
            return new String(toByteArray(), charset);
        }
    }
}
