package io.jenkins.plugins.minibuild.codegen;

import hudson.AbortException;
import hudson.EnvVars;
import hudson.FilePath;
import io.jenkins.plugins.minibuild.checkout.GitRemote;
import io.jenkins.plugins.minibuild.checkout.RefName;
import io.jenkins.plugins.minibuild.process.Deadline;
import io.jenkins.plugins.minibuild.process.ProcessRun;
import io.jenkins.plugins.minibuild.process.Redactor;
import io.jenkins.plugins.minibuild.review.ChangedFile;
import io.jenkins.plugins.minibuild.step.BuildContext;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Records the change of a work tree in a git repository of the plugin's own. Of the work tree's {@code .git} only the objects are used, which git names by
 * their content: the generator may have changed the settings, and git would run the programs that they name, with the push's credential in its environment.
 */
final class ChangeRecorder {
    private static final Duration PATIENCE = Duration.ofMinutes(20);
    /** Lines of files are looked through for secrets to this length. */
    private static final int LONGEST_LINE = 1 << 20;

    private static final Pattern HUNK = Pattern.compile("@@ -\\d+(?:,\\d+)? \\+(\\d+)(?:,\\d+)? @@.*");

    private final BuildContext context;
    private final GitRemote remote;
    private final FilePath workTree;
    private final FilePath scratch;
    private final FilePath repository;
    private final String base;

    /**
     * @param workTree of the generator; no process of it runs any more
     * @param scratch a folder for the repository and the patch, outside the work tree; nobody else uses it. The caller deletes it
     * @param base the commit that work began at
     */
    ChangeRecorder(BuildContext context, GitRemote remote, FilePath workTree, FilePath scratch, String base) {
        if (!RefName.isCommit(base)) {
            throw new IllegalArgumentException(base);
        }
        this.context = context;
        this.remote = remote;
        this.workTree = workTree;
        this.scratch = scratch;
        this.repository = scratch.child("change.git");
        this.base = base;
    }

    /**
     * What git has in {@code .git/shallow} of a work tree; to be read before anybody works there.
     *
     * @return commits; empty if its history is complete
     */
    static List<String> shallow(FilePath workTree) throws IOException, InterruptedException {
        FilePath file = workTree.child(".git/shallow");
        return file.exists()
                ? file.readToString().lines().filter(RefName::isCommit).toList()
                : List.of();
    }

    /**
     * Records everything that differs from the base, except for files that a {@code .gitignore} of the repository names.
     *
     * @param shallow as {@link #shallow} answered before
     * @return the files in the order of their paths; empty if nothing was changed
     */
    List<ChangedFile> record(List<String> shallow) throws IOException, InterruptedException {
        repository.deleteRecursive();
        repository.mkdirs();
        git(List.of("init", "--quiet", "--bare", repository.getRemote()), line -> {});
        repository
                .child("objects/info/alternates")
                .write(workTree.child(".git/objects").getRemote() + "\n", "UTF-8");
        if (!shallow.isEmpty()) {
            repository.child("shallow").write(String.join("\n", shallow) + "\n", "UTF-8");
        }
        inWorkTree(List.of("read-tree", base), line -> {});
        inWorkTree(List.of("add", "--all", "--", "."), line -> {});
        Map<String, ChangedFile> files = new LinkedHashMap<>();
        inWorkTree(diff("--raw", "--abbrev=40"), line -> {
            ChangedFile file = ChangedFile.parse(line);
            if (file != null) {
                files.put(file.path(), file);
            }
        });
        inWorkTree(diff("--numstat"), line -> {
            String[] words = line.split("\t", 3);
            if (words.length == 3) {
                files.computeIfPresent(
                        ChangedFile.unquoted(words[2]), (path, file) -> file.with(count(words[0]), count(words[1])));
            }
        });
        return List.copyOf(files.values());
    }

    /** Where the symbolic links among the files point, by their path. */
    Map<String, String> links(List<ChangedFile> files) throws IOException, InterruptedException {
        Map<String, String> links = new LinkedHashMap<>();
        for (ChangedFile file : files) {
            if (file.isLink()) {
                List<String> target = new ArrayList<>();
                inWorkTree(List.of("cat-file", "blob", file.blob()), target::add);
                links.put(file.path(), String.join("\n", target));
            }
        }
        return links;
    }

    /** The secrets that the scanner finds in added lines, by {@code path:line}. */
    Map<String, String> secrets(SecretScanner scanner) throws IOException, InterruptedException {
        Map<String, String> found = new LinkedHashMap<>();
        eachLine((path, number, line) -> {
            String kind = line.startsWith("+") ? scanner.find(line.substring(1)) : null;
            if (kind != null && found.size() < ChangeGuard.MOST_LISTED) {
                found.put(path + ":" + number, kind);
            }
        });
        return found;
    }

    /** The files whose change, also what it takes away, or whose name shows a secret of the build: they must not be kept. */
    Set<String> leaks(List<ChangedFile> files, Redactor known) throws IOException, InterruptedException {
        Set<String> found = new TreeSet<>();
        files.stream()
                .map(ChangedFile::path)
                .filter(path -> !known.redact(path).equals(path))
                .forEach(found::add);
        eachLine((path, number, line) -> {
            if (!found.contains(path) && !known.redact(line).equals(line)) {
                found.add(path);
            }
        });
        return found;
    }

    /** A changed line with its sign. */
    @FunctionalInterface
    private interface ChangedLine {
        /** @param number among the lines of the new file; of no meaning for a line that was taken away */
        void take(String path, int number, String line);
    }

    private void eachLine(ChangedLine taker) throws IOException, InterruptedException {
        String[] path = {""};
        AtomicInteger line = new AtomicInteger();
        boolean[] inHunk = {false};
        // Binary files as text, too.
        inWorkTree(
                diff("--patch", "--unified=0", "--text", "--no-prefix", "--no-color"),
                text -> look(text, path, line, inHunk, taker));
    }

    private static void look(String text, String[] path, AtomicInteger line, boolean[] inHunk, ChangedLine taker) {
        Matcher hunk = HUNK.matcher(text);
        if (text.startsWith("diff --git ")) {
            inHunk[0] = false;
        } else if (!inHunk[0] && (text.startsWith("--- ") || text.startsWith("+++ "))) {
            String name = ChangedFile.unquoted(text.substring(4).replaceFirst("\t$", ""));
            // A file that was taken away has its name in the first of them only.
            path[0] = name.equals("/dev/null") ? path[0] : name;
        } else if (hunk.matches()) {
            inHunk[0] = true;
            line.set(Integer.parseInt(hunk.group(1)));
        } else if (inHunk[0] && text.startsWith("+")) {
            taker.take(path[0], line.getAndIncrement(), text);
        } else if (inHunk[0]) {
            taker.take(path[0], line.get(), text);
        }
    }

    /**
     * Writes the change in the form that {@code git apply} takes, binary files included.
     *
     * @param without paths of files that are left out; each is an argument
     * @return the file, on the agent
     */
    FilePath writePatch(Set<String> without) throws IOException, InterruptedException {
        FilePath file = scratch.child("change.patch");
        List<String> command = new ArrayList<>(diff("--patch", "--binary", "--full-index"));
        // The base is the last argument, and options come before it.
        command.add(command.size() - 1, "--output=" + file.getRemote());
        command.addAll(List.of("--", "."));
        without.forEach(path -> command.add(":(top,literal,exclude)" + path));
        inWorkTree(command, line -> {});
        return file;
    }

    /** Pushes a commit that {@link #commit} made to a branch of the remote. */
    void push(String commit, String branch) throws IOException, InterruptedException {
        remote.push(repository, commit, branch);
    }

    /**
     * Commits the recorded change on top of the base.
     *
     * @param author also the committer
     * @return its id
     */
    String commit(String message, CodegenRequest.Author author) throws IOException, InterruptedException {
        String tree = single(List.of("write-tree"), "");
        EnvVars person = new EnvVars();
        for (String role : List.of("AUTHOR", "COMMITTER")) {
            person.put("GIT_" + role + "_NAME", author.name());
            person.put("GIT_" + role + "_EMAIL", author.address());
        }
        List<String> id = new ArrayList<>();
        command(List.of("commit-tree", tree, "-p", base, "-F", "-"), id::add)
                .env(person)
                .stdin(message)
                .runOrFail();
        return checked(id);
    }

    private List<String> diff(String... options) {
        List<String> command =
                new ArrayList<>(List.of("diff-index", "--cached", "--no-renames", "--no-ext-diff", "--no-textconv"));
        command.addAll(List.of(options));
        command.add(base);
        return command;
    }

    private static int count(String number) {
        return number.equals("-") ? -1 : Integer.parseInt(number);
    }

    private String single(List<String> arguments, String input) throws IOException, InterruptedException {
        List<String> lines = new ArrayList<>();
        command(arguments, lines::add).stdin(input).runOrFail();
        return checked(lines);
    }

    private static String checked(List<String> lines) throws AbortException {
        if (lines.size() != 1 || !RefName.isCommit(lines.get(0))) {
            throw new AbortException(Messages.ChangeRecorder_Nonsense());
        }
        return lines.get(0);
    }

    private void git(List<String> arguments, Consumer<String> lines) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(remote.executable()));
        command.addAll(arguments);
        run(command, lines).in(context.temp()).runOrFail();
    }

    private void inWorkTree(List<String> arguments, Consumer<String> lines) throws IOException, InterruptedException {
        command(arguments, lines).runOrFail();
    }

    private ProcessRun command(List<String> arguments, Consumer<String> lines) {
        List<String> command = new ArrayList<>(List.of(
                remote.executable(),
                "--git-dir=" + repository.getRemote(),
                "--work-tree=" + workTree.getRemote(),
                "-c",
                "core.bare=false",
                "-c",
                "core.quotePath=true",
                "-c",
                "core.protectNTFS=true",
                "-c",
                "core.protectHFS=true",
                "-c",
                "core.autocrlf=false",
                "-c",
                "advice.addEmbeddedRepo=false"));
        command.addAll(arguments);
        return run(command, lines).in(workTree);
    }

    private ProcessRun run(List<String> command, Consumer<String> lines) {
        return ProcessRun.command(context.launcher(), command)
                .env(remote.environment())
                .redactor(context.redactor())
                .what("git")
                .longestLine(LONGEST_LINE)
                .deadline(Deadline.after(PATIENCE))
                .onLine(lines)
                .onErrorLine(line -> {});
    }
}
