package io.jenkins.plugins.minibuild.codegen;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import hudson.EnvVars;
import hudson.FilePath;
import io.jenkins.plugins.minibuild.build.BuildContext;
import io.jenkins.plugins.minibuild.build.BuildTask;
import io.jenkins.plugins.minibuild.checkout.CommitInfo;
import io.jenkins.plugins.minibuild.checkout.GitCheckout;
import io.jenkins.plugins.minibuild.checkout.GitRemote;
import io.jenkins.plugins.minibuild.checkout.RefName;
import io.jenkins.plugins.minibuild.forge.Forges;
import io.jenkins.plugins.minibuild.process.CommandTimeoutException;
import io.jenkins.plugins.minibuild.process.Deadline;
import io.jenkins.plugins.minibuild.process.ProcessResult;
import io.jenkins.plugins.minibuild.process.ProcessRun;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * From a requirement to a pushed branch: a clean checkout, a branch, the coder, the check, a look at what was changed, a commit, a push. What was
 * done is kept as a patch however it ends.
 */
public final class Codegen implements BuildTask<CodegenResult> {
    /** What a build remembers of the change that was generated last: its branch. */
    public static final String BRANCH_FACT = "codegenBranch";
    /** The branch that the work began at. */
    public static final String BASE_FACT = "codegenBase";
    /** The newest commit of the work. */
    public static final String COMMIT_FACT = "codegenCommit";
    /** The repository's address. */
    public static final String URL_FACT = "codegenUrl";
    /** The requirement's title, or its id where it has none. */
    public static final String REQUIREMENT_FACT = "requirement";
    /** Where people find the requirement; empty if nowhere. */
    public static final String LINK_FACT = "requirementLink";
    /** What was done, in the coder's words. */
    public static final String SUMMARY_FACT = "codegenSummary";

    private static final int HISTORY = 50;
    private static final int CHECK_LINES = 400;
    private static final Duration CHECK_PATIENCE = Duration.ofMinutes(30);

    private final CodegenRequest request;
    private final Coder coder;
    private final Set<String> keptVariables;
    private final Forges forges;

    /** @param keptVariables of the agent's environment, for the check: it runs what the coder wrote */
    public Codegen(CodegenRequest request, Coder coder, Set<String> keptVariables, Forges forges) {
        this.request = request;
        this.coder = coder;
        this.keptVariables = keptVariables;
        this.forges = forges;
    }

    /** {@inheritDoc} */
    @Override
    public CodegenResult run(BuildContext context) throws IOException, InterruptedException {
        long start = System.nanoTime();
        GitRemote remote = GitRemote.of(context, url(context), request.gitCredentialsId());
        Start begun = prepare(context, remote);
        ChangeRecorder recorder = new ChangeRecorder(
                context, remote, folder(context), context.temp().child("mini-build-codegen.git"), begun.commit());
        boolean kept = false;
        try {
            Coder.Work work = generate(context);
            List<ChangedFile> files = recorder.record(begun.shallow());
            archive(context, recorder, files);
            kept = true;
            if (work.shortfall() != null) {
                throw new AbortException(broken(context, remote, recorder, begun, files, work));
            }
            if (files.isEmpty()) {
                throw new AbortException(Messages.Codegen_NoChange(shown(context, work.summary())));
            }
            guard(context, recorder, files);
            String commit = commit(context, recorder, false, work.summary());
            if (request.push()) {
                push(context, remote, begun, commit);
            }
            Requirement wanted = request.requirement();
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
            return new CodegenResult(
                    begun.branch(),
                    begun.base(),
                    commit,
                    request.push(),
                    files,
                    work.turns(),
                    work.costUsd(),
                    work.inputTokens(),
                    work.outputTokens(),
                    Duration.ofNanos(System.nanoTime() - start),
                    work.session(),
                    shown(context, work.summary()));
        } finally {
            if (!kept) {
                rescue(context, recorder, begun);
            }
            FilePath repository = begun.repository(context);
            repository.deleteRecursive();
            // git-client's, for what it hands to git.
            repository.sibling(repository.getName() + "@tmp").deleteRecursive();
        }
    }

    private FilePath folder(BuildContext context) {
        return request.directory().isEmpty()
                ? context.workspace()
                : context.workspace().child(request.directory());
    }

    private String url(BuildContext context) throws IOException, InterruptedException {
        if (!request.url().isEmpty()) {
            return request.url();
        }
        List<String> lines = new ArrayList<>();
        ProcessResult result = ProcessRun.command(
                        context.launcher(), "git", "config", "--file", ".git/config", "--get", "remote.origin.url")
                .in(folder(context))
                .deadline(Deadline.after(Duration.ofMinutes(1)))
                .onLine(lines::add)
                .onErrorLine(line -> {})
                .run();
        if (!result.succeeded() || lines.size() != 1) {
            throw new AbortException(Messages.Codegen_NoRepository());
        }
        return lines.get(0);
    }

    /** Where work begins. */
    private record Start(String base, String branch, String commit, List<String> shallow) {
        FilePath repository(BuildContext context) {
            return context.temp().child("mini-build-codegen.git");
        }
    }

    private Start prepare(BuildContext context, GitRemote remote) throws IOException, InterruptedException {
        PrintStream log = context.listener().getLogger();
        Map<String, String> branches = remote.branches(context.temp());
        String standard = remote.defaultBranch(context.temp());
        String base = request.baseBranch().isEmpty() ? standard : request.baseBranch();
        if (base == null || !branches.containsKey(base)) {
            throw new AbortException(Messages.Codegen_NoBase(
                    String.valueOf(base),
                    String.join(", ", branches.keySet().stream().limit(20).toList())));
        }
        String branch = branch(base, standard);
        boolean goesOn = branches.containsKey(branch);
        String from = goesOn ? branch : base;
        log.println(goesOn ? Messages.Codegen_GoesOn(branch) : Messages.Codegen_Begins(branch, base));
        CommitInfo commit = GitCheckout.of(remote.url().text(), forges)
                .branch(from)
                .credentialsId(request.gitCredentialsId())
                .directory(request.directory())
                .depth(HISTORY)
                .verify(false)
                .local(context.workspace().isRemote())
                .build()
                .run(context);
        return new Start(base, branch, commit.commit(), ChangeRecorder.shallow(folder(context)));
    }

    private String branch(String base, @CheckForNull String standard) throws AbortException {
        String id = request.requirement().id();
        if (request.branch().isEmpty() && id.isEmpty()) {
            throw new AbortException(Messages.Codegen_NoBranch());
        }
        String branch = request.branch().isEmpty() ? "feature/req-" + id : request.branch();
        if (!RefName.isValid(branch) || branch.startsWith("refs/")) {
            throw new AbortException(Messages.Codegen_BadBranch(branch));
        }
        if (branch.equalsIgnoreCase(base)
                || branch.equalsIgnoreCase(standard)
                || request.protectedBranches().match(branch)) {
            throw new AbortException(Messages.Codegen_Protected(branch));
        }
        return branch;
    }

    private Coder.Work generate(BuildContext context) throws IOException, InterruptedException {
        PrintStream log = context.listener().getLogger();
        BuildTask<String> profile = request.profile();
        CodegenPrompt prompt = CodegenPrompt.first(
                context.random(),
                request.requirement(),
                profile == null ? null : profile.run(context),
                request.context(),
                request.checkCommand());
        if (prompt.hidden() > 0) {
            log.println(Messages.Codegen_Hidden(String.valueOf(prompt.hidden())));
        }
        Coder.Work work = coder.work(context, folder(context), prompt.text(), null);
        for (int repair = 0; work.shortfall() == null && !request.checkCommand().isBlank(); repair++) {
            Deque<String> output = new ArrayDeque<>();
            int code = check(context, output);
            if (code == 0) {
                log.println(Messages.Codegen_Checked());
                break;
            }
            if (repair == request.checkRetries()) {
                throw new AbortException(Messages.Codegen_CheckFailed(
                        request.checkCommand(), String.valueOf(code), String.valueOf(repair)));
            }
            log.println(Messages.Codegen_Repair(
                    String.valueOf(code), String.valueOf(repair + 1), String.valueOf(request.checkRetries())));
            CodegenPrompt next = CodegenPrompt.afterFailedCheck(
                    context.random(),
                    request.checkCommand(),
                    code,
                    context.redactor().redact(String.join("\n", output)));
            work = work.plus(coder.work(context, folder(context), next.text(), work.session()));
        }
        return work;
    }

    /** Runs the check; its last lines are left in {@code output}. */
    private int check(BuildContext context, Deque<String> output) throws IOException, InterruptedException {
        try {
            return ProcessRun.shell(context.launcher(), request.checkCommand())
                    .in(folder(context))
                    .cleanEnvironment(keptVariables)
                    .env(kept(context.environment()))
                    .redactor(context.redactor())
                    .echo(context.listener())
                    .deadline(Deadline.after(CHECK_PATIENCE))
                    .onLine(line -> {
                        output.addLast(line);
                        if (output.size() > CHECK_LINES) {
                            output.removeFirst();
                        }
                    })
                    .run()
                    .exitCode();
        } catch (CommandTimeoutException e) {
            output.addLast(e.getMessage());
            return -1;
        }
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
        throw new AbortException(Messages.Codegen_Objections(String.valueOf(objections.size()), objections.get(0)));
    }

    private List<String> objections(BuildContext context, ChangeRecorder recorder, List<ChangedFile> files)
            throws IOException, InterruptedException {
        return new ChangeGuard(request.allowPaths(), request.denyPaths())
                .objections(files, recorder.links(files), recorder.secrets(new SecretScanner(context.redactor())));
    }

    private String commit(BuildContext context, ChangeRecorder recorder, boolean partial, String summary)
            throws IOException, InterruptedException {
        String message = CommitMessage.of(
                request.requirement(),
                partial,
                shown(context, summary),
                "Mini Build, " + context.record().displayName());
        return recorder.commit(
                message, request.author().get(0), request.author().get(1));
    }

    private void push(BuildContext context, GitRemote remote, Start begun, String commit)
            throws IOException, InterruptedException {
        remote.push(begun.repository(context), commit, begun.branch());
        context.listener().getLogger().println(Messages.Codegen_Pushed(begun.branch(), commit));
    }

    /** Keeps on the branch what a cap left of the work, where that is wanted and nothing stands against it. */
    private String broken(
            BuildContext context,
            GitRemote remote,
            ChangeRecorder recorder,
            Start begun,
            List<ChangedFile> files,
            Coder.Work work)
            throws IOException, InterruptedException {
        String reason = work.shortfall();
        if (files.isEmpty()) {
            return Messages.Codegen_BrokenEmpty(reason);
        }
        if (!request.keepPartial() || !request.push()) {
            return Messages.Codegen_BrokenPatch(reason);
        }
        guard(context, recorder, files);
        push(context, remote, begun, commit(context, recorder, true, work.summary()));
        return Messages.Codegen_BrokenBranch(reason, begun.branch());
    }

    private void archive(BuildContext context, ChangeRecorder recorder, List<ChangedFile> files)
            throws IOException, InterruptedException {
        if (files.isEmpty()) {
            return;
        }
        FilePath patch = context.temp().child("mini-build-codegen.patch");
        try {
            recorder.writePatch(patch);
            context.record().archive("mini-build/codegen.patch", patch);
        } finally {
            patch.delete();
        }
    }

    /** After a failure or an abort: the patch is all that stays. Never throws: what went wrong before matters more. */
    private void rescue(BuildContext context, ChangeRecorder recorder, Start begun) {
        boolean interrupted = Thread.interrupted();
        PrintStream log = context.listener().getLogger();
        try {
            List<ChangedFile> files = recorder.record(begun.shallow());
            archive(context, recorder, files);
            if (!files.isEmpty()) {
                log.println(Messages.Codegen_Rescued(String.valueOf(files.size())));
            }
        } catch (IOException e) {
            log.println(Messages.Codegen_NotRescued(String.valueOf(e.getMessage())));
        } catch (InterruptedException e) {
            interrupted = true;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static String shown(BuildContext context, String words) {
        String text = VisibleText.of(context.redactor().redact(words)).text().strip();
        return text.length() > 4000 ? text.substring(0, 4000) + "…" : text;
    }
}
