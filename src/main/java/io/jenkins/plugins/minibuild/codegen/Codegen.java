package io.jenkins.plugins.minibuild.codegen;

import com.cloudbees.plugins.credentials.common.StandardCredentials;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import hudson.EnvVars;
import hudson.FilePath;
import hudson.Util;
import io.jenkins.plugins.minibuild.access.Policies;
import io.jenkins.plugins.minibuild.checkout.CommitInfo;
import io.jenkins.plugins.minibuild.checkout.GitCheckout;
import io.jenkins.plugins.minibuild.checkout.GitRemote;
import io.jenkins.plugins.minibuild.checkout.RefName;
import io.jenkins.plugins.minibuild.checkout.RepositoryAddress;
import io.jenkins.plugins.minibuild.checkout.RepositoryUrl;
import io.jenkins.plugins.minibuild.diff.ChangedFile;
import io.jenkins.plugins.minibuild.diff.MaskedDiff;
import io.jenkins.plugins.minibuild.diff.PrintedChange;
import io.jenkins.plugins.minibuild.diff.VisibleText;
import io.jenkins.plugins.minibuild.process.AgentLostException;
import io.jenkins.plugins.minibuild.process.CommandTimeoutException;
import io.jenkins.plugins.minibuild.process.ContainerChoice;
import io.jenkins.plugins.minibuild.process.ContainerRun;
import io.jenkins.plugins.minibuild.process.Deadline;
import io.jenkins.plugins.minibuild.process.ProcessRun;
import io.jenkins.plugins.minibuild.process.Sandbox;
import io.jenkins.plugins.minibuild.process.ScratchFolder;
import io.jenkins.plugins.minibuild.review.ChangeStore;
import io.jenkins.plugins.minibuild.review.GitChange;
import io.jenkins.plugins.minibuild.review.Review;
import io.jenkins.plugins.minibuild.review.ReviewRequest;
import io.jenkins.plugins.minibuild.step.BuildContext;
import io.jenkins.plugins.minibuild.step.BuildTask;
import io.jenkins.plugins.minibuild.step.Fact;
import io.jenkins.plugins.minibuild.step.Phases;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jenkinsci.plugins.plaincredentials.StringCredentials;

/**
 * Implements a requirement on a branch: clean checkout, branch, generator, check, inspection of the change, commit, push. The change is kept as a patch
 * however this ends.
 */
public final class Codegen implements BuildTask<CodegenResult> {
    /** Each is an argument of a command. */
    private static final int MOST_LEFT_OUT = 200;

    /** A fact of the build's last generated change: its branch. */
    public static final Fact BRANCH_FACT = new Fact("codegenBranch");
    /** The branch that the work began at. */
    public static final Fact BASE_FACT = new Fact("codegenBase");
    /** The newest commit of the work. */
    public static final Fact COMMIT_FACT = new Fact("codegenCommit");
    /** The repository's address. */
    public static final Fact URL_FACT = Review.URL_FACT;
    /** The requirement's title, or its id where it has none. */
    public static final Fact REQUIREMENT_FACT = new Fact("requirement");
    /** Where people find the requirement; empty if nowhere. */
    public static final Fact LINK_FACT = new Fact("requirementLink");
    /** The generator's summary of the change. */
    public static final Fact SUMMARY_FACT = new Fact("codegenSummary");

    private static final int HISTORY = 50;
    private static final int CHECK_LINES = 400;
    static final Duration CHECK_PATIENCE = Duration.ofMinutes(30);

    private final CodegenRequest request;
    private final CodeGenerator generator;
    private final Set<String> keptVariables;

    /** @param keptVariables of the agent's environment that the check can see: it runs the generator's code */
    public Codegen(CodegenRequest request, CodeGenerator generator, Set<String> keptVariables) {
        this.request = request;
        this.generator = generator;
        this.keptVariables = keptVariables;
    }

    /** The name of the next patch among the artifacts of a build: one build may generate code several times, also at the same time. */
    public static String nextPatch(BuildContext context) throws IOException {
        Path folder = Files.createDirectories(context.record().folder());
        for (int n = 1; ; n++) {
            try {
                Files.createDirectory(folder.resolve("codegen-" + n));
                return n == 1 ? "mini-build/codegen.patch" : "mini-build/codegen-" + n + ".patch";
            } catch (FileAlreadyExistsException e) {
                // another one's
            }
        }
    }

    @Override
    public CodegenResult run(BuildContext context) throws IOException, InterruptedException {
        long start = System.nanoTime();
        Phases phases = phases(context);
        Requirement wanted = request.requirement();
        RepositoryUrl url =
                RepositoryAddress.of(context, Util.fixEmpty(request.repository().url()), folder(context));
        GitRemote remote =
                GitRemote.of(context, url.text(), request.repository().credentialsId());
        Start begun = phases.run("prepare", () -> prepare(context, remote));
        UnfinishedCode open = UnfinishedCode.begin(
                context,
                request,
                generator.keyCredentialsId(),
                new UnfinishedCode.Start(remote.url().text(), begun.commit(), begun.shallow()));
        FilePath scratch = open.scratch(context);
        ChangeRecorder recorder = new ChangeRecorder(context, remote, folder(context), scratch, begun.commit());
        boolean kept = false;
        try {
            BuildTask<String> task = request.profile();
            String profile = null;
            if (task == null) {
                phases.skip("analyze", Messages.Codegen_NoAnalysis());
            } else {
                profile = phases.run("analyze", () -> task.run(context));
            }
            CodeGenerator.Reply work = generate(context, phases, wanted, profile);
            if (work.shortfall() != null) {
                phases.fail("generate");
            }
            List<ChangedFile> files = recorder.record(begun.shallow());
            archive(context, recorder, files, request.publication().patch());
            kept = true;
            if (work.shortfall() != null) {
                throw new AbortException(broken(context, phases, recorder, begun, files, work));
            }
            if (files.isEmpty()) {
                throw new AbortException(Messages.Codegen_NoChange(shown(context, work.summary())));
            }
            String commit = phases.run("commit", () -> {
                guard(context, recorder, files);
                return commit(context, recorder, false, work.summary());
            });
            if (request.publication().push()) {
                push(context, phases, recorder, begun, commit);
            } else {
                phases.skip("push", Messages.Codegen_NoPush());
            }
            keepChange(context, recorder, remote, begun, commit);
            context.record()
                    .rememberAll(Map.of(
                            BRANCH_FACT,
                            begun.branch(),
                            BASE_FACT,
                            begun.base(),
                            COMMIT_FACT,
                            commit,
                            URL_FACT,
                            remote.url().text(),
                            REQUIREMENT_FACT,
                            shown(context, wanted.title().isEmpty() ? wanted.id() : wanted.title()),
                            LINK_FACT,
                            wanted.link(),
                            SUMMARY_FACT,
                            shown(context, work.summary())));
            CodegenResult result = new CodegenResult(
                    new CodegenResult.Branch(
                            begun.branch(),
                            begun.base(),
                            commit,
                            request.publication().push()),
                    files,
                    work.usage(),
                    Duration.ofNanos(System.nanoTime() - start),
                    work.session(),
                    shown(context, work.summary()));
            phases.run("done", () -> null);
            return result;
        } catch (InterruptedException e) {
            if (!kept
                    && request.publication().keepPartial()
                    && request.publication().push()) {
                kept = keepAborted(context, phases, recorder, begun);
            }
            throw e;
        } finally {
            String patch = request.publication().patch();
            if (!kept && rescue(context, recorder, begun.shallow(), patch) == Rescue.AGENT_LOST) {
                context.listener().getLogger().println(Messages.Codegen_AgentLost(patch));
                open.leave();
            } else {
                end(scratch, open);
            }
        }
    }

    private static void end(FilePath scratch, UnfinishedCode open) throws IOException, InterruptedException {
        try {
            scratch.deleteRecursive();
        } finally {
            open.end();
        }
    }

    /** Keeps the whole change of the branch against its base, which a merge request would bring, for people and for the model that review it. */
    private void keepChange(BuildContext context, ChangeRecorder recorder, GitRemote remote, Start begun, String commit)
            throws IOException, InterruptedException {
        ReviewRequest.Source source = new ReviewRequest.Source(
                folder(context),
                request.repository().directory(),
                remote.url().text(),
                request.repository().credentialsId(),
                begun.base(),
                commit);
        try (GitChange change = GitChange.of(context, source, recorder.repository())) {
            PrintedChange printed = change.printed();
            new ChangeStore(context.record().folder())
                    .put(
                            change.reviewed(printed).of(begun.branch()),
                            MaskedDiff.of(printed.patch(), context.redactor()));
        } catch (AbortException e) {
            context.listener().getLogger().println(Messages.Codegen_NotKept(e.getMessage()));
        }
    }

    private Phases phases(BuildContext context) {
        Map<String, Integer> shares = new LinkedHashMap<>();
        shares.put("prepare", 10);
        shares.put("analyze", 10);
        shares.put("generate", 50);
        shares.put("check", 20);
        shares.put("commit", 4);
        shares.put("push", 5);
        shares.put("done", 1);
        Requirement wanted = request.requirement();
        String name = wanted.title().isEmpty() ? wanted.id() : wanted.title();
        return new Phases(
                context,
                Messages.Codegen_Title(shown(context, name).lines().findFirst().orElse("")),
                "codegen",
                shares);
    }

    /**
     * Keeps the code that was generated before the controller was killed or the agent was lost, as a patch of that build. No process of the build runs
     * in the work tree any more.
     *
     * @param context of that build, in the workspace that the work names
     * @throws IOException if the agent cannot be asked; it can be tried again later
     */
    public static void keepBrokenOff(BuildContext context, UnfinishedCode work)
            throws IOException, InterruptedException {
        PrintStream log = context.listener().getLogger();
        log.println(work.agentLost() ? Messages.Codegen_AgentBack(context.agent()) : Messages.Codegen_Died());
        String directory = work.checkout().directory();
        FilePath folder =
                directory.isEmpty() ? context.workspace() : context.workspace().child(directory);
        if (folder.child(".git").isDirectory()) {
            if (keepBrokenOff(context, work, folder)) {
                work.end();
            }
        } else {
            tooLate(context, work);
        }
    }

    /** @return false if it has to be tried again */
    private static boolean keepBrokenOff(BuildContext context, UnfinishedCode work, FilePath folder)
            throws IOException, InterruptedException {
        PrintStream log = context.listener().getLogger();
        FilePath scratch = work.scratch(context);
        try {
            // Their secrets may be in the files; a credential that is gone cannot be looked for.
            GitRemote remote =
                    GitRemote.of(context, work.start().url(), work.credentials().git());
            if (!work.credentials().key().isEmpty()) {
                StandardCredentials key =
                        context.credentials().require(work.credentials().key(), null, "secret text");
                if (key instanceof StringCredentials text) {
                    context.redactor().add(text.getSecret().getPlainText());
                }
            }
            ChangeRecorder recorder = new ChangeRecorder(
                    context, remote, folder, scratch, work.start().commit());
            Rescue rescue = rescue(context, recorder, work.start().shallow(), work.patch());
            if (rescue == Rescue.AGENT_LOST) {
                log.println(Messages.Codegen_AgentLost(work.patch()));
                return false;
            }
            if (rescue == Rescue.NOTHING) {
                log.println(Messages.Codegen_NothingWritten());
            }
        } catch (AbortException e) {
            log.println(Messages.Codegen_NotRescued(e.getMessage()));
        }
        scratch.deleteRecursive();
        return true;
    }

    /** Logs that a build's unfinished code is gone. */
    public static void tooLate(BuildContext context, UnfinishedCode work) throws IOException {
        context.listener()
                .getLogger()
                .println(Messages.Codegen_Gone(work.checkout().workspace()));
        work.end();
    }

    private FilePath folder(BuildContext context) {
        return request.repository().directory().isEmpty()
                ? context.workspace()
                : context.workspace().child(request.repository().directory());
    }

    /** Where work begins. */
    private record Start(String base, String branch, String commit, List<String> shallow) {}

    private Start prepare(BuildContext context, GitRemote remote) throws IOException, InterruptedException {
        PrintStream log = context.listener().getLogger();
        Map<String, String> branches = remote.branches(context.temp());
        String standard = remote.defaultBranch(context.temp());
        String base = request.repository().baseBranch().isEmpty()
                ? standard
                : request.repository().baseBranch();
        if (base == null || !branches.containsKey(base)) {
            throw new AbortException(Messages.Codegen_NoBase(
                    String.valueOf(base),
                    String.join(", ", branches.keySet().stream().limit(20).toList())));
        }
        String branch = branch(base, standard);
        boolean goesOn = branches.containsKey(branch);
        String from = goesOn ? branch : base;
        log.println(goesOn ? Messages.Codegen_GoesOn(branch) : Messages.Codegen_Begins(branch, base));
        CommitInfo commit = GitCheckout.of(remote.url().text())
                .branch(from)
                .newest()
                .credentialsId(request.repository().credentialsId())
                .directory(request.repository().directory())
                .depth(HISTORY)
                .verify(false)
                .local(context.workspace().isRemote())
                .build()
                .run(context);
        return new Start(base, branch, commit.commit(), ChangeRecorder.shallow(folder(context)));
    }

    private String branch(String base, @CheckForNull String standard) throws AbortException {
        String id = request.requirement().id();
        if (request.repository().branch().isEmpty() && id.isEmpty()) {
            throw new AbortException(Messages.Codegen_NoBranch());
        }
        String branch = request.repository().branch().isEmpty()
                ? "feature/req-" + id
                : request.repository().branch();
        if (!RefName.isValid(branch) || branch.startsWith("refs/")) {
            throw new AbortException(Messages.Codegen_BadBranch(branch));
        }
        if (branch.equalsIgnoreCase(base)
                || branch.equalsIgnoreCase(standard)
                || request.repository().protectedBranches().matches(branch)) {
            throw new AbortException(Messages.Codegen_Protected(branch));
        }
        return branch;
    }

    private CodeGenerator.Reply generate(
            BuildContext context, Phases phases, Requirement wanted, @CheckForNull String profile)
            throws IOException, InterruptedException {
        PrintStream log = context.listener().getLogger();
        CodegenPrompt prompt = CodegenPrompt.first(
                context.random(),
                wanted,
                profile,
                request.context(),
                request.check().command());
        if (prompt.hidden() > 0) {
            log.println(Messages.Codegen_Hidden(String.valueOf(prompt.hidden())));
        }
        CodeGenerator.Reply work =
                phases.run("generate", () -> generator.work(context, folder(context), prompt.text(), null));
        if (work.shortfall() == null && request.check().command().isBlank()) {
            phases.skip("check", Messages.Codegen_NoCheck());
            return work;
        }
        for (int repair = 0; work.shortfall() == null; repair++) {
            Deque<String> output = new ArrayDeque<>();
            int code = phases.run("check", () -> check(context, output));
            if (code == 0) {
                log.println(Messages.Codegen_Checked());
                break;
            }
            if (repair == request.check().retries()) {
                phases.fail("check");
                throw new AbortException(Messages.Codegen_CheckFailed(
                        request.check().command(),
                        String.valueOf(code),
                        String.valueOf(repair),
                        request.publication().patch()));
            }
            phases.again("check");
            log.println(Messages.Codegen_Repair(
                    String.valueOf(code),
                    String.valueOf(repair + 1),
                    String.valueOf(request.check().retries())));
            CodegenPrompt next = CodegenPrompt.afterFailedCheck(
                    context.random(),
                    request.check().command(),
                    code,
                    context.redactor().redact(String.join("\n", output)));
            String session = work.session();
            work = work.plus(
                    phases.run("generate", () -> generator.work(context, folder(context), next.text(), session)));
        }
        return work;
    }

    /** Runs the check, kept away from the agent as the generator is; its last lines are left in {@code output}. */
    private int check(BuildContext context, Deque<String> output) throws IOException, InterruptedException {
        try (ScratchFolder home = ScratchFolder.in(context.temp(), "check")) {
            ContainerChoice choice = request.check().isolation().container();
            if (choice != null) {
                ContainerRun container = choice.run(
                                context.launcher(),
                                folder(context),
                                List.of("/bin/sh", "-c", request.check().command()),
                                request.check().online())
                        .within(context.environment());
                heard(container.process(), context, output);
                return container.run().exitCode();
            }
            return heard(process(context, home.path()), context, output).run().exitCode();
        } catch (CommandTimeoutException e) {
            output.addLast(e.getMessage());
            return -1;
        }
    }

    private ProcessRun process(BuildContext context, FilePath home) throws IOException, InterruptedException {
        Map<String, String> environment = kept(context.environment());
        Sandbox sandbox = request.check().isolation().confinement(context.launcher(), home);
        if (sandbox == null) {
            return ProcessRun.shell(context.launcher(), request.check().command())
                    .in(folder(context))
                    .cleanEnvironment(keptVariables)
                    .env(environment);
        }
        environment.put("HOME", home.getRemote());
        environment.put("TMPDIR", home.getRemote());
        return sandbox.run(
                        List.of("/bin/sh", "-c", request.check().command()),
                        folder(context),
                        true,
                        home,
                        environment,
                        new Sandbox.Reach(request.check().online(), null))
                .cleanEnvironment(keptVariables)
                .what("'" + request.check().command() + "'");
    }

    private static ProcessRun heard(ProcessRun process, BuildContext context, Deque<String> output) {
        return process.redactor(context.redactor())
                .echo(context.listener())
                .deadline(Deadline.after(CHECK_PATIENCE))
                .onLine(line -> {
                    output.addLast(line);
                    if (output.size() > CHECK_LINES) {
                        output.removeFirst();
                    }
                });
    }

    private Map<String, String> kept(EnvVars build) {
        Map<String, String> kept = new EnvVars(build);
        kept.keySet().retainAll(keptVariables);
        return kept;
    }

    private void guard(BuildContext context, ChangeRecorder recorder, List<ChangedFile> files)
            throws IOException, InterruptedException {
        List<String> objections = objections(context, recorder, files);
        if (objections.isEmpty()) {
            return;
        }
        PrintStream log = context.listener().getLogger();
        objections.stream().limit(ChangeGuard.MOST_LISTED).forEach(line -> log.println("  - " + line));
        throw new AbortException(Messages.Codegen_Objections(
                String.valueOf(objections.size()),
                // The name of a file can be a secret, too, and what a build ends with is not masked.
                context.redactor().redact(objections.get(0)),
                request.publication().patch()));
    }

    private List<String> objections(BuildContext context, ChangeRecorder recorder, List<ChangedFile> files)
            throws IOException, InterruptedException {
        SecretScanner scanner = new SecretScanner(context.redactor());
        Map<String, String> secrets = new LinkedHashMap<>(recorder.secrets(scanner));
        for (ChangedFile file : files) {
            String kind = scanner.find(file.path());
            if (kind != null && file.newMode() != 0) {
                secrets.put(file.path(), kind);
            }
        }
        return new ChangeGuard(
                        request.paths().allowed(),
                        request.paths().denied(),
                        Policies.of(context).code(),
                        context.settings().all(JobScript.class))
                .objections(files, recorder.links(files), secrets, recorder.scripts(files));
    }

    private String commit(BuildContext context, ChangeRecorder recorder, boolean partial, String summary)
            throws IOException, InterruptedException {
        String message = CommitMessage.of(
                request.requirement(),
                partial,
                shown(context, summary),
                "Mini Build, " + context.record().displayName());
        return recorder.commit(message, request.publication().author());
    }

    private static void push(BuildContext context, Phases phases, ChangeRecorder recorder, Start begun, String commit)
            throws IOException, InterruptedException {
        phases.run("push", () -> {
            recorder.push(commit, begun.branch());
            return null;
        });
        context.listener().getLogger().println(Messages.Codegen_Pushed(begun.branch(), commit));
    }

    /** Pushes unfinished work, where the job wants that and nothing objects; returns the message that the build fails with. */
    private String broken(
            BuildContext context,
            Phases phases,
            ChangeRecorder recorder,
            Start begun,
            List<ChangedFile> files,
            CodeGenerator.Reply work)
            throws IOException, InterruptedException {
        String reason = work.shortfall();
        if (files.isEmpty()) {
            return Messages.Codegen_BrokenEmpty(reason);
        }
        if (!request.publication().keepPartial() || !request.publication().push()) {
            return Messages.Codegen_BrokenPatch(reason, request.publication().patch());
        }
        // An objection to the push fails the build with its own message.
        context.listener().getLogger().println(reason);
        String commit = phases.run("commit", () -> {
            guard(context, recorder, files);
            return commit(context, recorder, true, work.summary());
        });
        push(context, phases, recorder, begun, commit);
        return Messages.Codegen_BrokenBranch(reason, begun.branch());
    }

    /**
     * Keeps the work of an aborted build, on the branch where the job wants that. Never throws: the abort matters more.
     *
     * @return whether the patch is kept
     */
    private boolean keepAborted(BuildContext context, Phases phases, ChangeRecorder recorder, Start begun) {
        boolean interrupted = Thread.interrupted();
        boolean kept = false;
        PrintStream log = context.listener().getLogger();
        try {
            List<ChangedFile> files = recorder.record(begun.shallow());
            archive(context, recorder, files, request.publication().patch());
            kept = true;
            CodeGenerator.Reply work =
                    new CodeGenerator.Reply(Messages.Codegen_Aborted(), "", "", CodeGenerator.Usage.NONE);
            log.println(broken(context, phases, recorder, begun, files, work));
        } catch (IOException e) {
            if (kept) {
                log.println(e.getMessage());
            }
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return kept;
    }

    private static void archive(BuildContext context, ChangeRecorder recorder, List<ChangedFile> files, String name)
            throws IOException, InterruptedException {
        if (files.isEmpty()) {
            return;
        }
        Set<String> leaks = recorder.leaks(files, context.redactor());
        PrintStream log = context.listener().getLogger();
        leaks.stream()
                .limit(ChangeGuard.MOST_LISTED)
                .forEach(path -> log.println(
                        Messages.Codegen_LeftOut(VisibleText.of(path).text())));
        // The left-out files are arguments of a command, which other users of the machine can read.
        boolean named =
                leaks.stream().anyMatch(path -> !context.redactor().redact(path).equals(path));
        if (leaks.size() > MOST_LEFT_OUT || named) {
            log.println(Messages.Codegen_NoPatch(String.valueOf(leaks.size())));
            return;
        }
        context.record().archive(name, recorder.writePatch(leaks));
    }

    /** What happened to unfinished work. */
    private enum Rescue {
        KEPT,
        NOTHING,
        FAILED,
        AGENT_LOST
    }

    /** Keeps the patch after a failure or an abort. Never throws: the first failure matters more. */
    private static Rescue rescue(BuildContext context, ChangeRecorder recorder, List<String> shallow, String name) {
        boolean interrupted = Thread.interrupted();
        PrintStream log = context.listener().getLogger();
        try {
            List<ChangedFile> files = recorder.record(shallow);
            archive(context, recorder, files, name);
            if (!files.isEmpty()) {
                log.println(Messages.Codegen_Rescued(String.valueOf(files.size()), name));
            }
            return files.isEmpty() ? Rescue.NOTHING : Rescue.KEPT;
        } catch (IOException e) {
            if (e instanceof AgentLostException || AgentLostException.isAgentLost(e)) {
                return Rescue.AGENT_LOST;
            }
            log.println(Messages.Codegen_NotRescued(String.valueOf(e.getMessage())));
        } catch (InterruptedException e) {
            interrupted = true;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        return Rescue.FAILED;
    }

    private static String shown(BuildContext context, String words) {
        String text = VisibleText.of(context.redactor().redact(words)).text().strip();
        return text.length() > 4000 ? text.substring(0, 4000) + "…" : text;
    }
}
