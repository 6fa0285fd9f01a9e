package io.jenkins.plugins.minibuild.codegen;

import com.fasterxml.jackson.databind.JsonNode;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import hudson.EnvVars;
import hudson.FilePath;
import io.jenkins.plugins.minibuild.checkout.GitRemote;
import io.jenkins.plugins.minibuild.checkout.RefName;
import io.jenkins.plugins.minibuild.diff.ChangedFile;
import io.jenkins.plugins.minibuild.diff.DiffLines;
import io.jenkins.plugins.minibuild.diff.ExactText;
import io.jenkins.plugins.minibuild.diff.PrintedChange;
import io.jenkins.plugins.minibuild.diff.UnifiedDiff.Kind;
import io.jenkins.plugins.minibuild.files.Json;
import io.jenkins.plugins.minibuild.process.Deadline;
import io.jenkins.plugins.minibuild.process.ProcessResult;
import io.jenkins.plugins.minibuild.process.ProcessRun;
import io.jenkins.plugins.minibuild.process.Redactor;
import io.jenkins.plugins.minibuild.step.BuildContext;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Records the change of a work tree in a git repository of the plugin's own. Of the work tree's {@code .git} only the objects are used, which git names by
 * their content: the generator may have changed the settings, and git would run the programs that they name, with the push's credential in its environment.
 */
final class ChangeRecorder {
    private static final Duration PATIENCE = Duration.ofMinutes(20);

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
        List<ChangedFile> files = new ArrayList<>();
        inWorkTree(diff("--raw"), line -> files.add(known(ChangedFile.parse(line))));
        Iterator<ChangedFile> listed = List.copyOf(files).iterator();
        files.clear();
        inWorkTree(
                diff("--numstat"),
                line -> files.add(known(listed.hasNext() ? listed.next().counted(line) : null)));
        known(listed.hasNext() ? null : files);
        return List.copyOf(files);
    }

    /** A file that is not understood would be neither guarded nor looked through. */
    private static <T> T known(@CheckForNull T given) {
        if (given == null) {
            throw new UncheckedIOException(new AbortException(Messages.ChangeRecorder_Nonsense()));
        }
        return given;
    }

    /** Where the symbolic links among the files point, by their path. */
    Map<String, String> links(List<ChangedFile> files) throws IOException, InterruptedException {
        Map<String, String> links = new LinkedHashMap<>();
        for (ChangedFile file : files) {
            if (file.isLink()) {
                ByteArrayOutputStream target = new ByteArrayOutputStream();
                command(List.of("cat-file", "blob", file.blob()), line -> {})
                        .output(target)
                        .runOrFail();
                links.put(file.path(), target.toString(StandardCharsets.UTF_8));
            }
        }
        return links;
    }

    /** The files {@code package.json} whose scripts the change touches: npm runs some of them by itself. */
    Set<String> scripts(List<ChangedFile> files) throws IOException, InterruptedException {
        Set<String> found = new LinkedHashSet<>();
        for (ChangedFile file : files) {
            if (file.newMode() != 0 && ("/" + file.path()).endsWith("/package.json")) {
                JsonNode before = scripts(base + ":" + file.path());
                JsonNode after = scripts(file.blob());
                if (after == null || !after.equals(before == null ? Json.MAPPER.missingNode() : before)) {
                    found.add(file.path());
                }
            }
        }
        return found;
    }

    /** What an object of git has as scripts; a missing node for none, null for what is no JSON. */
    @CheckForNull
    private JsonNode scripts(String object) throws IOException, InterruptedException {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        ProcessResult result = command(List.of("cat-file", "blob", object), line -> {})
                .output(content)
                .run();
        try {
            return result.succeeded() ? Json.parse(content.toByteArray()).path("scripts") : Json.MAPPER.missingNode();
        } catch (IOException e) {
            return null;
        }
    }

    /** The secrets that the scanner finds in added lines, by {@code path:line}. */
    Map<String, String> secrets(SecretScanner scanner) throws IOException, InterruptedException {
        Map<String, String> found = new LinkedHashMap<>();
        eachLine((path, change, number, line) -> {
            String kind = change == Kind.ADDED ? scanner.find(line) : null;
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
                .filter(path -> {
                    // Bytes that are no text would be changed by masking, too.
                    String name = new String(ExactText.encode(path), StandardCharsets.UTF_8);
                    return !known.redact(name).equals(name);
                })
                .forEach(found::add);
        eachLine((path, change, number, line) -> {
            if (!found.contains(path) && !known.redact(line).equals(line)) {
                found.add(path);
            }
        });
        return found;
    }

    /** Passes on every line of every file that was changed, binary files as text, too. */
    private void eachLine(DiffLines.Taker taker) throws IOException, InterruptedException {
        DiffLines lines = new DiffLines(taker);
        command(diff("--patch", "--unified=0", "--text"), line -> {})
                .output(lines)
                .runOrFail();
        lines.finish();
    }

    /**
     * Writes the change in the form that {@code git apply} takes, binary files included.
     *
     * @param without paths of files that are left out; each is an argument
     * @return the file, on the agent
     */
    FilePath writePatch(Set<String> without) throws IOException, InterruptedException {
        FilePath file = scratch.child("change.patch");
        List<String> command = new ArrayList<>(diff("--patch", "--binary"));
        // The base is the last argument, and options come before it.
        command.add(command.size() - 1, "--output=" + file.getRemote());
        command.addAll(List.of("--", "."));
        without.forEach(path -> command.add(":(top,literal,exclude)" + path));
        inWorkTree(command, line -> {});
        return file;
    }

    /** Where the commit is that {@link #commit} made: a bare repository. */
    FilePath repository() {
        return repository;
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
        List<String> command = new ArrayList<>(List.of("diff-index", "--cached"));
        command.addAll(PrintedChange.OPTIONS);
        command.addAll(List.of(options));
        command.add(base);
        return command;
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
                .deadline(Deadline.after(PATIENCE))
                .onLine(lines)
                .onErrorLine(line -> {});
    }
}
