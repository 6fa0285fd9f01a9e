package io.jenkins.plugins.minibuild.review;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import hudson.FilePath;
import hudson.Util;
import io.jenkins.plugins.minibuild.access.ReviewedChange;
import io.jenkins.plugins.minibuild.checkout.ForgeAccess;
import io.jenkins.plugins.minibuild.checkout.GitRemote;
import io.jenkins.plugins.minibuild.checkout.RefName;
import io.jenkins.plugins.minibuild.checkout.RepositoryAddress;
import io.jenkins.plugins.minibuild.checkout.RepositoryUrl;
import io.jenkins.plugins.minibuild.diff.ChangedFile;
import io.jenkins.plugins.minibuild.diff.MaskedDiff;
import io.jenkins.plugins.minibuild.diff.PrintedChange;
import io.jenkins.plugins.minibuild.diff.TextFiles;
import io.jenkins.plugins.minibuild.diff.UnifiedDiff;
import io.jenkins.plugins.minibuild.diff.UnreadableDiffException;
import io.jenkins.plugins.minibuild.diff.VisibleText;
import io.jenkins.plugins.minibuild.forge.Comparison;
import io.jenkins.plugins.minibuild.forge.Forge;
import io.jenkins.plugins.minibuild.forge.ForgeSession;
import io.jenkins.plugins.minibuild.forge.Forges;
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
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A change between two commits, or between a commit and a work tree. It is read through a git repository of the plugin's own, beside the workspace;
 * {@link #close} deletes it. The work tree's {@code .git} is used for names and objects only: its settings may have been changed by an earlier step,
 * and git runs the commands that settings name.
 */
public final class GitChange implements AutoCloseable {
    /** The most bytes of a diff; nobody reviews more. The files with the longest changes are left out of a larger one. */
    private static final int LARGEST_DIFF = 32 << 20;

    private static final int LONGEST_RULES = 64 << 10;
    private static final int SHALLOW = 200;
    private static final int MOST_PEOPLE = 200;
    private static final int MOST_NAMED = 20;
    private static final Duration PATIENCE = Duration.ofMinutes(20);
    private static final String EMPTY = "file:///none";
    /** The git attributes that decide which files are text. Settings of the agent and files of the change cannot overrule them. */
    private static final String ATTRIBUTES = TextFiles.attributes();

    private final BuildContext context;
    private final FilePath workTree;
    private final GitRemote remote;
    /** Null for none. */
    private final String credentialsId;

    private final boolean reachable;
    private final FilePath scratch;
    /** Has the objects that can be had. */
    private final FilePath lent;
    /** Has those that were checked. */
    private final FilePath checked;

    private final CheckedObjects objects;
    /** Of the server; null until it is asked. */
    private Map<String, String> branches;

    private String baseName = "";
    private String baseTip = "";
    /** Commits that {@link #lent} has. */
    private final Set<String> present = new HashSet<>();
    /** Of commits that {@link #checked} has. */
    private final Map<String, String> trees = new HashMap<>();

    private List<String> mergeBases = List.of();
    private String headName = "";
    private String headCommit = "";
    private String tree = "";
    private boolean uncommitted;
    /** The bytes of their changes, by the paths of the files that are left out of the diff. */
    private final Map<String, Long> leftOut = new TreeMap<>();

    private GitChange(
            BuildContext context, ReviewRequest.Source source, GitRemote remote, boolean reachable, FilePath scratch) {
        this.context = context;
        this.workTree = source.workTree();
        this.credentialsId = Util.fixEmpty(source.credentialsId());
        this.remote = remote;
        this.reachable = reachable;
        this.scratch = scratch;
        this.lent = scratch.child("lent.git");
        this.checked = scratch.child("change.git");
        this.objects = new CheckedObjects(checked, (repository, arguments) -> command(repository, false, arguments));
    }

    /**
     * Finds both sides.
     *
     * @throws AbortException if one of them cannot be found, they have nothing in common, or an object is not what its name says; the message says what to do
     */
    public static GitChange of(BuildContext context, ReviewRequest.Source source)
            throws IOException, InterruptedException {
        return of(context, source, null);
    }

    /**
     * The same, with objects that are not in the checkout.
     *
     * @param more a bare repository whose objects are borrowed, too; null for none
     */
    public static GitChange of(BuildContext context, ReviewRequest.Source source, @CheckForNull FilePath more)
            throws IOException, InterruptedException {
        String url = source.url() == null
                ? RepositoryAddress.known(context, source.workTree())
                        .map(RepositoryUrl::text)
                        .orElse(null)
                : source.url();
        if (url == null && source.credentialsId() != null) {
            throw new AbortException(Messages.GitChange_credentialWithoutUrl());
        }
        GitRemote remote = GitRemote.of(context, url == null ? EMPTY : url, source.credentialsId());
        FilePath scratch = context.temp().createTempDir("review", "");
        GitChange change = new GitChange(context, source, remote, url != null, scratch);
        try {
            change.open(more);
            change.find(source.base(), source.head());
            return change;
        } catch (IOException | InterruptedException | RuntimeException e) {
            change.close();
            throw e;
        }
    }

    private void open(@CheckForNull FilePath more) throws IOException, InterruptedException {
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
                .keep(places)
                .run();
        if (!asked.succeeded() || places.size() != 3) {
            throw new AbortException(Messages.GitChange_noCheckout(workTree.getRemote()));
        }
        if (!places.get(0).isEmpty()) {
            throw new AbortException(Messages.GitChange_notTheTop(workTree.getRemote(), places.get(0)));
        }
        run(List.of(remote.executable(), "init", "--quiet", "--bare", lent.getRemote()), scratch)
                .onLine(line -> {})
                .runOrFail();
        // What git has found out of the file system is in the settings, and holds for a repository beside it.
        for (String folder : List.of("objects", "refs")) {
            checked.child(folder).mkdirs();
        }
        for (String file : List.of("HEAD", "config")) {
            lent.child(file).copyTo(checked.child(file));
        }
        for (FilePath repository : List.of(lent, checked)) {
            repository.child("info").mkdirs();
            repository.child("info/attributes").write(ATTRIBUTES, "UTF-8");
        }
        lent.child("objects/info/alternates")
                .write(
                        workTree.child(places.get(1)).getRemote() + "\n"
                                + (more == null ? "" : more.child("objects").getRemote() + "\n"),
                        "UTF-8");
        FilePath shallow = workTree.child(places.get(2));
        if (shallow.exists()) {
            shallow(
                    lent,
                    shallow.readToString().lines().filter(RefName::isCommit).toList());
        }
    }

    /** Says that a repository lacks what is before these commits. */
    private static void shallow(FilePath repository, List<String> ends) throws IOException, InterruptedException {
        repository.child("shallow").write(String.join("\n", ends) + "\n", "UTF-8");
    }

    private void find(@CheckForNull String base, @CheckForNull String head) throws IOException, InterruptedException {
        headName = head == null ? "" : head;
        lookFor(Stream.of(Util.fixNull(base), headName)
                .filter(RefName::isCommit)
                .toList());
        headCommit = head == null ? checkedOut() : commit(head, "head");
        if (headCommit.isEmpty()) {
            throw new AbortException(Messages.GitChange_noCommit(workTree.getRemote()));
        }
        baseName = base == null ? standardBase() : base;
        baseTip = baseName.isEmpty() ? headCommit : commit(baseName, "base");
        mergeBases = mergeBases();
        readTrees();
        tree = tree(headCommit);
        if (head == null) {
            git(lent, false, "read-tree", headCommit);
            git(lent, true, "add", "--all", "--", ".");
            String there = single(lent, "write-tree");
            uncommitted = !tree.equals(there);
            tree = there;
        }
        if (baseName.isEmpty() && !uncommitted) {
            throw new AbortException(Messages.GitChange_noBase());
        }
    }

    /** Reads the trees of both sides, which are needed later, at once. */
    private void readTrees() throws IOException, InterruptedException {
        List<String> commits = new ArrayList<>(List.of(baseTip, headCommit));
        commits.addAll(mergeBases);
        trees.putAll(trees(commits));
    }

    private Map<String, String> trees(Collection<String> commits) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("log", "--no-walk=unsorted", "--format=%H %T"));
        arguments.addAll(commits);
        Map<String, String> found = new HashMap<>();
        for (String line : lines(checked, arguments.toArray(String[]::new))) {
            String[] ids = line.split(" ");
            if (ids.length != 2 || !RefName.isCommit(ids[1])) {
                throw new AbortException(Messages.GitChange_nonsense());
            }
            found.put(ids[0], ids[1]);
        }
        return found;
    }

    private String tree(String commit) throws IOException, InterruptedException {
        String known = trees.containsKey(commit)
                ? trees.get(commit)
                : trees(List.of(commit)).get(commit);
        if (known == null) {
            throw new AbortException(Messages.GitChange_nonsense());
        }
        return known;
    }

    /** The target branch of the merge request that is built, else the remote's default branch; empty if there is neither. */
    private String standardBase() throws IOException, InterruptedException {
        if (!reachable) {
            return "";
        }
        for (String variable : List.of("MINIBUILD_TARGET_BRANCH", "CHANGE_TARGET")) {
            String target = context.environment().getOrDefault(variable, "");
            if (RefName.isValid(target)) {
                return target;
            }
        }
        String standard = remote.defaultBranch(lent);
        return standard == null ? "" : standard;
    }

    private String commit(String name, String kept) throws IOException, InterruptedException {
        if (!RefName.isValid(name)) {
            throw new AbortException(Messages.GitChange_badName(name));
        }
        if (RefName.isCommit(name)) {
            if (has(name)) {
                // The id of an annotated tag stands for its commit.
                return single(lent, "rev-parse", "--verify", name + "^{commit}");
            }
            throw new AbortException(Messages.GitChange_unknownCommit(name));
        }
        if (!reachable) {
            throw new AbortException(Messages.GitChange_nameWithoutUrl(name));
        }
        if (branches == null) {
            branches = remote.branches(lent);
        }
        String tip = branches.get(name);
        if (tip != null && has(tip)) {
            return tip;
        }
        if (tip == null && !remote.hasTag(lent, name)) {
            throw new AbortException(Messages.GitChange_unknown(name));
        }
        return fetched(name, kept, lent.child("shallow").exists() ? SHALLOW : 0);
    }

    /** Finds out which of these commits can be had. */
    private void lookFor(List<String> commits) throws IOException, InterruptedException {
        if (commits.isEmpty()) {
            return;
        }
        List<String> answers = new ArrayList<>();
        command(lent, false, List.of("cat-file", "--batch-check=%(objecttype) %(objectname)"))
                .stdin(commits.stream().map(id -> id + "^{commit}\n").collect(Collectors.joining()))
                .keep(answers)
                .runOrFail();
        commits.stream().filter(id -> answers.contains("commit " + id)).forEach(present::add);
    }

    private boolean has(String commit) throws IOException, InterruptedException {
        if (!present.contains(commit)) {
            lookFor(List.of(commit));
        }
        return present.contains(commit);
    }

    private String fetched(String name, String kept, int depth) throws IOException, InterruptedException {
        String to = "refs/mini-build/" + kept;
        remote.fetch(lent, "+refs/" + (branches.containsKey(name) ? "heads/" : "tags/") + name + ":" + to, depth);
        return single(lent, "rev-parse", "--verify", to + "^{commit}");
    }

    /** The commit that is checked out; empty if there is none. The report names it, and it is compared with the server's before anything is merged. */
    private String checkedOut() throws IOException, InterruptedException {
        List<String> lines = new ArrayList<>();
        ProcessResult asked = run(
                        List.of(remote.executable(), "rev-parse", "--verify", "--quiet", "HEAD^{commit}"), workTree)
                .keep(lines)
                .run();
        return asked.succeeded() && lines.size() == 1 && RefName.isCommit(lines.get(0)) ? lines.get(0) : "";
    }

    private List<String> mergeBases() throws IOException, InterruptedException {
        List<String> found = common();
        if (found.isEmpty() && reachable && lent.child("shallow").exists()) {
            // A shallow history may lack the common ancestor.
            for (String name : Stream.of(baseName, headName)
                    .filter(each -> !each.isEmpty() && !RefName.isCommit(each))
                    .toList()) {
                fetched(name, "whole", Integer.MAX_VALUE);
            }
            found = common();
        }
        if (found.isEmpty()) {
            throw new AbortException(
                    Messages.GitChange_nothingInCommon(baseName, headName.isEmpty() ? "HEAD" : headName));
        }
        return found;
    }

    /**
     * Where both sides meet. Only the history up to there is copied: where it ends in one commit that both come from, whatever is before it is before every
     * other commit that both have in common, too.
     */
    private List<String> common() throws IOException, InterruptedException {
        List<String> history = lines(lent, "rev-list", "--boundary", baseTip + "..." + headCommit);
        List<String> ends = history.stream()
                .filter(line -> line.startsWith("-"))
                .map(line -> line.substring(1))
                .toList();
        if (ends.size() > 1) {
            history = lines(lent, "rev-list", baseTip, headCommit);
        }
        List<String> ids = new ArrayList<>(List.of(baseTip, headCommit));
        history.forEach(line -> ids.add(line.startsWith("-") ? line.substring(1) : line));
        objects.take(lent, ids);
        if (ends.size() == 1) {
            shallow(checked, ends);
        }
        List<String> found = new ArrayList<>();
        boolean known = command(checked, false, List.of("merge-base", "--all", baseTip, headCommit))
                .keep(found)
                .run()
                .succeeded();
        return known && found.stream().allMatch(RefName::isCommit) && (ends.size() != 1 || found.equals(ends))
                ? List.copyOf(found)
                : List.of();
    }

    /** The name of the base, as it was given or found; empty if only uncommitted changes are reviewed. */
    public String baseName() {
        return baseName;
    }

    /** The name of the head, as it was given; empty for the work tree. */
    public String headName() {
        return headName;
    }

    /** The commit at which the head left the base. */
    public String baseCommit() {
        return mergeBases.get(0);
    }

    /** All the commits at which the head may be said to have left the base: where branches were merged both ways there are several, and servers may name any. */
    public List<String> baseCommits() {
        return mergeBases;
    }

    /**
     * Who wrote or committed what came after the base: names and addresses of email, as the commits say. Anybody can write any name into a commit.
     *
     * @return {@code name <address>}, each once; at most 200
     */
    public List<String> people() throws IOException, InterruptedException {
        Limited bytes = new Limited(LARGEST_DIFF);
        command(
                        checked,
                        false,
                        List.of(
                                "log",
                                "--no-mailmap",
                                "--format=%an <%ae>%n%cn <%ce>",
                                headCommit,
                                "--not",
                                baseCommit()))
                .output(bytes)
                .runOrFail();
        return Arrays.stream(bytes.toString(StandardCharsets.UTF_8).split("\n"))
                .filter(each -> !each.isBlank())
                .distinct()
                .limit(MOST_PEOPLE)
                .toList();
    }

    /** The newest commit of the change. */
    public String headCommit() {
        return headCommit;
    }

    /** Whether uncommitted changes of the work tree are part of the change. */
    public boolean isUncommitted() {
        return uncommitted;
    }

    /**
     * All of it as one object, which is approved and merged.
     *
     * @throws AbortException when the server's own comparison of the two sides differs
     */
    public ReviewedChange reviewed(PrintedChange printed) throws IOException, InterruptedException {
        UnifiedDiff diff = printed.diff();
        if (reachable
                && !uncommitted
                && credentialsId != null
                && remote.url().transport() != RepositoryUrl.Transport.LOCAL) {
            compare(diff);
        }
        return new ReviewedChange(
                new ReviewedChange.Side(baseName, baseCommit()),
                new ReviewedChange.Side(headName, headCommit),
                reachable ? remote.url().text() : "",
                diff.sha256(),
                new ReviewedChange.Size(diff.files().size(), diff.additions(), diff.deletions()),
                hidden(printed),
                people());
    }

    /** The files of which people do not see everything, because it shows a secret. */
    private List<String> hidden(PrintedChange printed) throws UnreadableDiffException {
        byte[] masked = MaskedDiff.of(printed.patch(), context.redactor());
        if (Arrays.equals(masked, printed.patch())) {
            return List.of();
        }
        List<UnifiedDiff.File> shown = UnifiedDiff.parse(masked).files();
        return IntStream.range(0, shown.size())
                .filter(at -> !shown.get(at).equals(printed.diff().files().get(at)))
                .mapToObj(at -> shown.get(at).name())
                .toList();
    }

    /** Holds what git on the agent says against what the service says, which is asked by the controller. A service that does not answer is no objection. */
    private void compare(UnifiedDiff diff) throws IOException, InterruptedException {
        Optional<Forge> service = ForgeAccess.find(Forges.of(context), remote.url());
        Comparison theirs;
        try {
            if (service.isEmpty()) {
                return;
            }
            ForgeSession session = ForgeAccess.session(context, remote.url(), credentialsId);
            theirs = service.get()
                    .mergeRequests(remote.url().owner(), remote.url().name(), session)
                    .compare(baseTip, headCommit);
        } catch (IOException e) {
            context.listener().getLogger().println(Messages.GitChange_notCompared(e.getMessage()));
            return;
        }
        if (theirs.mergeBase() != null && !mergeBases.contains(theirs.mergeBase())) {
            throw new AbortException(Messages.GitChange_otherBase(
                    service.get().name(), theirs.mergeBase(), String.join(", ", mergeBases)));
        }
        compareCommits(service.get().name(), theirs);
        Set<String> shown = diff.files().stream().map(UnifiedDiff.File::path).collect(Collectors.toSet());
        List<String> missing = theirs.paths().stream()
                .filter(path -> !shown.contains(path))
                .sorted()
                .toList();
        if (!missing.isEmpty()) {
            throw new AbortException(Messages.GitChange_otherFiles(
                    service.get().name(), String.join(", ", missing.subList(0, Math.min(MOST_NAMED, missing.size())))));
        }
    }

    private void compareCommits(String service, Comparison theirs) throws IOException, InterruptedException {
        if (theirs.commits().isEmpty() && !theirs.allCommits()) {
            return;
        }
        Set<String> ours = new TreeSet<>(lines(checked, "rev-list", headCommit, "^" + baseTip));
        Set<String> missing = new TreeSet<>(theirs.commits());
        missing.removeAll(ours);
        // A service lists only the first of very many.
        Set<String> more = theirs.allCommits() ? ours : new TreeSet<>();
        more.removeAll(theirs.commits());
        if (!missing.isEmpty() || !more.isEmpty()) {
            throw new AbortException(Messages.GitChange_otherCommits(service, names(missing), names(more)));
        }
    }

    private static String names(Set<String> commits) {
        return commits.isEmpty() ? "-" : commits.stream().limit(MOST_NAMED).collect(Collectors.joining(", "));
    }

    /**
     * The diff of all of it, read and compared with git's own list of its files; the same change gives the same bytes. Where it would be too large, the
     * files with the longest changes are in it as binary ones are, without their lines, and the log names them.
     */
    public PrintedChange printed() throws IOException, InterruptedException {
        return printed(path -> true);
    }

    /** The same; where files have to be left out, the others go first. */
    PrintedChange printed(Predicate<String> wanted) throws IOException, InterruptedException {
        return since(baseCommit(), wanted);
    }

    /** The bytes of their changes, by the paths of the files that were too large for the diffs so far. */
    Map<String, Long> leftOut() {
        return Collections.unmodifiableMap(leftOut);
    }

    /**
     * The diff of what came after a commit that {@link #follows} knows.
     *
     * @param wanted which paths are left out last, if some have to be
     * @throws AbortException if it is too large, or cannot be read to its end; the message is for users
     */
    PrintedChange since(String commit, Predicate<String> wanted) throws IOException, InterruptedException {
        String before = tree(commit);
        List<String> needed = new ArrayList<>(List.of(before, tree));
        for (String line : lines(lent, "diff-tree", "-r", "-t", "--raw", "--no-renames", before, tree)) {
            // :MODE MODE ID ID STATUS, a tab, the path. A submodule's commit is not in this repository, and no side of
            // an added file has an object.
            String[] words = line.split(" ", 5);
            if (words.length == 5) {
                Stream.of(0, 1)
                        .filter(side -> !words[side].endsWith("160000") && !words[side + 2].matches("0+"))
                        .forEach(side -> needed.add(words[side + 2]));
            }
        }
        objects.take(lent, needed);
        Limited bytes = new Limited(LARGEST_DIFF);
        ProcessResult result = diff(before, PrintedChange.FORMATS)
                .output(bytes)
                .stopWhen(() -> bytes.over)
                .run();
        if (bytes.over) {
            leaveOut(before, wanted);
            bytes.clear();
            result = diff(before, PrintedChange.FORMATS)
                    .output(bytes)
                    .stopWhen(() -> bytes.over)
                    .run();
        }
        if (bytes.over) {
            throw new AbortException(Messages.GitChange_tooLarge(String.valueOf(LARGEST_DIFF >> 20)));
        }
        if (!result.succeeded()) {
            throw new AbortException(Messages.GitChange_notWhatTheyWere());
        }
        return PrintedChange.read(bytes.toByteArray());
    }

    private ProcessRun diff(String before, List<String> formats) {
        List<String> arguments = new ArrayList<>(List.of("diff-tree", "-r"));
        arguments.addAll(PrintedChange.OPTIONS);
        arguments.addAll(formats);
        if (formats.contains("--patch")) {
            // Alone it would ask for a patch.
            arguments.add("--unified=5");
        }
        arguments.addAll(List.of(before, tree));
        return command(checked, false, arguments);
    }

    /** Has git take files for binary, those with the longest changes first, until the rest is small enough. */
    private void leaveOut(String before, Predicate<String> wanted) throws IOException, InterruptedException {
        List<String> paths = new ArrayList<>();
        List<String> raw = new ArrayList<>();
        diff(before, List.of("--raw")).keep(raw).runOrFail();
        for (String line : raw) {
            ChangedFile file = ChangedFile.parse(line);
            if (file == null) {
                throw new AbortException(Messages.GitChange_nonsense());
            }
            paths.add(file.path());
            if (file.isOtherKind()) {
                // It goes and comes: git prints it twice.
                paths.add(file.path());
            }
        }
        PatchSizes sizes = new PatchSizes();
        diff(before, List.of("--patch")).output(sizes).runOrFail();
        if (sizes.bytes().size() != paths.size()) {
            throw new AbortException(Messages.GitChange_nonsense());
        }
        Map<String, Long> byPath = new TreeMap<>();
        IntStream.range(0, paths.size())
                .forEach(at -> byPath.merge(paths.get(at), sizes.bytes().get(at), Long::sum));
        // The lists before the patch take room, too.
        long left = byPath.values().stream().mapToLong(each -> each).sum()
                + byPath.keySet().stream()
                        .mapToLong(path -> 250L + 8L * path.length())
                        .sum();
        Map<String, Long> gone = new TreeMap<>();
        for (String path : byPath.keySet().stream()
                .sorted(Comparator.comparing((String path) -> wanted.test(path))
                        .thenComparing(byPath::get, Comparator.reverseOrder())
                        .thenComparing(Comparator.naturalOrder()))
                .toList()) {
            if (left > LARGEST_DIFF) {
                left -= byPath.get(path);
                gone.put(path, byPath.get(path));
            }
        }
        StringBuilder lines = new StringBuilder(ATTRIBUTES);
        leftOut.putAll(gone);
        leftOut.keySet().forEach(path -> lines.append(TextFiles.notShown(path)));
        checked.child("info/attributes").write(lines.toString(), "UTF-8");
        context.listener()
                .getLogger()
                .println(Messages.GitChange_leftOut(
                        String.valueOf(LARGEST_DIFF >> 20),
                        gone.entrySet().stream()
                                        .limit(MOST_NAMED)
                                        .map(each -> VisibleText.name(each.getKey()) + " ("
                                                + Math.max(1, each.getValue() >> 10) + " kB)")
                                        .collect(Collectors.joining(", "))
                                + (gone.size() > MOST_NAMED ? ", …" : "")));
    }

    /** Whether the head came from a commit, and the base did not. */
    boolean follows(String commit) throws IOException, InterruptedException {
        return RefName.isCommit(commit) && succeeds(checked, "merge-base", "--is-ancestor", commit, headCommit);
    }

    /**
     * The text of a file at the tip of the base; empty if there is none.
     *
     * @param name of a file in the top folder
     */
    String baseFile(String name) throws IOException, InterruptedException {
        String top = tree(baseTip);
        objects.take(lent, List.of(top));
        List<String> entries = lines(checked, "ls-tree", top, "--", name);
        if (entries.isEmpty() || !entries.get(0).contains(" blob ")) {
            return "";
        }
        String blob = entries.get(0).split("[ \t]")[2];
        objects.take(lent, List.of(blob));
        Limited bytes = new Limited(LONGEST_RULES);
        ProcessResult read = command(checked, false, List.of("cat-file", "blob", blob))
                .output(bytes)
                .stopWhen(() -> bytes.over)
                .run();
        if (!read.succeeded() && !bytes.over) {
            throw new AbortException(Messages.GitChange_notWhatTheyWere());
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    /** Writes the files of the new side to a folder of their own, symbolic links as plain files; nothing that is in no commit of the change or ignored. */
    FilePath snapshot() throws IOException, InterruptedException {
        List<String> needed = new ArrayList<>(List.of(tree));
        for (String line : lines(lent, "ls-tree", "-r", "-t", "--full-tree", tree)) {
            String[] words = line.split("[ \t]", 4);
            if (words.length == 4 && !words[1].equals("commit")) {
                needed.add(words[2]);
            }
        }
        objects.take(lent, needed);
        FilePath folder = scratch.child("files");
        folder.mkdirs();
        run(
                        List.of(
                                remote.executable(),
                                "--git-dir=" + checked.getRemote(),
                                "--work-tree=" + folder.getRemote(),
                                "-c",
                                "core.bare=false",
                                "-c",
                                "core.symlinks=false",
                                "read-tree",
                                "--reset",
                                "-u",
                                tree),
                        folder)
                .onLine(line -> {})
                .runOrFail();
        return folder;
    }

    private boolean succeeds(FilePath repository, String... arguments) throws IOException, InterruptedException {
        return command(repository, false, List.of(arguments))
                .onLine(line -> {})
                .run()
                .succeeded();
    }

    private void git(FilePath repository, boolean files, String... arguments) throws IOException, InterruptedException {
        command(repository, files, List.of(arguments)).onLine(line -> {}).runOrFail();
    }

    private List<String> lines(FilePath repository, String... arguments) throws IOException, InterruptedException {
        List<String> lines = new ArrayList<>();
        command(repository, false, List.of(arguments)).keep(lines).runOrFail();
        return lines;
    }

    private String single(FilePath repository, String... arguments) throws IOException, InterruptedException {
        List<String> lines = lines(repository, arguments);
        if (lines.size() != 1 || !RefName.isCommit(lines.get(0))) {
            throw new AbortException(Messages.GitChange_nonsense());
        }
        return lines.get(0);
    }

    private ProcessRun command(FilePath repository, boolean files, List<String> arguments) {
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
                // By itself glibc gives memory back after each of thousands of objects, which takes as long as all
                // else.
                .env(Map.of("GIT_OPTIONAL_LOCKS", "0", "MALLOC_TRIM_THRESHOLD_", String.valueOf(128 << 20)))
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

    /** Keeps the beginning of the output and whether there was more. */
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

        synchronized void clear() {
            kept.reset();
            over = false;
        }

        synchronized byte[] toByteArray() {
            return kept.toByteArray();
        }

        String toString(java.nio.charset.Charset charset) {
            return new String(toByteArray(), charset);
        }
    }

    /** Counts the bytes of the patch of each file: only its header begins with {@code diff --git}, since lines of files have a sign before them. */
    private static final class PatchSizes extends OutputStream {
        private static final byte[] HEADER = "diff --git ".getBytes(StandardCharsets.US_ASCII);

        private final List<Long> sizes = new ArrayList<>();
        private long counted;
        /** Bytes of the line so far that are those of a header; -1 for a line that is none. */
        private int same;

        @Override
        public void write(int b) {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public synchronized void write(byte[] bytes, int offset, int length) {
            for (int at = offset; at < offset + length; at++) {
                counted++;
                if (bytes[at] == '\n') {
                    same = 0;
                } else if (same >= 0) {
                    same = bytes[at] == HEADER[same] ? same + 1 : -1;
                    if (same == HEADER.length) {
                        end(HEADER.length);
                        same = -1;
                    }
                }
            }
        }

        private void end(int begun) {
            if (!sizes.isEmpty()) {
                sizes.set(sizes.size() - 1, counted - begun);
            }
            sizes.add(0L);
            counted = begun;
        }

        /** In the order of the patch, once all of it came. */
        synchronized List<Long> bytes() {
            List<Long> all = new ArrayList<>(sizes);
            if (!all.isEmpty()) {
                all.set(all.size() - 1, counted);
            }
            return all;
        }
    }
}
